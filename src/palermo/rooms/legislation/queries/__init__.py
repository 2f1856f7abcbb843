"""Laws and readings as the viewer may see them."""

from palermo.rooms.legislation.queries.laws import (
    at,
    compared,
    country_name,
    law_text,
    mine,
    public_law,
    public_laws,
    published_tiles,
    record_of,
    wordings_of,
)
from palermo.rooms.legislation.queries.readings import (
    Line,
    changes,
    coverage,
    heat,
    history,
    needs,
    provisions_on,
    sheet,
    side_by_side,
    states,
)

__all__ = [
    "Line",
    "at",
    "changes",
    "compared",
    "country_name",
    "coverage",
    "heat",
    "history",
    "law_text",
    "mine",
    "needs",
    "provisions_on",
    "public_law",
    "public_laws",
    "published_tiles",
    "record_of",
    "sheet",
    "side_by_side",
    "states",
    "wordings_of",
]
