"""How long the dashboard of a round takes behind its records: facts read back, alerts judged, enumerators compared."""

import time

import numpy as np
from bench_measure import Figure, scaled

from palermo.fieldwork import simulation
from palermo.fieldwork.alerts import alerts, told
from palermo.fieldwork.enumerators import effects
from palermo.fieldwork.indicators import compute
from palermo.fieldwork.keeping import as_data, from_data
from palermo.fieldwork.reading import read
from palermo.fieldwork.rounds import Round

GOAL = 2.0
MAIN = ("D1", "A1", "A4", "A5")  # those of rooms.observatory.actions.live


def figures(scale: float) -> list[Figure]:
    n = scaled(5_000, scale, 500)
    rng = np.random.default_rng(1)
    kept = [as_data(read(one, "S1")) for one in simulation.interviews(n, rng, sites=5)]
    begun = time.perf_counter()
    facts = [from_data(one) for one in kept]
    loaded = time.perf_counter()
    half = n // 2
    before, after = (told(part, simulation.PRICES) for part in (facts[:half], facts[half:]))
    found = alerts(before, after)
    judged = time.perf_counter()
    effects(facts, rng)
    compared = time.perf_counter()
    for code in MAIN:
        compute(Round(facts, "1", rng), code)
    done = time.perf_counter()
    beside = (
        f"{n:,} interviews: facts {loaded - begun:.2f} s, alerts {judged - loaded:.2f} s ({len(found)} without a "
        f"change), enumerators {compared - judged:.2f} s, indicators {done - compared:.2f} s"
    )
    seconds = done - begun
    return [
        Figure("dashboard of a round computed anew", f"under {GOAL:.0f} s", seconds, "s",
               seconds < GOAL if n >= 5_000 else None, beside=beside),
    ]  # fmt: skip
