"""Recruitment samples and scale-up, against the recorded processor seconds of RDS and sspse for R."""

import json
import statistics
from collections.abc import Callable
from functools import cache
from typing import Any

from bench_measure import ROOT, Figure, not_measured, scaled

SHARED = ROOT.parent / "shared"
REPLICATES = 500  # as many as R drew when it was timed


def recruitment(scale: float) -> list[Figure]:
    """Recruitment samples against R"""
    if not (SHARED / "data" / "rds" / "fauxmadrona.csv").exists():
        return [
            not_measured("recruitment samples", "", "x", "../shared/data/rds is not beside the repository")
        ]
    from palermo.estimation.estimators import Options

    sample = _sample("fauxmadrona")
    repeat = scaled(5, scale, least=2)
    jobs: list[tuple[str, Callable[[], Any], float]] = [
        ("successive sampling (Gile), shares", _shares(sample), _r_seconds("ss")),
    ]
    for kind, theirs in (("chain", "Salganik"), ("tree", "Treeboot"), ("population", "Gile")):
        name = "rds-ss" if kind == "population" else "rds-ii"
        options = Options(bootstrap=REPLICATES, more={"population": 1000, "uncertainty": kind})
        jobs.append(
            (f"{REPLICATES} replicates, {theirs}", _estimate(name, options), _r_seconds("boot", theirs))
        )
    size = Options(more={"prior_median": 1000})
    jobs.append(("population size, two priors", _estimate("rds-size", size), _r_seconds("sspse")))
    return [_figure(title, work, theirs, repeat) for title, work, theirs in jobs] + [_scale_up(repeat)]


def coverage(scale: float) -> list[Figure]:
    """Recruitment samples from a known network: do the ranges hold the truth?"""
    from palermo.estimation.estimators import Options, rds
    from palermo.estimation.rds.tests.network import network, recruited

    world = network(people=2000, share=0.3, mean=8.0, activity=1.5, homophily=2.0, seed=1)
    runs, held = scaled(500, scale, least=20), 0
    for seed in range(runs):
        options = Options(bootstrap=200, seed=seed, more={"population": 2000, "value": "yes"})
        found = rds("rds-ss").estimate(recruited(world, 300, 6, 2, seed), options)
        held += found.interval is not None and found.interval.lower <= world.share <= found.interval.upper
    share = 100 * held / runs
    title = "95 % ranges of rds-ss that hold the truth"
    beside = f"{runs} samples of 300 from a network of 2,000 people"
    return [Figure(title, ">= 93 %", share, "%", share >= 93 if runs >= 200 else None, beside=beside)]


def _estimate(name: str, options: Any) -> Callable[[], Any]:
    from palermo.estimation.estimators import rds

    return lambda: rds(name).estimate(_sample("fauxmadrona"), options)


def _shares(sample: Any) -> Callable[[], Any]:
    from palermo.estimation.rds import shares, weights

    outcome = sample.outcome("disease")

    def work() -> Any:
        kinds = weights.classes(sample)
        return shares.successive(shares.tabulate(sample, outcome, kinds)[0], kinds, 1000.0)

    return work


def _figure(title: str, work: Callable[[], Any], theirs: float, repeat: int) -> Figure:
    from bench_estimation import processor

    work()
    ours = statistics.median(processor(work) for _ in range(repeat))
    return Figure(
        f"{title}: times R",
        "",
        theirs / ours,
        "x",
        beside=f"{ours:.4f} s against {theirs:.2f} s of processor time (recorded)",
    )


def _scale_up(repeat: int) -> Figure:
    """1,000 respondents, 20 known groups, 2,000 replicates: no time of R is recorded."""
    import numpy as np
    from bench_estimation import processor

    from palermo.estimation.estimators import Options, nsum
    from palermo.estimation.networks.survey import Acquaintances

    draw = np.random.default_rng(1)
    degree = draw.gamma(5.0, 40.0, 1000)
    sizes = {f"known {j}": 100.0 * (j + 1) for j in range(20)}
    known = {name: draw.poisson(degree * size / 1e5).tolist() for name, size in sizes.items()}
    data = Acquaintances.from_columns(known, sizes, draw.poisson(degree * 0.01).tolist(), 1e5)
    seconds = [processor(lambda: nsum("nsum").estimate(data, Options())) for _ in range(repeat)]
    return Figure(
        "network scale-up, 2,000 replicates", "", statistics.median(seconds), "s", beside="1,000 respondents"
    )


def _r_seconds(method: str, uncertainty: str = "") -> float:
    """R's processor seconds for this job on fauxmadrona (the quickest of the recorded runs)."""
    return min(
        float(row["timing"]["cpu_s_median"])
        for row in _recorded()
        if row["method"] == method
        and row["data"] == "fauxmadrona"
        and uncertainty in ("", row.get("settings", {}).get("uncertainty"))
    )


@cache
def _recorded() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((SHARED / "reference" / "rds-reference.json").read_text())[
        "results"
    ]
    return rows


@cache
def _sample(name: str) -> Any:
    from palermo.estimation.rds.reading import read

    with (SHARED / "data" / "rds" / f"{name}.csv").open(encoding="utf-8") as lines:
        return read(lines)
