"""`palermo protect --method round | cellkey`: figures that are near the truth in place of figures that are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from palermo.disclosing.layout import leaves
from palermo.disclosing.margins import Whole
from palermo.disclosure import Key, Protected, Published, Rule, Table, key_of
from palermo.disclosure.attack import intervals
from palermo.disclosure.cellkey import AVERAGING, group_key, noisy
from palermo.disclosure.programme import Contradiction
from palermo.disclosure.rounding import rounded
from palermo.disclosure.system import UNBOUNDED, Floats, System, join
from palermo.estimating.inputs import Refused
from palermo.estimation import Problem

WAYS = ("suppress", "round", "suppress+round", "cellkey")
TRIES = 4
VARIANCE = 2.0
VERSION = "1"


@dataclass(frozen=True)
class Blur:
    """How: to multiples of `base`, or with noise of at most `most` persons by the keys of a secret."""

    base: int = 5
    most: int = 4
    secret: bytes = b""


def secret_of(file: str | None) -> bytes:
    """The bytes of the file of the secret. Raises Refused."""
    if not file:
        told = "the cell-key method needs a secret: a file of at least 16 random bytes that nobody else has"
        raise Refused.inside("", [Problem("options", told, column="--key")])
    try:
        found = Path(file).read_bytes()
    except OSError as error:
        told = f"this file cannot be read: {error.strerror}"
        raise Refused.inside("", [Problem("options", told, column="--key", value=file)]) from None
    if len(found) < 16:
        told = "the secret has fewer than 16 bytes"
        raise Refused.inside("", [Problem("options", told, column="--key", value=file)])
    return found


def rounding(one: Whole, rule: Rule, blur: Blur) -> Protected:
    """Rounded tables of one population, and what an attacker makes of them: none of the tries may give a count away."""
    system = join(one.tables)
    for attempt in range(TRIES):
        found = rounded(system, blur.base, seed=attempt)
        room = (blur.base - 1.0) if found.additive else blur.base // 2
        weak = given_away(system, found.values, np.full(len(found.values), room), rule)
        if not weak:
            told = () if found.additive else (
                "No rounding was found in which all totals are the sums of their parts: each is rounded on its own.",
            )  # fmt: skip
            return _blurred(one, system, found.values, "round", rule, told)
    raise Refused.inside(
        "",
        [
            Problem(
                "rounding",
                f"rounding alone lets {weak} small counts be computed; use --method suppress+round",
            )
        ],
    )


def noising(one: Whole, rule: Rule, blur: Blur) -> Protected:
    """Tables with permanent noise; where that would let a count be computed they are refused."""
    system = join(one.tables)
    index = system.index()
    values = np.zeros(len(system.values))
    for table in one.tables:
        keys = _keys(table, blur.secret)
        for at, count in table.cells.items():
            place = index[key_of(table.population, table.dimensions, at)]
            values[place] = noisy(count, keys[at], most=blur.most, variance=VARIANCE)
    room = np.full(len(values), float(blur.most))
    weak = given_away(system, values, room, rule)
    if weak:
        told = f"the noise of many cells together lets {weak} small counts be computed; use suppress"
        raise Refused.inside("", [Problem("noise", told)])
    warnings = ("Totals with noise are not the sums of their parts.", AVERAGING)
    return _blurred(one, system, values, "cellkey", rule, warnings)


def _keys(table: Table, secret: bytes) -> dict[tuple[str, ...], int]:
    """The key of every cell: the sum of the keys of the finest groups under it."""
    finest = [sorted(leaves(dimension)) for dimension in table.dimensions]
    keys = dict.fromkeys(table.cells, 0)
    for at in product(*finest):
        name = [f"{d.name}={code}" for d, code in zip(table.dimensions, at, strict=True)]
        key = group_key(secret, [table.population, *name], table.cells[at])
        ways = [
            (code,) if d.overlapping else d.ancestors(code)
            for d, code in zip(table.dimensions, at, strict=True)
        ]
        for target in product(*ways):
            keys[target] = (keys[target] + key) % 2**32
    return keys


def given_away(system: System, values: Floats, room: Floats, rule: Rule) -> int:
    """How many small counts follow exactly, or are proved to be small where the figure itself does not say so."""
    known, capped = np.maximum(values - room, 0.0), np.minimum(values + room, UNBOUNDED)
    seen = replace(system, values=np.full(len(values), np.nan), known=known, capped=capped)
    try:
        bounds = intervals(seen)
    except Contradiction:
        return 0
    index = seen.index()
    return sum(
        bound.high < rule.threshold - 0.5 and (bound.exact or capped[index[bound.cell]] >= rule.threshold)
        for bound in bounds
        if rule.sensitive(int(system.values[index[bound.cell]]))
    )


def after(found: Protected, one: Whole, blur: Blur) -> Protected:
    """What suppression left visible, rounded: that says less than the counts did, so the proof still holds."""
    system = join(one.tables)
    values = rounded(system, blur.base)
    tables = tuple(_shown(table, system, values.values, hide=True) for table in found.tables)
    more = (
        () if values.additive else ("Totals are rounded on their own: they are not the sums of their parts.",)
    )
    return replace(found, tables=tables, warnings=(*found.warnings, *more))


def _shown(table: Published, system: System, values: Floats, *, hide: bool) -> Published:
    index = system.index()
    cells = {
        at: None
        if hide and count is None
        else int(values[index[key_of(table.population, table.dimensions, at)]])
        for at, count in table.cells.items()
    }
    return replace(table, cells=cells)


def _blurred(
    one: Whole, system: System, values: Floats, method: str, rule: Rule, warnings: tuple[str, ...]
) -> Protected:
    nothing: frozenset[Key] = frozenset()
    tables = tuple(
        _shown(Published(t.dimensions, t.cells, t.population), system, values, hide=False) for t in one.tables
    )
    return Protected(tables, nothing, nothing, rule, method, VERSION, 0.0, len(values), warnings)


METHODS: Mapping[str, Callable[[Whole, Rule, Blur], Protected]] = {"round": rounding, "cellkey": noising}
