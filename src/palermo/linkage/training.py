"""Learning the weights from pairs whose truth is known: ridge logistic regression, drawn towards earlier weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palermo.linkage.comparing import Comparison
from palermo.linkage.model import Model, design, from_weights, weights_of

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
    rows = design(pairs)
    truth = np.asarray(same, float)
    counts = np.ones(len(rows)) if weight is None else weight
    prior = np.zeros(rows.shape[1]) if towards is None else weights_of(towards)
    now = prior.copy()
    penalty = np.full(rows.shape[1], strength)
    penalty[0] = 1e-3 if towards is None else strength
    for _round in range(ROUNDS):
        odds = rows @ now.astype(np.float32)
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30).astype(float)))
        slope = rows.T @ (counts * (truth - chance)).astype(np.float32) - penalty * (now - prior)
        bend = (rows * (counts * chance * (1 - chance)).astype(np.float32)[:, None]).T @ rows
        step = np.linalg.solve(bend.astype(float) + np.diag(penalty), slope.astype(float))
        now = now + step
        if np.abs(step).max() < ENOUGH:
            break
    return from_weights(now, learnt_from)
