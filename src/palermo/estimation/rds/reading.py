"""A respondent-driven sample from the lines of a CSV file. Pure: the caller opens the file and hands over its lines.

Lines are read one by one and only the columns that are used are kept, equal texts once, so that the size of a file
does not matter; more people than a recruitment sample can have is refused as soon as it shows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from palermo.estimation.problems import BadInput, Problem
from palermo.estimation.rds.checking import MOST_PEOPLE
from palermo.estimation.rds.sample import RecruitmentSample

LONGEST_LINE = 100_000
REQUIRED = ("id", "recruiter_id", "network_size")
DERIVED = ("wave", "seed")  # columns that other programmes add; they follow from the recruiters
OPTIONAL = ("weight", "time")


def read(
    lines: Iterable[str],
    *,
    outcomes: Sequence[str] | None = None,
    coupons: int | None = None,
    missing_degrees: str = "refuse",
) -> RecruitmentSample:
    """The sample in these lines: a header with id, recruiter_id and network_size, then one person a line.

    Columns `weight` and `time` are read where they are; every other column is an outcome (or only those named in
    `outcomes`). Raises BadInput with everything that is wrong, by line as an editor numbers it.
    """
    reader = csv.reader(_guarded(lines))
    header = _header(reader, outcomes)
    wanted = _wanted(header, outcomes)
    columns: dict[str, list[str]] = {name: [] for name in wanted}
    rows: list[int] = []
    problems: list[Problem] = []
    shared: dict[str, str] = {}
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(header):
                problems.append(
                    Problem("fields", f"{len(fields)} fields, the header has {len(header)}", reader.line_num)
                )
            if len(rows) >= MOST_PEOPLE or len(problems) >= 200:
                break
            rows.append(reader.line_num)
            for name, at in wanted.items():
                said = fields[at].strip() if at < len(fields) else ""
                columns[name].append(shared.setdefault(said, said))
    except csv.Error as broken:
        problems.append(Problem("csv", f"this is not CSV: {broken}", reader.line_num))
    if len(rows) >= MOST_PEOPLE:
        problems.append(
            Problem(
                "too_many",
                f"more than {MOST_PEOPLE} people; a recruitment sample is never as large",
                rows[-1],
            )
        )
    return _sample(columns, rows, problems, coupons, missing_degrees)


def _sample(
    columns: dict[str, list[str]],
    rows: list[int],
    problems: list[Problem],
    coupons: int | None,
    missing_degrees: str,
) -> RecruitmentSample:
    base = {name: columns.pop(name) for name in (*REQUIRED, *OPTIONAL) if name in columns}
    if problems:
        raise BadInput(problems)
    return RecruitmentSample.from_columns(
        base["id"], base["recruiter_id"], base["network_size"], columns,
        coupons=coupons, weights=base.get("weight"), time=base.get("time"),
        missing_degrees=missing_degrees, rows=rows,
    )  # fmt: skip


def _guarded(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise BadInput([Problem("line", f"a line of {len(line)} characters; this is no table", number)])
        if "\0" in line:
            raise BadInput([Problem("csv", "the file holds binary data; save it as CSV (UTF-8)", number)])
        yield line.lstrip("\ufeff") if number == 1 else line


def _header(reader: Iterator[list[str]], outcomes: Sequence[str] | None) -> list[str]:
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration:
        raise BadInput([Problem("empty", "the file is empty")]) from None
    except csv.Error as broken:
        raise BadInput([Problem("csv", f"this is not CSV: {broken}", 1)]) from None
    problems = [
        Problem("column_missing", f'the header has no column "{name}"', 1, name)
        for name in (*REQUIRED, *(outcomes or ()))
        if name not in header
    ]
    problems += [
        Problem("column_twice", "two columns have this name", 1, name)
        for name in sorted({one for one in header if header.count(one) > 1})
    ]
    if problems:
        raise BadInput(problems)
    return header


def _wanted(header: Sequence[str], outcomes: Sequence[str] | None) -> dict[str, int]:
    fixed = (*REQUIRED, *OPTIONAL)
    return {
        name: at
        for at, name in enumerate(header)
        if name in fixed or (name in outcomes if outcomes is not None else name and name not in DERIVED)
    }
