"""From answers to a suggestion: a pure rule that anybody can read, and that decides nothing.

An element is *present* when an answer shows it, *absent* only when every question that could show it was
answered "no", and otherwise *not known*. Nothing unanswered ever counts as "no".

Sources: TIP Protocol art. 3(a)-(d); SOM Protocol art. 3(a), 6(1), 6(3); CoE Convention art. 10(3); the ILO
operational indicators (2009) for the combination of weights.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

RULE_VERSION = "1.0"

YES, NO = "yes", "no"
PRESENT, ABSENT, NOT_KNOWN = "present", "absent", "not_known"
SHOWS, POINTS = "shows", "points"
WEIGHTS = (SHOWS, POINTS)

ACT, MEANS, PURPOSE, CHILD = "act", "means", "purpose", "child"
CONDUCT, FOREIGN, BENEFIT = "conduct", "foreign", "benefit"
DANGER, DEGRADING = "danger", "degrading"
ELEMENTS = (ACT, MEANS, PURPOSE, CHILD, CONDUCT, FOREIGN, BENEFIT, DANGER, DEGRADING)
ARTICLES = {
    ACT: "TIP Protocol art. 3(a)",
    MEANS: "TIP Protocol art. 3(a)-(b)",
    PURPOSE: "TIP Protocol art. 3(a)",
    CHILD: "TIP Protocol art. 3(c)-(d); CoE Convention art. 10(3)",
    CONDUCT: "SOM Protocol art. 3(a)-(b), 6(1)(c)",
    FOREIGN: "SOM Protocol art. 3(a)",
    BENEFIT: "SOM Protocol art. 3(a)",
    DANGER: "SOM Protocol art. 6(3)(a)",
    DEGRADING: "SOM Protocol art. 6(3)(b)",
}

# Codes of palermo/crime in the standards data.
TIP, SOM, AGGRAVATED_SOM, BOTH, NEITHER_YET = "tip", "som", "aggravated_som", "tip_and_som", "neither_yet"
OUTCOMES = (TIP, SOM, AGGRAVATED_SOM, BOTH, NEITHER_YET)


class Asked(Protocol):
    """What the rule needs to know of a question."""

    @property
    def code(self) -> str: ...
    @property
    def element(self) -> str: ...
    @property
    def weight(self) -> str: ...
    @property
    def ilo(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Indicator:
    """An ILO operational indicator: its dimension and weights (strong, medium, weak or empty)."""

    dimension: str
    adult: str
    child: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one element, the answers that say so, and the article it comes from."""

    element: str
    state: str
    because: tuple[str, ...]
    article: str
    by_indicators: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the answers point to, with the state of every element behind it. It decides nothing."""

    outcome: str
    child_rule: bool
    aggravated: bool
    findings: tuple[Finding, ...]
    positive_dimensions: tuple[str, ...]
    rule_version: str = RULE_VERSION

    def finding(self, element: str) -> Finding:
        """The finding about `element`."""
        return next(found for found in self.findings if found.element == element)

    def state(self, element: str) -> str:
        """present, absent or not_known."""
        return self.finding(element).state


def positive_dimensions(
    answers: Mapping[str, str],
    questions: Iterable[Asked],
    indicators: Mapping[str, Indicator],
    *,
    child: bool,
) -> dict[str, tuple[str, ...]]:
    """Dimensions that are positive by the ILO rule, each with the codes of the "yes" answers behind it.

    Positive: two strong; or one strong and one other; or three medium; or two medium and one weak.
    """
    yes: dict[str, list[tuple[str, str]]] = {}
    for question in questions:
        if question.ilo and answers.get(question.code) == YES:
            indicator = indicators[question.ilo]
            weight = indicator.child if child else indicator.adult
            if weight in ("strong", "medium", "weak"):
                yes.setdefault(indicator.dimension, []).append((weight, question.code))
    found: dict[str, tuple[str, ...]] = {}
    for dimension, rows in yes.items():
        weights = [weight for weight, _code in rows]
        strong, medium, weak = (weights.count(name) for name in ("strong", "medium", "weak"))
        if strong >= 2 or (strong and medium + weak) or medium >= 3 or (medium == 2 and weak):
            found[dimension] = tuple(code for _weight, code in rows)
    return found


def _finding(
    element: str,
    answers: Mapping[str, str],
    questions: tuple[Asked, ...],
    indicators: Mapping[str, Indicator],
    positive: Mapping[str, tuple[str, ...]],
) -> Finding:
    """The state of one element from its own questions, then from the ILO dimensions that concern it."""
    mine = [q for q in questions if q.element == element]
    showing = [q for q in mine if q.weight != POINTS]
    yes = tuple(q.code for q in showing if answers.get(q.code) == YES)
    article = ARTICLES[element]
    if yes:
        return Finding(element, PRESENT, yes, article)
    dimensions = {indicators[q.ilo].dimension for q in mine if q.ilo}
    through = tuple(code for name, codes in positive.items() if name in dimensions for code in codes)
    if through:
        return Finding(element, PRESENT, through, article, by_indicators=True)
    if showing and all(answers.get(q.code) == NO for q in showing):
        return Finding(element, ABSENT, tuple(q.code for q in showing), article)
    return Finding(element, NOT_KNOWN, (), article)


def _outcome(states: Mapping[str, str], child: bool, aggravated: bool) -> str:
    """The code of palermo/crime: TIP needs act, means (not for a child) and purpose; SOM its own three."""
    trafficking = states[ACT] == states[PURPOSE] == PRESENT and (child or states[MEANS] == PRESENT)
    smuggling = states[CONDUCT] == states[FOREIGN] == states[BENEFIT] == PRESENT
    if trafficking and smuggling:
        return BOTH
    if trafficking:
        return TIP
    if smuggling:
        return AGGRAVATED_SOM if aggravated else SOM
    return NEITHER_YET


def suggest(
    answers: Mapping[str, str], questions: Iterable[Asked], indicators: Mapping[str, Indicator]
) -> Suggestion:
    """What `answers` (question code -> yes or no; anything else is not known) point to.

    The intent to exploit is enough for the purpose; consent does not matter once a means was used
    (TIP Protocol art. 3(b)); a child, or a person who may be one, needs no means (art. 3(c)).
    """
    asked = tuple(questions)
    child = any(answers.get(q.code) == YES for q in asked if q.element == CHILD)
    positive = positive_dimensions(answers, asked, indicators, child=child)
    findings = tuple(_finding(element, answers, asked, indicators, positive) for element in ELEMENTS)
    states = {found.element: found.state for found in findings}
    smuggled = states[CONDUCT] == states[FOREIGN] == states[BENEFIT] == PRESENT
    aggravated = smuggled and PRESENT in (states[DANGER], states[DEGRADING])
    return Suggestion(
        outcome=_outcome(states, child, aggravated),
        child_rule=child,
        aggravated=aggravated,
        findings=findings,
        positive_dimensions=tuple(positive),
    )
