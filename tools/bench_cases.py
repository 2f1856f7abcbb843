"""The case page among 100,000 cases beside the same page among 100."""

import random
from typing import Any

from bench_measure import (
    Figure,
    client_of,
    median,
    p95,
    page,
    ready,
    scaled,
    statements,
    superuser,
    tell,
    timed,
)

QUERIES, SPEED = "at most 25, as many as among few", "p95 under 100 ms"
VISITS = 60


def _open(number: int, cast: Any) -> list[Any]:
    from palermo.rooms.cases.actions import bulk_cases

    made: list[Any] = []
    seconds = timed(lambda: made.extend(bulk_cases(number, actor=cast.case_worker.viewer))) / 1000
    tell(f"{number:,} cases: {seconds:.1f} s")
    with superuser() as connection:
        connection.execute("ANALYZE")
    return made


def _visits(cast: Any, ids: list[Any]) -> tuple[int, list[float], list[float]]:
    """Statements of a first visit, and the times of first visits (with their trace in the audit) and of the list."""
    client = client_of(cast.case_worker)
    chosen = random.Random(2).sample(ids, min(VISITS, len(ids) - 2))
    page(client, f"/cases/{ids[-1]}/")
    count = statements(client, f"/cases/{ids[-2]}/")
    times = [timed(lambda: page(client, f"/cases/{one}/")) for one in chosen]  # noqa: B023
    listed = [timed(lambda: page(client, "/cases/")) for _turn in range(10)]
    return count, times, listed


def figures(scale: float) -> list[Figure]:
    cast = ready()
    large = scaled(100_000, scale, 500)
    few, times_few, list_few = _visits(cast, _open(100, cast))
    count, times, listed = _visits(cast, _open(large - 100, cast))
    return [
        Figure(
            "case page: statements", QUERIES, count, "statements", count <= 25 and count == few,
            beside=f"{few} among 100 cases",
        ),
        Figure(
            "case page: time", SPEED, median(times), "ms", p95(times) < 100, p95=p95(times),
            beside=f"among {large:,} cases; among 100 cases {median(times_few):.0f} ms, "
            f"p95 {p95(times_few):.0f} ms",
        ),
        Figure(
            "list of cases", "", median(listed), "ms", p95=p95(listed),
            beside=f"among 100 cases {median(list_few):.0f} ms",
        ),
    ]  # fmt: skip
