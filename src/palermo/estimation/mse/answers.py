"""The result of an estimator that fits one log-linear model, however it was chosen: number, interval, cautions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse import fitting, intervals, models
from palermo.estimation.mse.fitting import Fit
from palermo.estimation.mse.replicates import Selector
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.problems import BadOptions
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase, phrases, together

LEVELS = (0.5, 0.9999)
FEW_REPLICATES = 200


def answer(
    table: CaptureTable,
    options: Options,
    method: str,
    found: Fit,
    selector: Selector,
    many: int,
    *,
    beliefs: tuple[str, ...],
    settings: Mapping[str, Any],
    figures: Mapping[str, Any],
    chosen: bool,
    progress: Progress | None = None,
) -> Result:
    """The result of a fit with `many` replicates of the selection behind its interval (0: profile likelihood).

    `chosen` says that the model was chosen from the data, so that an interval that takes it as given needs a caution.
    """
    check(options, many)
    ends, cautions, more = _ends(table, options, found, selector, many, chosen, progress)
    if progress:
        progress(1.0, "the interval is found")
    return Result(
        method=method, family="mse", value=found.N, interval=ends, n_observed=table.n,
        model=models.text(found.model), data_hash=table.hash, seed=options.seed,
        settings={**settings, "bootstrap": many, "level": options.level}, assumptions=beliefs,
        diagnostics={**_described(table, found), **figures, **more},
        cautions=(*table.cautions, *fit_cautions(table, found), *cautions),
    )  # fmt: skip


def check(options: Options, many: int) -> None:
    """Raises BadOptions for a level or a number of replicates that makes no sense."""
    if not LEVELS[0] <= options.level <= LEVELS[1]:
        raise BadOptions(
            phrase(
                "the level is a share from {least} to {most}; {level} was given",
                least=LEVELS[0],
                most=LEVELS[1],
                level=options.level,
            )
        )
    if many < 0:
        raise BadOptions(phrase("the number of replicates is 0 or more; {many} was given", many=many))
    if options.threads < 1:
        raise BadOptions(
            phrase("at least one thread is needed; {threads} was given", threads=options.threads)
        )


def _ends(
    table: CaptureTable, options: Options, found: Fit, selector: Selector, many: int, chosen: bool,
    progress: Progress | None,
) -> tuple[Interval | None, tuple[Caution, ...], dict[str, Any]]:  # fmt: skip
    """Interval, cautions and figures."""
    if found.N is None:
        return None, (), _without(table, found, options.level)
    more = {"wald": _pair(intervals.wald(found, options.level))}
    if many:
        hidden = fitting.hidden_counts(table, found.fitted)
        ends = intervals.selected(table, selector, found.N, many, options, hidden=hidden, progress=progress)
        few = (_few(many),) if many < FEW_REPLICATES else ()
        return ends.interval, (*ends.cautions, *few), {**more, **ends.figures}
    given = (CONDITIONAL,) if chosen else ()
    if table.suppressed:
        return intervals.wald(found, options.level), (*given, AS_IF_COUNTED), more
    interval, top = intervals.profile(found, options.level)
    endless = (ENDLESS,) if math.isinf(interval.upper) else ()
    return interval, (*given, *endless), {**more, "profile_estimate": top}


def _without(table: CaptureTable, found: Fit, level: float) -> dict[str, Any]:
    """What can be said where there is no estimate: the numbers that the profile likelihood does not exclude."""
    if found.exists or not found.identifiable or table.suppressed:
        return {}
    interval, _top = intervals.profile(found, level)
    return {"not_excluded": _pair(interval)}


def fit_cautions(table: CaptureTable, found: Fit) -> Iterable[Caution]:
    """What must be said of a fit: why it has no estimate, which overlaps it takes to be impossible."""
    if found.existence is not None and not found.existence.fine:
        codes = [("no_mle", not found.exists), ("not_identifiable", not found.identifiable)]
        said = found.existence.sentences(table.lists)
        for code, holds in codes:
            if holds:
                yield Caution(
                    code, Level.HARD, together(NO_ESTIMATE[code], *said), {"code": found.existence.code}
                )
    elif found.N is None and table.suppressed:
        yield Caution("no_mle", Level.HARD, together(NO_ESTIMATE["no_mle"], HIDDEN_TO_AN_END))
    elif found.N is None:
        yield Caution("not_converged", Level.HARD, NOT_CONVERGED)
    elif found.minus_infinity:
        named = [[table.lists[j] for j in models.members(t)] for t in found.minus_infinity]
        yield Caution(
            "empty_overlap", Level.NOTE,
            phrase(
                "Nobody is on these lists at once, and the model takes that to be impossible: {named}.",
                named=named,
            ),
            {"terms": [models.term_text(t, dots=table.k >= models.DOTS_FROM) for t in found.minus_infinity]},
        )  # fmt: skip
    if table.suppressed:
        yield Caution(
            "suppressed_counts", Level.NOTE,
            phrases(
                "{n} count is known only to lie between two ends. It is estimated with the model, and replicates "
                "draw it anew.",
                "{n} counts are known only to lie between two ends. They are estimated with the model, and "
                "replicates draw them anew.",
                len(table.suppressed),
            ), {"histories": len(table.suppressed)},
        )  # fmt: skip


def _described(table: CaptureTable, found: Fit) -> dict[str, Any]:
    if found.N is None:
        return {}
    return {
        "unseen": found.n0, "aic": found.aic, "bic": found.bic, "log_likelihood": found.loglik,
        "parameters": len(found.model), "coefficients": fitting.coefficients(found, table.lists),
    }  # fmt: skip


def _pair(interval: Interval) -> list[float]:
    return [interval.lower, interval.upper]


NO_ESTIMATE = {
    "no_mle": phrase("This model has no estimate on these data."),
    "not_identifiable": phrase("These data do not determine the number of unseen people under this model."),
}
HIDDEN_TO_AN_END = phrase(
    "It fits the better the closer the suppressed counts come to zero, and without them too little overlap is "
    "left. Ask for the counts themselves."
)
NOT_CONVERGED = phrase(
    "The search for the best fit did not come to an end, although an estimate exists. Report the table as a fault."
)
CONDITIONAL = Caution(
    "conditional_on_model", Level.CARE,
    phrase(
        "The interval takes the chosen model as if it had been known before; it is too narrow. Use replicates "
        "(bootstrap) to repeat the choice."
    ),
)  # fmt: skip
AS_IF_COUNTED = Caution(
    "suppressed_as_counted", Level.CARE,
    phrase(
        "The interval takes the estimated suppressed counts as counted; it is too narrow. Use replicates "
        "(bootstrap)."
    ),
)  # fmt: skip
ENDLESS = Caution(
    "no_upper_end", Level.CARE,
    phrase(
        "The data do not exclude any large number: the interval has no upper end. Only the lower end may be used."
    ),
)  # fmt: skip


def _few(many: int) -> Caution:
    return Caution(
        "few_replicates", Level.CARE,
        phrases(
            "Only {n} replicate was drawn; the ends of the interval are unstable. Use 1,000 or more.",
            "Only {n} replicates were drawn; the ends of the interval are unstable. Use 1,000 or more.",
            many,
        ),
        {"replicates": many},
    )  # fmt: skip
