"""What is wrong with the columns of a respondent-driven sample: all of it, with row, column, value and rule."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from palermo.estimation.problems import MOST, Problem
from palermo.saying import phrase

MISSING = frozenset({"", "na", "n/a", "nan", "none", "null", "<na>", "nat", "."})
SEEDS = frozenset({"seed", "0", "-1"}) | MISSING
MOST_PEOPLE = 50_000  # a respondent-driven sample has hundreds of people; a larger file is something else
MOST_DEGREE = 1_000_000
Whole = npt.NDArray[np.int64]


@dataclass
class Checked:
    """The columns as numbers, and what was wrong on the way. `imputed` are the rows that got a degree."""

    recruiter: Whole
    degree: Whole
    weights: npt.NDArray[np.float64] | None = None
    time: npt.NDArray[np.float64] | None = None
    imputed: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def texts(column: Sequence[object]) -> list[str]:
    """A column as trimmed texts; every way to say "nothing" becomes the empty text, 3.0 becomes "3"."""
    return [_text(value) for value in column]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    said = str(value).strip()
    return "" if said.lower() in MISSING else said


@dataclass(frozen=True)
class Columns:
    """What stands beside the identifiers."""

    recruiters: Sequence[object]
    degrees: Sequence[object]
    weights: Sequence[object] | None
    time: Sequence[object] | None
    outcomes: Mapping[str, Sequence[object]]

    def named(self) -> Iterator[tuple[str, Sequence[object]]]:
        """Every column with the name that messages use."""
        yield "recruiter_id", self.recruiters
        yield "network_size", self.degrees
        if self.weights is not None:
            yield "weight", self.weights
        if self.time is not None:
            yield "time", self.time
        yield from self.outcomes.items()


def check(
    ids: Sequence[str], columns: Columns, rows: Sequence[int], coupons: int | None, impute: bool
) -> Checked:
    """Everything about the columns at once (at most 200 problems of one input are kept)."""
    empty = np.zeros(0, dtype=np.int64)
    found = Checked(empty, empty)
    found.problems += _shape(ids, columns, rows, coupons)
    if found.problems:
        return found
    found.problems += _names(ids, rows)
    found.recruiter = _recruiters(ids, columns.recruiters, rows, found.problems)
    found.degree = _degrees(columns.degrees, found, rows, impute)
    if coupons is not None:
        found.problems += _coupons(found.recruiter, ids, rows, coupons)
    if columns.weights is not None:
        found.weights = _numbers(columns.weights, "weight", rows, found.problems, positive=True)
    if columns.time is not None:
        found.time = _numbers(columns.time, "time", rows, found.problems, positive=False)
    del found.problems[MOST:]
    return found


def _shape(ids: Sequence[str], columns: Columns, rows: Sequence[int], coupons: int | None) -> list[Problem]:
    found = [
        Problem(
            "length",
            phrase(
                "{number} values for {people} people; every column needs one a person",
                number=len(column),
                people=len(ids),
            ),
            column=name,
        )
        for name, column in columns.named()
        if len(column) != len(ids)
    ]
    if not ids:
        found.append(Problem("empty", phrase("the sample has nobody in it")))
    if len(ids) > MOST_PEOPLE:
        found.append(
            Problem(
                "too_many",
                phrase(
                    "{number} people; a recruitment sample of more than {most_people} is refused",
                    number=len(ids),
                    most_people=MOST_PEOPLE,
                ),
            )
        )
    if len(rows) != len(ids):
        found.append(Problem("length", phrase("one row number is needed for each person")))
    if coupons is not None and coupons < 1:
        found.append(Problem("coupons", phrase("the number of coupons is 1 or more"), value=str(coupons)))
    return found


def _names(ids: Sequence[str], rows: Sequence[int]) -> list[Problem]:
    found: list[Problem] = []
    seen: dict[str, int] = {}
    for name, row in zip(ids, rows, strict=True):
        if not name:
            found.append(Problem("id_missing", phrase("this person has no identifier"), row, "id"))
        elif name in seen:
            found.append(
                Problem(
                    "id_twice",
                    phrase("this identifier is also in row {seen}", seen=seen[name]),
                    row,
                    "id",
                    name,
                )
            )
        else:
            seen[name] = row
    return found


def _recruiters(
    ids: Sequence[str], column: Sequence[object], rows: Sequence[int], problems: list[Problem]
) -> Whole:
    """Rows of the recruiters; -1 for seeds and for whoever has a problem that is told already."""
    where = {name: i for i, name in reversed(list(enumerate(ids)))}
    above = np.full(len(ids), -1, dtype=np.int64)
    seeds = 0
    for i, said in enumerate(texts(column)):
        if said.lower() in SEEDS and said not in where:
            seeds += 1
        elif said == ids[i]:
            problems.append(
                Problem("own_recruiter", phrase("nobody recruits himself"), rows[i], "recruiter_id", said)
            )
        elif said not in where:
            problems.append(
                Problem("recruiter_unknown", phrase("nobody in the sample has this identifier"), rows[i],
                        "recruiter_id", said)
            )  # fmt: skip
        else:
            above[i] = where[said]
    if not seeds:
        problems.append(
            Problem(
                "no_seed",
                phrase('nobody is a seed; a seed has "seed" or nothing as recruiter'),
                column="recruiter_id",
            )
        )
    problems += _cycles(above, ids, rows)
    return above


def _cycles(above: Whole, ids: Sequence[str], rows: Sequence[int]) -> list[Problem]:
    """One problem for each ring of people who recruited one another."""
    state = np.zeros(len(above), dtype=np.int8)  # 0 unknown, 1 on the way, 2 known
    found = []
    for start in range(len(above)):
        path = []
        at = start
        while at >= 0 and state[at] == 0:
            state[at] = 1
            path.append(at)
            at = int(above[at])
        if at >= 0 and state[at] == 1:
            ring = path[path.index(at) :]
            named = " <- ".join(ids[one] for one in [*ring[:6], ring[0]])
            found.append(
                Problem("cycle", phrase("{number} people recruited one another in a ring: {named}",
                               number=len(ring), named=named),
                        rows[min(ring)], "recruiter_id", ids[min(ring)])
            )  # fmt: skip
        state[path] = 2
    return found


def _degrees(column: Sequence[object], found: Checked, rows: Sequence[int], impute: bool) -> Whole:
    degree = np.zeros(len(column), dtype=np.int64)
    for i, said in enumerate(texts(column)):
        number = _number(said)
        rule = _degree_rule(said, number)
        if rule is None:
            degree[i] = int(number or 0)
        elif impute and rule[0] in ("degree_missing", "degree_zero"):
            found.imputed.append(i)
        else:
            found.problems.append(Problem(rule[0], rule[1], rows[i], "network_size", said))
    known = degree[degree > 0]
    if found.imputed and not len(known):
        found.problems.append(
            Problem("degree_missing", phrase("nobody gave a network size"), column="network_size")
        )
    elif found.imputed:
        degree[found.imputed] = max(1, round(float(np.median(known))))
    return degree


def _degree_rule(said: str, number: float | None) -> tuple[str, str] | None:
    if not said:
        return "degree_missing", phrase(
            "the network size is missing; fill it in, or ask for the missing ones to be imputed"
        )
    if number is None or not math.isfinite(number):
        return "degree_number", phrase("the network size is not a number")
    if number == 0:
        return "degree_zero", phrase(
            "a network size of 0 is not possible for somebody who was reached through the network"
        )
    if number < 0:
        return "degree_negative", phrase("a network size is at least 1")
    if number != int(number):
        return "degree_fraction", phrase("a network size is a whole number")
    if number > MOST_DEGREE:
        return "degree_huge", phrase("a network size of more than {most} is not possible", most=MOST_DEGREE)
    return None


def _coupons(above: Whole, ids: Sequence[str], rows: Sequence[int], coupons: int) -> list[Problem]:
    recruits = np.bincount(above[above >= 0], minlength=len(above))
    return [
        Problem(
            "coupons",
            phrase(
                "recruited {recruits} people with {coupons} coupons", recruits=recruits[i], coupons=coupons
            ),
            rows[i],
            "id",
            ids[i],
        )
        for i in np.flatnonzero(recruits > coupons).tolist()
    ]


def _numbers(
    column: Sequence[object], name: str, rows: Sequence[int], problems: list[Problem], *, positive: bool
) -> npt.NDArray[np.float64]:
    values = np.zeros(len(column))
    for i, said in enumerate(texts(column)):
        number = _number(said) if positive else _moment(said)
        if number is None or not math.isfinite(number) or (positive and number <= 0):
            kind = phrase("a number above 0") if positive else phrase("a number or a date such as 2026-03-31")
            problems.append(
                Problem(name, phrase("the {name} must be {kind}", name=name, kind=kind), rows[i], name, said)
            )
        else:
            values[i] = number
    return values


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _moment(said: str) -> float | None:
    """A number, or a date with or without a time of day as days."""
    number = _number(said)
    if number is not None:
        return number
    try:
        when = datetime.fromisoformat(said)
    except ValueError:
        return None
    return when.toordinal() + (when.hour + when.minute / 60 + when.second / 3600) / 24
