"""A result as a paragraph for somebody who decides and is no statistician.

What was counted, what is estimated and how sure, by which method, on what belief, what is doubtful, and whether it may
be published. Numbers are rounded to three figures: more would claim a precision that no such estimate has. Every
sentence remembers its template (saying.py), so that the paragraph can be said in any language.
"""

from __future__ import annotations

import math

from palermo.estimation.results import Level, Result, Word
from palermo.saying import ENGLISH, NO_LIMIT, Sentence, Tongue, phrase, phrases, told

# By method: how it works in half a sentence.
MANNER = {
    "main": phrase("The estimate takes the lists to see people independently of one another."),
    "stepwise": phrase(
        "The estimate allows pairs of lists to see the same people more or less often than by chance, adding one "
        "pair at a time while the overlaps demand it."
    ),
    "bic": phrase(
        "The estimate comes from the one model, of all that could be built from these lists, that balances "
        "closeness to the overlaps against simplicity best (BIC)."
    ),
    "downhill": phrase(
        "The estimate comes from the best model found (BIC) in a search from many starting points."
    ),
    "average": phrase(
        "The estimate averages all models that could be built from these lists, each weighted by how well it does "
        "(BIC)."
    ),
    "decomposable": phrase(
        "The estimate averages many patterns of dependence between the lists, each weighted by its probability "
        "(decomposable graphs, Bayesian)."
    ),
    "latent": phrase(
        "The estimate supposes a few kinds of people who differ in how easily each list sees them (latent "
        "classes, Bayesian)."
    ),
    "hierarchical": phrase(
        "The estimate averages all hierarchical models, each weighted by its probability (Bayesian)."
    ),
    "chao": phrase(
        "The estimate is a lower bound: it uses only how many people were seen once and how many twice (Chao)."
    ),
    "coverage": phrase(
        "The estimate uses the share of the population that the overlaps between lists show to be covered (sample "
        "coverage)."
    ),
    "closedp": phrase("The estimate comes from a model in which people differ in how easily they are seen."),
    "strata": phrase("The estimate is made in each stratum apart and added up."),
    "crossed": phrase("The estimate comes from one model of lists and strata together."),
    "pooled": phrase(
        "The estimate lets lists work differently in each stratum, as far as the data show that they do (partial "
        "pooling)."
    ),
    "doubly_robust": phrase(
        "The estimate compares people of like kind, as far as what is known of them tells, and needs only one of "
        "two sets of chances to be right (doubly robust)."
    ),
    "linkage_corrected": phrase(
        "The estimate takes into account that records of one person were not always linked, or wrongly (Ding and "
        "Fienberg)."
    ),
    "rds-i": phrase(
        "The estimate weights people by how recruitment moved between groups and how many people they know "
        "(RDS-I)."
    ),
    "rds-ii": phrase(
        "The estimate weights people by one over the number of people they know (RDS-II, Volz and Heckathorn)."
    ),
    "rds-ss": phrase(
        "The estimate corrects for people with many contacts being recruited first and only once (Gile's "
        "successive sampling)."
    ),
    "rds-size": phrase(
        "The estimate reads the size from how fast the sample ran out of people with many contacts, beginning "
        "with a guess (successive sampling, Bayesian)."
    ),
    "time-location": phrase(
        "The estimate weights people by how likely they were to be met at the places and hours drawn by lot "
        "(time-location sampling)."
    ),
    "nsum": phrase(
        "The estimate compares whom respondents know in the hidden group with whom they know in groups of known "
        "size (network scale-up)."
    ),
    "nsum-generalised": phrase(
        "The estimate compares whom respondents know in the hidden group with whom they know in groups of known "
        "size, corrected for members who are known less or hide it (generalised network scale-up)."
    ),
}
BELIEF = {
    "mse": phrase(
        "Nobody's chance to be on a list may depend on the others in a way that the overlaps cannot show, and "
        "those never seen must be like those seen in this respect."
    ),
    "rds": phrase(
        "People must have recruited those whom they know without choosing by the answer studied, and must have "
        "told truly how many people they know."
    ),
    "nsum": phrase(
        "Respondents must know who of their contacts belongs to the hidden group, and members of the group must "
        "be known by as many people as others are."
    ),
}
ADVICE = {
    Word.PUBLISH: phrase("This figure may be published, with its range."),
    Word.CARE: phrase(
        "This figure may be published with care: only with its range and with the doubts said here."
    ),
    Word.NOT: phrase("This figure should not be published."),
}
LOWER_BOUNDS = {"chao"}
MOST_DOUBTS = 6


