"""Three pictures of a release: where people stand out, how far its counts are off, and what attackers make of it.

All are SVG as text with a title and a description. The map of risk and the attacks are computed from real
records: they are for reviewers. Words go through `Look.say`; the templates are marked by `phrase` so that they
are gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from palermo.disclosure.risk.figures import Losses
from palermo.disclosure.risk.harness import Assessment, Test, Verdict
from palermo.disclosure.risk.pairs import PairRisk
from palermo.disclosure.risk.wording import CONTROL_NAMES, NAMES
from palermo.saying import phrase
from palermo.sheets import BLUE, GREY, SMALL, VERMILLION, Look, Sheet, cut, wide

FEW = 20  # a share among fewer people is not drawn
FULL = 0.2  # excess at which the colour is full
NOTABLE = 3.0  # standard errors, from which on a cell carries a sign
CELL = 34.0
LOW, HIGH = 0.4, 1.0  # the ends of the axis of an AUC

MAP = phrase("Pairs of values that one person alone has, and that stand in the file")
MAP_CELL = phrase(
    "{first} and {second}: {alone} people alone with their two values; found in the file {members}, of people who "
    "are not in the data {holdout}"
)
MAP_FEW = phrase("{first} and {second}: too few people are alone with their two values")
MAP_NONE = phrase("No pair of columns shows more of people in the data than of others, beyond chance.")
MORE = phrase("more of people in the data than of others")
SAME = phrase("no more than of others")
TOO_FEW = phrase("too few people")
ERROR = phrase("How far the file is off, by the number of columns looked at together")
ERROR_KINDS = (
    phrase("mean error of counts"),
    phrase("combinations lost"),
    phrase("combinations that nobody has"),
)
ERROR_BAR = phrase("{kind}, columns together {columns}: {share}")
COLUMNS = phrase("columns looked at together")
GUESS = phrase("How often an attacker tells a person in the data from one who is not")
GUESS_ROW = phrase("{attack}, {file}: {share}, give or take {error}; a toss of a coin gives {half}")
THIS_FILE = phrase("this file")
TOSS = phrase("a toss of a coin")


def risk_map(pairs: Sequence[PairRisk], *, look: Look | None = None) -> str:
    """Every pair of columns: how much more often the lonely pairs of values of members stand in the file than
    those of people held out. A cell that is more than three standard errors above is filled, and says how many
    percentage points."""
    look = look or Look()
    names = list(dict.fromkeys([name for pair in pairs for name in (pair.first, pair.second)]))
    left = 16 + min(max([wide(name) for name in names], default=0.0), 200.0) + 10
    top = 20 + min(max([wide(name, SMALL) for name in names], default=0.0), 150.0) + 8
    key = [look.say(one) for one in (MORE, SAME, TOO_FEW)]
    wanted = left + 34 * 3 + sum(wide(one, SMALL) + 20 for one in key)
    width = max(left + CELL * len(names) + 16, wanted)
    sheet = Sheet(width, top + CELL * len(names) + 56, look)
    for place, name in enumerate(names):
        sheet.text(left - 10, top + CELL * (place + 0.5) + 4, cut(name, left - 26), anchor="end")
        x = left + CELL * (place + 0.5) + 4
        turned = f"rotate(-90 {x:.1f} {top - 8:.1f})"
        sheet.text(x, top - 8, cut(name, top - 24, SMALL), size=SMALL, transform=turned)
    noted = []
    for pair in pairs:
        column, row = names.index(pair.first), names.index(pair.second)
        told = _pair(sheet, pair, left + CELL * column, top + CELL * row)
        if _notable(pair):
            noted.append((-pair.found.excess, told))
    x, y = left, top + CELL * len(names) + 18
    for words, excess in zip(key, (FULL, 0.0, None), strict=True):
        _cell(sheet, x, y, 22.0, excess, "+" if excess else "")
        sheet.text(x + 28, y + 15, words, size=SMALL)
        x += 34 + wide(words, SMALL) + 20
    told = "; ".join(words for _excess, words in sorted(noted)[:5])
    return sheet.svg("risk-map", look.say(MAP), told or look.say(MAP_NONE))


def error_by_length(losses: Losses, *, look: Look | None = None) -> str:
    """Mean error, lost and invented combinations by the number of columns looked at together, as bars with
    figures."""
    look = look or Look()
    series = (losses.error, losses.lost, losses.fabricated)
    lengths = sorted({length for one in series for length in one})
    highest = max([1e-9, *(value for one in series for value in one.values())])
    kinds = [look.say(one) for one in ERROR_KINDS]
    group, left, top, tall = 3 * 46.0 + 24, 20.0, 96.0, 210.0
    width = max(left * 2 + group * len(lengths), 60 + max(wide(one, SMALL) for one in kinds), 320.0)
    sheet = Sheet(width, top + tall + 52, look)
    for place, words in enumerate(kinds):
        _bar(sheet, place, left, 12 + 22.0 * place, 24.0, 15.0)
        sheet.text(left + 32, 24 + 22.0 * place, words, size=SMALL)
    bottom, told = top + tall, []
    for at, length in enumerate(lengths):
        start = left + group * at
        for place, values in enumerate(series):
            if length in values:
                at_place = (start, bottom, tall / highest)
                told.append(_bar_of(sheet, place, kinds[place], length, values[length], at_place))
        sheet.text(start + group / 2 - 12, bottom + 18, look.number(length), anchor="middle")
    sheet.line(left, bottom, left + group * len(lengths), bottom)
    sheet.text(left, bottom + 40, look.say(COLUMNS), size=SMALL)
    return sheet.svg("error", look.say(ERROR), "; ".join(told))


def guesses(found: Assessment, *, look: Look | None = None) -> str:
    """The AUC of each membership attack on this file, with the files that are known to leak below it. What is
    allowed is a band around a toss of a coin; circle this file, diamond and square the controls."""
    look = look or Look()
    files = [(look.say(THIS_FILE), found.tests, "circle")]
    for proof, shape in zip(found.proofs, ("diamond", "square"), strict=False):
        files.append((look.say(CONTROL_NAMES[proof.control]), proof.tests, shape))
    asked = [test.name for test in found.tests if test.caught is not None]
    left = 16 + max(wide(name, SMALL) for name, _tests, _shape in files) + 26
    widest = max(wide(look.say(NAMES[name])) for name in asked) + 32
    middle, top, step, block = 330.0, 54.0, 26.0, 26.0 * (len(files) + 1) + 10
    sheet = Sheet(max(left + middle + 80, widest), top + block * len(asked) + 40, look)

    def place(auc: float) -> float:
        return left + middle * (min(max(auc, LOW), HIGH) - LOW) / (HIGH - LOW)

    blocks = [(top + block * at + 26, top + block * (at + 1) - 10) for at in range(len(asked))]
    _coin(sheet, place, top, blocks)
    told = []
    for at, name in enumerate(asked):
        y, attack = top + block * at + 18, look.say(NAMES[name])
        sheet.text(16.0, y, attack, font_weight="600")
        for row, (file, tests, shape) in enumerate(files, 1):
            sheet.text(left - 12, y + step * row, file, anchor="end", size=SMALL)
            test = next(one for one in tests if one.name == name)
            told.append(_guess(sheet, test, (attack, file, shape), place, y + step * row - 4))
    return sheet.svg("guesses", look.say(GUESS), "; ".join(told))


def _notable(pair: PairRisk) -> bool:
    return pair.alone >= FEW and pair.found.excess > max(NOTABLE * pair.found.error, 0.0)


def _pair(sheet: Sheet, pair: PairRisk, x: float, y: float) -> str:
    """One cell of the map, and what it says."""
    look, found = sheet.look, pair.found
    data = {"kind": "pair", "first": pair.first, "second": pair.second, "alone": pair.alone}
    if pair.alone < FEW:
        told = look.told(MAP_FEW, first=pair.first, second=pair.second)
        sheet.mark(told, data)
        _cell(sheet, x + 1, y + 1, CELL - 2, None)
    else:
        shares = {"members": look.share(found.members, 1), "holdout": look.share(found.holdout, 1)}
        told = look.told(MAP_CELL, first=pair.first, second=pair.second, alone=pair.alone, **shares)
        sheet.mark(told, {**data, "excess": round(found.excess, 4)})
        points = f"+{look.number(round(100 * found.excess))}" if _notable(pair) else ""
        _cell(sheet, x + 1, y + 1, CELL - 2, found.excess, points)
    sheet.end()
    return told


def _cell(sheet: Sheet, x: float, y: float, size: float, excess: float | None, points: str = "") -> None:
    """Filled, the more the fuller, and with a figure where it is no chance; dashed where there are too few."""
    place = {"x": x, "y": y, "width": size, "height": size, "stroke": GREY}
    if excess is None:
        sheet.add("rect", **place, fill="none", stroke_dasharray="3 2")
        return
    share = 0.15 + 0.6 * min(excess / FULL, 1.0) if points else 0.0
    sheet.add("rect", **place, fill=VERMILLION, fill_opacity=f"{share:.2f}", stroke_opacity="0.5")
    if points:
        sheet.text(x + size / 2, y + size / 2 + 4, points, anchor="middle", size=SMALL, font_weight="600")


def _bar(sheet: Sheet, kind: int, x: float, y: float, width: float, height: float) -> None:
    """Full, hollow or dashed: three kinds that print alike in black."""
    place = {"x": x, "y": y, "width": width, "height": max(height, 1.0)}
    if kind == 0:
        sheet.add("rect", **place, fill=BLUE)
    elif kind == 1:
        sheet.add("rect", **place, fill="none", stroke=BLUE, stroke_width=2)
    else:
        sheet.add(
            "rect", **place, fill=VERMILLION, fill_opacity="0.35", stroke=VERMILLION, stroke_dasharray="4 2"
        )


def _bar_of(
    sheet: Sheet, kind: int, name: str, length: int, value: float, at: tuple[float, float, float]
) -> str:
    """One bar with its figure above; where it stands in its group follows from its kind. `at`: where the group begins,
    the ground, and the height of the whole."""
    look, (x, bottom, scale) = sheet.look, at
    told = look.told(ERROR_BAR, kind=name, columns=length, share=look.share(value, 1))
    tall, x = value * scale, x + 46.0 * kind
    sheet.mark(told, {"kind": "bar", "series": kind, "columns": length, "share": round(value, 4)})
    _bar(sheet, kind, x + 8, bottom - tall, 30.0, tall)
    sheet.text(
        x + 23, bottom - tall - 5, look.share(value, 0 if value >= 0.1 else 1), anchor="middle", size=SMALL
    )
    sheet.end()
    return told


def _coin(
    sheet: Sheet, place: Callable[[float], float], top: float, blocks: Sequence[tuple[float, float]]
) -> None:
    """The axis, and the toss of a coin; its lines leave the questions between the blocks alone."""
    look, bottom = sheet.look, blocks[-1][1] + 6
    for tick in (LOW, 0.5, 0.6, 0.7, 0.8, 0.9, HIGH):
        how = (
            {"color": "currentColor", "stroke_dasharray": "4 3"}
            if tick == 0.5
            else {"stroke_opacity": "0.35"}
        )
        for start, stop in blocks:
            sheet.line(place(tick), start, place(tick), stop, **how)
        sheet.text(place(tick), bottom + 18, look.number(tick), anchor="middle", size=SMALL)
    sheet.text(place(0.5), top - 12, look.say(TOSS), anchor="middle", size=SMALL)
    sheet.line(place(LOW), bottom, place(HIGH), bottom)


def _guess(
    sheet: Sheet,
    test: Test,
    named: tuple[str, str, str],
    place: Callable[[float], float],
    y: float,
) -> str:
    """One AUC with its range of two standard errors and what is allowed. `named`: attack, file, shape."""
    look, error = sheet.look, 2 * test.error
    attack, file, shape = named
    told = look.told(
        GUESS_ROW, attack=attack, file=file, share=look.share(test.members, 1), error=look.share(error, 1),
        half=look.share(test.holdout),
    )  # fmt: skip
    sheet.mark(
        told, {"kind": "guess", "attack": test.name, "auc": round(test.members, 4), "verdict": test.verdict}
    )
    low, high = place(test.holdout - test.bar), place(test.holdout + test.bar)
    sheet.add("rect", x=low, y=y - 11, width=high - low, height=22.0, fill=GREY, fill_opacity="0.25")
    sheet.line(place(test.members - error), y, place(test.members + error), y, "currentColor")
    colour = VERMILLION if test.verdict is Verdict.FAILED else BLUE
    _shape(sheet, shape, place(test.members), y, colour)
    sheet.text(place(HIGH) + 10, y + 4, look.share(test.members, 1), size=SMALL)
    sheet.end()
    return told


def _shape(sheet: Sheet, shape: str, x: float, y: float, colour: str) -> None:
    if shape == "circle":
        sheet.add("circle", cx=x, cy=y, r=6.0, fill=colour)
    elif shape == "square":
        sheet.add(
            "rect", x=x - 5, y=y - 5, width=10.0, height=10.0, fill="none", stroke=colour, stroke_width=2
        )
    else:
        points = f"M{x:.1f} {y - 7:.1f}L{x + 7:.1f} {y:.1f}L{x:.1f} {y + 7:.1f}L{x - 7:.1f} {y:.1f}Z"
        sheet.add("path", d=points, fill="none", stroke=colour, stroke_width=2)
