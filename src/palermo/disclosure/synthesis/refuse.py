"""Rows that hold a pair of values which the noisy tables do not support are drawn again.

A false "this exists" is what readers fear most: one boy of a citizenship in a country where there was none. A pair is
supported where its noisy count is at least so many sigma. Only noisy tables are looked at, so this costs
nothing of the budget. Pairs that were declared impossible are refused always.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from palermo.disclosure.synthesis.measure import Measured
from palermo.disclosure.synthesis.plan import Pair, Plan

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
ROUNDS = 40


def unsupported(measured: Measured, plan: Plan) -> dict[Pair, Flags]:
    """By pair of columns: true for pairs of groups that the noisy tables do not support."""
    found = impossible(measured)
    rare = [_rare_group(measured, j) for j in range(len(measured.groups))]
    for table in measured.two_way:
        i, j = table.columns
        bad = table.counts < plan.unsupported * table.sigma
        for axis, group in ((0, rare[i]), (1, rare[j])):
            if group is not None:  # several rare values together are no support for any one of them
                bad[(slice(None),) * axis + (group,)] = True
        found[i, j] = bad | found.get((i, j), False)
    return found


def impossible(measured: Measured) -> dict[Pair, Flags]:
    """By pair of columns: true for pairs of groups of which every pair of values was declared impossible."""
    found = {}
    for (i, j), forbidden in measured.domain.forbidden().items():
        bad = np.ones((measured.grouped_sizes[i], measured.grouped_sizes[j]), dtype=bool)
        rows, columns = np.nonzero(~forbidden)
        bad[measured.groups[i][rows], measured.groups[j][columns]] = False
        found[i, j] = bad
    return found


def _rare_group(measured: Measured, j: int) -> int | None:
    """The group that holds several rare categories of a column."""
    sizes = np.bincount(measured.groups[j])
    return int(sizes.argmax()) if sizes.max() > 1 else None


def bad_rows(codes: Codes, tables: Mapping[Pair, Flags]) -> Flags:
    """Which rows hold a refused pair."""
    bad = np.zeros(len(codes), dtype=bool)
    for (i, j), table in tables.items():
        if table.any():
            bad |= table[codes[:, i], codes[:, j]]
    return bad


def redrawn(
    codes: Codes,
    tables: Mapping[Pair, Flags],
    again: Callable[[npt.NDArray[np.intp]], Codes],
    rng: np.random.Generator,
    rounds: int = ROUNDS,
) -> tuple[Codes, float, int]:
    """The rows with every refused one drawn again by `again(places)`, up to so many times; what is refused
    even then becomes a copy of an accepted row. Gives the rows, the share that was refused at first, and how
    many were copied. ValueError where no row at all is accepted."""
    codes = codes.copy()
    places = np.flatnonzero(bad_rows(codes, tables))
    refused = len(places) / max(len(codes), 1)
    for _ in range(rounds):
        if not len(places):
            break
        codes[places] = again(places)
        places = places[bad_rows(codes[places], tables)]
    if len(places):
        good = np.setdiff1d(np.arange(len(codes)), places)
        if not len(good):
            raise ValueError(
                "no row could be drawn that holds supported pairs of values alone: there are too few people "
                "for so many "
                "columns and so small an epsilon. Leave out columns, put values into classes, or use "
                "--no-refuse"
            )
        codes[places] = codes[rng.choice(good, len(places))]
    return codes, refused, len(places)
