"""What an attacker learns who subtracts what field studies have published: 10,000 random counts and 10,000 pairs."""

import numpy as np
from bench_measure import Figure, scaled, timed

from palermo.fieldwork.subtracting import trial

QUERIES, STUDIES = 10_000, 40


def figures(scale: float) -> list[Figure]:
    queries, studies = scaled(QUERIES, scale, 200), scaled(STUDIES, scale, 3)
    found = []
    seconds = (
        timed(lambda: found.append(trial(np.random.default_rng(7), studies=studies, queries=queries))) / 1000
    )
    bare = trial(np.random.default_rng(7), studies=max(3, studies // 10), queries=queries, protected=False)
    told = found[0]
    beside = (
        f"{studies} studies, {told.releases} releases, {told.refused} refused; unprotected, the same attacker reads "
        f"{bare.small:,} counts, gets {bare.few:,} by subtraction"
    )
    worst = told.small + told.few + told.proved
    return [
        Figure(f"counts of one to four people in {queries:,} random queries and {queries:,} pairs", "0", worst, "",
               worst == 0, beside=beside),
        Figure("asked in", "", seconds, "s"),
    ]  # fmt: skip
