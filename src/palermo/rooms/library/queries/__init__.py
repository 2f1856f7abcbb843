"""What is read of the library: the search, one paper, what waits for a second person, the directory."""

from palermo.rooms.library.queries.directory import authorities, authority, countries_of, stale
from palermo.rooms.library.queries.reading import (
    Gone,
    colleagues,
    exported,
    file_of,
    files_of,
    named,
    one,
    public_item,
    published_tiles,
)
from palermo.rooms.library.queries.searching import FACETS, SIZE, Found, Hit, search

__all__ = [
    "FACETS",
    "SIZE",
    "Found",
    "Gone",
    "Hit",
    "authorities",
    "authority",
    "colleagues",
    "countries_of",
    "exported",
    "file_of",
    "files_of",
    "named",
    "one",
    "public_item",
    "published_tiles",
    "search",
    "stale",
]
