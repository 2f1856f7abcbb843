"""What a run makes, before it is kept: files, what checks found, and what is behind them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from palermo.kernel.exports.writers import csv_bytes

Teller = Callable[[float, str], None]
CSV, JSON = "text/csv; charset=utf-8", "application/json"


@dataclass(frozen=True)
class NewFile:
    """A file before it is kept; `kind` is public or internal."""

    name: str
    kind: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Found:
    """What a check found: ok, warn or block, as a template with its figures."""

    code: str
    level: str
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """Everything that a run made."""

    files: tuple[NewFile, ...]
    checks: tuple[Found, ...]
    tables: tuple[Mapping[str, Any], ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)


def codebook_file(lines: Iterable[tuple[str, str]]) -> NewFile:
    """What stands in each column."""
    rows = [{"column": name, "meaning": meaning} for name, meaning in lines]
    return NewFile("codebook.csv", "public", CSV, csv_bytes(rows, ("column", "meaning")))