def paragraph(result: Result, tongue: Tongue = ENGLISH) -> str:
    """The whole explanation. Shows no estimate that a hard caution takes away, unless its reader insisted."""
    parts: list[str] = [_counted(result)]
    if result.estimate is None:
        parts += _no_estimate(result)
    else:
        parts += [_estimated(result), _range(result), *_linkage(result), _method(result), *_belief(result)]
        if result.forced and result.hard:
            parts.append(
                phrase("It is shown because its reader insisted, against a warning that would withhold it.")
            )
    parts += _doubts(result)
    parts += _verdict(result)
    return " ".join(told(part, tongue) for part in parts)


def rounded(number: float, least: float = 0, width: float = math.inf) -> str:
    """A count for reading, in English."""
    return str(phrase("{count}", count=count(number, least, width)))


def count(number: float, least: float = 0, width: float = math.inf) -> int | Sentence:
    """A count for reading: three figures above a thousand, whole below; never below `least`, what was seen. More
    figures only where the range, `width`, is so narrow that its ends would look alike."""
    if math.isinf(number):
        return NO_LIMIT
    if abs(number) >= 1000:
        step = 10.0 ** (math.floor(math.log10(abs(number))) - 2)
        fine = 10.0 ** (math.floor(math.log10(width)) - 1) if 0 < width < math.inf else step
        step = max(min(step, fine), 1.0)
        number = round(number / step) * step
    return max(round(number), math.ceil(least))


def share(number: float) -> Sentence:
    """A share as a percentage for reading, with one digit where it matters."""
    fine = round(100 * number, 1) >= 10
    return Sentence("{share:.0%}" if fine else "{share:.1%}", "", {"share": number})


def _read(result: Result, number: float) -> int | Sentence:
    if result.quantity == "share":
        return share(number)
    width = result.interval.upper - result.interval.lower if result.interval else math.inf
    return count(number, result.n_observed if result.family == "mse" else 0, width)


def _counted(result: Result) -> Sentence:
    n = result.n_observed
    if result.family == "mse":
        return phrases(
            "{n} person was seen by at least one of the lists.",
            "{n} people were seen by at least one of the lists.",
            n,
        )
    if result.method == "time-location":
        return phrases(
            "{n} person was met at places and hours that were drawn by lot.",
            "{n} people were met at places and hours that were drawn by lot.", n,
        )  # fmt: skip
    if result.family == "rds":
        return phrases(
            "{n} person was reached by a sample in which people recruit one another.",
            "{n} people were reached by a sample in which people recruit one another.", n,
        )  # fmt: skip
    return phrases("{n} person was asked.", "{n} people were asked.", n)


def _estimated(result: Result) -> Sentence:
    assert result.estimate is not None
    said = _read(result, result.estimate)
    if result.quantity == "share":
        return _share_of(result, said)
    if result.family == "nsum":
        return phrase("The hidden group is estimated at about {people} people.", people=said)
    if result.family != "mse":
        return phrase("The population studied is estimated at about {people} people.", people=said)
    unseen = result.estimate / result.n_observed - 1 if result.n_observed else 0
    if unseen >= 1.5:
        return _many_unseen(result, said, unseen)
    never = count(result.estimate - result.n_observed)
    if result.method in LOWER_BOUNDS:
        return phrase(
            "With those never seen, the whole population is estimated at at least {people} people, of whom at least "
            "{never} were never seen.", people=said, never=never,
        )  # fmt: skip
    return phrase(
        "With those never seen, the whole population is estimated at about {people} people, of whom "
        "about {never} were "
        "never seen.", people=said, never=never,
    )  # fmt: skip


