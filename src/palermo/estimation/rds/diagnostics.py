"""Has recruitment forgotten its seeds, does it mix, do the trees agree? Figures for the reader and the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from palermo.estimation.rds.sample import Outcome, RecruitmentSample, Whole
from palermo.estimation.rds.shares import moves, successive, volz_heckathorn
from palermo.estimation.rds.weights import Classes, Real, classes, person_weights

POINTS = 50  # of a curve in a result; more is not seen
LEAST_TREE = 10
APART = 5


@dataclass(frozen=True)
class Node:
    """A person in the picture of the trees: the row in the sample, across (0 to 1), down (the wave), tree, degree."""

    row: int
    x: float
    wave: int
    seed: int
    degree: int


def tree_layout(sample: RecruitmentSample) -> tuple[tuple[Node, ...], tuple[tuple[int, int], ...]]:
    """Where to draw everybody: leaves side by side, a recruiter above the middle of his recruits; edges by row."""
    start, below = sample.children
    x = np.zeros(sample.n)
    leaf = 0
    stack: list[tuple[int, bool]] = [(int(row), False) for row in sample.seeds[::-1]]
    while stack:
        row, left = stack.pop()
        mine = below[start[row] : start[row + 1]]
        if len(mine) == 0:
            x[row] = leaf
            leaf += 1
        elif left:
            x[row] = (x[mine[0]] + x[mine[-1]]) / 2
        else:
            stack.append((row, True))
            stack.extend((int(one), False) for one in mine[::-1])
    x /= max(1, leaf - 1)
    nodes = tuple(
        Node(row, float(x[row]), int(sample.wave[row]), int(sample.root[row]), int(sample.degree[row]))
        for row in range(sample.n)
    )
    edges = tuple((int(sample.recruiter[row]), row) for row in range(sample.n) if sample.recruiter[row] >= 0)
    return nodes, edges


def trees(sample: RecruitmentSample) -> dict[str, Any]:
    """Seeds, waves and sizes of the trees."""
    sizes = np.bincount(sample.root, minlength=sample.n)[sample.seeds]
    return {
        "seeds": len(sample.seeds),
        "waves": int(sample.wave.max()),
        "middle_wave": int(np.median(sample.wave)),
        "sizes": sorted((int(size) for size in sizes), reverse=True)[:POINTS],
        "seeds_without_recruits": int((sizes == 1).sum()),
        "largest_share": float(sizes.max() / sample.n),
        "recruits_per_recruiter": float(sample.recruits[sample.recruits > 0].mean())
        if sample.recruits.any()
        else 0.0,
    }


def homophily(moved: Whole) -> dict[str, Any]:
    """Recruitment within groups over what chance would give: 1 is none. `all` as RDS for R; `by_group` for each.

    all = sum_i C_ii / sum_i (C_i. C_.i / C_..);  by group: C_ii C_.. / (C_i. C_.i).
    """
    rows, columns, whole = moved.sum(axis=1), moved.sum(axis=0), moved.sum()
    chance = rows * columns / max(1, whole)
    each = [float(own / by) if by > 0 else None for own, by in zip(np.diag(moved), chance, strict=True)]
    return {"all": float(np.diag(moved).sum() / chance.sum()) if chance.sum() else None, "by_group": each}


def mixing(moved: Whole) -> dict[str, Any]:
    """How fast recruitment forgets the seed: the second eigenvalue, and the waves until 2 % of it is left.

    After w waves the composition differs from its limit by about |lambda_2|^w (Heckathorn 1997). None where a group
    recruited nobody or recruitment never joins the groups.
    """
    sums = moved.sum(axis=1, keepdims=True)
    if (sums == 0).any():
        return {"second_eigenvalue": None, "waves_needed": None}
    values = np.sort(np.abs(np.linalg.eigvals(moved / sums)))[::-1]
    second = float(values[1]) if len(values) > 1 else 0.0
    if second >= 1 - 1e-9:
        return {"second_eigenvalue": 1.0, "waves_needed": None}
    needed = 1 if second < 0.02 else int(np.ceil(np.log(0.02) / np.log(second)))
    return {"second_eigenvalue": second, "waves_needed": needed}


def activity(sample: RecruitmentSample, outcome: Outcome, population: float | None) -> list[float | None]:
    """Differential activity: the estimated mean network size of each group over that of everybody else."""
    weight = person_weights(sample, population)
    ratios: list[float | None] = []
    for code in range(len(outcome.levels)):
        own, others = outcome.codes == code, (outcome.codes >= 0) & (outcome.codes != code)
        if not own.any() or not others.any():
            ratios.append(None)
            continue
        means = [float((weight[who] * sample.degree[who]).sum() / weight[who].sum()) for who in (own, others)]
        ratios.append(means[0] / means[1])
    return ratios


def convergence(
    sample: RecruitmentSample, outcome: Outcome, code: int, population: float | None
) -> dict[str, list[float]]:
    """The share estimated from the first m people in the order in which they came, for up to 50 values of m.

    They are five people apart at least, so that no step of the curve is one person's answer.
    """
    kinds = classes(sample)
    known = sample.order[outcome.codes[sample.order] >= 0]
    least = min(20, len(known))
    points = min(POINTS, 1 + (len(known) - least) // APART)
    stops = np.unique(np.linspace(len(known), least, points).astype(int))
    table = np.zeros((len(stops), len(outcome.levels), kinds.k))
    for i, stop in enumerate(stops):
        people = known[:stop]
        np.add.at(table[i], (outcome.codes[people], kinds.of[people]), 1.0)
    return {
        "people": [int(stop) for stop in stops],
        "share": [float(one) for one in _shares(table, kinds, population)[:, code]],
    }


def bottleneck(
    sample: RecruitmentSample, outcome: Outcome, code: int, population: float | None
) -> list[dict[str, Any]]:
    """The share by tree, with the weights of the whole sample: trees of 10 people and more, largest first, at most 20.

    Who the seed was and what he or she answered is not told: a result may be published.
    """
    weight = person_weights(sample, population)
    answered = outcome.codes >= 0
    found = []
    for seed in sample.seeds[np.argsort(-np.bincount(sample.root)[sample.seeds], kind="stable")][
        :20
    ].tolist():
        mine = (sample.root == seed) & answered
        if mine.sum() < LEAST_TREE:
            continue
        share = float(weight[mine & (outcome.codes == code)].sum() / weight[mine].sum())
        found.append({"people": int(mine.sum()), "share": share})
    return found


def _shares(table: Real, kinds: Classes, population: float | None) -> Real:
    return volz_heckathorn(table, kinds) if population is None else successive(table, kinds, population)


def heaping(sample: RecruitmentSample) -> float:
    """The part of network sizes of 10 and more that are multiples of 5: 0.2 by chance, more when people guess."""
    large = sample.degree[sample.degree >= 10]
    return float((large % 5 == 0).mean()) if len(large) else 0.0


def all_of(
    sample: RecruitmentSample, outcome: Outcome, code: int, population: float | None
) -> dict[str, Any]:
    """Everything about one group, for a result."""
    moved = moves(sample, outcome)
    return {
        "trees": trees(sample),
        "recruitment": {"levels": list(outcome.levels), "counts": moved.tolist()},
        "homophily": homophily(moved),
        "mixing": mixing(moved),
        "activity": dict(zip(outcome.levels, activity(sample, outcome, population), strict=True)),
        "convergence": convergence(sample, outcome, code, population),
        "by_tree": bottleneck(sample, outcome, code, population),
        "heaping": heaping(sample),
    }
