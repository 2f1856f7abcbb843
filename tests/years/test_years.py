"""The path of `make bench` for years of publications, on a small register: its own attacker learns nothing."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import bench_years

pytestmark = pytest.mark.django_db


def test_who_kept_two_years_of_publications_learns_nothing(people: Any) -> None:
    """With the late, the corrected and those taken out; one publication is withdrawn and still known."""
    found = bench_years.came_out(people, 100, bench_years.YEARS[:2], ("glotip",))
    safe, control = bench_years.attacked(found, 0.0)
    assert (found.done, found.refused) == (4, [])
    assert len(found.truth) == len(found.alone) * 2 == 4
    assert safe.met, safe
    assert control.met, control


def test_who_kept_every_table_of_two_counts_learns_nothing(people: Any) -> None:
    """All declared tables, as parts of the counts of two years, and a release of each year."""
    found = bench_years.came_out(people, 100, bench_years.YEARS[:2])
    safe, _control = bench_years.attacked(found, 0.0)
    assert found.refused == []
    assert found.done > 20
    assert safe.met, safe
