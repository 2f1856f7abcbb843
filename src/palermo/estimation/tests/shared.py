"""Data and reference results that lie beside the repository; a test that needs them is skipped where they do not."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from palermo.estimation.mse.table import CaptureTable

SHARED = Path(__file__).resolve().parents[5] / "shared"
# The published capture tables, by the name of their file.
TABLES = (
    "artificial_3list", "australia_4list", "hiv_rome_4list", "korea_palembang_3list", "lesbian_allegheny_4list",
    "netherlands_5list", "netherlands_6list", "new_orleans_5list", "new_orleans_8list", "new_orleans_v186_5list",
    "new_orleans_v186_8list", "uk_2013_5list", "uk_2013_6list", "hare_6occasion",
)  # fmt: skip


def shared_or_skip(part: str) -> Path:
    """`../shared/<part>` beside the repository, or the test is skipped."""
    path = SHARED / part
    if not path.exists():
        pytest.skip(f"needs ../shared/{part}, which is not beside this repository")
    return path


@cache
def _read(path: Path) -> CaptureTable:
    head, *rows = path.read_text().split()
    lists = head.replace('"', "").split(",")[:-1]
    cells = [row.split(",") for row in rows]
    return CaptureTable.from_counts(lists, {"".join(row[:-1]): int(row[-1]) for row in cells})


def shared_table(name: str) -> CaptureTable:
    """One of the published tables, such as "uk_2013_6list"."""
    return _read(shared_or_skip(f"data/mse/{name}.csv"))


@cache
def _results(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(path.read_text())["results"])


def reference(method: str, name: str = "", part: str = "mse") -> list[dict[str, Any]]:
    """What an R package answered: all rows of a method, of one data set if it is named."""
    rows = _results(shared_or_skip(f"reference/{part}-reference.json"))
    return [row for row in rows if row["method"] == method and name in ("", row["data"])]
