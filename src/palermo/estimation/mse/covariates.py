"""The doubly robust estimator of Das, Kennedy and Jewell: people differ, and covariates say how.

Two lists must be independent of each other GIVEN the covariates x. Among those observed (on any list), with
q1(x) = P(on list 1), q2(x) = P(on list 2), q12(x) = P(on both), the chance of being observed at all is
gamma(x) = q12 / (q1 q2), and N = n psi^-1 with psi^-1 = E[1 / gamma(X) | observed]. The estimator averages
    phi = (1 / gamma) (Y1 / q1 + Y2 / q2 - Y1 Y2 / q12),
whose error is a product of errors of the q's: either may be somewhat wrong. Das, Kennedy and Jewell (2024, JASA;
arXiv:2104.14091), theorem 2 and section 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.bounds import chapman, log_normal
from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.people import People
from palermo.estimation.mse.replicates import stream
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import phrase

FOLDS = 5
SPLITS = 3
LEAST = 0.005  # smallest chance that is divided by
RIDGE = 1 / 9  # prior standard deviation 3 for the effect of one standard deviation of a covariate
MOST_CUT = 0.05
LEAST_BOTH = 10  # people on both lists of a pair
ASSUMPTIONS = (
    phrase("Given the covariates, being on one list of a pair tells nothing about being on the other."),
    phrase("For people with any values of the covariates there is a chance to be on both lists."),
)


@dataclass(frozen=True)
class PairEstimate:
    """What one pair of lists gives: N, its standard error, phi of each person, the share of people for whom a chance
    had to be raised to the least allowed. `widened`: the error over that from the spread of phi alone."""

    lists: tuple[int, int]
    value: float
    stderr: float
    phi: Numbers
    plug_in: float
    cut: float
    widened: float


def estimate(people: People, options: Options, *, progress: Progress | None = None) -> Result:
    """N from people and their covariates; with more than two lists the pairs' average, weighted by precision.

    `more`: "pair" (two names: only that pair), "degree" (1, or 2 for squares and products of covariates), "folds",
    "ridge".
    """
    degree, folds = int(options.more.get("degree", 1)), int(options.more.get("folds", FOLDS))
    ridge = float(options.more.get("ridge", RIDGE))
    if degree not in (1, 2) or not 2 <= folds <= 20:
        raise BadOptions(phrase("degree is 1 or 2, folds from 2 to 20"))
    design = features(people.design, degree)
    found = []
    wanted = _pairs(people, options)
    for number, pair in enumerate(wanted):
        if int((people.seen[:, pair[0]] & people.seen[:, pair[1]]).sum()) >= LEAST_BOTH:
            found.append(pair_estimate(people, pair, design, folds, ridge, options.seed))
        if progress:
            progress((number + 1) / len(wanted), "the pairs of lists are estimated")
    cautions = list(people.table.cautions)
    value, interval, error = None, None, None
    if not found:
        cautions.append(Caution(
            "no_mle", Level.HARD,
            phrase(
                "No pair of lists shares {least} people; the chances to be on both cannot be told by covariates.",
                least=LEAST_BOTH,
            ),
        ))  # fmt: skip
    else:
        value, error = _combined(found)
        value = max(value, float(people.n))
        interval = log_normal(value, error, people.n, options.level)
        cautions += _doubts(people, found)
    return Result(
        method="doubly_robust", family="mse", value=value, interval=interval, n_observed=people.n,
        data_hash=people.hash, seed=options.seed,
        settings={"degree": degree, "folds": folds, "splits": SPLITS, "ridge": ridge, "level": options.level,
                  "pair": list(options.more.get("pair", [])), "covariates": list(people.columns)},
        assumptions=ASSUMPTIONS,
        diagnostics={"standard_error": error, "pairs": [_told(people, one, options.level) for one in found]},
        cautions=tuple(cautions),
    )  # fmt: skip


def _pairs(people: People, options: Options) -> list[tuple[int, int]]:
    wanted = options.more.get("pair")
    if wanted is None:
        return list(combinations(range(people.k), 2))
    if len(wanted) != 2 or len(set(wanted)) != 2 or any(one not in people.lists for one in wanted):
        raise BadOptions(phrase("pair names two different lists of the table"))
    first, second = sorted(people.lists.index(one) for one in wanted)
    return [(first, second)]


def features(design: Numbers, degree: int) -> Numbers:
    """A constant and the covariates with mean 0 and standard deviation 1, with squares and products at degree 2."""
    columns = [design]
    if degree == 2:
        p = design.shape[1]
        both = [design[:, i] * design[:, j] for i in range(p) for j in range(i, p)]
        columns += [np.column_stack(both)] if both else []
    found = np.column_stack(columns)
    spread = found.std(axis=0)
    found = (found - found.mean(axis=0))[:, spread > 1e-12] / spread[spread > 1e-12]
    return np.column_stack([np.ones(len(design)), found])


def pair_estimate(
    people: People, pair: tuple[int, int], design: Numbers, folds: int, ridge: float, seed: int
) -> PairEstimate:
    """phi for everybody, each person's chances fitted on the other folds; the mean over several splits."""
    first, second = people.seen[:, pair[0]], people.seen[:, pair[1]]
    kind = np.where(first & second, 0, np.where(first, 1, np.where(second, 2, 3)))
    phi = np.zeros(people.n)
    plug_in = cut = model = 0.0
    for split in range(SPLITS):
        fold = stream(seed, split).permutation(people.n) % folds
        chances = np.zeros((people.n, 4))
        for one in range(folds):
            away = fold != one
            chances[~away] = multinomial_chances(design[away], kind[away], design[~away], ridge)
        q1, q2, q12, low = _bounded(chances)
        inverse = q1 * q2 / q12
        phi += inverse * (first / q1 + second / q2 - (first & second) / q12) / SPLITS
        plug_in += people.n * float(inverse.mean()) / SPLITS
        cut += float(low.mean()) / SPLITS
        model += _variance(chances, q1, q2, q12) / SPLITS
    spread = float(phi.var(ddof=1))
    error, plain = _error(phi, max(spread, model)), _error(phi, spread)
    return PairEstimate(pair, float(phi.sum()), error, phi, plug_in, cut, error / plain)


