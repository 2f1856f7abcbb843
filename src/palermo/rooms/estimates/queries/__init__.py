"""What may be read of estimates: studies, runs, and what waits for a second person."""

from palermo.rooms.estimates.queries.reading import (
    Line,
    Overlap,
    agreed,
    due_for,
    lines_of,
    one,
    overlaps,
    run,
    runs,
    studies,
)
from palermo.rooms.estimates.queries.telling import Doubt, doubts, in_words
from palermo.rooms.estimates.queries.words import method_title, verdict_word

__all__ = [
    "Doubt",
    "Line",
    "Overlap",
    "agreed",
    "doubts",
    "due_for",
    "in_words",
    "lines_of",
    "method_title",
    "one",
    "overlaps",
    "run",
    "runs",
    "studies",
    "verdict_word",
]
