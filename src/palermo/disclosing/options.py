"""Options of `palermo protect` and `palermo attack` as they are written, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from palermo.disclosing.files import read
from palermo.disclosing.layout import TOTALS, Columns
from palermo.disclosure.contributions import Dominance
from palermo.estimating.inputs import Refused
from palermo.estimation import Problem

Wrong = list[tuple[str, Problem]]


def listed(text: str) -> tuple[str, ...]:
    """Names with commas between them, each once."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def several(texts: Sequence[str] | None) -> tuple[str, ...]:
    """An option that may be given several times, each time with one name or more."""
    return tuple(dict.fromkeys(name for text in texts or () for name in listed(text)))


def pairs(texts: Sequence[str] | None, option: str, wrong: Wrong) -> dict[str, str]:
    """COLUMN=VALUE, several times."""
    found = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            wrong.append(("", Problem("options", "write COLUMN=VALUE", column=option, value=text)))
        found[name.strip()] = value.strip()
    return found


def parents(file: str | None, by: Sequence[str], wrong: Wrong) -> dict[str, dict[str, str]]:
    """Hierarchies: a file with the columns dimension, child, parent."""
    if not file:
        return {}
    try:
        sheet = read(file)
    except Refused as refused:
        wrong += refused.problems
        return {}
    missing = [name for name in ("dimension", "child", "parent") if name not in sheet.header]
    if missing:
        told = f"the columns are dimension, child and parent; missing: {', '.join(missing)}"
        wrong.append((file, Problem("header", told, row=1)))
        return {}
    found: dict[str, dict[str, str]] = {}
    places = [sheet.place(name) for name in ("dimension", "child", "parent")]
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        dimension, child, parent = (row[place].strip() for place in places)
        other = found.setdefault(dimension, {}).setdefault(child, parent)
        if dimension not in by:
            told = "this dimension is not in --by"
            wrong.append((file, Problem("parents", told, row=line, column="dimension", value=dimension)))
        if other != parent:
            told = f"this child has the parent {other} already"
            wrong.append((file, Problem("parents", told, row=line, column="child", value=child)))
    return found


def dominance(text: str, percent: float, columns: bool, wrong: Wrong) -> Dominance:
    """N,K and P as a rule."""
    parts = listed(text)
    try:
        n, k = (int(parts[0]), float(parts[1])) if parts else (0, 0.0)
        found = Dominance(n, k, percent)
    except (ValueError, IndexError):
        told = "write N,K: so many contributors, more than so many percent (as 1,80)"
        wrong.append(("", Problem("options", told, column="--dominance", value=text)))
        return Dominance()
    if columns != bool(found.n or found.p):
        told = "the rules of dominance and the columns of the largest contributions belong together"
        wrong.append(("", Problem("options", told, column="--largest")))
    return found


def columns(
    count: str,
    by: str,
    *,
    threshold: int,
    apart: Sequence[str] | None,
    overlapping: Sequence[str] | None,
    totals: Sequence[str] | None,
    parents_file: str | None,
    wrong: Wrong,
) -> Columns:
    """What was said of the columns."""
    names = listed(by)
    if count in names:
        wrong.append(("", Problem("options", "the count is no dimension", column="--by", value=count)))
    for option, given in (("--apart", several(apart)), ("--overlapping", several(overlapping))):
        for name in given:
            if name not in names:
                wrong.append(
                    ("", Problem("options", "this column is not in --by", column=option, value=name))
                )
    if not set(names) - set(several(apart)):
        wrong.append(("", Problem("options", "name the columns that classify the persons", column="--by")))
    words = TOTALS | {word.casefold() for word in totals or ()}
    return Columns(
        count, names, frozenset(several(apart)), frozenset(several(overlapping)), words,
        parents(parents_file, names, wrong), threshold,
    )  # fmt: skip
