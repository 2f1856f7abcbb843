"""Network scale-up: if respondents know two in a thousand of their acquaintances to be in the hidden group, so is the
population, were the group as well known, and its members as well connected, as others are.

Options.more: `degrees` ("known" or "summation"), `drop` (names of known groups left out), `tau` (the part of ties to
members that respondents are aware of), `delta` (acquaintances of a member over those of anybody), or `visibility` (how
many people are aware of a member, from a sample of members).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.judging import judged
from palermo.estimation.networks.checks import caution_list, leave_one_out, overdispersion, recall_slope
from palermo.estimation.networks.survey import Acquaintances, Real, Whole
from palermo.estimation.problems import BadOptions
from palermo.estimation.rds.options import number
from palermo.estimation.results import Interval, Result
from palermo.saying import phrase

REPLICATES = 2000
BLOCK = 250
POISSON_ZERO = -np.log(0.025)  # the upper 97.5 % end of a Poisson mean when none was seen
BELIEFS = (
    phrase("Respondents know of their acquaintances who belongs to each group, and count them rightly."),
    phrase("The groups of known size, taken together, are known by everybody alike."),
)
BASIC = phrase(
    "Members of the hidden group have as many acquaintances as others, who all are aware of their membership."
)
GENERAL = phrase("The corrections for awareness and for the number of acquaintances of members are right.")
SENSITIVITY = (0.5, 0.75, 1.0)


def basic(data: Acquaintances, options: Options, *, progress: Progress | None = None) -> Result:
    """N_H = N sum w y_H / sum w d: Killworth and others (1998), Evaluation Review 22, 289-308, weighted."""
    return _answer(data, options, "nsum", 1.0, {}, progress)


def generalised(data: Acquaintances, options: Options, *, progress: Progress | None = None) -> Result:
    """N_H = basic / (tau delta), or N mean(y_H) / visibility: Feehan and Salganik (2016), Sociological Methodology 46,
    153-186. Raises BadOptions when neither is given: without them it would be the basic estimator under another name.
    """
    more = options.more
    seen = number(more, "visibility")
    if seen is not None:
        mean = float((data.weights * _degrees(data, options)).sum() / data.weights.sum())
        return _answer(data, options, "nsum-generalised", seen / mean, {"visibility": seen}, progress)
    tau, delta = number(more, "tau"), number(more, "delta")
    if tau is None and delta is None:
        raise BadOptions(
            phrase("give tau (awareness) and delta (degree ratio), or visibility; nsum does without")
        )
    tau, delta = tau or 1.0, delta or 1.0
    if tau > 1:
        raise BadOptions(phrase("tau is a part of the ties to members, at most 1"))
    return _answer(data, options, "nsum-generalised", tau * delta, {"tau": tau, "delta": delta}, progress)


def known_population(data: Acquaintances, keep: Sequence[int] | None = None) -> Real:
    """d_i = N sum_j y_ij / sum_j N_j over the known groups."""
    kept = list(range(len(data.names))) if keep is None else list(keep)
    return np.asarray(data.population * data.known[:, kept].sum(axis=1) / data.sizes[kept].sum())


def summation(data: Acquaintances) -> Real:
    """d_i as the sum of acquaintances by kind of tie (McCarty and others 2001). Raises BadOptions without them."""
    if data.parts is None:
        raise BadOptions(phrase("degrees by summation need the acquaintances by kind of tie (parts)"))
    return np.asarray(data.parts.sum(axis=1))


def _degrees(data: Acquaintances, options: Options) -> Real:
    method = options.more.get("degrees", "known")
    if method not in ("known", "summation"):
        raise BadOptions(phrase('degrees are "known" (known groups) or "summation" (kinds of tie)'))
    return summation(data) if method == "summation" else known_population(data, _kept(data, options))


def _kept(data: Acquaintances, options: Options) -> list[int]:
    dropped = options.more.get("drop", ())
    dropped = {dropped} if isinstance(dropped, str) else set(dropped)
    if dropped - set(data.names):
        raise BadOptions(phrase("no known group is called {names}", names=sorted(dropped - set(data.names))))
    kept = [j for j, name in enumerate(data.names) if name not in dropped]
    if not kept:
        raise BadOptions(phrase("at least one known group must stay"))
    return kept


def _answer(
    data: Acquaintances, options: Options, method: str, correction: float, given: dict[str, float],
    progress: Progress | None,
) -> Result:  # fmt: skip
    degrees = _degrees(data, options)
    kept = _kept(data, options)
    if degrees.sum() <= 0:
        raise BadOptions(
            phrase("nobody knows anybody in the known groups, so that network sizes cannot be estimated")
        )
    ties, links = data.weights * data.hidden, data.weights * degrees
    value = float(data.population * ties.sum() / links.sum() / correction)
    interval = _interval(data, options, value, ties, links, correction, progress)
    check = leave_one_out(data, kept)
    spread = overdispersion(data, degrees)
    said = caution_list(data, value, check, spread, correction)
    answer = Result(
        method=method, family="nsum", value=value, interval=interval, n_observed=data.n, data_hash=data.hash,
        seed=options.seed, assumptions=(*BELIEFS, BASIC if correction == 1.0 else GENERAL),
        settings={"population": data.population, "degrees": options.more.get("degrees", "known"),
                  "drop": [name for j, name in enumerate(data.names) if j not in kept], "level": options.level,
                  "bootstrap": interval.replicates if interval else 0, **given},
        cautions=said,
        diagnostics={
            "mean_degree": float(links.sum() / data.weights.sum()), "mean_of_ratios": _mean_of_ratios(data, degrees),
            "known_groups": check, "recall_slope": recall_slope(check), "overdispersion": spread,
            "respondents_knowing_members": int((data.hidden > 0).sum()),
            "sensitivity": [{"correction": one, "people": value * correction / one} for one in SENSITIVITY],
        },
    )  # fmt: skip
    return judged(answer)


def _mean_of_ratios(data: Acquaintances, degrees: Real) -> float | None:
    """The other classic: N times the mean of y_iH / d_i over who knows anybody (Killworth's PIMLE)."""
    able = degrees > 0
    if not able.any():
        return None
    weight = data.weights[able]
    return float(data.population * (weight * data.hidden[able] / degrees[able]).sum() / weight.sum())


def _interval(
    data: Acquaintances, options: Options, value: float, ties: Real, links: Real, correction: float,
    progress: Progress | None,
) -> Interval | None:  # fmt: skip
    """Percentiles of the rescaled bootstrap; the exact Poisson end when nobody knows a member."""
    count = REPLICATES if options.bootstrap is None else options.bootstrap
    if ties.sum() == 0:
        upper = data.population * POISSON_ZERO / links.sum() * data.weights.mean() / correction
        return Interval(0.0, float(upper), 0.95, "poisson")
    if count == 0 or value <= 0:
        return None
    found = rescaled(data, ties, links, count, options.seed, progress) * data.population / correction
    kept = found[np.isfinite(found)]
    if len(kept) < 20:
        return None
    low, high = np.quantile(kept, [(1 - options.level) / 2, (1 + options.level) / 2])
    lost = 1 - len(kept) / count
    return Interval(
        float(low), float(high), options.level, "percentile", count, lost, _ends_error(kept, options.level)
    )


def _ends_error(kept: Real, level: float) -> tuple[float, float]:
    ends = []
    for q in ((1 - level) / 2, (1 + level) / 2):
        reach = np.sqrt(q * (1 - q) / len(kept))
        near = np.quantile(kept, np.clip([q - reach, q + reach], 0, 1))
        ends.append(float((near[1] - near[0]) / 2))
    return ends[0], ends[1]


def rescaled(
    data: Acquaintances, ties: Real, links: Real, count: int, seed: int, progress: Progress | None = None
) -> Real:
    """Replicates of sum ties / sum links by the rescaled bootstrap of Rao, Wu and Yue (1992).

    In each stratum with m units, m - 1 are drawn with replacement and weights multiplied by times drawn m/(m-1). A
    stratum of one unit is kept as it is. Every 250 replicates draw from a Philox stream of their own.
    """
    sums = np.stack([np.bincount(data.unit, ties), np.bincount(data.unit, links)], axis=1)
    home = np.zeros(len(sums), dtype=np.int64)
    home[data.unit] = data.stratum
    strata: list[Whole] = [np.flatnonzero(home == one) for one in np.unique(home)]
    answers = np.empty(count)
    for start in range(0, count, BLOCK):
        block = range(start, min(start + BLOCK, count))
        draw = np.random.Generator(np.random.Philox(key=(seed % (1 << 64), start // BLOCK)))
        scale = np.ones((BLOCK, len(sums)))
        rows = np.arange(BLOCK)[:, None]
        for units in strata:
            if (m := len(units)) > 1:
                drawn = draw.integers(m, size=(BLOCK, m - 1)) + rows * m
                scale[:, units] = np.bincount(drawn.ravel(), minlength=BLOCK * m).reshape(BLOCK, m) * (
                    m / (m - 1)
                )
        scale = scale[: len(block)]
        top, bottom = (scale @ sums).T
        with np.errstate(invalid="ignore", divide="ignore"):
            answers[start : block.stop] = np.where(bottom > 0, top / bottom, np.nan)
        if progress:
            progress(block.stop / count, "replicates")
    return answers
