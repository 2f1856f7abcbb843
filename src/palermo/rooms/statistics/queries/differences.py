"""Random pairs of questions to the tables of one's own, and what their differences reveal: for tests and the bench.

Two questions of one population each give cells; wherever the persons of one cell are a part of the persons of another,
the difference is a count of the rest. It must never be from 1 to the threshold less one. The answers are those of the
engine (`projection.parts_of`); the differences of a pair are taken between all of its cells at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from palermo.disclosure import TOTAL, Published
from palermo.rooms.statistics.queries.plan import POPULATIONS, Population
from palermo.rooms.statistics.queries.projection import Breakdown, dimension_name, parts_of

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Answer:
    """The shown cells of one question: a code for each dimension of the population (0: the total), and the count."""

    codes: Ints
    counts: Ints


@dataclass(frozen=True)
class Revealed:
    """How many pairs were asked, how many differences were taken, and the smallest that is not 0."""

    pairs: int
    differences: int
    least: int
    small: int


def questions(plan: Population) -> list[tuple[str, ...]]:
    """Every choice of one to four dimensions that stand together (the year is always there)."""
    found: dict[tuple[str, ...], None] = {}
    for table in plan.tables:
        others = [name for name in table if name != "year"]
        for size in range(1, len(others) + 1):
            for chosen in combinations(others, size):
                found[("year", *chosen)] = None
    return list(found)


def answered(
    tables: Sequence[Published], population: str, by: tuple[str, ...]
) -> list[tuple[dict[str, str], int]]:
    """(dimension -> code, count) of every cell that the engine shows for a question."""
    asked = Breakdown("free", "", population, by[-1], "year", (), tuple(by[1:-1]))
    return [
        ({**dict(part.fixed), part.rows_by: row, part.columns_by: column}, int(cell.value))
        for part in parts_of(asked, tables)
        if not part.unknown
        for row, line in zip(part.rows, part.cells, strict=True)
        for column, cell in zip(part.columns, line, strict=True)
        if cell.value is not None and not cell.withheld
    ]


def differences(
    tables: Sequence[Published], population: str, pairs: int, rng: np.random.Generator, *, threshold: int
) -> Revealed:
    """Ask `pairs` random pairs of questions and take every difference between the cells of the two answers.

    What a pair reveals is worked out once for each two questions, whole: a question for some years, or for one
    category, shows a part of the same cells, so that its differences are among these.
    """
    plan = POPULATIONS[population]
    asked = questions(plan)
    names = list(dict.fromkeys(dimension_name(name) for name in plan.dimensions))
    numbers: dict[tuple[str, str], int] = {}
    answers = [_packed(answered(tables, population, by), names, numbers) for by in asked]
    above = _above(numbers, _parents(tables, population))
    known: dict[tuple[int, int], tuple[int, int, int]] = {}
    taken = small = 0
    least = np.iinfo(np.int64).max
    for one, other in rng.integers(len(answers), size=(pairs, 2)).tolist():
        if (one, other) not in known:
            known[one, other] = _both_ways(answers[one], answers[other], above, threshold)
        number, too_small, lowest = known[one, other]
        taken, small, least = taken + number, small + too_small, min(least, lowest)
    return Revealed(pairs, taken, int(least), small)


def _both_ways(one: Answer, other: Answer, above: NDArray[np.bool_], threshold: int) -> tuple[int, int, int]:
    """(differences, those that are small counts or contradict the persons, the least above 0)."""
    taken = small = 0
    least = np.iinfo(np.int64).max
    for whole, piece in ((one, other), (other, one)):
        rest = (whole.counts[None, :] - piece.counts[:, None])[_inside(piece.codes, whole.codes, above)]
        taken += len(rest)
        small += int((((rest > 0) & (rest < threshold)) | (rest < 0)).sum())
        positive = rest[rest > 0]
        least = min(least, int(positive.min()) if len(positive) else least)
    return taken, small, int(least)


def _parents(tables: Sequence[Published], population: str) -> dict[tuple[str, str], str]:
    return {
        (d.name, child): parent
        for t in tables
        if t.population == population
        for d in t.dimensions
        for child, parent in d.parents.items()
    }


def _packed(
    cells: list[tuple[dict[str, str], int]], names: list[str], numbers: dict[tuple[str, str], int]
) -> Answer:
    def number(name: str, code: str) -> int:
        return 0 if code == TOTAL else numbers.setdefault((name, code), len(numbers) + 1)

    codes = [[number(name, at.get(name, TOTAL)) for name in names] for at, _count in cells]
    return Answer(
        np.array(codes, dtype=np.int64).reshape(-1, len(names)),
        np.array([n for _at, n in cells], dtype=np.int64),
    )


def _above(numbers: dict[tuple[str, str], int], parents: dict[tuple[str, str], str]) -> NDArray[np.bool_]:
    """above[a, b]: every person under code a is under code b (0 is the total, which is above all)."""
    above = np.eye(len(numbers) + 1, dtype=bool)
    above[:, 0] = True
    for (name, code), place in numbers.items():
        while (name, code) in parents:
            code = parents[name, code]
            if (name, code) in numbers:
                above[place, numbers[name, code]] = True
    return above


def _inside(pieces: Ints, wholes: Ints, above: NDArray[np.bool_]) -> NDArray[np.bool_]:
    inside = np.ones((len(pieces), len(wholes)), dtype=bool)
    for axis in range(pieces.shape[1]):
        inside &= above[pieces[:, axis][:, None], wholes[:, axis][None, :]]
    return inside


__all__ = ["Revealed", "differences", "questions"]
