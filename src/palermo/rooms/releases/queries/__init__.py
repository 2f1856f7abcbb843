"""What is prepared, what is public, and what was spent."""

from palermo.rooms.releases.queries.ledger import Purse, decisions, purses
from palermo.rooms.releases.queries.public import (
    Landing,
    Withdrawn,
    catalogue,
    landing,
    public_tables,
    published_tiles,
    publisher,
    version_before,
    versions,
)
from palermo.rooms.releases.queries.reading import (
    Line,
    checks,
    compared,
    due_for,
    files,
    history,
    how_far,
    microdata_columns,
    offers,
    one,
    releases,
    reviews,
    state_label,
    states,
    years,
)

__all__ = [
    "Landing", "Line", "Purse", "Withdrawn", "catalogue", "checks", "compared", "decisions", "due_for", "files",
    "history",
    "how_far", "landing", "microdata_columns", "offers", "one", "public_tables", "published_tiles", "publisher",
    "purses", "releases", "reviews", "state_label", "states", "version_before", "versions", "years",
]  # fmt: skip
