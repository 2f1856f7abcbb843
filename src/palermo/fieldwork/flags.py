"""What a supervisor looks at again: repeats, speeders, the effect of who asked. Nothing is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from palermo.fieldwork.facts import Facts, Number


def duplicates(facts: Sequence[Facts]) -> list[int]:
    """Places of interviews that repeat an earlier one: the same id, or every answer and leg the same."""
    ids: set[str] = set()
    told: set[str] = set()
    found = []
    for place, one in enumerate(facts):
        same = repr(
            replace(one, interview=replace(one.interview, id="", minutes=Number()), changes=(), weight=1.0)
        )
        repeated = bool(one.legs) and same in told
        if repeated or (one.interview.id and one.interview.id in ids):
            found.append(place)
        ids.add(one.interview.id)
        told.add(same)
    return found


def speeders(facts: Sequence[Facts]) -> list[int]:
    """Places of interviews that took less than a third of the median time."""
    known = [one.interview.minutes.value for one in facts if one.interview.minutes.value is not None]
    if not known:
        return []
    least = float(np.median(known)) / 3
    return [
        n
        for n, one in enumerate(facts)
        if one.interview.minutes.value is not None and one.interview.minutes.value < least
    ]


def enumerator_effect(values: Sequence[float], enumerators: Sequence[object]) -> float | None:
    """Intraclass correlation (one-way analysis of variance, unequal groups); None where it cannot be computed."""
    x, who = (
        np.asarray(values, dtype=float),
        np.unique(np.asarray([str(e) for e in enumerators]), return_inverse=True)[1],
    )
    k, n = int(who.max(initial=-1)) + 1, len(x)
    if k < 2 or n <= k:
        return None
    sizes = np.bincount(who)
    means = np.bincount(who, weights=x) / sizes
    between = float((sizes * (means - x.mean()) ** 2).sum()) / (k - 1)
    within = float(((x - means[who]) ** 2).sum()) / (n - k)
    typical = (n - float((sizes**2).sum()) / n) / (k - 1)
    whole = between + (typical - 1) * within
    return None if whole <= 0 else (between - within) / whole
