"""What is read of reports: inside, outside, and the released figures that they are made of."""

from palermo.rooms.reports.queries.composing import composed, in_language, languages, title_of
from palermo.rooms.reports.queries.figures import Source, last_year, part_title, source, standing, usable
from palermo.rooms.reports.queries.laying import why_not
from palermo.rooms.reports.queries.numbers import strange_numbers
from palermo.rooms.reports.queries.public import (
    Landing,
    Withdrawn,
    catalogue,
    editions,
    landing,
    published_tiles,
    told_in,
)
from palermo.rooms.reports.queries.reading import (
    due_for,
    fallen,
    files,
    history,
    one,
    recommendation,
    reports,
    reviews,
    section,
    sources_of,
    state_label,
)

__all__ = [
    "Landing", "Source", "Withdrawn", "catalogue", "composed", "due_for", "editions", "fallen", "files", "history",
    "in_language", "landing", "languages", "last_year", "one", "part_title", "published_tiles", "recommendation",
    "reports", "reviews", "section", "source", "sources_of", "standing", "state_label", "strange_numbers", "title_of",
    "told_in", "usable", "why_not",
]  # fmt: skip
