"""Lists of people from CSV files in the people format. All that is wrong is said at once; what is odd is told too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.estimation.problems import MOST
from palermo.linkage.people import FIELDS, PersonList
from palermo.linking import mapping as mapped
from palermo.linking.columns import NOT_RECORDED, RULES
from palermo.linking.decoding import Undecodable, decoded

Step = Callable[[float, str], None]
TELLING = ("given_name", "family_name", "other_names", "document_no", "phone")  # one of them must be there
NO_TABLE = ("csv", "empty", "header")  # without these nothing can be said of the cells
MOST_CELL = 5_000  # characters


@dataclass(frozen=True)
class Source:
    """One file as it was read."""

    people: PersonList
    file: str
    encoding: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Rows:
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]


def read(
    files: Sequence[str],
    *,
    mappings: Table[str, mapped.Mapping] | None = None,
    encoding: str = "",
    step: Step | None = None,
) -> tuple[Source, ...]:
    """The lists, in the order of the files; the name of a list is its file's, without the ending.

    mappings: by the name of a list; that under "" is for all others. Raises Refused with everything that is wrong in
    all files.
    """
    sources: list[Source] = []
    wrong: list[tuple[str, Problem]] = []
    names = _names(files)
    for at, (file, name) in enumerate(zip(files, names, strict=True)):
        if step:
            step(at / len(files), f"reading {name}")
        mapping = (mappings or {}).get(name) or (mappings or {}).get("") or mapped.NONE
        try:
            source = _source(file, name, mapping, encoding)
        except Refused as refused:
            wrong += refused.problems
            continue
        renamed = Path(file).stem != name
        told = f"is called {name} here, since another file has the same name" if renamed else ""
        sources.append(_warned(source, told) if told else source)
    for name in sorted(set(mappings or {}) - set(names) - {""}):
        wrong.append(
            ("", Problem("options", "there is no list of this name", column="--mapping", value=name))
        )
    if wrong:
        raise Refused(wrong)
    return tuple(_twins(sources))


def _names(files: Sequence[str]) -> list[str]:
    """A name for each list; the second of one name gets a number."""
    names: list[str] = []
    for file in files:
        stem = name = Path(file).stem or "list"
        number = 2
        while name in names or name in ("count", "draw"):
            name, number = f"{stem}_{number}", number + 1
        names.append(name)
    return names


def _warned(source: Source, told: str) -> Source:
    return Source(source.people, source.file, source.encoding, (*source.warnings, told))


def _twins(sources: Sequence[Source]) -> list[Source]:
    """A list that is another one again is no second witness."""
    found: list[Source] = []
    for source in sources:
        same = [one for one in found if one.people.columns == source.people.columns and len(one.people)]
        told = (
            f"says the same as {same[0].people.name}, row by row: no two lists, and no base for an estimate"
            if same
            else ""
        )
        found.append(_warned(source, told) if told else source)
    return found


def _source(file: str, name: str, mapping: mapped.Mapping, encoding: str) -> Source:
    try:
        raw = Path(file).read_bytes()
    except FileNotFoundError:
        raise Refused.inside(file, [Problem("file", "there is no such file")]) from None
    except OSError as error:
        raise Refused.inside(file, [Problem("file", f"this file cannot be read: {error.strerror}")]) from None
    try:
        text = decoded(raw, encoding)
    except Undecodable as error:
        raise Refused.inside(file, [error.problem]) from None
    problems: list[Problem] = []
    warnings = [text.warning] if text.warning else []
    table = _rows(text.text, problems)
    places = _places(table.header, mapping, problems, warnings)
    if any(problem.rule in NO_TABLE for problem in problems):
        raise Refused.inside(file, _most(problems))
    columns = {
        field: _column(field, table, places.get(field), mapping, problems, warnings) for field in FIELDS
    }
    if problems:
        raise Refused.inside(file, _most(problems))
    if not table.rows:
        warnings.append("holds no record")
    return Source(PersonList(name, columns), file, text.encoding, tuple(warnings))


def _most(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST:
        return problems
    more = len(problems) - MOST
    return [*problems[:MOST], Problem("more", f"and {more:,} more such things in this file")]


def _rows(text: str, problems: list[Problem]) -> _Rows:
    """The cells, every row as long as the header. Rows without any text are passed over."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: tuple[str, ...] = ()
    rows: list[list[str]] = []
    lines: list[int] = []
    begun = 1
    try:
        for cells in reader:
            line, begun = begun, reader.line_num + 1
            if not any(map(str.strip, cells)):
                continue
            if not header:
                header = tuple(cell.strip() for cell in cells)
                continue
            if len(cells) != len(header):
                cells = _fitted(cells, len(header), line, problems)
            rows.append(cells)
            lines.append(line)
    except csv.Error as error:
        problems.append(Problem("csv", f"this row is not CSV ({error})", row=reader.line_num))
    if not header and not problems:
        problems.append(Problem("empty", "the file is empty; its first row names the columns"))
    return _Rows(header, rows, lines)


