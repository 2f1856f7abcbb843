"""Everything that leaves a survey is made of counts rounded to five, and a survey comes out anew with ten people more.

Two published counts then differ by nothing or by five at least, whichever questions and whichever releases of a study
they are taken from: a true difference of one to four is never told from none, nor from one of up to nine. Shares and
their ranges are computed from rounded counts alone; what is no share has two significant figures.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from palermo.fieldwork.estimates import Value, risk_ratio, wilson
from palermo.fieldwork.publishing import LEAST, SHARES

MORE = 2 * LEAST  # rounded people by which a study has grown or shrunk before it comes out anew


def to_base(count: float) -> int:
    """To the nearest multiple of five."""
    return LEAST * math.floor((round(count) + LEAST // 2) / LEAST)


def rounded(values: Sequence[Value]) -> list[Value]:
    """The same values, each made of rounded counts; those without a value keep none."""
    out = [_rounded(one) for one in values]
    shares = {one.cell: one for one in out if one.code == "A6" and one.method == SHARES}
    return [
        _ratio(one, shares) if one.code == "A6" and one.cell and one.cell[0] == "RR" else one for one in out
    ]


def _rounded(value: Value) -> Value:
    people = to_base(value.n)
    if value.value is None:
        return replace(value, n=people, n_eff=0.0)
    if value.code == "R1":
        return replace(value, value=float(to_base(value.value)), n=people, n_eff=0.0)
    if value.method != SHARES:
        ends = (_figures(one) for one in (value.value, value.low, value.high))
        told, low, high = ends
        return replace(value, value=told, low=low, high=high, n=people, n_eff=0.0)
    share = to_base(value.value * value.n) / people
    effective = max(LEAST, LEAST * math.floor(value.n_eff / LEAST))
    low, high = wilson(share, min(effective, people))
    return replace(value, value=share, low=low, high=high, n=people, n_eff=float(effective))


def _ratio(value: Value, shares: Mapping[tuple[str, ...], Value]) -> Value:
    """A risk ratio of what is published of its two groups; none where one of them is withheld."""
    groups = [shares.get((cell,)) for cell in (value.cell[1], "0")]
    told: list[float] = []
    for one in groups:
        if value.value is None or one is None or one.value is None:
            return replace(value, value=None, low=None, high=None)
        told += [one.value * one.n_eff, one.n_eff]
    found = risk_ratio(*told)
    ratio, low, high = found or (None, None, None)
    return replace(value, value=_figures(ratio), low=_figures(low), high=_figures(high))


def _figures(value: float | None, wanted: int = 2) -> float | None:
    return None if value is None else float(f"{value:.{wanted}g}")


def mark(rows: Iterable[Mapping[str, Any]]) -> str:
    """The same for the very same published rows."""
    text = json.dumps([dict(one) for one in rows], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def may_follow(people: int, marked: str, earlier: Iterable[tuple[int, str]]) -> bool:
    """Whether a study of so many rounded people may come out after `earlier` releases (people, mark) of it.

    It is the very same once more, or so much larger or smaller that six people at least lie between.
    """
    return all(marked == before or abs(people - there) >= MORE for there, before in earlier)
