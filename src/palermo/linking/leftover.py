"""What was not linked, and why: what a record would have needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from palermo.linkage.people import PersonList

NEAR = 0.05  # probability from which a pair was worth a thought

REASONS = {
    "no_name": "no name is written: nothing to look for",
    "too_little": "one word of a name and nothing else (no birth, no telephone, no document): many people would fit",
    "not_enough": "there is a similar record, but they do not agree in enough to be called one person",
    "alone": "no similar record in any list: probably seen by this body alone",
}


def reasons(
    lists: Sequence[PersonList], alone: NDArray[np.bool_], likeliest: NDArray[np.float64]
) -> dict[str, dict[str, int]]:
    """For each list, how many of its records that stand alone do so for which reason.

    alone: per record of all lists, whether nothing was linked to it; likeliest: the probability of its best pair.
    """
    found: dict[str, dict[str, int]] = {}
    at = 0
    for one in lists:
        counts = dict.fromkeys(REASONS, 0)
        for row in range(len(one)):
            if alone[at + row]:
                counts[_reason(one, row, float(likeliest[at + row]))] += 1
        found[one.name] = counts
        at += len(one)
    return found


def _reason(people: PersonList, row: int, likeliest: float) -> str:
    said = {field: people.columns[field][row] for field in ("given_name", "family_name", "other_names")}
    name = " ".join(said.values()).split()
    numbers = any(people.columns[field][row] for field in ("birth_date", "phone", "document_no"))
    if not name and not numbers:
        return "no_name"
    if len(name) < 2 and not numbers:
        return "too_little"
    return "not_enough" if likeliest >= NEAR else "alone"
