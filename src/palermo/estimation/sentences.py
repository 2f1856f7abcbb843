"""A result as a paragraph for somebody who decides and is no statistician.

What was counted, what is estimated and how sure, by which method, on what belief, what is doubtful, and whether it may
be published. Numbers are rounded to three figures: more would claim a precision that no such estimate has.
"""

from __future__ import annotations

import math

from palermo.estimation.results import Level, Result, Word

# By method: how it works in half a sentence, after "The estimate ...".
MANNER = {
    "main": "takes the lists to see people independently of one another",
    "stepwise": "allows pairs of lists to see the same people more or less often than by chance, adding one pair at a "
    "time while the overlaps demand it",
    "bic": "comes from the one model, of all that could be built from these lists, that balances closeness to the "
    "overlaps against simplicity best (BIC)",
    "downhill": "comes from the best model found (BIC) in a search from many starting points",
    "average": "averages all models that could be built from these lists, each weighted by how well it does (BIC)",
    "decomposable": "averages many patterns of dependence between the lists, each weighted by its probability "
    "(decomposable graphs, Bayesian)",
    "latent": "supposes a few kinds of people who differ in how easily each list sees them (latent classes, Bayesian)",
    "hierarchical": "averages all hierarchical models, each weighted by its probability (Bayesian)",
    "chao": "is a lower bound: it uses only how many people were seen once and how many twice (Chao)",
    "coverage": "uses the share of the population that the overlaps between lists show to be covered (sample coverage)",
    "closedp": "comes from a model in which people differ in how easily they are seen",
    "strata": "is made in each stratum apart and added up",
    "crossed": "comes from one model of lists and strata together",
    "pooled": "lets lists work differently in each stratum, as far as the data show that they do (partial pooling)",
    "doubly_robust": "compares people of like kind, as far as what is known of them tells, and needs only one of two "
    "sets of chances to be right (doubly robust)",
    "linkage_corrected": "takes into account that records of one person were not always linked, or wrongly (Ding and "
    "Fienberg)",
    "rds-i": "weights people by how recruitment moved between groups and how many people they know (RDS-I)",
    "rds-ii": "weights people by one over the number of people they know (RDS-II, Volz and Heckathorn)",
    "rds-ss": "corrects for people with many contacts being recruited first and only once (Gile's successive sampling)",
    "rds-size": "reads the size from how fast the sample ran out of people with many contacts, beginning with a guess "
    "(successive sampling, Bayesian)",
    "time-location": "weights people by how likely they were to be met at the places and hours drawn by lot "
    "(time-location sampling)",
    "nsum": "compares whom respondents know in the hidden group with whom they know in groups of known size (network "
    "scale-up)",
    "nsum-generalised": "compares whom respondents know in the hidden group with whom they know in groups of known "
    "size, corrected for members who are known less or hide it (generalised network scale-up)",
}
BELIEF = {
    "mse": "Nobody's chance to be on a list may depend on the others in a way that the overlaps cannot show, and those "
    "never seen must be like those seen in this respect.",
    "rds": "People must have recruited those whom they know without choosing by the answer studied, and must have told "
    "truly how many people they know.",
    "nsum": "Respondents must know who of their contacts belongs to the hidden group, and members of the group must "
    "be known by as many people as others are.",
}
ADVICE = {
    Word.PUBLISH: "This figure may be published, with its range.",
    Word.CARE: "This figure may be published with care: only with its range and with the doubts said here.",
    Word.NOT: "This figure should not be published.",
}
LOWER_BOUNDS = {"chao"}
MOST_DOUBTS = 6


def paragraph(result: Result) -> str:
    """The whole explanation. Shows no estimate that a hard caution takes away, unless its reader insisted."""
    parts = [_counted(result)]
    if result.estimate is None:
        parts += _no_estimate(result)
    else:
        parts += [_estimated(result), _range(result), _method(result), _belief(result)]
        if result.forced and result.hard:
            parts.append("It is shown because its reader insisted, against a warning that would withhold it.")
    parts += _doubts(result)
    parts += _verdict(result)
    return " ".join(part for part in parts if part)


def rounded(number: float, least: float = 0, width: float = math.inf) -> str:
    """A count for reading: three figures above a thousand, whole below; never below `least`, what was seen. More
    figures only where the range, `width`, is so narrow that its ends would look alike."""
    if math.isinf(number):
        return "no limit"
    if abs(number) >= 1000:
        step = 10.0 ** (math.floor(math.log10(abs(number))) - 2)
        fine = 10.0 ** (math.floor(math.log10(width)) - 1) if 0 < width < math.inf else step
        step = max(min(step, fine), 1.0)
        number = round(number / step) * step
    return f"{max(round(number), math.ceil(least)):,}"


