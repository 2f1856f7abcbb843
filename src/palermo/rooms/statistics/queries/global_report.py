"""The figures of the Global Report, from the imported GLOTIP rows: shares, sums, and the countries behind them.

A cell "<5" lies between 0 and 4 (the export prints no zero at all, so that 0 hides behind "<5" too); it is
summed as 2, and the sums of the lower and upper ends bound every figure. docs/methods/global-report.md.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.queries.view import Cell, Part, TableView

WHO = {
    ("Female", "18 years or over"): "women", ("Female", "0 to 17 years"): "girls",
    ("Male", "18 years or over"): "men", ("Male", "0 to 17 years"): "boys",
}  # fmt: skip
FORMS = ("Sexual exploitation", "Forced labour", "Other forms of exploitation")
MEASURES = ("share", "share_low", "share_high", "persons", "low", "high", "countries")
DETECTED, CONVICTED = "Detected trafficking victims", "Persons convicted"

# One figure per key: where the list contradicts itself, its smallest and greatest value bound it.
KEYED = """
WITH figure AS (
  SELECT area_code, area_name, region, indicator, dimension, category, sex, age, year,
         min(coalesce(value, 0)) AS low, max(coalesce(value, below - 1)) AS high
  FROM statistics_observation
  WHERE source = %(source)s AND is_country AND (%(region)s = '' OR region = %(region)s)
    AND dimension IN ('Total', 'by form of exploitation') AND indicator IN (%(detected)s, %(convicted)s)
    AND (%(year)s::integer IS NULL OR year = %(year)s)
  GROUP BY area_code, area_name, region, indicator, dimension, category, sex, age, year
)
"""
GROUPS = (
    KEYED
    + """
SELECT dimension, category, sex, age, sum(low), sum(high), count(*), array_agg(area_code || '|' || area_name)
FROM figure WHERE indicator = %(detected)s GROUP BY dimension, category, sex, age
"""
)
SERIES = (
    KEYED
    + """
SELECT year, indicator, sum(low), sum(high), count(*) FROM figure
WHERE dimension = 'Total' AND sex = 'Total' AND age = 'Total' GROUP BY year, indicator ORDER BY year
"""
)


@dataclass(frozen=True, slots=True)
class Sum:
    """Persons over all countries that reported: at least, at most, and how many countries."""

    low: int = 0
    high: int = 0
    areas: frozenset[str] = frozenset()

    @property
    def middle(self) -> float:
        """The figure itself: every "<5" as 2."""
        return (self.low + self.high) / 2


def sources(viewer: Viewer) -> list[str]:
    """The imported lists, the newest first; two lists are never added up, since they repeat each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT source FROM statistics_observation GROUP BY source ORDER BY max(id) DESC")
        return [name for (name,) in cursor.fetchall()]


def global_report(viewer: Viewer, *, year: int | None = None, region: str = "") -> TableView:
    """The headline figures of one year (the latest with forms, if none is asked for) and one region or all."""
    found = sources(viewer)
    now = timezone.now().isoformat(timespec="seconds")
    if not found:
        return TableView("global-report", now, (), refused=_("No GLOTIP dataset has been imported yet."))
    years, regions = _choices(found[0])
    year = year if year is not None else _latest(years)
    wanted: dict[str, Any] = {
        "source": found[0], "region": region, "detected": DETECTED, "convicted": CONVICTED, "year": year,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, wanted)
        groups = cursor.fetchall()
        cursor.execute(SERIES, wanted | {"year": None})
        series = cursor.fetchall()
    parts = (_who(groups), _forms(groups), _series(series))
    return TableView(
        "global-report", now, parts, year=year, region=region, years=tuple(y for y, _n in years), regions=regions,
        footnotes=_contradictions(found[0], year), source=found[0],
    )  # fmt: skip


def _choices(source: str) -> tuple[list[tuple[int, int]], tuple[str, ...]]:
    """(year, countries with a total) and the regions that the list has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT year, count(DISTINCT area_code) FROM statistics_observation WHERE source = %s AND is_country "
            "AND indicator = %s AND dimension = 'Total' GROUP BY year ORDER BY year",
            [source, DETECTED],
        )
        years = [(int(year), int(count)) for year, count in cursor.fetchall()]
        cursor.execute(
            "SELECT DISTINCT region FROM statistics_observation WHERE source = %s AND region <> '' ORDER BY 1",
            [source],
        )
        return years, tuple(name for (name,) in cursor.fetchall())


def _latest(years: list[tuple[int, int]]) -> int | None:
    """The latest year for which at least half as many countries reported as in the best year."""
    most = max((count for _year, count in years), default=0)
    return max((year for year, count in years if 2 * count >= most), default=None)


def _contradictions(source: str, year: int | None) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM statistics_observation WHERE source = %s AND year = %s AND occurrence > 1 "
            "AND is_country",
            [source, year],
        )
        (count,) = cursor.fetchone()
    if not count:
        return ()
    return (
        _("In this year the dataset gives more than one value for a figure %(count)s times.")
        % {"count": count},
    )


def _who(groups: list[Any]) -> Part:
    sums = {
        WHO[sex, age]: Sum(int(low), int(high), frozenset(areas))
        for dimension, category, sex, age, low, high, _count, areas in groups
        if dimension == "Total" and category == "Total" and (sex, age) in WHO
    }
    return _shares("who", "who", ("women", "girls", "men", "boys"), sums)


def _forms(groups: list[Any]) -> Part:
    sums = {
        category: Sum(int(low), int(high), frozenset(areas))
        for dimension, category, sex, age, low, high, _count, areas in groups
        if dimension == "by form of exploitation" and sex == "Total" and age == "Total"
    }
    return _shares("form", "form", FORMS, sums)


def _shares(key: str, rows_by: str, codes: tuple[str, ...], sums: dict[str, Sum]) -> Part:
    """Shares among the persons of these groups; what a country did not break down is in no denominator."""
    if not sums:
        return Part(key, rows_by, "measure", (), MEASURES, ())
    every = [sums.get(code, Sum()) for code in codes]
    return Part(key, rows_by, "measure", codes, MEASURES, tuple(_line(one, every) for one in every), "bar")


def _line(one: Sum, every: list[Sum]) -> tuple[Cell, ...]:
    low, high = sum(s.low for s in every), sum(s.high for s in every)
    middle = (low + high) / 2
    n = len(one.areas)
    least = _percent(one.low, one.low + high - one.high)
    most = _percent(one.high, one.high + low - one.low)
    return (
        Cell(_percent(one.middle, middle), low=least, high=most, countries=n),
        Cell(least), Cell(most), Cell(round(one.middle), low=one.low, high=one.high, countries=n),
        Cell(one.low), Cell(one.high), Cell(n),
    )  # fmt: skip


def _percent(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _series(rows: list[Any]) -> Part:
    sums = {(int(year), indicator): (int(low), int(high), n) for year, indicator, low, high, n in rows}
    years = sorted({year for year, _indicator in sums})
    columns = ("detected", "detected_countries", "convicted", "convicted_countries")
    lines = []
    for year in years:
        cells: list[Cell] = []
        for indicator in (DETECTED, CONVICTED):
            low, high, n = sums.get((year, indicator), (None, None, None))
            middle = None if low is None or high is None else round((low + high) / 2)
            cells += [Cell(middle, low=low, high=high, countries=n), Cell(n)]
        lines.append(tuple(cells))
    return Part("series", "year", "series", tuple(map(str, years)), columns, tuple(lines), "line")
