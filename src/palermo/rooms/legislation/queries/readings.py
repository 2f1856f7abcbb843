"""What the rows of the checklists find in a State's law on a day. Nothing follows from absence: no reading is no word.

Rows of different strength are counted apart and never added up; States stand in the order of their names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.legislation import Provision
from palermo.rooms.legislation.models import Law, Reading, State, Wording
from palermo.rooms.legislation.queries.laws import at, country_name, provisions
from palermo.standards.checklists import OBLIGATIONS, PILLARS, ChecklistRow, checklist, rows_of
from palermo.standards.countries import find_country

NEEDED = ("not_met", "partly")


@dataclass(frozen=True, slots=True)
class Relied:
    """A provision that a reading relies on, in its law and wording."""

    law: Law
    wording: Wording
    provision: Provision


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a checklist and its reading on a day; None: not assessed."""

    row: ChecklistRow
    reading: Reading | None
    relied: tuple[Relied, ...] = ()


def _current(on: date, *, country: str = "", rows: Iterable[str] = ()) -> dict[tuple[str, str], Reading]:
    """The reading that counts on a day, by country and row: of the latest day, then of the latest publication."""
    found = Reading.objects.filter(state=State.PUBLISHED, on__lte=on)
    found = found.filter(country=country) if country else found
    wanted = list(rows)
    found = found.filter(row__in=wanted) if wanted else found
    return {(one.country, one.row): one for one in found.order_by("on", "published_at", "pk")}


def _known_country(code: str) -> str:
    found = find_country(code.upper())
    if found is None:
        raise NotFound()
    return found.alpha3


def states(viewer: Viewer, language: str) -> list[tuple[str, str]]:
    """States of which a law or a reading is published: code and name, by name."""
    require(viewer, "legislation.public.view")
    codes = {
        *Law.objects.filter(state=State.PUBLISHED).values_list("country", flat=True),
        *Reading.objects.filter(state=State.PUBLISHED).values_list("country", flat=True),
    }
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda pair: pair[1])


def sheet(viewer: Viewer, country: str, on: date, instrument: str = "", pillar: str = "") -> list[Line]:
    """Every row of the checklists with the State's reading of it, those that nobody has assessed too."""
    require(viewer, "legislation.public.view")
    country = _known_country(country)
    found = _current(on, country=country)
    wanted = [(row, found.get((country, row.slug))) for row in rows_of(instrument, pillar)]
    known = _relied(one for _row, one in wanted if one is not None)
    return [Line(row, one, known.get(one.pk, ()) if one else ()) for row, one in wanted]


def _relied(readings: Iterable[Reading]) -> dict[UUID, tuple[Relied, ...]]:
    """What each reading relies on, as far as it is public."""
    rows = [one for one in readings if one.relied]
    ids = {UUID(told["wording"]) for one in rows for told in one.relied}
    wordings = Wording.objects.filter(pk__in=ids, state=State.PUBLISHED, law__state=State.PUBLISHED)
    there = {str(one.pk): one for one in wordings.select_related("law")}
    cut = {key: {p.eid: p for p in provisions(one)} for key, one in there.items()}
    return {
        one.pk: tuple(
            Relied(there[told["wording"]].law, there[told["wording"]], cut[told["wording"]][told["eid"]])
            for told in one.relied
            if told["eid"] in cut.get(told["wording"], {})
        )
        for one in rows
    }


def coverage(lines: Sequence[Line]) -> list[tuple[str, dict[str, int]]]:
    """Per kind of obligation, how many rows stand how; `none` counts those that nobody has assessed."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        counts[line.row.obligation][line.reading.standing if line.reading else "none"] += 1
    return [(kind, dict(counts[kind])) for kind in OBLIGATIONS if kind in counts]


def heat(
    viewer: Viewer, instrument: str, on: date, language: str, pillar: str = ""
) -> tuple[list[tuple[str, str]], list[tuple[ChecklistRow, list[Reading | None]]]]:
    """States by name, and each row of the instrument with the reading of each of them."""
    require(viewer, "legislation.public.view")
    rows = rows_of(instrument, pillar)
    found = _current(on, rows=[row.slug for row in rows])
    there = {country for country, _row in found}
    columns = [(code, name) for code, name in states(viewer, language) if code in there]
    return columns, [(row, [found.get((code, row.slug)) for code, _name in columns]) for row in rows]


def side_by_side(
    viewer: Viewer, slug: str, on: date, language: str, countries: Sequence[str] = ()
) -> tuple[ChecklistRow, list[tuple[str, str, Line]]]:
    """One row across States, with the words that each relies on. Raises NotFound for an unknown row."""
    require(viewer, "legislation.public.view")
    row = checklist().get(slug)
    if row is None:
        raise NotFound()
    found = _current(on, rows=[slug])
    known = _relied(found.values())
    shown = [(code, name) for code, name in states(viewer, language) if not countries or code in countries]
    lines = [(code, name, found.get((code, slug))) for code, name in shown]
    return row, [
        (code, name, Line(row, one, known.get(one.pk, ()) if one else ())) for code, name, one in lines
    ]


def changes(viewer: Viewer, country: str, first: date, last: date) -> list[tuple[Line, Line]]:
    """Rows whose standing differs between two days: as it was, as it is."""
    before, after = (sheet(viewer, country, day) for day in (first, last))
    return [
        (old, new)
        for old, new in zip(before, after, strict=True)
        if (old.reading and old.reading.standing) != (new.reading and new.reading.standing)
    ]


def needs(viewer: Viewer, country: str, on: date) -> list[tuple[str, list[Line]]]:
    """What is not met or partly met, by pillar: what a programme can turn into activities."""
    lines = [one for one in sheet(viewer, country, on) if one.reading and one.reading.standing in NEEDED]
    grouped = {pillar: [one for one in lines if one.row.pillar == pillar] for pillar in PILLARS}
    return [(pillar, rows) for pillar, rows in grouped.items() if rows]


def history(viewer: Viewer, country: str, slug: str) -> list[Reading]:
    """Every published reading of a row in a State, the latest first."""
    require(viewer, "legislation.public.view")
    rows = Reading.objects.filter(country=country, row=slug, state=State.PUBLISHED)
    return list(rows.order_by("-on", "-published_at"))


def provisions_on(viewer: Viewer, country: str, on: date) -> Mapping[str, list[tuple[str, str]]]:
    """For the form of a reading: per law the provisions of its wording of that day, as (wording|eid, words)."""
    require(viewer, "legislation.record.view")
    found: dict[str, list[tuple[str, str]]] = {}
    for law in Law.objects.filter(country=country).exclude(state=State.WITHDRAWN).order_by("adopted"):
        rows = list(law.wordings.exclude(state=State.WITHDRAWN))
        stood = at(rows, on) or next((one for one in rows if one.valid_from <= on), None)
        if stood is not None:
            found[law.title] = [
                (f"{stood.pk}|{one.eid}", " ".join(f"{one.num} {one.heading or one.text}".split())[:90])
                for one in provisions(stood)
                if one.kind not in ("part", "title", "chapter")
            ]
    return found
