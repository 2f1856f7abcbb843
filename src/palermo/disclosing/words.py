"""Sums and cells in words: what an attacker would write on the back of an envelope."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from palermo.disclosure import TOTAL, Key
from palermo.disclosure.attack import Bound
from palermo.disclosure.proofs import Deductions, Step, Sum, sums, together
from palermo.disclosure.system import UNBOUNDED, System

MOST_STEPS = 12
MOST_SUMS = 8


def cell_of(key: Key, files: Sequence[str] | None) -> dict[str, Any]:
    """A cell as columns and values; totals are left out. With editions, the file that it stands in."""
    found: dict[str, Any] = {"cell": dict(key[1])}
    if files:
        found["edition"] = Path(files[int(key[0].split("|", 1)[0])]).name
    return found


def proof(
    system: System, followed: Deductions, place: int, bound: Bound, files: Sequence[str] | None
) -> list[str]:
    """The sums that give what was found, in order."""
    steps: dict[int, Step] = {}
    for upper, reached in ((False, bound.low), (True, bound.high)):
        by_hand = followed.high[place] if upper else followed.low[place]
        beyond = system.top[place] if upper else system.floor[place]
        if abs(reached - beyond) < 1e-4 or reached >= UNBOUNDED / 2:
            continue
        if abs(by_hand - reached) > 1e-3:
            return _together(system, place, bound, files)
        for step in followed.chain(place, upper=upper):
            steps[followed.steps.index(step)] = step
    chain = [steps[number] for number in sorted(steps)]
    if len(chain) > MOST_STEPS:
        return _together(system, place, bound, files)
    told = [_said(system, step, files) for step in chain]
    return list(dict.fromkeys(told))


def _together(system: System, place: int, bound: Bound, files: Sequence[str] | None) -> list[str]:
    found: dict[Sum, None] = {}
    for upper, reached in ((False, bound.low), (True, bound.high)):
        if reached < UNBOUNDED / 2:
            found |= dict.fromkeys(together(system, place, upper=upper))
    told = [_sum(system, one, files) for one in list(found)[:MOST_SUMS]]
    more = [f"and {len(found) - MOST_SUMS} more sums"] if len(found) > MOST_SUMS else []
    range_found = f"{bound.low:.4g}" if bound.exact else f"{bound.low:.4g} to {bound.high:.4g}"
    return [f"These sums together leave {range_found}:", *told, *more]


def group_in_words(system: System, one: Sum, files: Sequence[str] | None) -> str:
    """Total 40 minus Female 36 leaves 4 for Male and Other together."""
    shared, labels = _labels(system, one, files)
    hidden = [place for place, _ in one.terms if np.isnan(system.values[place])]
    terms = [(place, sign, float(system.values[place])) for place, sign in one.terms if place not in hidden]
    left = -sum(sign * value for _, sign, value in terms)
    wholes = [f"{labels[place]} {_value(value, value)}" for place, sign, value in terms if sign < 0]
    parts = [f"{labels[place]} {_value(value, value)}" for place, sign, value in terms if sign > 0]
    minus = f" minus {' and '.join(parts)}" if parts else ""
    together = " and ".join(labels[place] for place in hidden)
    start = f"{shared}: " if shared else ""
    return f"{start}{' and '.join(wholes)}{minus} leaves {_value(left, left)} for {together} together"


def contradictions(system: System) -> tuple[str, ...]:
    """Sums that cannot come true, whatever the hidden counts are."""
    shown = ~np.isnan(system.values)
    low, high = np.where(shown, system.values, system.floor), np.where(shown, system.values, system.top)
    found = []
    for one in sums(system):
        least = sum(low[p] if sign > 0 else -high[p] for p, sign in one.terms)
        most = sum(high[p] if sign > 0 else -low[p] for p, sign in one.terms)
        if least > 0 or (one.exact and most < 0):
            found.append(f"{_sum(system, one, None)}: this does not add up")
    return tuple(found)


def _labels(system: System, one: Sum, files: Sequence[str] | None) -> tuple[str, dict[int, str]]:
    """What all cells of a sum have in common, and what tells each from the others."""
    parts = {place: dict(system.keys[place][1]) for place, _ in one.terms}
    names = list(dict.fromkeys(name for codes in parts.values() for name in codes))
    editions = {system.keys[place][0] for place, _ in one.terms}
    varying = [name for name in names if len({codes.get(name) for codes in parts.values()}) > 1]
    shared = [f"{name} {next(iter(parts.values())).get(name)}" for name in names if name not in varying]
    labels = {
        place: " ".join(codes.get(name, TOTAL) for name in varying) or TOTAL for place, codes in parts.items()
    }
    if files and len(editions) > 1:
        labels = {
            place: f"{label} in {Path(files[int(system.keys[place][0].split('|', 1)[0])]).name}"
            for place, label in labels.items()
        }
    elif files:
        shared.append(Path(files[int(next(iter(editions)).split("|", 1)[0])]).name)
    return ", ".join(shared), labels


def _value(low: float, high: float) -> str:
    low, high = round(low, 6) + 0.0, round(high, 6) + 0.0  # no "-0"
    if abs(high - low) < 1e-6:
        return f"{low:,.4g}" if low < 1000 else f"{low:,.0f}"
    return f"{low:,.4g} or more" if high >= UNBOUNDED / 2 else f"{low:,.4g} to {high:,.4g}"


def _sum(system: System, one: Sum, files: Sequence[str] | None) -> str:
    shared, labels = _labels(system, one, files)
    known = [(system.values[p], system.values[p]) if system.values[p] == system.values[p] else
             (system.floor[p], system.top[p]) for p, _ in one.terms]  # fmt: skip
    texts = {p: f"{labels[p]} {_value(*pair)}" for (p, _), pair in zip(one.terms, known, strict=True)}
    wholes = [texts[p] for p, sign in one.terms if sign < 0]
    members = [texts[p] for p, sign in one.terms if sign > 0]
    between = " is the sum of " if one.exact else " is at least "
    return (f"{shared}: " if shared else "") + f"{' and '.join(wholes)}{between}{', '.join(members)}"


def _said(system: System, step: Step, files: Sequence[str] | None) -> str:
    """One step: "Total 50 minus Female 47 leaves 3"."""
    shared, labels = _labels(system, step.by, files)
    own = next(sign for place, sign in step.by.terms if place == step.place)
    certain = all(abs(step.high[p] - step.low[p]) < 1e-6 for p in step.low) and step.by.exact
    how = "" if certain else "at most " if step.upper else "at least "
    texts = {p: f"{labels[p]} {_value(step.low[p], step.high[p])}" for p in step.low}
    against = [texts[p] for p, sign in step.by.terms if p != step.place and sign * own < 0]
    beside = [texts[p] for p, sign in step.by.terms if p != step.place and sign * own > 0]
    start = f"{shared}: " if shared else ""
    if own < 0 or not beside:
        verb = "make" if len(against) > 1 else "makes"
        if not step.by.exact:
            verb = "say" if len(against) > 1 else "says"
        return f"{start}{' plus '.join(against)} {verb} {labels[step.place]} {how}{_value(step.bound, step.bound)}"
    return (
        f"{start}{' plus '.join(against)} minus {' and '.join(beside)} leaves {how}"
        f"{_value(step.bound, step.bound)} for {labels[step.place]}"
    )
