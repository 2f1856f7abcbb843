"""What is read of cases: the public search, one case, what waits for a second person."""

from palermo.rooms.caselaw.queries.reading import (
    Gone,
    citation,
    colleagues,
    one,
    public_case,
    published_tiles,
    standings,
)  # fmt: skip
from palermo.rooms.caselaw.queries.searching import FACETS, SIZE, Found, Hit, named, search

__all__ = [
    "FACETS", "SIZE", "Found", "Gone", "Hit", "citation", "colleagues", "named", "one", "public_case",
    "published_tiles", "search", "standings",
]  # fmt: skip