def share(number: float) -> str:
    """A share as a percentage for reading, with one digit where it matters."""
    percent = 100 * number
    return f"{percent:.0f} %" if round(percent, 1) >= 10 else f"{percent:.1f} %"


def _read(result: Result, number: float) -> str:
    if result.quantity == "share":
        return share(number)
    width = result.interval.upper - result.interval.lower if result.interval else math.inf
    return rounded(number, result.n_observed if result.family == "mse" else 0, width)


def _counted(result: Result) -> str:
    people = "person was" if result.n_observed == 1 else "people were"
    count = f"{result.n_observed:,} {people}"
    if result.family == "mse":
        return f"{count} seen by at least one of the lists."
    if result.method == "time-location":
        return f"{count} met at places and hours that were drawn by lot."
    if result.family == "rds":
        return f"{count} reached by a sample in which people recruit one another."
    return f"{count} asked."


def _estimated(result: Result) -> str:
    assert result.estimate is not None
    said = _read(result, result.estimate)
    if result.quantity == "share":
        whom = _group(result)
        return f"An estimated {said} of the population studied {f'are {whom}' if whom else 'belong to this group'}."
    if result.family == "nsum":
        return f"The hidden group is estimated at about {said} people."
    if result.family != "mse":
        return f"The population studied is estimated at about {said} people."
    least = "at least " if result.method in LOWER_BOUNDS else ""
    text = f"With those never seen, the whole population is estimated at {least or 'about '}{said} people"
    unseen = result.estimate / result.n_observed - 1 if result.n_observed else 0
    if unseen >= 1.5:
        return f"{text}: for each person seen, {least or 'about '}{unseen:.0f} were not."
    return (
        f"{text}, of whom {least or 'about '}{rounded(result.estimate - result.n_observed)} were never seen."
    )


def _group(result: Result) -> str:
    outcome = str(result.settings.get("outcome", ""))
    value = str(result.settings.get("value", ""))
    return (
        f"“{value}” ({outcome})" if value and outcome else f"“{value or outcome}”" if value or outcome else ""
    )


def _range(result: Result) -> str:
    interval = result.interval
    if interval is None:
        return "No range was computed, so nothing is said about how sure this is."
    percent = f"{100 * interval.level:g} %"
    low, high = _read(result, interval.lower), _read(result, interval.upper)
    if math.isinf(interval.upper):
        return f"The range ({percent}) begins at {low} and has no upper end: the lists cannot say how many at most."
    if interval.kind == "credible":
        return f"If the method's beliefs hold, the truth lies between {low} and {high} with a probability of {percent}."
    return (
        f"The range goes from {low} to {high} ({percent}): of a hundred such studies, "
        f"about {100 * interval.level:.0f} would give a range that holds the truth."
    )


def _method(result: Result) -> str:
    manner = MANNER.get(result.method)
    return f"The estimate {manner}." if manner else f"The method is “{result.method}”."


def _belief(result: Result) -> str:
    beliefs = result.assumptions or ((BELIEF[result.family],) if result.family in BELIEF else ())
    if not beliefs:
        return ""
    return "It stands on what these data cannot prove. " + " ".join(map(_sentence, beliefs))


def _no_estimate(result: Result) -> list[str]:
    hard = [caution for caution in result.cautions if caution.level is Level.HARD]
    said = "There is no estimate that may be given."
    return [said if hard else f"{said} The method “{result.method}” has no answer for these data."]


def _doubts(result: Result) -> list[str]:
    weighed = [caution for caution in result.cautions if caution.level is not Level.NOTE]
    weighed.sort(key=lambda caution: caution.level is not Level.HARD)
    if not weighed:
        return []
    kept = list(dict.fromkeys(_sentence(caution.message) for caution in weighed))
    opening = "The reason:" if result.estimate is None and result.hard else "What is doubtful:"
    more = len(kept) - MOST_DOUBTS
    return [
        opening,
        *kept[:MOST_DOUBTS],
        *([f"And {more} more, listed with the result."] if more > 0 else []),
    ]


def _verdict(result: Result) -> list[str]:
    if result.verdict is None:
        return []
    told = " ".join(caution.message for caution in result.cautions)
    reasons = [_sentence(one) for one in result.verdict.reasons if one.rstrip(".") not in told]
    return [ADVICE[result.verdict.word], *reasons[:MOST_DOUBTS]]


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
