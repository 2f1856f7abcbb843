"""What a model does not explain: observed against fitted, as a map of Pearson residuals.

r = (observed - fitted) / sqrt(fitted). With up to eight lists each cell is one combination of lists; with more, each
cell is one pair of lists (people on both), because 65,536 cells teach nobody anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from palermo.estimation.mse.table import CaptureTable
from palermo.sheets import BLUE, GREY, SMALL, VERMILLION, Look, Sheet, cut, isolated, wide

MOST_LISTS = 8
STRONG = 4.0  # from here on the colour is full
NOTABLE = 2.0  # from here on the cell says its sign, for print and for the colour-blind
Reals = npt.NDArray[np.float64]


def residual_map(table: CaptureTable, fitted: Sequence[float] | Reals, *, look: Look | None = None) -> str:
    """The picture as SVG. `fitted` has the expected count of each of the 2^K histories; the first is not read."""
    look = look or Look()
    expected = np.asarray(fitted, dtype=float)
    observed = table.counts.astype(float)
    if table.k > MOST_LISTS:
        return _pairs(table, observed, expected, look)
    return _histories(table, observed, expected, look)


def residual(observed: float, expected: float) -> float:
    """Pearson's; 0 where nothing was expected and nothing seen, and infinite where nothing was expected."""
    if expected > 0:
        return (observed - expected) / math.sqrt(expected)
    return 0.0 if observed == 0 else math.inf


def _histories(table: CaptureTable, observed: Reals, expected: Reals, look: Look) -> str:
    """The first half of the lists down, the second half across; every combination meets in one cell."""
    half = (table.k + 1) // 2
    rows, columns = range(1 << half), range(1 << (table.k - half))
    names = table.lists
    beside = [_subset(names[:half], row, look) for row in rows]
    above = [_subset(names[half:], column, look) for column in columns]
    grid = _Grid(beside, above, look, look.say("The model against each combination of lists"))
    for row in rows:
        for column in columns:
            mask = row | column << half
            if not mask:
                grid.empty(row, column, look.say("seen by nobody: this is what is estimated"))
                continue
            hidden = table.suppressed.get(mask)
            grid.cell(row, column, {"history": mask}, observed[mask], expected[mask], hidden)
    return grid.finished()


def _pairs(table: CaptureTable, observed: Reals, expected: Reals, look: Look) -> str:
    masks = np.arange(len(observed))
    both = [[(masks >> i & masks >> j & 1) == 1 for j in range(table.k)] for i in range(table.k)]
    grid = _Grid(list(table.lists), list(table.lists), look, look.say("The model against each pair of lists"))
    for i in range(table.k):
        for j in range(table.k):
            held = both[i][j] & (masks > 0)
            if j > i:
                grid.empty(i, j, "")
            else:
                grid.cell(
                    i, j, {"pair": f"{i + 1} {j + 1}"}, observed[held].sum(), expected[held].sum(), None
                )
    return grid.finished()


def _subset(names: Sequence[str], mask: int, look: Look) -> str:
    return " + ".join(name for j, name in enumerate(names) if mask >> j & 1) or look.say("none of them")


