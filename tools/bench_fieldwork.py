"""Whether a planted truth comes back from invented interviews: 200 rounds of 5,000, each value within its interval."""

import time

from bench_measure import Figure, scaled, tell

from palermo.fieldwork import simulation

GOAL = 93.0


def figures(scale: float) -> list[Figure]:
    runs, n = scaled(200, scale, 10), 5_000 if scale >= 0.1 else 1_000
    begun = time.perf_counter()
    inside = dict.fromkeys(simulation.truth(), 0)
    for run in range(runs):
        for key, (within, _) in simulation.recovered(n, seed=run).items():
            inside[key] += within
        if run % 20 == 0:
            tell(f"round {run} of {runs}")
    seconds = (time.perf_counter() - begun) / runs
    shares = {key: 100 * count / runs for key, count in inside.items()}
    worst = min(shares, key=lambda key: shares[key])
    least = f"{worst[0]} {' '.join(worst[1])}"
    beside = (
        f"{runs} rounds of {n:,} interviews; least: {least}; mean {sum(shares.values()) / len(shares):.1f} %"
    )
    return [
        Figure("planted truth within its interval, the worst value", f"at least {GOAL:.0f} %", shares[worst], "%",
               shares[worst] >= GOAL if runs >= 200 else None, beside=beside),
        Figure("one round read and computed", "", seconds, "s"),
    ]  # fmt: skip
