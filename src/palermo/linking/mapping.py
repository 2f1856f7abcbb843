"""A mapping file: how the columns and values of a body's list are called in the people format. TOML, read strictly.

[columns]                 # the people format's column = the column in the file
given_name = "Prénom"
[values.sex]              # the value in the file = the people format's value
F = "female"
[constants]               # the same for every row
nationality = "NPL"
ignore = ["Remarks"]      # columns that are read past (put it above the tables)

The form is that of `palermo import --mapping`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.people import FIELDS

PARTS = ("columns", "values", "constants", "ignore")


@dataclass(frozen=True)
class Mapping:
    columns: Table[str, str] = field(default_factory=dict)
    values: Table[str, Table[str, str]] = field(default_factory=dict)
    constants: Table[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()


NONE = Mapping()


def read_mapping(path: Path) -> Mapping:
    """Raises Refused with everything that is wrong in it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _refused(
            path, [Problem("file", f"the mapping file cannot be read: {error.strerror}")]
        ) from None
    except UnicodeDecodeError:
        raise _refused(path, [Problem("encoding", "the mapping file is not UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(path, [Problem("toml", f"the mapping file is not TOML: {error}")]) from None
    problems = [
        Problem("mapping", f"is not a part of a mapping: {', '.join(PARTS)}", column=key)
        for key in sorted(set(table) - set(PARTS))
    ]
    columns = _texts(table.get("columns", {}), "columns", problems)
    constants = _texts(table.get("constants", {}), "constants", problems)
    given = table.get("values", {})
    if not isinstance(given, dict):
        problems.append(Problem("mapping", "must hold one table per column", column="values"))
        given = {}
    values = {name: _texts(known, f"values.{name}", problems) for name, known in given.items()}
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(name, str) for name in ignore):
        problems.append(Problem("mapping", "must be a list of column names", column="ignore"))
        ignore = []
    for part, names in (("columns", columns), ("values", values), ("constants", constants)):
        problems += [
            Problem("mapping", f"is not a column of the people format: {', '.join(FIELDS)}", column=f"{part}.{name}")
            for name in names
            if name not in FIELDS
        ]  # fmt: skip
    problems += [
        Problem("mapping", "is both a column and a constant", column=name)
        for name in sorted(set(columns) & set(constants))
    ]
    if problems:
        raise _refused(path, problems)
    return Mapping(columns, values, constants, frozenset(ignore))


def _texts(table: Any, name: str, problems: list[Problem]) -> dict[str, str]:
    if not isinstance(table, dict):
        problems.append(Problem("mapping", "must be a table of names and texts", column=name))
        return {}
    for key, value in table.items():
        if not isinstance(value, str):
            problems.append(Problem("mapping", "must be a text", column=f"{name}.{key}", value=str(value)))
    return {str(key): value for key, value in table.items() if isinstance(value, str)}


def _refused(path: Path, problems: list[Problem]) -> Refused:
    return Refused.inside(str(path), problems)
