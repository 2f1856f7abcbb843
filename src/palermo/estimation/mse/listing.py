"""For a list of models: the best of them, or their average, for every table of a block; the spread of each model.

Loops that can be compiled (see kernels.py). Lists are in the order of enumerate.py: fits then start from one another.
"""

from __future__ import annotations

import math

import numpy as np

from palermo.estimation.mse.kernels import CONVERGED, Floats, Ints, copy, independence_start, superset_sums
from palermo.estimation.mse.walking import Models, Room, ascend, free_terms, room_for_fits, spread, walk


def best_of_list(
    k: int, tables: Floats, models: Models, higher: Ints, parameters: Floats, penalty: float,
    totals: Floats, chosen: Ints, status: Ints,
) -> None:  # fmt: skip
    """For every table the model of the list with the least penalty x parameters - 2 log L; `chosen` is its place.

    A `penalty` of 0 is the logarithm of the people seen (BIC). Status 1: no model of the list has an estimate.
    """
    many = len(models)
    found, heights, states = np.zeros(many), np.zeros(many), np.zeros(many, np.int64)
    for b in range(len(tables)):
        walk(k, tables[b], models, higher, found, heights, states)
        people = 0.0
        for w in range(1 << k):
            people += tables[b, w]
        each = penalty if penalty > 0.0 else math.log(people)
        best, totals[b], status[b] = math.inf, math.nan, 1
        for m in range(many):
            if states[m] == CONVERGED and each * parameters[m] - 2.0 * heights[m] < best - 1e-9:
                best = each * parameters[m] - 2.0 * heights[m]
                totals[b], chosen[b, 0], status[b] = found[m], m, 0


def variance_of_unseen(many: int, work: Room) -> float:
    """The variance of log n0, the inverse information at the constant, from the LDL' of the last step.

    L y = e_0 gives (H^-1)_00 = sum of y^2 / D; the constant is the first free term, and `step` is used as room.
    """
    info, y = work.information, work.step
    y[0] = 1.0
    total = info[0, 0]
    for a in range(1, many):
        y[a] = 0.0
        for c in range(a):
            y[a] -= info[a, c] * y[c]
        total += y[a] * y[a] * info[a, a]
    return float(total)


def variances(k: int, table: Floats, models: Models, higher: Ints, found: Floats) -> None:
    """The variance of log n0 under each model; NaN where it has no estimate."""
    most = k + 1 + len(higher)
    work, upto = room_for_fits(k, most), np.zeros(most + 1, np.uint64)
    terms, alpha = np.zeros(most, np.int64), np.zeros(most)
    observed = np.zeros(1 << k)
    copy(table, observed)
    superset_sums(observed, k)
    for m in range(len(models)):
        p = spread(models[m], k, higher, terms, upto)
        independence_start(k, observed, terms, p, alpha)
        status, _height = ascend(k, observed, terms, p, 0, alpha, work)
        found[m] = math.nan
        if status == CONVERGED:
            found[m] = variance_of_unseen(free_terms(observed, terms, p, 0, alpha, work), work)


def average_of_list(
    k: int, tables: Floats, models: Models, higher: Ints, parameters: Floats, penalty: float,
    totals: Floats, chosen: Ints, status: Ints,
) -> None:  # fmt: skip
    """For every table the average N of the models of the list, weights exp(-criterion / 2); `chosen` is the heaviest.

    A `penalty` of 0 is the logarithm of the people seen (BIC). Status 1: no model of the list has an estimate.
    """
    many = len(models)
    found, heights, states = np.zeros(many), np.zeros(many), np.zeros(many, np.int64)
    for b in range(len(tables)):
        walk(k, tables[b], models, higher, found, heights, states)
        people, best, place = 0.0, math.inf, -1
        for w in range(1 << k):
            people += tables[b, w]
        each = penalty if penalty > 0.0 else math.log(people)
        for m in range(many):
            heights[m] = each * parameters[m] - 2.0 * heights[m]
            if states[m] == CONVERGED and heights[m] < best - 1e-9:
                best, place = heights[m], m
        totals[b], status[b] = math.nan, 1
        if place >= 0:
            weight, total = 0.0, 0.0
            for m in range(many):
                if states[m] == CONVERGED:
                    one = math.exp((best - heights[m]) / 2.0)
                    weight += one
                    total += one * found[m]
            totals[b], chosen[b, 0], status[b] = total / weight, place, 0
