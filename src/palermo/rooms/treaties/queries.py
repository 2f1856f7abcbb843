"""Where States stand, read from the log."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.treaties.models import TreatyAction
from palermo.standards.countries import countries
from palermo.standards.thesaurus import concept
from palermo.standards.treaties import (
    ORGANISATIONS,
    Action,
    Instrument,
    Status,
    count,
    instruments,
    statuses,
)
from palermo.standards.treaty_days import Changes, by_year, changes, remarks
from palermo.web.searched import Asked, ConceptLink, Document, Match, Source

MOST_OF = 0.7  # of the letters of a name
FIELDS = tuple(field.name for field in fields(Action))


@dataclass(frozen=True, slots=True)
class Sheet:
    """An instrument on a day: its figures, and where each party stands."""

    instrument: Instrument
    on: date
    counts: Mapping[str, int]
    statuses: tuple[Status, ...]
    recorded_at: datetime | None


def log(viewer: Viewer, instrument: str = "", party: str = "") -> list[Action]:
    """Every line of the log, those that were superseded too."""
    require(viewer, "treaties.public.view")
    rows = TreatyAction.objects.all()
    rows = rows.filter(instrument=instrument) if instrument else rows
    rows = rows.filter(party=party) if party else rows
    return [Action(**row) for row in rows.values(*FIELDS)]


def named(refs: set[str]) -> list[Action]:
    """The lines of the log that have these references."""
    return [Action(**row) for row in TreatyAction.objects.filter(ref__in=refs).values(*FIELDS)]


def instrument(code: str) -> Instrument:
    """The instrument of that code, in any case."""
    found = instruments().get(code.upper())
    if found is None:
        raise NotFound()
    return found


def sheet(viewer: Viewer, code: str, on: date) -> Sheet:
    """The instrument as of that day."""
    one = instrument(code)
    actions = log(viewer, one.code)
    latest = TreatyAction.objects.filter(instrument=one.code).aggregate(at=Max("recorded_at"))["at"]
    found = tuple(statuses(one, actions, on).values())
    return Sheet(one, on, count(one, actions, on), found, latest)


def is_recorded(viewer: Viewer) -> bool:
    """Whether the log holds anything; where it does not, a count of nothing would be read as a count of parties."""
    require(viewer, "treaties.public.view")
    return TreatyAction.objects.exists()


def counts(viewer: Viewer, on: date, code: str = "") -> dict[str, dict[str, int]]:
    """Parties and signatories of each instrument on that day."""
    wanted = [instrument(code)] if code else list(instruments().values())
    actions = log(viewer)
    return {one.code: count(one, actions, on) for one in wanted}


def of_party(viewer: Viewer, party: str, on: date) -> list[tuple[Instrument, Status | None]]:
    """Every instrument, and where this party stands."""
    if party not in countries() and party not in ORGANISATIONS:
        raise NotFound()
    actions = log(viewer, party=party)
    return [(one, statuses(one, actions, on).get(party)) for one in instruments().values()]


def changed(viewer: Viewer, code: str, one: date, other: date) -> Changes:
    """What is otherwise on the later of two days."""
    found = instrument(code)
    return changes(found, log(viewer, found.code), one, other)


def said(viewer: Viewer, code: str, on: date) -> list[Action]:
    """Reservations, declarations, objections and notifications of an instrument as of that day."""
    found = instrument(code)
    return remarks(found, log(viewer, found.code), on)


def years(viewer: Viewer, code: str, last: int) -> list[tuple[int, int, int]]:
    """How many were parties at the end of each year."""
    found = instrument(code)
    return by_year(found, log(viewer, found.code), last)


def lines(viewer: Viewer, code: str) -> list[dict[str, Any]]:
    """The log of an instrument as plain rows, for files."""
    actions = log(viewer, instrument(code).code)
    return [{name: getattr(a, name) for name in FIELDS} for a in actions]


def name_of(party: str, language: str) -> str:
    """A State or organisation in that language."""
    known = countries().get(party)
    return known.name(language) if known else ORGANISATIONS.get(party, party)


def concept_links(viewer: Viewer, code: str) -> list[ConceptLink]:
    """The instrument whose article a concept comes from, with the way to who is bound by it."""
    require(viewer, "treaties.public.view")
    source = concept(code).source
    name = source.partition(" ")[0]
    if name not in instruments():
        return []
    return [ConceptLink(_("Treaties"), source, reverse("treaties:sheet", args=[name]), "en")]


def find(viewer: Viewer, asked: Asked, limit: int) -> Iterator[Match]:
    """The instruments that an article names, and those that are called so."""
    require(viewer, "treaties.public.view")
    cited = {one.partition(" ")[0] for one in asked.references}
    words = asked.query.casefold().split()
    for one in list(instruments().values())[:limit]:
        if one.code in cited or asked.query.strip().upper() == one.code:
            yield Match(one.code, "identifier")
        elif words and any(_means(words, name) for name in _called(one)):
            yield Match(one.code, "name")


def _means(words: list[str], name: str) -> bool:
    """Whether the words are most of the name: who asks for trafficking in persons asks for no protocol."""
    said = sum(map(len, words)) / len("".join(name.split()))
    return MOST_OF <= said <= 1 and all(word in name for word in words)


def _called(one: Instrument) -> list[str]:
    return [name.casefold() for name in (one.title, *one.names)]


def documented(viewer: Viewer, keys: Collection[str], asked: Asked) -> Iterator[Document]:
    """Instruments by their codes."""
    require(viewer, "treaties.public.view")
    for code in keys:
        if one := instruments().get(code):
            yield Document(code, one.title, "en", reverse("treaties:sheet", args=[code]))


def pieces(viewer: Viewer, keys: Collection[str], asked: Asked) -> dict[str, str]:
    """Where each is published."""
    require(viewer, "treaties.public.view")
    return {code: one.reference for code in keys if (one := instruments().get(code))}


def documents(viewer: Viewer) -> Iterator[Document]:
    """None: an instrument is found by its names."""
    require(viewer, "treaties.public.view")
    yield from ()


SOURCE = Source(find, documented, documents, pieces, gettext_lazy("Treaties"))
