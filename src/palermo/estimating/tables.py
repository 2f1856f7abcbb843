"""The files of `palermo estimate mse`: the capture histories, and the populations where rates are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from palermo.estimating import running, waiting
from palermo.estimating.inputs import Refused, read
from palermo.estimation import Problem
from palermo.estimation.mse.reading import read_any, read_stratified
from palermo.estimation.populations import Populations, read_populations


def inputs(
    file: str, by: Sequence[str], population: str | None, asked: Sequence[str], wrong: Iterable[Problem]
) -> tuple[running.Data, Populations | None]:
    """Both files. Raises Refused with everything wrong in the options and in either of them."""
    table: running.Data | None = None
    people: Populations | None = None
    problems: list[tuple[str, Problem]] = []
    with waiting.shown("reading") as step:

        def told(rows: int) -> None:
            step(0.0, f"{rows:,} rows")

        try:
            table = read(
                file,
                lambda lines: (
                    read_stratified(lines, by, progress=told) if by else read_any(lines, progress=told)
                ),
                wrong,
            )
            problems += [(file, one) for one in running.lists_problems(asked, table.k)]
        except Refused as refused:
            problems += refused.problems
        try:
            people = read(population, lambda lines: read_populations(lines, by)) if population else None
        except Refused as refused:
            problems += refused.problems
    if problems or table is None:
        raise Refused(problems)
    return table, people
