"""The digest as everybody reads it, and what waits inside."""

from palermo.rooms.digest.queries.reading import (
    FILTERS,
    Hit,
    about,
    cases_to_choose,
    counts,
    frozen,
    listed,
    mine,
    published_tiles,
    record_of,
    rows_out,
)
from palermo.rooms.digest.queries.standing import changed_since, edition, editions

__all__ = [
    "FILTERS",
    "Hit",
    "about",
    "cases_to_choose",
    "changed_since",
    "counts",
    "edition",
    "editions",
    "frozen",
    "listed",
    "mine",
    "published_tiles",
    "record_of",
    "rows_out",
]
