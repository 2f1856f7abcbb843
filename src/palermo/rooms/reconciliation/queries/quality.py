"""The quality of each list: completeness, timeliness, duplicates within it, implausible values, drift of its codes."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation.models import Link, Listed, Project, Source

# What a linkage and a review of data collection need most; the weights of completeness in the score add up to one.
WEIGHTS = {
    "given_name": 0.2, "family_name": 0.15, "sex": 0.1, "birth_date": 0.2, "nationality": 0.15, "recorded_on": 0.1,
    "place": 0.05, "document_no": 0.03, "phone": 0.02,
}  # fmt: skip
PROMPT = 30  # days from being recorded to reaching the register within which a list is prompt
DRIFTED = 0.25  # of the records changed their code between two years (total variation distance)
FEWEST = 20  # records in a year before its codes are compared


@dataclass(frozen=True, slots=True)
class Quality:
    """One list. filled: share of records with each field; days: median from recording to arrival; duplicates: records
    beyond the first that stand for the same person; faults: codes with counts; drift: the largest change of codes
    between two years, with where; parts: what the score is made of, each from 0 to 100 (`PARTS`); years: the score by
    year of recording, with the records of that year; arrivals: median days to arrival by year of recording."""

    name: str
    source_id: Any
    records: int
    filled: tuple[tuple[str, float], ...]
    days: int | None
    duplicates: int
    faults: tuple[tuple[str, int], ...]
    drift: str
    drifts: tuple[tuple[str, int, float], ...]
    years: tuple[tuple[int, int], ...]
    score: int | None
    parts: tuple[int, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    arrivals: tuple[tuple[int, int], ...] = ()


def quality(viewer: Viewer, project: Project) -> list[Quality]:
    """The lists that the viewer may count: all for the coordinator, his own organisation's for a reviewer."""
    require(viewer, "reconciliation.quality.view")
    stands: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for source_id, listed_id, person_id in Link.objects.filter(project=project, closed=None).values_list(
        "listed__source_id", "listed_id", "person_id"
    ):
        stands[source_id][listed_id] = person_id
    found = []
    for source in Source.objects.filter(project=project):
        rows = list(Listed.objects.filter(source=source))
        if rows or viewer.has("coordinator") or source.organisation_id in viewer.organisation_ids:
            found.append(_quality(source, rows, again(rows, stands[source.pk])))
    return found


def again(rows: Sequence[Listed], stands: Mapping[Any, Any]) -> set[Any]:
    """The records of a list that stand for somebody for whom an earlier record of the same list stands already."""
    seen: set[Any] = set()
    found = set()
    for row in sorted(rows, key=lambda one: (one.recorded_on or date.max, one.code)):
        person = stands.get(row.pk)
        if person is not None and person in seen:
            found.add(row.pk)
        seen.add(person)
    return found


def _quality(source: Source, rows: Sequence[Listed], twice: set[Any]) -> Quality:
    n, duplicates = len(rows), len(twice)
    filled = tuple((name, _share(rows, place)) for place, name in enumerate(FIELDS) if name != "record_id")
    faults = Counter(code for row in rows for code in row.faults)
    drifts = tuple(_drifts(rows))
    by_year: dict[int, list[Listed]] = defaultdict(list)
    for row in rows:
        if row.recorded_on:
            by_year[row.recorded_on.year].append(row)
    told = [year for year in sorted(by_year) if len(by_year[year]) >= 5]
    years = tuple((year, score(by_year[year], _twice(by_year[year], twice))) for year in told)
    return Quality(
        source.name, source.pk, n, filled, _days(rows), duplicates, tuple(faults.most_common()),
        max(drifts, key=lambda one: one[2])[0] if drifts else "", drifts, years,
        score(rows, duplicates / n) if n else None, parts(rows, duplicates / n) if n else (),
        tuple((year, len(by_year[year])) for year in told),
        tuple((year, days) for year in told if (days := _days(by_year[year])) is not None),
    )  # fmt: skip


def _twice(rows: Sequence[Listed], twice: set[Any]) -> float:
    return sum(row.pk in twice for row in rows) / len(rows)


PARTS = (0.5, 0.2, 0.2, 0.1)  # completeness (by WEIGHTS), without a fault, prompt, there once


def score(rows: Sequence[Listed], duplicates: float) -> int:
    """From 0 to 100: half completeness (by WEIGHTS), a fifth records without a fault, a fifth promptness, a tenth
    being there once. What cannot be told (no dates of recording) counts as nothing reached."""
    return round(
        sum(weight * 100 * part for weight, part in zip(PARTS, _parts(rows, duplicates), strict=True))
    )


def parts(rows: Sequence[Listed], duplicates: float) -> tuple[int, ...]:
    """What the score is made of, each part from 0 to 100."""
    return tuple(round(100 * part) for part in _parts(rows, duplicates))


def _parts(rows: Sequence[Listed], duplicates: float) -> tuple[float, ...]:
    n = len(rows)
    whole = sum(weight * _share(rows, FIELDS.index(name)) for name, weight in WEIGHTS.items())
    clean = sum(not row.faults for row in rows) / n
    late = [_lag(row) for row in rows if row.recorded_on]
    prompt = sum(days <= PROMPT for days in late) / n
    return whole, clean, prompt, 1 - min(1.0, duplicates)


def _share(rows: Sequence[Listed], place: int) -> float:
    return round(sum(row.filled >> place & 1 for row in rows) / len(rows), 3) if rows else 0.0


def _lag(row: Listed) -> int:
    return max(0, (row.received_at.date() - (row.recorded_on or date.min)).days)


def _days(rows: Iterable[Listed]) -> int | None:
    late = [_lag(row) for row in rows if row.recorded_on]
    return round(median(late)) if late else None


def _drifts(rows: Sequence[Listed]) -> Iterable[tuple[str, int, float]]:
    """Where the mix of codes of a field leaps from one year to the next: half the sum of absolute differences."""
    for name in ("sex", "nationality", "basis"):
        years: dict[int, Counter[str]] = defaultdict(Counter)
        for row in rows:
            if row.recorded_on:
                years[row.recorded_on.year][getattr(row, name)] += 1
        ordered = sorted(year for year, codes in years.items() if sum(codes.values()) >= FEWEST)
        for before, after in itertools.pairwise(ordered):
            moved = _apart(years[before], years[after])
            if moved >= DRIFTED:
                yield name, after, round(moved, 2)


def _apart(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    n, m = sum(one.values()), sum(other.values())
    return sum(abs(one.get(code, 0) / n - other.get(code, 0) / m) for code in {*one, *other}) / 2
