"""Network scale-up: reading the survey and the sizes of the known groups, choosing the estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from palermo.estimating.inputs import Refused, option_problems, read
from palermo.estimation import BadOptions, Options, Problem, Result
from palermo.estimation.estimators import NSUM
from palermo.estimation.networks.survey import read as read_survey
from palermo.saying import phrase

CORRECTIONS = ("tau", "delta", "visibility")


def known_sizes(said: Sequence[str]) -> tuple[dict[str, float], list[Problem]]:
    """Groups and their sizes from words such as "nurses=300", and what is wrong with them."""
    sizes: dict[str, float] = {}
    wrong = []
    for word in [one.strip() for several in said for one in several.split(",")]:
        name, _, size = word.rpartition("=")
        try:
            sizes[name.strip()] = float(size)
        except ValueError:
            name = ""
        if not name:
            told = phrase("name a column and the size of its group, such as nurses=300")
            wrong.append(Problem("options", told, column="--known", value=word))
    return sizes, wrong


def estimate(
    file: str,
    options: Options,
    known: Sequence[str],
    population: float,
    *,
    hidden: str,
    design: Mapping[str, str],
    step: Callable[[float, str], None] | None = None,
) -> Result:
    """The estimate: the basic one, or the generalised one where a correction is among the options. `design` names the
    columns of weight, stratum and unit. Raises Refused with everything wrong in the options and the file."""
    sizes, wrong = known_sizes(known)
    wrong = [*option_problems(options), *wrong]
    if wrong:
        raise Refused.inside("", wrong)
    survey = read(
        file, lambda lines: read_survey(lines, sizes=sizes, hidden=hidden, population=population, **design)
    )
    name = "nsum-generalised" if any(one in options.more for one in CORRECTIONS) else "nsum"
    try:
        return NSUM[name].estimate(survey, options, progress=step)
    except BadOptions as error:
        raise Refused.inside(file, [Problem("options", error.message)]) from None


def as_json(result: Result) -> dict[str, Any]:
    """The result, and each known group estimated from the others."""
    return result.as_json() | {"known_groups": result.as_json()["diagnostics"]["known_groups"]}
