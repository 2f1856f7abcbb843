"""Any registered estimator in each stratum, and the total; the way in to crossed and pooled models too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from palermo.estimation.estimators import Estimator, Options, Progress, mse
from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.linkage_error import unseen_sides
from palermo.estimation.mse.refitting import totals_of_counts
from palermo.estimation.mse.replicates import stream
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.mse.totals import name, summed
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Level, Result
from palermo.saying import Sentence, phrase

REPLICATES = 200
# Their own intervals say it all, and running them again hundreds of times would take hours.
POSTERIOR = ("decomposable", "hierarchical", "latent")
POSTERIOR_DRAWS = 4000
ASSUMPTIONS = (
    phrase(
        "Within each stratum the estimator's own beliefs hold; nobody belongs to two strata or moves between them."
    ),
)


def estimate(data: StratifiedTable, options: Options, *, progress: Progress | None = None) -> Result:
    """The total over strata. `more["how"]`: "separate" (default; `more["estimator"]` names the estimator of each
    stratum, default "main"), "crossed" (one log-linear model of lists and dimensions) or "pooled" (list effects that
    vary between strata as much as the data say)."""
    how = options.more.get("how", "separate")
    if how == "crossed":
        from palermo.estimation.mse.crossed import estimate as crossed

        return crossed(data, options, progress=progress)
    if how == "pooled":
        from palermo.estimation.mse.pooling import estimate as pooled

        return pooled(data, options, progress=progress)
    if how != "separate":
        raise BadOptions(
            phrase('strata are estimated "separate", "crossed" or "pooled", not "{how}"', how=how)
        )
    return separate(data, options, progress=progress)


def separate(data: StratifiedTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Each stratum by itself; the interval of the total from a bootstrap that draws all strata together."""
    estimator = mse(str(options.more.get("estimator", "main")))
    inner = replace(
        options, bootstrap=0, more={k: v for k, v in options.more.items() if k not in ("how", "estimator")}
    )
    counts = whole(data.completed())
    observed = counts.sum(axis=1).astype(float)
    tables = [data.table(s, None if not data.partial else counts[s]) for s in range(len(data.keys))]
    results = [_one(estimator, table, inner) for table in tables]
    values = np.array([_value(one) for one in results])
    for s, table in enumerate(tables):
        if table is not None:  # suppressed cells count with their lower ends, as everywhere
            observed[s] = max(observed[s], table.n)
    replicates = REPLICATES if options.bootstrap is None else options.bootstrap
    posterior = estimator.name in POSTERIOR
    if posterior:
        draws: Numbers | None = _from_posteriors(results, options.seed)
    else:
        draws = _draws(data, tables, values, estimator, inner, replicates, options.seed, progress)
    return summed(
        data, observed, values, draws, method="strata", options=options,
        kind="credible" if posterior else "percentile",
        settings={"how": "separate", "estimator": estimator.name, "bootstrap": replicates, "order": options.order},
        assumptions=ASSUMPTIONS,
        diagnostics={"models": {name(data, s): one.model for s, one in enumerate(results) if one and one.model}},
        cautions=_gathered(data, results, repeated=replicates > 0),
    )  # fmt: skip


def whole(counts: Numbers) -> Numbers:
    """Shared-out counts as whole numbers: rounded down, the largest remainders up, until each history keeps its
    total."""
    down = np.floor(counts + 1e-9)
    rest = np.rint(counts.sum(axis=0) - down.sum(axis=0)).astype(int)
    order = np.argsort(-(counts - down), axis=0, kind="stable")
    for mask in np.flatnonzero(rest):
        down[order[: rest[mask], mask], mask] += 1
    return down


def _one(estimator: Estimator, table: CaptureTable | None, options: Options) -> Result | None:
    if table is None:
        return None
    try:
        return estimator.estimate(table, options)
    except BadOptions:
        return None


def _value(result: Result | None) -> float:
    return np.nan if result is None or result.estimate is None else float(result.estimate)


def _draws(
    data: StratifiedTable, tables: list[CaptureTable | None], values: Numbers, estimator: Estimator,
    options: Options, replicates: int, seed: int, progress: Progress | None,
) -> Numbers | None:  # fmt: skip
    """Replicates by stratum: round(N) people fall into the cells as observed, or are not seen; then estimated anew.

    Holding N gives the number seen its own variation. Strata without an estimate stay NaN-free by standing at 0.
    """
    if not replicates:
        return None
    found = np.zeros((replicates, len(tables)))
    drawn = {s: np.zeros((replicates, len(table.counts)), np.int64)
             for s, table in enumerate(tables) if table is not None and np.isfinite(values[s])}  # fmt: skip
    for number in range(replicates):
        generator = stream(seed, number)
        for s, rows in drawn.items():
            shares = tables[s].counts.astype(float)  # type: ignore[union-attr]
            people = max(round(values[s]), int(shares.sum()))
            shares[0] = people - shares.sum()
            rows[number] = generator.multinomial(people, shares / shares.sum())
            rows[number, 0] = 0
    for done, (s, rows) in enumerate(drawn.items(), 1):
        found[:, s] = totals_of_counts(rows, tables[s].lists, estimator.name, options)  # type: ignore[union-attr]
        if progress:
            progress(done / len(drawn), "strata are drawn anew")
    return found


def _from_posteriors(results: list[Result | None], seed: int) -> Numbers:
    """Draws by stratum from a log-normal of the unseen whose two sides are those of the stratum's own interval; strata
    are independent of each other."""
    steps = stream(seed, 0).standard_normal((POSTERIOR_DRAWS, len(results)))
    found = np.zeros(steps.shape)
    for s, result in enumerate(results):
        if result is not None and result.estimate is not None:
            centre, below, above = unseen_sides(result)
            spread = np.where(steps[:, s] < 0, below, above)
            with np.errstate(over="ignore", invalid="ignore"):
                found[:, s] = result.n_observed + np.exp(
                    centre + np.where(spread > 0, steps[:, s] * spread, 0.0)
                )
    return found


def _inside(names: list[str], message: str) -> Sentence:
    if len(names) > 5:
        return phrase("In {strata} and others: {told}", strata=[[one] for one in names[:5]], told=message)
    return phrase("In {strata}: {told}", strata=[[one] for one in names], told=message)


def _gathered(data: StratifiedTable, results: list[Result | None], *, repeated: bool) -> list[Caution]:
    """What the estimator said of single strata, once for each code; hard ones are told by the missing estimate.

    With replicates the choice of a model is repeated in each of them, so what is said of a single fit does not hold.
    """
    where: dict[str, list[str]] = {}
    first: dict[str, Caution] = {}
    for s, result in enumerate(results):
        for one in result.cautions if result else ():
            where.setdefault(one.code, []).append(name(data, s))
            first.setdefault(one.code, one)
    return [
        Caution(
            code, Level.CARE if first[code].level is Level.HARD else first[code].level,
            _inside(names, first[code].message),
            {"strata": names},
        )
        for code, names in where.items()
        if not (repeated and code == "conditional_on_model")
    ]  # fmt: skip
