"""A respondent-driven sample from the lines of a CSV file. Pure: the caller opens the file and hands over its lines.

Lines are read one by one and only the columns that are used are kept, equal texts once, so that the size of a file
does not matter; more people than a recruitment sample can have is refused as soon as it shows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from palermo.estimation.problems import MOST, BadInput, Problem
from palermo.estimation.rds.checking import MOST_PEOPLE
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.saying import phrase

LONGEST_LINE = 100_000
REQUIRED = ("id", "recruiter_id", "network_size")
DERIVED = ("wave", "seed")  # columns that other programmes add; they follow from the recruiters
SEPARATORS = ",;\t|"


def read(
    lines: Iterable[str],
    *,
    outcomes: Sequence[str] | None = None,
    coupons: int | None = None,
    missing_degrees: str = "refuse",
    weight: str = "",
    time: str = "",
) -> RecruitmentSample:
    """The sample in these lines: a header with id, recruiter_id and network_size, then one person a line.

    `weight` and `time` name the columns with a factor for each person and with the moment of the interview, if they are
    to be used; every other column is an outcome (or only those named in `outcomes`). Columns are separated by commas,
    semicolons, tabs or bars. Raises BadInput with everything that is wrong, by line as an editor numbers it.
    """
    header, reader = opened(lines)
    wanted = _wanted(header, outcomes, tuple(one for one in (weight, time) if one))
    columns: dict[str, list[str]] = {name: [] for name in wanted}
    rows: list[int] = []
    problems: list[Problem] = []
    shared: dict[str, str] = {}
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(header):
                told = phrase(
                    "{number} fields, the header has {width}", number=len(fields), width=len(header)
                )
                problems.append(Problem("fields", told, reader.line_num))
            if len(rows) >= MOST_PEOPLE or len(problems) >= MOST:
                break
            rows.append(reader.line_num)
            for name, at in wanted.items():
                said = fields[at].strip() if at < len(fields) else ""
                columns[name].append(shared.setdefault(said, said))
    except csv.Error as broken:
        problems.append(
            Problem("csv", phrase("this is not CSV: {broken}", broken=str(broken)), reader.line_num)
        )
    if len(rows) >= MOST_PEOPLE:
        told = phrase(
            "more than {most_people} people; a recruitment sample is never as large", most_people=MOST_PEOPLE
        )
        raise BadInput([*problems, Problem("too_many", told, rows[-1])])
    return _sample(columns, rows, problems, coupons, missing_degrees, weight, time)


def _sample(
    columns: dict[str, list[str]],
    rows: list[int],
    problems: list[Problem],
    coupons: int | None,
    missing_degrees: str,
    weight: str,
    time: str,
) -> RecruitmentSample:
    """The sample, or what is wrong with its lines and with what stands in them, together."""
    base = {name: columns.pop(name) for name in (*REQUIRED, weight, time) if name in columns}
    try:
        sample = RecruitmentSample.from_columns(
            base["id"], base["recruiter_id"], base["network_size"], columns,
            coupons=coupons, weights=base.get(weight), time=base.get(time),
            missing_degrees=missing_degrees, rows=rows,
        )  # fmt: skip
    except BadInput as bad:
        told = {problem.row for problem in problems}
        problems = problems + [
            problem for problem in bad.problems if problem.row not in told or not problem.row
        ]
    if problems:
        raise BadInput(problems[:MOST])
    return sample


def _guarded(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise BadInput(
                [
                    Problem(
                        "line",
                        phrase("a line of {number} characters; this is no table", number=len(line)),
                        number,
                    )
                ]
            )
        if "\0" in line:
            raise BadInput(
                [Problem("csv", phrase("the file holds binary data; save it as CSV (UTF-8)"), number)]
            )
        yield line.lstrip("\ufeff") if number == 1 else line


def opened(lines: Iterable[str]) -> tuple[list[str], Any]:
    """The names of the columns, and a reader of what follows; the separator is the one the header has most of."""
    flow = _guarded(lines)
    before: list[str] = []
    for line in flow:
        before.append(line)
        if line.strip():
            break
    else:
        raise BadInput([Problem("empty", phrase("the file is empty"))])
    separator = max(SEPARATORS, key=lambda one: (before[-1].count(one), one == ","))
    reader = csv.reader(
        chain(before, flow), delimiter=separator
    )  # empty lines too, so that lines keep their numbers
    try:
        return [name.strip() for name in next(row for row in reader if row)], reader
    except csv.Error as broken:
        raise BadInput([Problem("csv", phrase("this is not CSV: {broken}", broken=str(broken)), 1)]) from None


def _wanted(header: Sequence[str], outcomes: Sequence[str] | None, named: tuple[str, ...]) -> dict[str, int]:
    """Where the columns stand that are read. Raises BadInput with the names that are missing or stand there twice."""
    fixed = (*REQUIRED, *named)
    problems = [
        Problem("column_missing", phrase('the header has no column "{name}"', name=name), 1, name)
        for name in dict.fromkeys((*fixed, *(outcomes or ())))
        if name not in header
    ]
    twice = sorted(
        {
            one
            for one in header
            if header.count(one) > 1 and (one in fixed or outcomes is None or one in outcomes)
        }
    )
    problems += [Problem("column_twice", phrase("two columns have this name"), 1, name) for name in twice]
    if problems:
        raise BadInput(problems)
    return {
        name: at
        for at, name in enumerate(header)
        if name in fixed or (name in outcomes if outcomes is not None else name and name not in DERIVED)
    }