def _fitted(cells: list[str], width: int, line: int, problems: list[Problem]) -> list[str]:
    if len(cells) < width or any(map(str.strip, cells[width:])):
        problems.append(
            Problem("cells", f"this row has {len(cells)} cells, the header has {width}", row=line)
        )
    return (cells + [""] * width)[:width]


def _places(
    header: tuple[str, ...], mapping: mapped.Mapping, problems: list[Problem], warnings: list[str]
) -> dict[str, int]:
    """Where each column of the people format stands."""
    theirs = {theirs: ours for ours, theirs in mapping.columns.items()}
    places: dict[str, int] = {}
    unknown = []
    for at, title in enumerate(header):
        field = theirs.get(title) or re.sub(r"[\s-]+", "_", title.casefold())
        if title in mapping.ignore or not title:
            continue
        if field not in FIELDS or (field in mapping.columns and title not in theirs):
            unknown.append(title)
        elif field in places:
            problems.append(Problem("header", "two columns have this name", row=1, column=field))
        else:
            places[field] = at
    for ours, title in mapping.columns.items():
        if title not in header:
            problems.append(
                Problem("header", f"the mapping says {ours} is called so; there is no such column", column=title)
            )  # fmt: skip
    if header and not any(field in places or field in mapping.constants for field in TELLING):
        told = (
            f"none of {', '.join(TELLING)} is there; give the names of this list's columns in a mapping file"
        )
        problems.append(Problem("header", told, row=1))
    if unknown:
        warnings.append(f"has columns that were not used: {', '.join(unknown)}")
    return places


def _column(
    field: str, table: _Rows, at: int | None, mapping: mapped.Mapping, problems: list[Problem],
    warnings: list[str],
) -> tuple[str, ...]:  # fmt: skip
    """One column, its values read by their rule; every different value is looked at once."""
    if field == "record_id":
        return _record_ids(table, at, problems, warnings)
    if field in mapping.constants:
        texts = [mapping.constants[field]] * len(table.rows)
    elif at is None:
        return ("",) * len(table.rows)
    else:
        texts = [row[at].strip() for row in table.rows]
    known = mapping.values.get(field, {})
    read = {text: _value(field, known.get(text, text)) for text in set(texts)}
    if None in read.values():
        rule = RULES[field][1] if field in RULES else f"a cell may have {MOST_CELL:,} characters"
        problems += [
            # What a rule refuses is a code or a date and can be shown; a name is not.
            Problem(field, rule, row=line, column=field, value=text[:60] if field in RULES else "")
            for text, line in zip(texts, table.lines, strict=True)
            if read[text] is None
        ]
    return tuple(read[text] or "" for text in texts)


def _value(field: str, said: str) -> str | None:
    """What is read; None where the column's rule is broken."""
    if len(said) > MOST_CELL:
        return None
    if not said or (said.casefold() in NOT_RECORDED and field != "birth_precision"):
        return ""
    return RULES[field][0](said) if field in RULES else said


def _record_ids(
    table: _Rows, at: int | None, problems: list[Problem], warnings: list[str]
) -> tuple[str, ...]:
    texts = ["" if at is None else row[at].strip() for row in table.rows]
    if not any(texts):
        if texts:
            warnings.append("names no record (record_id); its records are numbered from 1 as they stand")
        return tuple(str(number) for number in range(1, len(texts) + 1))
    seen: dict[str, int] = {}
    for text, line in zip(texts, table.lines, strict=True):
        if not text:
            problems.append(
                Problem("record_id", "every record needs one, or none has any", row=line, column="record_id")
            )
        elif text in seen:
            problems.append(
                Problem("record_id", f"row {seen[text]} has the same", row=line, column="record_id", value=text)
            )  # fmt: skip
        else:
            seen[text] = line
    return tuple(texts)
