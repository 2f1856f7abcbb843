"""Every statistics page over 1,000,000 register rows beside the same page over 10,000; protecting the tables."""

from typing import Any

from bench_measure import (
    SHARED,
    Figure,
    client_of,
    median,
    page,
    ready,
    scaled,
    statements,
    superuser,
    tell,
    timed,
)

GLOTIP = SHARED / "glotip" / "data_glotip_2024-05.csv"
TARGET = "under 1,000 ms; as many statements as at the small size"


def _fill(rows: int) -> None:
    from palermo.rooms.register.actions.demo import fill

    tell(f"filling the register to {rows:,} rows: {timed(lambda: fill(rows)) / 1000:.1f} s")
    with superuser() as connection:
        connection.execute("ANALYZE")


def _count(cast: Any) -> float:
    """Count every population anew; the pages fed by states, and the first three, show that until the next count."""
    from palermo.kernel.access.context import acting
    from palermo.rooms.statistics.actions import count_states

    with acting(cast.analyst.viewer) as viewer:
        return timed(lambda: count_states(actor=viewer))


def _cold(client: Any, path: str) -> float:
    """The page as the first visitor after a change of the register waits for it: protected anew."""
    from palermo.rooms.statistics.queries import register_tables

    register_tables._KEPT.clear()
    return timed(lambda: page(client, path))


def _pages(cast: Any, paths: dict[str, str]) -> dict[str, tuple[int, list[float], list[float]]]:
    client = client_of(cast.analyst)
    found = {}
    for name, path in paths.items():
        page(client, path)  # templates and connections are warm, as on a running server
        cold = [_cold(client, path) for _turn in range(3)]
        count = statements(client, path)
        warm = [timed(lambda: page(client, path)) for _turn in range(7)]  # noqa: B023
        found[name] = (count, cold, warm)
    return found


def _paths() -> dict[str, str]:
    from palermo.rooms.statistics.queries import TABLES

    found = {}
    for name in TABLES:
        found[name] = f"/statistics/{name}/"
        found[f"{name}, one year"] = f"/statistics/{name}/?year=2020"
    return found


def _protection(cast: Any) -> Figure:
    from palermo.disclosure import protect_linked
    from palermo.kernel.access.context import acting
    from palermo.rooms.statistics.queries import register_tables

    with acting(cast.analyst.viewer):
        tables = register_tables.glotip_tables(cast.analyst.viewer)
        times = [timed(lambda: protect_linked(tables, register_tables.threshold())) for _turn in range(3)]
    cells = sum(len(table.cells) for table in tables)
    return Figure(
        "protect() of the GLOTIP tables",
        "",
        median(times),
        "ms",
        beside=f"{len(tables)} tables, {cells:,} cells",
    )


def figures(scale: float) -> list[Figure]:
    cast = ready()
    if GLOTIP.is_file():
        from palermo.kernel.access.viewer import Viewer
        from palermo.kernel.imports.actions import run_import

        run_import(actor=Viewer.operator(), path=GLOTIP, format="glotip", source="GLOTIP")
    large = scaled(1_000_000, scale, 2_000)
    small = max(1_000, large // 100)
    _fill(small)
    _count(cast)
    before = _pages(cast, _paths())
    _fill(large)
    counted = _count(cast)
    after = _pages(cast, _paths())
    made = [
        Figure(
            "a count of every population, protected and audited", "", counted, "ms", beside=f"{large:,} rows"
        )
    ]
    for name, (count, cold, warm) in after.items():
        few, _cold_few, warm_few = before[name]
        made.append(
            Figure(
                f"statistics page {name}", TARGET, median(cold), "ms", median(cold) < 1000 and count == few,
                p95=max(cold),
                beside=f"kept in memory {median(warm):.0f} ms; over {small:,} rows {median(warm_few):.0f} ms; "
                f"{count} statements over {large:,} rows, {few} over {small:,}",
            )
        )  # fmt: skip
    return [*made, _protection(cast)]
