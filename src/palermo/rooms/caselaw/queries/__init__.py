"""What is read of cases: the public search, one case, what waits for a second person."""

from palermo.rooms.caselaw.queries.listing import COLUMNS, asked, checks, found, kept, newest, remarks, table
from palermo.rooms.caselaw.queries.reading import (
    Gone,
    citation,
    colleagues,
    one,
    public_case,
    published,
    published_tiles,
    standings,
    stones,
)  # fmt: skip
from palermo.rooms.caselaw.queries.searching import FACETS, SIZE, Found, Hit, named, search

__all__ = [
    "COLUMNS", "FACETS", "SIZE", "Found", "Gone", "Hit", "asked", "checks", "citation", "colleagues", "found", "kept",
    "named", "newest", "one", "public_case", "published", "published_tiles", "remarks", "search", "standings", "stones",
    "table",
]  # fmt: skip
