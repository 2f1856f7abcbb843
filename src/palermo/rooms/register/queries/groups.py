"""What those see who count but do not keep the register: groups of persons, never a person.

A line is a group of at least the threshold, with its size rounded down to steps of the threshold. Smaller groups
are not listed, and whether there are any is not told: a filter that fits nobody and one that fits a few give
the same answer (decision 0009).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.queries.labels import label
from palermo.rooms.register.queries.people import Total, admit
from palermo.rooms.register.queries.tally import tally

BY = ("year", "crime", "status", "sex", "age_group")
FILTERS = ("year", "crime", "status", "sex", "age_group", "form", "source")
MOST_GROUPS = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Persons who share these words: `at_least` that many."""

    year: int | None
    crime: str
    status: str
    sex: str
    age: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Groups:
    """The largest groups first, at most `MOST_GROUPS`; `total` is that of all who match."""

    rows: tuple[Group, ...]
    total: Total


def groups(viewer: Viewer, wanted: Mapping[str, Any]) -> Groups:
    """Groups of persons who match. Whoever shows them calls `actions.record_look` first, with a purpose."""
    admit(viewer, "register.group.list")
    threshold = settings.PALERMO_THRESHOLD
    where = {name: wanted[name] for name in FILTERS if wanted.get(name)}
    found = tally(viewer, BY, where)
    total = Total.guarded(sum(row["count"] for row in found), threshold)
    # Rounded before they are put in order: the order must not tell more than the figures.
    large = [(Total.guarded(row["count"], threshold).count, row) for row in found]
    listed = sorted(
        ((size, row) for size, row in large if size), key=lambda pair: (-pair[0], _place(pair[1]))
    )
    return Groups(tuple(_group(row, size) for size, row in listed[:MOST_GROUPS]), total)


def _place(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(9999 - (row["year"] or 0)), *(row[name] for name in BY[1:]))


def _group(row: Mapping[str, Any], size: int) -> Group:
    return Group(
        year=row["year"],
        crime=label("crime", row["crime"]),
        status=label("status", row["status"]),
        sex=label("sex", row["sex"]),
        age=label("age_group", row["age_group"]),
        at_least=size,
    )