class _Grid:
    """A table of coloured cells with names at the left and, upright, above."""

    def __init__(self, beside: Sequence[str], above: Sequence[str], look: Look, title: str) -> None:
        self.beside, self.above, self.look, self.title = beside, above, look, title
        self.size = 34.0 if len(beside) <= 8 else 26.0
        self.left = 16 + min(max(map(wide, beside)), 210.0) + 10
        self.top = 20 + min(max(wide(name, SMALL) for name in above), 150.0) + 8
        self.legend = 62.0
        width = self.left + self.size * len(above) + 16
        floor = self.top + self.size * len(beside)
        self.sheet = Sheet(max(width, self.left + 300), floor + self.legend, look)
        self.worst: list[tuple[float, str]] = []
        for row, name in enumerate(beside):
            y = self.top + self.size * (row + 0.5) + 4
            self.sheet.text(self.left - 10, y, cut(name, self.left - 26), anchor="end")
        for column, name in enumerate(above):
            x = self.left + self.size * (column + 0.5) + 4
            turned = f"rotate(-90 {x:.1f} {self.top - 8:.1f})"
            self.sheet.text(x, self.top - 8, cut(name, self.top - 24, SMALL), size=SMALL, transform=turned)

    def _place(self, row: int, column: int) -> dict[str, object]:
        x, y = self.left + self.size * column, self.top + self.size * row
        return {"x": x + 1, "y": y + 1, "width": self.size - 2, "height": self.size - 2}

    def empty(self, row: int, column: int, told: str) -> None:
        if told:
            self.sheet.mark(told, {"kind": "unseen"})
            how = {"fill": "none", "stroke": "currentColor", "stroke_dasharray": "3 2"}
            self.sheet.add("rect", **self._place(row, column), **how)
            x, y = self.left + self.size * (column + 0.5), self.top + self.size * (row + 0.5) + 5
            self.sheet.text(x, y, "?", anchor="middle")
            self.sheet.end()

    def cell(
        self,
        row: int,
        column: int,
        data: dict[str, object],
        observed: float,
        expected: float,
        hidden: tuple[int, int] | None,
    ) -> None:
        r = residual(observed, expected) if hidden is None else _beyond(hidden, expected)
        number = self.look.number
        seen = number(observed) if hidden is None else f"{number(hidden[0])}-{number(hidden[1])}"
        name = f"{isolated(self.beside[row])} / {isolated(self.above[column])}"
        text = "{name}: {seen} seen, {expected} expected"
        told = self.look.told(text, name=name, seen=seen, expected=round(float(expected), 1))
        self.sheet.mark(told, {"kind": "residual", **data, "observed": observed, "expected": round(float(expected), 3),
                               "residual": round(r, 2) if math.isfinite(r) else "infinity"})  # fmt: skip
        _painted(self.sheet, self._place(row, column), r)
        self.sheet.end()
        self.worst.append((abs(r), told))

    def finished(self) -> str:
        y = self.top + self.size * len(self.beside) + 22
        x = self.left
        for r, text in (
            (-STRONG, "fewer seen"),
            (-1.0, ""),
            (0.0, "as expected"),
            (1.0, ""),
            (STRONG, "more seen"),
        ):
            _painted(self.sheet, {"x": x, "y": y, "width": 22.0, "height": 22.0}, r)
            said = self.look.say(text) if text else ""
            self.sheet.text(x + 28, y + 15, said, size=SMALL)
            x += 28 + (wide(said, SMALL) + 12 if said else 0)
        self.sheet.width = max(self.sheet.width, x + 8)
        self.worst.sort(key=lambda one: -one[0])
        told = "; ".join(text for r, text in self.worst[:5] if r >= NOTABLE)
        nothing = self.look.say("No cell differs from the model by more than chance would.")
        return self.sheet.svg("residuals", self.title, told or nothing)


def _beyond(hidden: tuple[int, int], expected: float) -> float:
    """A suppressed count differs from the model only as far as the model lies outside its interval."""
    return residual(min(max(expected, hidden[0]), hidden[1]), expected)


def _painted(sheet: Sheet, place: dict[str, object], r: float) -> None:
    color = VERMILLION if r > 0 else BLUE
    share = min(abs(r) / STRONG, 1.0)
    sheet.add("rect", **place, fill=color, fill_opacity=f"{share:.2f}", stroke=GREY, stroke_opacity="0.5")
    if abs(r) >= NOTABLE:
        x, y, size = (float(str(place[name])) for name in ("x", "y", "width"))
        sheet.text(x + size / 2, y + size / 2 + 5, "+" if r > 0 else "−", anchor="middle", font_weight="600")
