"""Case law with 20,000 invented cases: how fast they come in, and the public page with its facets and a search."""

import time
from itertools import islice
from typing import Any

from bench_measure import Figure, median, p95, page, ready, scaled, tell, timed

CASES, FIRST, TURNS = 20_000, 2_000, 40
QUERIES = (
    "servitude", "abuse of vulnerability", "travail forcé", "تهريب المهاجرين", "трафик", "人口", "Court of Appeal",
    "synthetic", "organ", "domestic work",
)  # fmt: skip


def figures(scale: float) -> list[Figure]:
    ready()
    from django.test import Client

    from palermo.judgments.synthetic import synthetic
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.caselaw.actions import bring_in

    records = synthetic(scaled(CASES, scale, 200), 1)
    took: list[float] = []
    first = scaled(FIRST, scale, 20)
    while batch := list(islice(records, first)):
        begun = time.perf_counter()
        with acting(Viewer.operator()) as system:
            assert bring_in(actor=system, values=batch).problems == ()
        took.append(time.perf_counter() - begun)
        tell(f"{len(took) * first:,} cases")
    client = Client(SERVER_NAME="localhost")
    whole = _asked(client, ["/caselaw/public/"] * TURNS)
    found = _asked(client, [f"/caselaw/public/?q={QUERIES[n % len(QUERIES)]}" for n in range(2 * TURNS)])
    last = f"the last as many {took[-1]:.1f} s"
    return [
        Figure(f"{first:,} cases come in", "60 s", took[0], "s", took[0] < 60, beside=last),
        Figure("the page of all cases with its facets", "200 ms", median(whole), "ms", median(whole) < 200, p95(whole)),
        Figure("a search, with its facets", "p95 400 ms", median(found), "ms", p95(found) < 400, p95(found)),
    ]  # fmt: skip


def _asked(client: Any, addresses: list[str]) -> list[float]:
    """Milliseconds of each page; the first two are not counted."""
    times = [timed(lambda address=address: page(client, address)) for address in addresses]
    return times[2:]
