"""How a model came about: the estimate after each pair of lists that was allowed to depend on each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from palermo.estimation.pictures.axes import Scale, across, around
from palermo.sheets import BLUE, SMALL, Look, Sheet, cut, isolated, wide

ROW = 36.0
MIDDLE = 420.0


@dataclass(frozen=True)
class Taken:
    """One step: what was added in words ("independent lists", "A and B"), the estimate then (None: it has none), and
    a note such as the p-value that decided."""

    added: str
    estimate: float | None
    note: str = ""


def model_path(path: Sequence[Taken], n_observed: int, *, look: Look | None = None) -> str:
    """The picture as SVG, from the first model (top) to the last (bottom)."""
    look = look or Look()
    left = 16 + min(max((wide(one.added) for one in path), default=0.0), 230.0) + 30
    said = [_written(one, look) for one in path]
    right = max([60.0, *(wide(one, SMALL) for one in said)]) + 16
    top, bottom = 34.0, 34.0 + ROW * max(len(path), 1)
    sheet = Sheet(left + MIDDLE + right, bottom + 46, look)
    values = [one.estimate for one in path if one.estimate is not None]
    scale = around([*values, float(n_observed)], left, left + MIDDLE - 10)
    across(sheet, scale, top - 6, bottom, look.say("people"))
    x = scale(n_observed)
    sheet.line(x, top - 8, x, bottom, "currentColor", stroke_dasharray="4 3")
    seen = look.told("{people} seen", people=n_observed)
    sheet.text(max(x - wide(seen, SMALL) / 2, 4.0), top - 14, seen, size=SMALL)
    _joined(sheet, scale, path, top)
    for row, one in enumerate(path):
        y = top + ROW * (row + 0.5)
        sign = "+ " if row else ""
        sheet.mark(f"{sign}{isolated(one.added)}: {said[row]}",
                   {"kind": "step", "step": row, "added": one.added, "estimate": one.estimate})  # fmt: skip
        sheet.text(left - 16, y + 4, cut(f"{sign}{one.added}", left - 30), anchor="end")
        if one.estimate is None or math.isinf(one.estimate):
            sheet.text(scale.start + 8, y + 5, "×", size=16.0)
        else:
            sheet.add("circle", cx=scale(one.estimate), cy=y, r=6.0, fill=BLUE)
        sheet.text(left + MIDDLE + 6, y + 4, said[row], size=SMALL)
        sheet.end()
    told = "; ".join(f"{isolated(one.added)}: {text}" for one, text in zip(path, said, strict=True))
    return sheet.svg("path", look.say("How the model was built"), told)


def _written(one: Taken, look: Look) -> str:
    number = look.say("no estimate") if one.estimate is None else look.number(float(round(one.estimate)))
    return f"{number} ({one.note})" if one.note else number


def _joined(sheet: Sheet, scale: Scale, path: Sequence[Taken], top: float) -> None:
    points = [
        f"{scale(one.estimate):.1f} {top + ROW * (row + 0.5):.1f}"
        for row, one in enumerate(path)
        if one.estimate is not None
    ]
    if len(points) > 1:
        sheet.add(
            "path", d="M" + "L".join(points), fill="none", stroke=BLUE, stroke_width=2, stroke_opacity="0.5"
        )
