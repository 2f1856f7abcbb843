"""Breakdowns that can be drawn on a map: from country to country, or from countries to this one."""

from typing import Any

from palermo.rooms.reports.queries.figures import SHOWN, TOTAL, WITHHELD, Part

LEG = ("from", "to")
ORIGINS = ("citizenship", "origin", "from")


def on_a_map(part: Part) -> bool:
    """Whether its figures run between countries."""
    return bool(lines_of(part))


def lines_of(part: Part) -> list[dict[str, Any]]:
    """The lines of the map: name, codes of both ends (`to` is empty for this country), figure; the strongest first.

    Of a breakdown by year the last one is drawn. Withheld figures are lines without a figure; nothing is added up.
    """
    found = _legs(part) if (part.rows, part.columns) == LEG else _arrivals(part)
    return sorted(found, key=lambda one: -(one["value"] or 0))


def _legs(part: Part) -> list[dict[str, Any]]:
    return [
        _line(f"{part.word('from', start)} → {part.word('to', end)}", start, end, cell.value, cell.status)
        for (start, end), cell in part.cells.items()
        if TOTAL not in (start, end) and _drawn(cell.value, cell.status)
    ]


def _arrivals(part: Part) -> list[dict[str, Any]]:
    if part.by not in ORIGINS or not (part.yearly or len(part.codes(part.columns)) == 1):
        return []
    years = part.years
    column = part.codes(part.columns)[0]
    found = []
    for code in part.codes(part.by):
        cell = part.at(code, years[-1]) if years else part.cells.get((code, column))
        if code != TOTAL and cell is not None and _drawn(cell.value, cell.status):
            found.append(_line(part.word(part.by, code), code, "", cell.value, cell.status))
    return found


def _drawn(value: float | None, status: str) -> bool:
    return status == WITHHELD or (status == SHOWN and bool(value))


def _line(name: str, start: str, end: str, value: float | None, status: str) -> dict[str, Any]:
    return {"name": name, "from": start, "to": end, "value": value if status == SHOWN else None}
