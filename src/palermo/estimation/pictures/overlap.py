"""Which lists saw the same people: an UpSet plot (Lex and others 2014, IEEE TVCG 20:1983-1992).

A column for each combination of lists, the most frequent first: above it how many people were on exactly these lists,
below it which lists they are. At the left how many people each list saw in all.
"""

from __future__ import annotations

from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.pictures.axes import ticks
from palermo.sheets import BLUE, GREY, SIZE, SMALL, VERMILLION, Look, Sheet, cut, wide

MOST_COLUMNS = 24
ROW = 24.0
BARS = 180.0  # height of the columns
LYING = 110.0  # length of the longest bar of a list


def overlap(table: CaptureTable, *, most: int = MOST_COLUMNS, look: Look | None = None) -> str:
    """The picture as SVG. A suppressed count is drawn hollow, as high as it may be, and written as its interval."""
    look = look or Look()
    cells = _cells(table)
    shown, rest = cells[:most], cells[most:]
    said = [_written(low, high, look) for _mask, low, high in shown]
    step = max([26.0, *(wide(one, SMALL) + 6 for one in said)])
    names = min(max(wide(name) for name in table.lists), 170.0)
    totals = max(wide(look.number(int(total)), SMALL) for total in table.totals)
    left = 16 + LYING + totals + 8 + names + 16
    floor = 44.0 + BARS
    height = floor + 16 + ROW * table.k + (30 if rest else 10)
    least = 16 + wide(look.say("people on exactly these lists")) + left
    sheet = Sheet(max(left + step * len(shown) + 14, least), height, look)
    sheet.text(left, 18, look.say("people on exactly these lists"))
    sheet.text(16, floor + 6, cut(look.say("people on each list"), left - 24), size=SMALL)
    _lists(sheet, table, left, floor + 16, len(shown) * step, names)
    peak = ticks(0, max((high for _mask, _low, high in shown), default=1))[-1]
    for i, (mask, low, high) in enumerate(shown):
        x = left + step * (i + 0.5)
        names_on = [table.lists[j] for j in range(table.k) if mask >> j & 1]
        told = look.told("{lists}: {people}", lists=" + ".join(names_on), people=said[i])
        sheet.mark(told, {"kind": "history", "history": mask, "people": low, "lists": len(names_on)})
        _column(sheet, x, floor, BARS * high / peak, low < high, said[i])
        _dots(sheet, x, floor + 16 + ROW / 2, mask, table.k)
        sheet.end()
    if rest:
        people = sum(low for _mask, low, _high in rest)
        text = "not drawn: {more} rarer combinations (people: {people})"
        sheet.text(left, height - 8, look.told(text, more=len(rest), people=people), size=SMALL)
    sheet.width = max(
        sheet.width, left + wide(look.say("not drawn: {more} rarer combinations (people: {people})"), SMALL)
    )
    chosen = look.say("on {lists}: {people} people in {columns} of the columns drawn")
    return sheet.svg(
        "overlap",
        look.say("How the lists overlap"),
        _described(table, shown, look),
        chosen=chosen,
        ask=look.say("Keep the people who were on:"),
    )


def _cells(table: CaptureTable) -> list[tuple[int, int, int]]:
    """Histories with the two ends of their counts, the highest first."""
    found = [(mask, count, count) for mask, count in table.cells() if mask not in table.suppressed]
    found += [(mask, low, high) for mask, (low, high) in table.suppressed.items()]
    return sorted(found, key=lambda cell: (-cell[2], -cell[1], cell[0].bit_count(), cell[0]))


def _written(low: int, high: int, look: Look) -> str:
    return look.number(low) if low == high else f"{look.number(low)}-{look.number(high)}"


def _column(sheet: Sheet, x: float, floor: float, tall: float, hidden: bool, said: str) -> None:
    tall = max(tall, 1.5)
    how = {"fill": "none", "stroke": BLUE, "stroke_dasharray": "3 2"} if hidden else {"fill": BLUE}
    sheet.add("rect", x=x - 8, y=floor - tall, width=16.0, height=tall, **how)
    sheet.text(x, floor - tall - 5, said, anchor="middle", size=SMALL)


def _dots(sheet: Sheet, x: float, top: float, mask: int, k: int) -> None:
    on = [j for j in range(k) if mask >> j & 1]
    if len(on) > 1:
        sheet.line(x, top + ROW * on[0], x, top + ROW * on[-1], BLUE, stroke_width=2)
    for j in range(k):
        seen = mask >> j & 1
        how = {"fill": BLUE} if seen else {"fill": "none", "stroke": GREY, "stroke_opacity": "0.6"}
        sheet.add("circle", cx=x, cy=top + ROW * j, r=6.0 if seen else 3.0, **how)


def _lists(sheet: Sheet, table: CaptureTable, left: float, top: float, width: float, names: float) -> None:
    """Rows: the bar of a list's total, its name, a stripe behind every other row."""
    most = max(int(table.totals.max()), 1)
    edge = left - names - 16
    for j, name in enumerate(table.lists):
        y, total = top + ROW * j, int(table.totals[j])
        if j % 2:
            sheet.add(
                "rect",
                x=edge - 4,
                y=y,
                width=left - edge + width + 4,
                height=ROW,
                fill=GREY,
                fill_opacity="0.12",
            )
        told = sheet.look.told("{name}: {people}", name=name, people=total)
        sheet.mark(told, {"kind": "list", "list": name, "place": j, "people": total})
        long = max(LYING * total / most, 1.0)
        sheet.add("rect", x=edge - 8 - long, y=y + 6, width=long, height=ROW - 12, fill=VERMILLION)
        sheet.text(edge - 12 - long, y + ROW / 2 + 4, sheet.look.number(total), anchor="end", size=SMALL)
        sheet.text(left - 12, y + ROW / 2 + SIZE / 3, cut(name, names), anchor="end")
        sheet.end()


def _described(table: CaptureTable, shown: list[tuple[int, int, int]], look: Look) -> str:
    overlapping = sum(count for mask, count in table.cells() if mask.bit_count() > 1)
    return look.told(
        "{people} people on {lists} lists, {overlap} of them on more than one; {columns} combinations are drawn.",
        people=table.n, lists=table.k, overlap=overlapping, columns=len(shown),
    )  # fmt: skip
