"""A mapping file: how the columns and values of a local list are called in palermo. TOML, read strictly.

[columns]                 # palermo's column = the column in the file
sex = "Sexe"
[values.sex]              # the value in the file = palermo's value
F = "female"
[constants]               # the same for every row
country = "PA"
ignore = ["Remarks"]      # columns that are read past and never stored (put it above the tables)
"""

import hashlib
import tomllib
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palermo.kernel.imports.problems import Problem, Unreadable


@dataclass(frozen=True, slots=True)
class Mapping:
    """Column names by palermo's name, value maps by column, constants, and columns to leave out."""

    columns: MappingType[str, str] = field(default_factory=dict)
    values: MappingType[str, MappingType[str, str]] = field(default_factory=dict)
    constants: MappingType[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    sha256: str = ""

    def translate(self, row: dict[str, str]) -> dict[str, str]:
        """The row with its values mapped and the constants added; changes `row` itself."""
        for column, known in self.values.items():
            value = row.get(column)
            if value is not None:
                row[column] = known.get(value, value)
        row.update(self.constants)
        return row


def _texts(table: Any, name: str, problems: list[Problem]) -> dict[str, str]:
    if not isinstance(table, dict):
        problems.append(Problem(0, name, "", "must be a table of names and texts"))
        return {}
    for key, value in table.items():
        if not isinstance(value, str):
            problems.append(Problem(0, f"{name}.{key}", str(value), "must be a text"))
    return {str(key): value for key, value in table.items() if isinstance(value, str)}


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises `Unreadable` with every fault in it."""
    problems: list[Problem] = []
    try:
        content = path.read_bytes()
        table = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise Unreadable(
            [
                Problem(
                    0,
                    "",
                    path.name,
                    f"the mapping file cannot be read: {error.strerror}",
                )
            ]
        ) from None
    except UnicodeDecodeError:
        raise Unreadable([Problem(0, "", path.name, "the mapping file is not UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise Unreadable([Problem(0, "", path.name, f"the mapping file is not TOML: {error}")]) from None
    for key in sorted(set(table) - {"columns", "values", "constants", "ignore"}):
        problems.append(
            Problem(
                0,
                key,
                "",
                "is not a part of a mapping: columns, values, constants, ignore",
            )
        )
    columns = _texts(table.get("columns", {}), "columns", problems)
    constants = _texts(table.get("constants", {}), "constants", problems)
    given = table.get("values", {})
    if not isinstance(given, dict):
        problems.append(Problem(0, "values", "", "must hold one table per column"))
        given = {}
    values = {column: _texts(known, f"values.{column}", problems) for column, known in given.items()}
    ignore = table.get("ignore", [])
    if not isinstance(ignore, list) or not all(isinstance(name, str) for name in ignore):
        problems.append(Problem(0, "ignore", "", "must be a list of column names"))
        ignore = []
    for column in sorted(set(columns) & set(constants)):
        problems.append(Problem(0, column, "", "is both a column and a constant"))
    if problems:
        raise Unreadable(problems)
    return Mapping(
        columns,
        values,
        constants,
        frozenset(ignore),
        hashlib.sha256(content).hexdigest(),
    )
