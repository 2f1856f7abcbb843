"""Which values of a survey may leave: none that stands on one to four people, none that follows from its neighbours.

The shares of one question add up to one: where a single answer is withheld it follows from the others, so a second one
is withheld with it, the smallest, and more until together they are no small count themselves. A share that all but one
to four people gave says the same of those few.
"""

from __future__ import annotations

from collections.abc import Sequence

from palermo.fieldwork.estimates import HIDDEN, Value

LEAST = 5  # people
SHARES = "share; Wilson with effective n"
# Indicators whose cells are the answers of one question: the last part of a cell is the answer.
ANSWERS = frozenset({"D3", "R2", "R5", "F4", "M1", "M2", "A3", "F6"})


def publishable(values: Sequence[Value]) -> list[Value]:
    """The same values in the same order; what may not leave has no value and no range any more."""
    out = {place for place, one in enumerate(values) if not _safe(one)}
    for group in _questions(values):
        hidden = [place for place in group if place in out]
        shown = [place for place in group if place not in out]
        # An answer that nobody gave hides nothing, so it comes last.
        shown.sort(key=lambda place: (not values[place].value, values[place].value or 0.0, place))
        while hidden and shown and (len(hidden) < 2 or _together(values, hidden) < LEAST):
            hidden.append(shown.pop(0))
        out.update(hidden)
    return [_emptied(one) if place in out else one for place, one in enumerate(values)]


def people(value: Value) -> tuple[float, float]:
    """About how many people gave the answer and how many did not: shares are weighed, people are not."""
    share = value.value or 0.0
    return share * value.n, (1 - share) * value.n


def _together(values: Sequence[Value], places: Sequence[int]) -> int:
    """How many people stand behind several answers: what is left when the others are taken from all."""
    return round(sum(people(values[place])[0] for place in places))


def _safe(value: Value) -> bool:
    if value.value is None or value.n < LEAST:
        return False
    if value.code == "R1":  # a count of people who told of a leg, and nothing else
        return value.n >= LEAST
    if value.n < HIDDEN:
        return False
    if value.method != SHARES:
        return True
    gave, did_not = people(value)
    return all(round(side) == 0 or round(side) >= LEAST for side in (gave, did_not))


def _questions(values: Sequence[Value]) -> list[list[int]]:
    """Places of the answers of each question, where a question has more than one answer."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, one in enumerate(values):
        if one.code in ANSWERS and one.method == SHARES and one.cell:
            found.setdefault((one.code, *one.cell[:-1]), []).append(place)
    return [group for group in found.values() if len(group) > 1]


def _emptied(value: Value) -> Value:
    return Value(
        value.code,
        value.cell,
        None,
        None,
        None,
        value.n,
        value.n_eff,
        value.method,
        value.round,
        value.representative,
    )
