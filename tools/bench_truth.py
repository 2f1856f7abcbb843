"""Estimation where the truth is known: do ranges hold it, and do verdicts warn where the lists cannot show it?"""

import sys
import time

from bench_measure import Figure, scaled, tell

RUNS = 500
REPLICATES = 1_000
HELD = 0.93  # of ranges, where the design is identified
WARNED = 0.8  # of runs, where it is not


def known_truth(scale: float) -> list[Figure]:
    """Simulated populations: ranges and verdicts"""
    from palermo.estimation import Options
    from palermo.estimation.mse.designs import DESIGNS
    from palermo.estimation.trials import trial

    found = []
    runs = scaled(RUNS, scale, least=60)
    for design in DESIGNS.values():
        begun = time.process_time()
        got = trial(design, runs=runs, options=Options(bootstrap=REPLICATES))
        seconds = time.process_time() - begun
        words = ", ".join(f"{word} {count}" for word, count in sorted(got.words.items()))
        beside = f"{runs} populations, {seconds:.0f} s of processor time; verdicts: {words}"
        if design.identified:
            share = got.share or 0.0
            name = f"{design.name} ({design.k} lists): ranges that hold the truth"
            warned = f"; {100 * got.warned:.0f} % with a reason for care"
            found.append(Figure(name, f">= {HELD}", share, "", share >= HELD, beside=beside + warned))
        else:
            name = f"{design.name} ({design.k} lists): verdicts that say why it cannot be known"
            held = (
                "none answered" if got.share is None else f"ranges hold the truth in {100 * got.share:.0f} %"
            )
            met = got.warned >= WARNED
            found.append(Figure(name, f">= {WARNED}", got.warned, "", met, beside=f"{beside}; {held}"))
        tell(f"{found[-1].name}: {found[-1].measured:.3f}")
    return [*found, *by_stratum(runs)]


def by_stratum(runs: int) -> list[Figure]:
    """Pooled estimates of strata whose list effects differ; in one design the data cannot tell whether two lists depend
    on each other, in another they do strongly."""
    from palermo.estimation.mse.strata_designs import STRATA_DESIGNS, pooled_trial

    found = []
    for design in STRATA_DESIGNS:
        begun = time.process_time()
        got = pooled_trial(design, runs=runs)
        seconds = time.process_time() - begun
        pairs = ", ".join(f"{count} with {pairs}" for pairs, count in sorted(got.chosen.items()))
        found.append(
            Figure(
                f"pooled strata, {design.name}: ranges of the total that hold the truth", f">= {HELD}",
                got.total, "", got.total >= HELD,
                beside=f"single strata {got.strata:.3f}; bias {100 * got.bias:+.1f} %; pairs in the likeliest "
                f"model: {pairs}; {runs} populations, {seconds:.0f} s of processor time",
            )
        )  # fmt: skip
        tell(f"{found[-1].name}: {found[-1].measured:.3f}")
    return found


if __name__ == "__main__":
    for figure in known_truth(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        print(figure)
