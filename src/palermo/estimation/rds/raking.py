"""Raking: weights moved as little as possible until their sums agree with known margins, within bounds.

Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427-444; bounds as in Deville, Sarndal, Sautory (1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from palermo.estimation.problems import BadInput, Problem
from palermo.estimation.rds.weights import Real
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase, phrases

ROUNDS = 1000
CLOSE = 1e-8
STRETCH = 0.01  # farther than this from a margin is said


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights after raking and how well they meet the margins.

    `misses` is the difference from each margin as a share of the total, by column and value; `factors` the least and
    the greatest factor by which a weight moved; `bounded` how many weights stand at a bound; `design_effect` Kish's
    1 + cv^2 of the weights, what their unevenness costs.
    """

    weights: Real
    converged: bool
    rounds: int
    misses: Mapping[str, Mapping[str, float]]
    factors: tuple[float, float]
    bounded: int
    design_effect: float
    cautions: tuple[Caution, ...]


def rake(
    weights: Sequence[float],
    columns: Mapping[str, Sequence[object]],
    margins: Mapping[str, Mapping[str, float]],
    *,
    bounds: tuple[float, float] = (0.2, 5.0),
) -> Raked:
    """Weights whose sums over the values of each column are proportional to its margin.

    `margins[column][value]` is a share or a number of people; each margin is taken as shares. `bounds` are the least
    and greatest factor by which a weight may move against the others. Raises BadInput with everything that is wrong
    (a value without a margin, a margin that nobody fills, ...).
    """
    base = np.asarray(weights, dtype=np.float64)
    problems = _problems(base, columns, margins, bounds)
    if problems:
        raise BadInput(problems)
    codes, targets = _coded(columns, margins)
    base = base / base.sum()
    factor = np.ones(len(base))
    rounds, off = 0, np.inf
    while rounds < ROUNDS:
        rounds += 1
        before = factor.copy()
        for column, target in targets.items():
            sums = np.bincount(codes[column], base * factor, minlength=len(target))
            factor = factor * (target / np.maximum(sums, 1e-300))[codes[column]]
        middle = float((base * factor).sum())
        factor = np.clip(factor / middle, *bounds)
        off = _farthest(base * factor, codes, targets)
        if off < CLOSE or np.abs(factor / before - 1).max() < CLOSE / 10:
            break
    return _report(base, factor, codes, targets, margins, rounds, off, bounds)


def _report(
    base: Real,
    factor: Real,
    codes: Mapping[str, Real],
    targets: Mapping[str, Real],
    margins: Mapping[str, Mapping[str, float]],
    rounds: int,
    off: float,
    bounds: tuple[float, float],
) -> Raked:
    raked = base * factor
    raked = raked / raked.sum()
    misses = {
        column: dict(
            zip(margins[column], (_sums(raked, codes[column], len(target)) - target).tolist(), strict=True)
        )
        for column, target in targets.items()
    }
    at_bound = int(((factor <= bounds[0] * (1 + 1e-9)) | (factor >= bounds[1] * (1 - 1e-9))).sum())
    effect = float(len(raked) * (raked**2).sum())
    said = []
    if off > STRETCH:
        said.append(
            Caution(
                "margins_missed", Level.CARE,
                phrase(
                    "The weights miss a margin by {points:.1f} points: the margins contradict one another or the "
                    "bounds are too narrow. Join small groups or widen the bounds.",
                    points=100 * off,
                ),
                {"off": off},
            )
        )  # fmt: skip
    if at_bound:
        said.append(
            Caution(
                "weights_bounded",
                Level.NOTE,
                phrases("{n} weight stands at a bound.", "{n} weights stand at a bound.", at_bound),
                {"people": at_bound},
            )
        )
    return Raked(
        raked * len(raked), off < CLOSE, rounds, misses, (float(factor.min()), float(factor.max())), at_bound, effect,
        tuple(said),
    )  # fmt: skip


def _sums(weights: Real, codes: Real, length: int) -> Real:
    return np.bincount(codes.astype(np.int64), weights, minlength=length).astype(np.float64)


def _farthest(weights: Real, codes: Mapping[str, Real], targets: Mapping[str, Real]) -> float:
    whole = weights.sum()
    return max(
        float(np.abs(_sums(weights / whole, codes[name], len(target)) - target).max())
        for name, target in targets.items()
    )


def _coded(
    columns: Mapping[str, Sequence[object]], margins: Mapping[str, Mapping[str, float]]
) -> tuple[dict[str, Real], dict[str, Real]]:
    codes, targets = {}, {}
    for name, margin in margins.items():
        place = {value: i for i, value in enumerate(margin)}
        codes[name] = np.array([place[str(value)] for value in columns[name]])
        sums = np.array(list(margin.values()), dtype=np.float64)
        targets[name] = sums / sums.sum()
    return codes, targets


def _problems(
    base: Real,
    columns: Mapping[str, Sequence[object]],
    margins: Mapping[str, Mapping[str, float]],
    bounds: tuple[float, float],
) -> list[Problem]:
    found = []
    if not len(base) or not np.isfinite(base).all() or (base <= 0).any():
        found.append(Problem("weight", phrase("every weight must be a number above 0")))
    if not 0 < bounds[0] < 1 < bounds[1]:
        found.append(
            Problem(
                "bounds",
                phrase("the lower bound lies between 0 and 1, the upper one above 1"),
                value=str(bounds),
            )
        )
    if not margins:
        found.append(Problem("margins", phrase("at least one margin is needed")))
    for name, margin in margins.items():
        if name not in columns or len(columns[name]) != len(base):
            found.append(
                Problem("column", phrase("the margin needs a column with one value a person"), column=name)
            )
            continue
        seen = {str(value) for value in columns[name]}
        found += [
            Problem("margin_missing", phrase("this value has no margin"), column=name, value=one)
            for one in seen - set(margin)
        ]
        for value, share in margin.items():
            if not np.isfinite(share) or share <= 0:
                found.append(
                    Problem("margin", phrase("a margin is a number above 0"), column=name, value=value)
                )
            elif value not in seen:
                found.append(
                    Problem(
                        "margin_empty",
                        phrase("nobody has this value; leave it out or join it"),
                        column=name,
                        value=value,
                    )
                )
    return found
