"""From scores to probabilities, without labels: what false agreement looks like is seen inside the lists.

A body seldom writes one person down twice, so pairs inside one list that look alike are nearly all of different people.
Pairs between lists are the same false pairs, as many as there are pairs to form, plus the true ones. With b(s) and
w(s) the numbers of pairs of score s between lists and inside them (the latter brought to the same number of possible
pairs), t(s) true pairs between lists and r the share of them that duplicates inside a list make up:

    b = t + f,   w = r t + f,   so   t = (b - w) / (1 - r),   probability = t / b

r is read at the top, where nothing is false. The probability is taken to follow logit p = level + slope * score
(slope held positive), whose two numbers are those that make the observed shares of "between" most likely. Where lists
do not allow it (one list only, few pairs, lists full of duplicates), the scores' own prior stays, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from palermo.linkage.blocking import Candidates
from palermo.linkage.odds import chance
from palermo.linkage.prepare import Prepared

BINS = 80
SURE = 7.0  # log odds above which a pair is not false by chance
LEAST_TRUE = 50.0
MOST_DUPLICATES = 0.5
USUAL_DUPLICATES = 0.06  # where the lists do not tell how often a body writes one person down twice
LOWEST, HIGHEST = -16.0, 14.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """logit probability = level + slope * score for a pair between lists; inside a list `inside` is added.

    learnt: whether the lists themselves told it, or the shipped prior stayed. matches: true pairs between lists among
    the candidates, as estimated. duplicates: r.
    """

    level: float
    slope: float
    inside: float
    learnt: bool
    matches: float
    duplicates: float

    def log_odds(self, score: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The log odds that each pair is one person."""
        odds = np.float32(self.level) + np.float32(self.slope) * score
        return np.clip(odds + np.float32(self.inside) * inside, LOWEST, HIGHEST).astype(np.float32)


def calibrate(
    people: Prepared,
    score: NDArray[np.float32],
    inside: NDArray[np.bool_],
    pairs: Candidates | None = None,
    crowded: NDArray[np.bool_] | None = None,
) -> Calibration:
    """What the lists themselves tell of their scores.

    crowded: records that were hardly compared, because too many are like them; their pairs tell nothing.
    """
    if pairs is not None and crowded is not None and crowded.any():
        told = ~(crowded[pairs.left] | crowded[pairs.right])
        score, inside = score[told], inside[told]
    return calibrated(score, inside, *chances(people, crowded))


def calibrated(
    score: NDArray[np.float32], inside: NDArray[np.bool_], within: float, between: float
) -> Calibration:
    """The same where it is known how many pairs inside lists, and between them, could be alike by chance."""
    if within <= 0 or between <= 0 or len(score) == 0:
        return _as_shipped(score, inside)
    scale = between / within
    edges = np.linspace(LOWEST, HIGHEST, BINS + 1)
    b = np.histogram(np.clip(score[~inside], LOWEST, HIGHEST), edges)[0].astype(float)
    w = np.histogram(np.clip(score[inside], LOWEST, HIGHEST), edges)[0].astype(float)
    middle = (edges[:-1] + edges[1:]) / 2
    top = middle > SURE
    if b[top].sum() < LEAST_TRUE:
        return _as_shipped(score, inside)
    duplicates = float(w[top].sum() * scale / b[top].sum())
    if duplicates > MOST_DUPLICATES:
        return _as_shipped(score, inside, min(duplicates, 1.0))
    level, slope = _fitted(middle, b, w, scale, duplicates)
    true = b * chance(level + slope * middle)
    duplicates = max(duplicates, 0.5 / b[top].sum())
    return Calibration(level, slope, float(np.log(duplicates)), True, float(true.sum()), duplicates)


def _fitted(
    middle: NDArray[np.float64],
    b: NDArray[np.float64],
    w: NDArray[np.float64],
    scale: float,
    duplicates: float,
) -> tuple[float, float]:
    """Level and slope that make the split of each bin into between and inside most likely.

    With p the probability of a between-pair to be true, false between-pairs are b(1-p), and the inside-pairs to be
    expected (b(1-p) + r b p) / scale. Of b + w pairs in a bin, a share 1 / (1 + (1-p+rp)/scale) is between.
    """

    def cost(x: NDArray[np.float64]) -> float:
        p = chance(x[0] + np.exp(x[1]) * middle)
        share = 1.0 / (1.0 + (1.0 - p + duplicates * p) / scale)
        fit = b * np.log(share) + w * np.log1p(-share)
        # The shipped model is a fair witness: a slope far from 1 needs evidence.
        return float(-fit.sum() + 50.0 * x[1] ** 2 + 0.5 * (x[0] / 4.0) ** 2)

    best = minimize(cost, np.array([0.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-3})
    return float(best.x[0]), float(np.exp(best.x[1]))


def _as_shipped(
    score: NDArray[np.float32], inside: NDArray[np.bool_], duplicates: float = USUAL_DUPLICATES
) -> Calibration:
    p = chance(score[~inside])
    return Calibration(0.0, 1.0, float(np.log(duplicates)), False, float(p.sum()), duplicates)


def chances(people: Prepared, crowded: NDArray[np.bool_] | None = None) -> tuple[float, float]:
    """How many pairs inside lists, and between them, could be alike by chance: those of one nationality.

    A list of one nationality holds more chance agreement than the same number of people of many.
    """
    lists = len(people.lists)
    table = np.zeros((lists, int(people.nationality.max(initial=0)) + 1))
    counted = np.ones(len(people)) if crowded is None else (~crowded).astype(float)
    np.add.at(table, (people.source, people.nationality), counted)
    everyone = table.sum(axis=0)
    inside = (table * (table - 1)).sum() / 2
    return float(inside), float((everyone * everyone - (table * table).sum(axis=0)).sum() / 2)
