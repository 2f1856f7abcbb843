"""What countries reported to UNODC, one country at a time, with what its own "<5" gives away withheld again.

UNODC hides a count under five as "<5" and leaves the totals and the other sexes beside it. Where the sum then leaves
no doubt ("Total 50, Female 47, Male <5": 3), palermo withholds one figure more on its own pages, and says so. What is
printed elsewhere cannot be taken back; palermo does not print it once more. docs/methods/global-report.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.disclosure import TOTAL, Contradiction, Dimension, Published, audit
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.statistics.queries.global_report import sources
from palermo.rooms.statistics.queries.view import Cell, Part, TableView

SEXES = {"Female": "female", "Male": "male", "Other": "other", "Unknown": "unknown", "Total": TOTAL}
AGES = {"0 to 17 years": "child", "18 years or over": "adult", "Unknown": "unknown", "Total": TOTAL}
PARTS = {
    "reported-detected": "Detected trafficking victims",
    "reported-formal_contact": "Persons brought into formal contact",
    "reported-prosecuted": "Persons prosecuted", "reported-convicted": "Persons convicted",
}  # fmt: skip
ROWS = """
SELECT indicator, year, sex, age, min(value), max(below) FROM statistics_observation
WHERE source = %s AND area_code = %s AND dimension = 'Total' AND (sex = 'Total' OR age = 'Total')
GROUP BY indicator, year, sex, age HAVING count(*) = 1
"""
Printed = tuple[int | None, int | None]  # the count, or n of "<n"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of parts under their total, after what gives a small count away was withheld again."""

    cells: Mapping[str, Cell]
    again: int


def reported(viewer: Viewer, *, year: int | None = None, region: str = "") -> TableView:
    """The totals, sexes and ages that one country reported; `region` is its code, the first of the list if empty."""
    found, now = sources(viewer), timezone.now().isoformat(timespec="seconds")
    if not found:
        return TableView("reported", now, (), refused=_("No GLOTIP dataset has been imported yet."))
    areas = _areas(found[0])
    area = region if region in areas else next(iter(areas), "")
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [found[0], area])
        rows = cursor.fetchall()
    parts, again, years = [], 0, set()
    for key, indicator in PARTS.items():
        for axis, codes, place in (("sex", SEXES, 2), ("age", AGES, 3)):
            lines: dict[str, dict[str, Printed]] = {}
            for row in rows:
                other = row[5 - place]
                if row[0] == indicator and other == "Total" and row[place] in codes:
                    lines.setdefault(str(row[1]), {})[codes[row[place]]] = (row[4], row[5])
            if any(len(line) > 1 for line in lines.values()) or (axis == "sex" and lines):
                part, more = _part(f"{key}-{axis}", axis, lines)
                parts.append(part)
                again += more
                years |= {int(line) for line in lines}
    view = TableView(
        "reported", now, tuple(parts), region=area, years=tuple(sorted(years)), regions=tuple(areas),
        footnotes=_told(again), source=found[0],
    )  # fmt: skip
    return view.for_year(year) if year is not None else view


def _areas(source: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT area_code FROM statistics_observation WHERE source = %s AND is_country ORDER BY 1",
            [source],
        )
        return [code for (code,) in cursor.fetchall()]


def _told(again: int) -> tuple[str, ...]:
    if not again:
        return ()
    told = ngettext(
        "%(n)s figure that UNODC printed is withheld here: with it, a count hidden as “<5” follows from the total.",
        "%(n)s figures that UNODC printed are withheld here: with them, counts hidden as “<5” follow from the totals.",
        again,
    )
    return (told % {"n": again},)


def _part(key: str, axis: str, lines: Mapping[str, Mapping[str, Printed]]) -> tuple[Part, int]:
    order = [code for code in dict.fromkeys((*SEXES.values(), *AGES.values())) if code != TOTAL]
    columns = tuple(code for code in order if any(code in line for line in lines.values()))
    columns = (*columns, TOTAL)
    years = tuple(sorted(lines))
    shown = {year: withheld_again(lines[year]) for year in years}
    cells = tuple(tuple(shown[year].cells.get(code, Cell()) for code in columns) for year in years)
    return Part(key, "year", axis, years, columns, cells, "stacked"), sum(
        line.again for line in shown.values()
    )


def withheld_again(line: Mapping[str, Printed]) -> Shown:
    """What may be shown of a total and its parts, so that nothing hidden as "<n" is known closer than that.

    The smallest shown part is withheld, then the next, then the total, until the attack finds nothing. It takes parts
    that are not printed for empty, which is the worst that an attacker can rightly guess.
    """
    hidden = {code: below for code, (_count, below) in line.items() if below is not None}
    shown = {code: count for code, (count, _below) in line.items() if count is not None}
    open_before = dict(shown)
    while hidden and TOTAL in shown and _leaks(hidden, shown):
        parts = sorted((count, code) for code, count in shown.items() if code != TOTAL)
        shown.pop(parts[0][1] if parts else TOTAL)
    cells: dict[str, Cell] = {code: Cell(count) for code, count in shown.items()}
    cells |= {code: Cell(withheld=True) for code in (*hidden, *(set(open_before) - set(shown)))}
    return Shown(cells, len(open_before) - len(shown))


def _leaks(hidden: Mapping[str, int], shown: Mapping[str, int]) -> bool:
    """Whether a count hidden as "<n" is known closer than from 0 to n-1, by the attack of `palermo.disclosure`."""
    codes = tuple(code for code in (*hidden, *shown) if code != TOTAL)
    cells: dict[tuple[str, ...], int | None] = {(code,): shown.get(code) for code in (*codes, TOTAL)}
    limits = {(code,): (0.0, float(below - 1)) for code, below in hidden.items()}
    table = Published((Dimension("part", codes),), cells, limits=limits)
    try:
        bounds = audit([table])
    except Contradiction:  # the parts do not make the total: nothing follows from it
        return False
    known = {dict(bound.cell[1]).get("part", TOTAL): bound for bound in bounds}
    return any(
        known[code].low > 0.5 or known[code].high < below - 1.5
        for code, below in hidden.items()
        if code in known
    )
