"""Figures of published releases, and nothing else: read from the public file, by its fingerprint."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.releases import queries as releases
from palermo.rooms.statistics import queries as statistics
from palermo.standards import find_country

PRODUCTS = ("count_tables", "estimate", "observatory")
PLACES = ("from", "to", "origin")
SHOWN, WITHHELD, NOTHING = "shown", "withheld", "not_available"
TOTAL = "Total"
TREND_YEARS, MOST_COLUMNS = 6, 8


@dataclass(frozen=True)
class Cell:
    """A figure as it was published. value is None unless status is `shown`."""

    value: float | None
    status: str


@dataclass(frozen=True)
class Part:
    """One breakdown of a release: cells by the codes of row and column."""

    key: str
    rows: str
    columns: str
    cells: Mapping[tuple[str, str], Cell]
    words: Mapping[tuple[str, str], str]
    title: str = ""

    @property
    def yearly(self) -> bool:
        """Whether years are one of its two dimensions."""
        return "year" in (self.rows, self.columns)

    @property
    def by(self) -> str:
        """The dimension that is not the year; the rows where there are no years."""
        return self.columns if self.rows == "year" else self.rows

    @property
    def years(self) -> list[str]:
        """Single years, the earliest first."""
        place = 0 if self.rows == "year" else 1
        found = {key[place] for key in self.cells if self.yearly}
        return sorted(code for code in found if code.isdigit())

    def codes(self, dimension: str) -> list[str]:
        """The codes of a dimension in the order of the file."""
        place = 0 if dimension == self.rows else 1
        return list(dict.fromkeys(key[place] for key in self.cells))

    def at(self, code: str, year: str) -> Cell | None:
        """The figure of a category in a year."""
        return self.cells.get((year, code) if self.rows == "year" else (code, year))

    def word(self, dimension: str, code: str) -> str:
        """A code in the reader's language."""
        return _word(dimension, code, self.words.get((dimension, code), code))


@dataclass(frozen=True)
class Source:
    """A published release with its breakdowns."""

    identifier: str
    title: str
    product: str
    series: str
    year: int
    sha256: str
    parts: Mapping[str, Part]


def _word(dimension: str, code: str, written: str) -> str:
    if dimension == "estimate":
        known = {
            "estimate": _("Estimate"), "lower": _("At least"), "upper": _("At most"),
            "seen_on_any_list": _("Seen on any list"), "persons": _("Persons"),
        }  # fmt: skip
        return known.get(code, written)
    if dimension in PLACES and (country := find_country(code)):
        return country.name(get_language() or "en")
    found = str(statistics.label(dimension, code))
    # What no list of words has is as the file says it.
    return written if found == code else found


def part_title(key: str, part: Part | None = None) -> str:
    """What a breakdown is called; the words of its file where no list of words knows it."""
    base, _dash, rest = key.partition("--")
    known = _("Estimate") if key == "estimate" else str(statistics.PARTS.get(base, ""))
    name = known or (part.title if part else "") or base
    return f"{name} ({rest})" if rest else name


def usable(viewer: Viewer) -> list[Any]:
    """Published releases whose figures a report can show, the newest first."""
    return [one for one in releases.catalogue(viewer) if one.product in PRODUCTS]


def source(viewer: Viewer, identifier: str) -> Source:
    """A release that is public now. NotFound where it is none, or was withdrawn."""
    try:
        found = releases.landing(viewer, identifier)
    except releases.Withdrawn:
        raise NotFound() from None
    return _source(found)


def _source(found: releases.Landing) -> Source:
    release = found.release
    file = next((one for one in found.files if one.name == "data.json"), None)
    if file is None or release.product not in PRODUCTS:
        raise NotFound()
    told = json.loads(bytes(file.content))
    return Source(
        str(release.identifier), release.title, release.product, release.series, release.year, file.sha256,
        {part.key: part for part in _parts(told["rows"])},
    )  # fmt: skip


def _parts(rows: Iterable[Mapping[str, Any]]) -> Iterable[Part]:
    found: dict[str, dict[tuple[str, str], Cell]] = {}
    names: dict[str, tuple[str, str]] = {}
    titles: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    for row in map(_lengthened, rows):
        key, down, across = row["part"], row["row_dimension"], row["column_dimension"]
        if names.setdefault(key, (down, across)) != (down, across):
            key = f"{key}--{across}"
            names.setdefault(key, (down, across))
        titles.setdefault(key, str(row.get("part_label") or ""))
        words[down, row["row"]], words[across, row["column"]] = row["row_label"], row["column_label"]
        status = row["status"]
        value = row["value"] if status == SHOWN else None
        found.setdefault(key, {})[row["row"], row["column"]] = Cell(value, status)
    return [Part(key, *names[key], cells, words, titles[key]) for key, cells in found.items()]


def _lengthened(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A line of an estimate as a cell of a table; a line of a table as it is."""
    if "measure" not in row or "part" in row:
        return row
    code, value = row["measure"], row["value"]
    return {
        "part": "estimate", "row_dimension": "estimate", "row": code, "row_label": code.replace("_", " "),
        "column_dimension": "estimate", "column": "persons", "column_label": "Persons", "value": value,
        "status": NOTHING if value is None else SHOWN,
    }  # fmt: skip


def last_year(viewer: Viewer, found: Source) -> Source | None:
    """The release of the same series one year before that is public now."""
    rows = releases.catalogue(viewer).filter(series=found.series, year=found.year - 1)
    before = rows.first()
    if before is None or before.product not in PRODUCTS:
        return None
    return source(viewer, str(before.identifier))


def standing(viewer: Viewer, identifier: str) -> tuple[str, str]:
    """What became of a release that a report shows: (published, superseded or withdrawn; what stands now)."""
    try:
        found = releases.landing(viewer, identifier)
    except releases.Withdrawn as gone:
        return "withdrawn", gone.successor
    except NotFound:
        return "withdrawn", ""
    return found.release.state, found.newest
