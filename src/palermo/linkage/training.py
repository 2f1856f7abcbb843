"""Learning the weights from pairs whose truth is known: ridge logistic regression, drawn towards earlier weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from palermo.linkage.comparing import Comparison
from palermo.linkage.model import Model, design, from_weights, weights_of
from palermo.linkage.odds import chance as chance_of

ROUNDS = 30
ENOUGH = 1e-3


def learn(
    pairs: Comparison,
    same: NDArray[np.bool_] | NDArray[np.float64],
    *,
    towards: Model | None = None,
    strength: float = 2.0,
    weight: NDArray[np.float64] | None = None,
    learnt_from: str = "",
) -> Model:
    """The weights that make the known truth most likely, less `strength`/2 times their squared distance from `towards`.

    same: 1 where a pair is one person, or how probable that is. weight: how often each pair counts. A country with
    few reviewed pairs passes the shipped model as `towards`: what its pairs say nothing about stays as shipped.
    """
    prior = None if towards is None else weights_of(towards)
    return from_weights(
        fitted(design(pairs), same, prior=prior, strength=strength, weight=weight), learnt_from
    )


def fitted(
    rows: NDArray[np.float32] | sparse.csr_array,
    same: NDArray[np.bool_] | NDArray[np.float64],
    *,
    prior: NDArray[np.float64] | None = None,
    strength: float = 2.0,
    weight: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """The same for any rows of numbers, the first column of which is 1: one weight for each column."""
    truth = np.asarray(same, float)
    counts = np.ones(len(rows)) if weight is None else weight
    begin = np.zeros(rows.shape[1]) if prior is None else prior
    now = begin.copy()
    penalty = np.full(rows.shape[1], strength)
    penalty[0] = 1e-3 if prior is None else strength

    def worth(weights: NDArray[np.float64]) -> float:
        odds = (rows @ weights.astype(np.float32)).astype(float)
        likely = (counts * (truth * odds - np.logaddexp(0, odds))).sum()
        return float(likely - (penalty * (weights - begin) ** 2).sum() / 2)

    best = worth(now)
    for _round in range(ROUNDS):
        odds = rows @ now.astype(np.float32)
        chance = chance_of(odds)
        slope = rows.T @ (counts * (truth - chance)).astype(np.float32) - penalty * (now - begin)
        spread = (counts * chance * (1 - chance)).astype(np.float32)[:, None]
        if isinstance(rows, np.ndarray):
            bend = (rows * spread).T @ rows
        else:
            bend = (rows.multiply(spread).T @ rows).toarray()
        step = np.linalg.solve(bend.astype(float) + np.diag(penalty), slope.astype(float))
        # A whole step may lead far past the top, and never back.
        while (found := worth(now + step)) < best and np.abs(step).max() >= ENOUGH:
            step = step / 2
        now, best = now + step, found
        if np.abs(step).max() < ENOUGH:
            break
    return now