def _variance(chances: Numbers, q1: Numbers, q2: Numbers, q12: Numbers) -> float:
    """The variance of phi that the fitted chances imply. phi has rare large values (1 / q12): in a sample that lacks
    them their spread is too small and the interval too short; this figure does not depend on whether they came."""
    inverse = q1 * q2 / q12
    both, one, other = 1 / q1 + 1 / q2 - 1 / q12, 1 / q1, 1 / q2
    within = chances[:, 0] * both**2 + chances[:, 1] * one**2 + chances[:, 2] * other**2 - 1
    return float(inverse.var() + (inverse**2 * within).mean())


def _bounded(chances: Numbers) -> tuple[Numbers, Numbers, Numbers, npt.NDArray[np.bool_]]:
    """q1, q2, q12 with q12 at least LEAST and gamma at most 1; who was touched."""
    q1, q2 = chances[:, 0] + chances[:, 1], chances[:, 0] + chances[:, 2]
    least = np.maximum(q1 + q2 - 1, LEAST)
    q12 = np.maximum(chances[:, 0], least)
    low = chances[:, 0] < LEAST
    return np.maximum(q1, q12), np.maximum(q2, q12), np.minimum(q12, 1.0), low


def _error(phi: Numbers, variance: float) -> float:
    """Of a sum of n values of phi where n itself is random: N (psi var(phi) + (1 - psi) / psi), psi = n / N."""
    total = max(float(phi.sum()), float(len(phi)))
    psi = len(phi) / total
    return math.sqrt(total * (psi * max(variance, 0.0) + (1 - psi) / psi))