def _many_unseen(result: Result, people: int | Sentence, unseen: float) -> Sentence:
    if result.method in LOWER_BOUNDS:
        return phrase(
            "With those never seen, the whole population is estimated at at least {people} people: "
            "for each person seen, "
            "at least {unseen:.0f} were not.", people=people, unseen=unseen,
        )  # fmt: skip
    return phrase(
        "With those never seen, the whole population is estimated at about {people} people: for each "
        "person seen, about "
        "{unseen:.0f} were not.", people=people, unseen=unseen,
    )  # fmt: skip


def _share_of(result: Result, said: int | Sentence) -> Sentence:
    outcome = str(result.settings.get("outcome", ""))
    value = str(result.settings.get("value", ""))
    if value and outcome:
        return phrase(
            "An estimated {share} of the population studied are “{value}” ({outcome}).",
            share=said, value=value, outcome=outcome,
        )  # fmt: skip
    if value or outcome:
        return phrase(
            "An estimated {share} of the population studied are “{value}”.",
            share=said,
            value=value or outcome,
        )
    return phrase("An estimated {share} of the population studied belong to this group.", share=said)


def _range(result: Result) -> Sentence:
    interval = result.interval
    if interval is None:
        return phrase("No range was computed, so nothing is said about how sure this is.")
    found = {"level": interval.level, "low": _read(result, interval.lower)}
    if math.isinf(interval.upper):
        return phrase(
            "The range ({level:g%}) begins at {low} and has no upper end: the lists cannot say how many at most.",
            **found,
        )
    found["high"] = _read(result, interval.upper)
    if interval.kind == "credible":
        return phrase(
            "If the method's beliefs hold, the truth lies between {low} and {high} with a probability of {level:g%}.",
            **found,
        )
    return phrase(
        "The range goes from {low} to {high} ({level:g%}): of a hundred such studies, about {times:.0f} would give a "
        "range that holds the truth.", **found, times=100 * interval.level,
    )  # fmt: skip


def _linkage(result: Result) -> list[str]:
    part = result.diagnostics.get("linkage_share")
    if part is None or result.interval is None:
        return []
    return [
        phrase(
            "It was estimated over {draws} draws of who is whom; {share} of the doubt (as a variance) comes from not "
            "knowing that for sure.", draws=result.settings.get("draws", 0), share=share(part),
        )
    ]  # fmt: skip


def _method(result: Result) -> Sentence:
    return MANNER.get(result.method) or phrase("The method is “{method}”.", method=result.method)


def _belief(result: Result) -> list[str]:
    beliefs = result.assumptions or ((BELIEF[result.family],) if result.family in BELIEF else ())
    return [phrase("It stands on what these data cannot prove."), *map(_sentence, beliefs)] if beliefs else []


def _no_estimate(result: Result) -> list[str]:
    said: list[str] = [phrase("There is no estimate that may be given.")]
    if not result.hard:
        said.append(phrase("The method “{method}” has no answer for these data.", method=result.method))
    return said


def _doubts(result: Result) -> list[str]:
    weighed = [caution for caution in result.cautions if caution.level is not Level.NOTE]
    weighed.sort(key=lambda caution: caution.level is not Level.HARD)
    if not weighed:
        return []
    kept = list(dict.fromkeys(_sentence(caution.message) for caution in weighed))
    opening = (
        phrase("The reason:") if result.estimate is None and result.hard else phrase("What is doubtful:")
    )
    more = len(kept) - MOST_DOUBTS
    rest = phrases("And {n} more, listed with the result.", "And {n} more, listed with the result.", more)
    return [opening, *kept[:MOST_DOUBTS], *([rest] if more > 0 else [])]


def _verdict(result: Result) -> list[str]:
    if result.verdict is None:
        return []
    heard = " ".join(caution.message for caution in result.cautions)
    reasons = [_sentence(one) for one in result.verdict.reasons if one.rstrip(".") not in heard]
    return [ADVICE[result.verdict.word], *reasons[:MOST_DOUBTS]]


def _sentence(text: str) -> str:
    """The text with a capital and a full stop; what was made from a template has them."""
    if isinstance(text, Sentence):
        return text
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
