"""Who recruited whom, as trees that grow from left to right. No mark names a person: only wave, group and size."""

from __future__ import annotations

from palermo.estimation.rds.sample import RecruitmentSample
from palermo.sheets import BLUE, GREEN, GREY, SMALL, VERMILLION, Look, Sheet, wide

MOST_PEOPLE = 2000
LEAF = 7.0  # height of a leaf
GAP = 12.0  # between trees
WAVE = 52.0
COLORS = (BLUE, VERMILLION, GREEN, GREY)
SHAPES = ("circle", "square", "triangle", "diamond")


def recruitment_tree(sample: RecruitmentSample, outcome: str = "", *, look: Look | None = None) -> str:
    """The picture as SVG; colour and shape show the answer. Of a very large sample the largest trees are drawn."""
    look = look or Look()
    roots, hidden = _roots(sample)
    place, height = _layout(sample, roots)
    waves = max((int(sample.wave[person]) for person in place), default=0)
    levels, codes = _groups(sample, outcome, look)
    legend = [*levels[: len(COLORS) - 1], *([look.say("other")] if len(levels) >= len(COLORS) else [])]
    long = sum(wide(one, SMALL) + 34 for one in legend) + 16
    sheet = Sheet(max(40 + WAVE * waves + 40, long, 280.0), 58 + height + 28, look)
    _heads(sheet, waves)
    for person, y in place.items():
        boss = int(sample.recruiter[person])
        if boss >= 0:
            _branch(sheet, 30 + WAVE * int(sample.wave[boss]), 58 + place[boss], 58 + y)
    for person, y in place.items():
        _person(sheet, sample, person, y, levels, codes, look)
    x = 16.0
    for i, name in enumerate(legend):
        _shape(sheet, x + 5, 58 + height + 12, i, 5.0)
        sheet.text(x + 16, 58 + height + 16, name, size=SMALL)
        x += wide(name, SMALL) + 34
    if hidden:
        sheet.text(16, 34, look.told("without {people} people of smaller trees", people=hidden), size=SMALL)
    told = look.told("{people} people from {seeds} seeds in at most {waves} waves.",
                     people=sample.n, seeds=len(sample.seeds), waves=int(sample.wave.max()))  # fmt: skip
    return sheet.svg("recruitment", look.say("Who recruited whom"), told)


def _roots(sample: RecruitmentSample) -> tuple[list[int], int]:
    """Seeds, the largest trees first, as many as can be drawn; and how many people are left out."""
    size: dict[int, int] = {}
    for root in sample.root.tolist():
        size[root] = size.get(root, 0) + 1
    ordered = sorted(size, key=lambda root: (-size[root], root))
    drawn: list[int] = []
    people = 0
    for root in ordered:
        if drawn and people + size[root] > MOST_PEOPLE:
            break
        drawn.append(root)
        people += size[root]
    return drawn, sample.n - people


def _layout(sample: RecruitmentSample, roots: list[int]) -> tuple[dict[int, float], float]:
    """How far down each person stands: leaves one below the other, recruiters in the middle of their recruits."""
    start, rows = sample.children
    place: dict[int, float] = {}
    y = 0.0
    for root in roots:
        stack = [(root, False)]
        while stack:
            person, done = stack.pop()
            below = rows[start[person] : start[person + 1]].tolist()
            if not below:
                place[person] = y
                y += LEAF
            elif done:
                place[person] = (place[below[0]] + place[below[-1]]) / 2
            else:
                stack.append((person, True))
                stack += [(one, False) for one in reversed(below)]
        y += GAP
    return place, y


def _groups(sample: RecruitmentSample, outcome: str, look: Look) -> tuple[list[str], list[int]]:
    if not outcome:
        return [look.say("a person")], [0] * sample.n
    found = sample.outcome(outcome)
    return list(found.levels), found.codes.tolist()


def _person(
    sheet: Sheet,
    sample: RecruitmentSample,
    person: int,
    y: float,
    levels: list[str],
    codes: list[int],
    look: Look,
) -> None:
    code, wave = codes[person], int(sample.wave[person])
    group = levels[code] if code >= 0 else look.say("no answer")
    told = look.told("{group}, wave {wave}, knows {degree}",
                     group=group, wave=wave, degree=int(sample.degree[person]))  # fmt: skip
    sheet.mark(told, {"kind": "person", "group": group, "wave": wave})
    kind = min(code, len(COLORS) - 1) if code >= 0 else -1
    _shape(sheet, 30 + WAVE * wave, 58 + y, kind, 4.5 if wave == 0 else 3.0)
    sheet.end()


def _shape(sheet: Sheet, x: float, y: float, kind: int, r: float) -> None:
    if kind < 0:
        sheet.add("circle", cx=x, cy=y, r=r - 0.5, fill="none", stroke=GREY)
        return
    color = COLORS[kind]
    if SHAPES[kind] == "circle":
        sheet.add("circle", cx=x, cy=y, r=r, fill=color)
    elif SHAPES[kind] == "square":
        sheet.add("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, fill=color)
    elif SHAPES[kind] == "triangle":
        sheet.add("path", d=f"M{x:.1f} {y - r:.1f}l{r:.1f} {2 * r:.1f}h{-2 * r:.1f}z", fill=color)
    else:
        sheet.add(
            "path", d=f"M{x:.1f} {y - r:.1f}l{r:.1f} {r:.1f}l{-r:.1f} {r:.1f}l{-r:.1f} {-r:.1f}z", fill=color
        )


def _branch(sheet: Sheet, x: float, from_y: float, to_y: float) -> None:
    d = f"M{x:.1f} {from_y:.1f}h{WAVE / 2:.1f}V{to_y:.1f}h{WAVE / 2:.1f}"
    sheet.add("path", d=d, fill="none", stroke=GREY, stroke_opacity="0.7")


def _heads(sheet: Sheet, waves: int) -> None:
    for wave in range(waves + 1):
        x, said = 30 + WAVE * wave, sheet.look.number(wave)
        sheet.text(x, 50, said, anchor="middle", size=SMALL)
    sheet.text(16, 18, sheet.look.say("wave (0: seeds)"), size=SMALL)
