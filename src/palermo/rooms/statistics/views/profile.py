"""Who they are, from what is published: one picture and one sentence for each question."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from palermo.rooms.statistics.queries import TABLES, Edition, Part, label
from palermo.rooms.statistics.queries.plan import NOT_RECORDED
from palermo.rooms.statistics.queries.view import TOTAL
from palermo.rooms.statistics.views.drawing import Section, Words, section
from palermo.web.charts.scale import figure

WHOLE = ("answered", TOTAL)  # what a share is of: those with an answer, where they were counted
TOPICS = ("sex", "age", "form", "citizenship", "control", "labour", "status")
# Where a topic is looked for, the most telling table first: topic -> key of its part.
SOURCES: Mapping[str, Mapping[str, str]] = {
    "htcds-profile": {
        "sex": "sex", "age": "age", "form": "purpose", "citizenship": "citizenship", "control": "control",
        "labour": "labour",
    },
    "glotip": {"sex": "sex", "age": "age", "form": "form", "citizenship": "citizenship"},
    "ic-tip": {
        "sex": "victim-sex", "age": "victim-age", "form": "event-form", "citizenship": "victim-citizenship",
        "status": "victim-status",
    },
    "eu-19a": {
        "sex": "victims-sex", "age": "victims-age", "form": "victims-form", "citizenship": "victims-citizens",
        "status": "victims-status",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """One question: its picture and table, the sentence above them, and the edition that they are from."""

    section: Section
    headline: str
    title: Words
    number: int
    table: str
    edition: Edition
    period: str


def topics(newest: Mapping[str, Edition]) -> list[Topic]:
    """Each question that any of the newest editions answers, from the first table that has it."""
    return [found for name in TOPICS if (found := topic(name, newest)) is not None]


def topic(name: str, newest: Mapping[str, Edition]) -> Topic | None:
    for table, keys in SOURCES.items():
        edition = newest.get(table)
        part = _part(edition, keys.get(name, "")) if edition else None
        if edition is None or part is None:
            continue
        return Topic(
            section(edition.view, part), headline(part), TABLES[table].title, edition.publication.number or 0, table,
            edition, _("all years"),
        )  # fmt: skip
    return None


def _part(edition: Edition, key: str) -> Part | None:
    """The breakdown over all years; None where it is not there or shows nothing."""
    part = next((part for part in edition.view.parts if part.key == key and part.rows), None)
    if part is not None and part.rows_by == "year":
        part = part.only_row(TOTAL) if TOTAL in part.rows else None
    if part is None or not any(cell.value for line in part.cells for cell in line):
        return None
    return part


def headline(part: Part) -> str:
    """The greatest figure that is shown, and its share where both of its counts are; what is not recorded beside it."""
    column = part.columns[0]
    codes = [row for row in part.rows if row not in (*WHOLE, NOT_RECORDED)]
    shown = {code: value for code in codes if (value := part.cell(code, column).value)}
    if not shown:
        return _("No figure of this breakdown could be published.")
    first = max(shown, key=lambda code: shown[code])
    numbers = {"what": label(part.rows_by, first), "value": figure(shown[first])}
    whole = next(
        (value for row in WHOLE if row in part.rows and (value := part.cell(row, column).value)), None
    )
    if whole:
        numbers |= {"whole": figure(whole), "percent": figure(round(100 * shown[first] / whole))}
    hidden = any(part.cell(code, column).withheld for code in codes)
    told = [_sentence(hidden, bool(whole)) % numbers]
    if NOT_RECORDED in part.rows and (unknown := part.cell(NOT_RECORDED, column).value):
        told.append(_("Not recorded: %(count)s.") % {"count": figure(unknown)})
    return " ".join(told)


def _sentence(hidden: bool, whole: bool) -> str:
    """A withheld figure may be the greatest: then the sentence is of the shown ones alone."""
    if hidden and whole:
        return _(
            "Of the figures shown, the highest: %(what)s, %(value)s of %(whole)s persons (%(percent)s %%)."
        )
    if hidden:
        return _("Of the figures shown, the highest: %(what)s, %(value)s persons.")
    if whole:
        return _("Most often: %(what)s, %(value)s of %(whole)s persons (%(percent)s %%).")
    return _("Most often: %(what)s, %(value)s persons.")
