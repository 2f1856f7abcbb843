"""Samples that tests share: the published ones, and a small one made by hand."""

from __future__ import annotations

from functools import cache
from typing import Any

from palermo.estimation.rds.reading import read
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.estimation.tests.shared import reference, shared_or_skip


@cache
def shared_sample(name: str) -> RecruitmentSample:
    """ "faux" or "fauxmadrona"."""
    with shared_or_skip(f"data/rds/{name}.csv").open(encoding="utf-8") as lines:
        return read(lines)


def measured(method: str) -> list[dict[str, Any]]:
    """What RDS and sspse for R answered."""
    return reference(method, part="rds")


def small() -> RecruitmentSample:
    """Two trees, four waves, seven people of group a and five of b."""
    return RecruitmentSample.from_columns(
        list("ABCDEFGHIJKL"),
        ["seed", "A", "A", "B", "B", "C", "D", "seed", "H", "H", "I", "I"],
        [4, 6, 3, 5, 8, 2, 10, 4, 4, 6, 5, 3],
        {"group": list("aababbabaaba")},
    )
