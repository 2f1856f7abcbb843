"""A victim, a smuggled migrant or a protected witness never stands in a network, its picture or its export."""

import time

from bench_measure import Figure, scaled
from hypothesis import HealthCheck, given, settings

from palermo.flows.tests.test_wall import chains, test_no_shielded_person_or_value_in_export_or_picture

GRAPHS = 10_000


def figures(scale: float) -> list[Figure]:
    many, seen = scaled(GRAPHS, scale, 100), 0
    inner = test_no_shielded_person_or_value_in_export_or_picture.hypothesis.inner_test  # type: ignore[attr-defined]

    @settings(max_examples=many, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(chains())
    def looked_at(chain: object) -> None:
        nonlocal seen
        seen += 1
        inner(chain)

    begun = time.perf_counter()
    try:
        looked_at()
        broken = 0
    except AssertionError:
        broken = 1
    return [
        Figure(
            "flows: random graphs in which a shielded person or value shows", "none of 10,000", float(broken), "graphs",
            broken == 0 and seen >= many, beside=f"{seen:,} graphs in {time.perf_counter() - begun:.0f} s",
        )
    ]  # fmt: skip
