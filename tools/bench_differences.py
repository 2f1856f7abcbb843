"""Random pairs of questions to the tables of one's own: how many differences were taken, and none of them small."""

from bench_measure import Figure, ready, scaled, timed

TARGET = "0 differences from 1 to the threshold less one"


def figures(scale: float) -> list[Figure]:
    cast = ready()
    import numpy as np

    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.register.actions import demo_offenders, demo_register
    from palermo.rooms.statistics.actions import count_states
    from palermo.rooms.statistics.queries.differences import differences
    from palermo.rooms.statistics.queries.register_tables import threshold
    from palermo.rooms.statistics.queries.states import newest

    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(7), scaled(3_000, scale, 300))
        demo_offenders(np.random.default_rng(7), scaled(500, scale, 50))
    made = []
    with acting(cast.analyst.viewer) as viewer:
        took = timed(lambda: count_states(actor=viewer))
        made.append(Figure("a count of every population, protected", "", took, "ms"))
        for name in ("persons", "convicted", "smuggled"):
            state = newest(viewer, name)
            if state is None:
                continue
            pairs = scaled(100_000, scale, 1_000)
            found = differences(
                state.tables, name, pairs, np.random.default_rng(1), threshold=threshold().threshold
            )
            made.append(
                Figure(
                    f"pairs of free tables: {name}", TARGET, found.small, "differences", found.small == 0,
                    beside=f"{found.pairs:,} pairs, {found.differences:,} differences, the least {found.least}; "
                    f"{state.protection.withheld} of {state.protection.cells} cells withheld",
                )
            )  # fmt: skip
    return made
