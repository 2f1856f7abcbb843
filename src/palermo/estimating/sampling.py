"""Respondent-driven samples: reading one, choosing the estimator, what a program gets to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from palermo.estimating.inputs import Refused, option_problems, read
from palermo.estimation import BadOptions, Options, Problem, Result
from palermo.estimation.estimators import RDS
from palermo.estimation.rds.reading import read as read_sample
from palermo.estimation.rds.sample import RecruitmentSample
from palermo.saying import phrase

NAMES = ("rds-i", "rds-ii", "rds-ss", "rds-size")
ALSO = {
    "i": "rds-i", "rds1": "rds-i", "sh": "rds-i", "ii": "rds-ii", "rds2": "rds-ii", "vh": "rds-ii",
    "volz-heckathorn": "rds-ii", "ss": "rds-ss", "gile": "rds-ss", "size": "rds-size",
}  # fmt: skip


def estimate(
    file: str,
    options: Options,
    estimator: str | None,
    *,
    coupons: int | None,
    missing_degrees: str,
    step: Callable[[float, str], None] | None = None,
) -> tuple[RecruitmentSample, Result]:
    """The sample and the share asked for. Raises Refused with everything wrong in the options and the file."""
    usual = "rds-ss" if "population" in options.more else "rds-ii"
    said = (estimator or usual).strip().lower().replace("_", "-")
    name = ALSO.get(said, said)
    wrong = list(option_problems(options))
    if name not in NAMES:
        told = phrase("there is no such estimator; there are {names}", names=list(NAMES))
        wrong.append(Problem("options", told, column="--estimator", value=said))
    if name == "rds-size":
        options, unsaid = _believed(options)
        wrong += unsaid
    outcome = str(options.more["outcome"])
    sample = read(
        file,
        lambda lines: read_sample(
            lines, outcomes=[outcome], coupons=coupons, missing_degrees=missing_degrees
        ),
        wrong,
    )
    try:
        return sample, RDS[name].estimate(sample, options, progress=step)
    except BadOptions as error:
        raise Refused.inside(file, [Problem("options", error.message)]) from None


def _believed(options: Options) -> tuple[Options, list[Problem]]:
    """The size given on the command line is here what was believed before the data were seen."""
    if "population" not in options.more:
        told = phrase("say what was believed of the size before: the sample alone does not tell it")
        return options, [Problem("options", told, column="--population")]
    return replace(options, more={**options.more, "prior_median": options.more["population"]}), []


def as_json(result: Result) -> dict[str, Any]:
    """The result of the group asked for, and above its diagnostics the shares of all groups."""
    found = result.as_json()
    shares = found["diagnostics"].get("shares", []) if found["estimate"] is not None else []
    return found | {
        "outcome": result.settings.get("outcome"),
        "group": result.settings.get("value"),
        "shares": shares,
    }