def multinomial_chances(
    design: Numbers, kind: npt.NDArray[np.int64], asked: Numbers, ridge: float
) -> Numbers:
    """The chances of the four kinds (both, only first, only second, neither) by penalised multinomial logistic
    regression (Newton); kinds that nobody is have chance 0."""
    kinds = np.unique(kind)
    base, rest = kinds[-1], kinds[:-1]
    p, c = design.shape[1], len(rest)
    target = (kind[:, None] == rest[None, :]).astype(float)
    penalty = np.tile(np.concatenate([[1e-6], np.full(p - 1, ridge)]), c)
    coef = np.zeros(p * c)
    for _step in range(50):
        chance = _softmax(design, coef.reshape(c, p))
        gradient = ((target - chance).T @ design).ravel() - penalty * coef
        weight = np.einsum("ni,ij->nij", chance, np.eye(c)) - chance[:, :, None] * chance[:, None, :]
        hessian = np.einsum("nij,na,nb->iajb", weight, design, design, optimize=True).reshape(p * c, p * c)
        move = np.linalg.solve(hessian + np.diag(penalty), gradient)
        size = float(np.abs(move).max())
        coef = coef + move * min(1.0, 5.0 / size if size > 0 else 1.0)
        if float(gradient @ move) < 1e-9:
            break
    chance = _softmax(asked, coef.reshape(c, p))
    found = np.zeros((len(asked), 4))
    found[:, rest] = chance
    found[:, base] = 1 - chance.sum(axis=1)
    return found


def _softmax(design: Numbers, coef: Numbers) -> Numbers:
    eta = np.clip(design @ coef.T, -50, 50)
    raised = np.exp(eta)
    found: Numbers = raised / (1 + raised.sum(axis=1, keepdims=True))
    return found


def _combined(found: list[PairEstimate]) -> tuple[float, float]:
    """The pairs weighted by one over their variance; phi of the average gives its own error."""
    weight = np.array([one.stderr**-2 for one in found])
    phi = np.average([one.phi for one in found], axis=0, weights=weight)
    widened = float(np.average([one.widened for one in found], weights=weight))
    return float(phi.sum()), widened * _error(phi, float(phi.var(ddof=1)))


def _doubts(people: People, found: list[PairEstimate]) -> list[Caution]:
    said = []
    cut = max(one.cut for one in found)
    if cut > MOST_CUT:
        said.append(Caution(
            "thin_overlap", Level.CARE,
            phrase(
                "For {share:.0%} of the people the chance to be on both lists is nearly nothing; the estimate "
                "leans on a limit set by hand. Use fewer or coarser covariates, or another pair of lists.",
                share=cut,
            ), {"share": cut},
        ))  # fmt: skip
    for one, other in combinations(found, 2):
        gap = one.phi - other.phi
        error = math.sqrt(people.n) * float(gap.std(ddof=1))
        if error > 0 and abs(gap.sum()) > 3 * error:
            values = [pair.value for pair in found]
            said.append(Caution(
                "pairs_disagree", Level.CARE,
                phrase(
                    "Pairs of lists answer from {low:,.0f} to {high:,.0f}, more apart than chance allows: given "
                    "the covariates some lists still depend on each other. Look at the pairs.",
                    low=min(values), high=max(values),
                ),
                {"least": min(values), "most": max(values)},
            ))  # fmt: skip
            break
    return said


def _told(people: People, one: PairEstimate, level: float) -> dict[str, object]:
    i, j = one.lists
    first, second = people.seen[:, i], people.seen[:, j]
    ends = log_normal(max(one.value, float(people.n)), one.stderr, people.n, level)
    naive = chapman(float(first.sum()), float(second.sum()), float((first & second).sum()), level)
    return {
        "lists": [people.lists[i], people.lists[j]], "estimate": one.value, "stderr": one.stderr,
        "lower": ends.lower, "upper": ends.upper, "plug_in": one.plug_in, "chapman": naive["estimate"], "cut": one.cut,
    }  # fmt: skip
