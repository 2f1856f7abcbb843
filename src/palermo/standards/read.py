"""Reads the package's own data files: UTF-8, comma separated, one header line; TOML for rules and headers."""

import csv
import tomllib
from importlib.resources import files
from typing import Any


def data_rows(name: str) -> list[dict[str, str]]:
    """All rows of `data/<name>`; raises ValueError when a row is ragged, for a shifted column lies."""
    text = files("palermo.standards").joinpath("data", name).read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="__extra__", strict=True)
    rows = []
    for row in reader:
        if "__extra__" in row or None in row.values():
            raise ValueError(f"{name}, line {reader.line_num}: the row has not as many cells as the header")
        rows.append(row)
    return rows


def toml(package_folder: str, name: str) -> dict[str, Any]:
    """One TOML file of a data folder of this package, for example toml("packs", "default.toml")."""
    text = files("palermo.standards").joinpath(package_folder, name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def toml_names(package_folder: str) -> tuple[str, ...]:
    """Names (without .toml) of the TOML files of a data folder, sorted."""
    folder = files("palermo.standards").joinpath(package_folder)
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))
