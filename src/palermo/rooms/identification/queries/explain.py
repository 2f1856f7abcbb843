"""A suggestion in words: which element is there and by which answers, which is missing, which is not known."""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.rooms.identification.models import Suggestion
from palermo.standards.codes import codelist
from palermo.standards.instruments import rule as r
from palermo.standards.instruments import version

NAMES = {
    r.ACT: gettext_lazy(
        "The act: somebody recruited, transported, transferred, harboured or received the person"
    ),
    r.MEANS: gettext_lazy(
        "The means: threat, force, deception, abuse of power or of vulnerability, or payment for control"
    ),
    r.PURPOSE: gettext_lazy("The purpose: exploitation, done or intended"),
    r.CHILD: gettext_lazy("A child, or a person who may be one: the means is not needed"),
    r.CONDUCT: gettext_lazy("Illegal entry or stay arranged by somebody"),
    r.FOREIGN: gettext_lazy("Into a country of which the person is neither national nor permanent resident"),
    r.BENEFIT: gettext_lazy("For a financial or other material benefit"),
    r.DANGER: gettext_lazy("Life or safety endangered"),
    r.DEGRADING: gettext_lazy("Inhuman or degrading treatment, or exploitation"),
}
SHORT = {
    r.ACT: gettext_lazy("the act"),
    r.MEANS: gettext_lazy("the means"),
    r.PURPOSE: gettext_lazy("the purpose"),
    r.CONDUCT: gettext_lazy("illegal entry or stay"),
    r.FOREIGN: gettext_lazy("that the country is not the person's own"),
    r.BENEFIT: gettext_lazy("the financial or other material benefit"),
}
STATES = {
    r.PRESENT: gettext_lazy("Present"),
    r.ABSENT: gettext_lazy("Missing: every question about it was answered “no”"),
    r.NOT_KNOWN: gettext_lazy("Not known yet"),
}
HEADLINES = {
    r.TIP: gettext_lazy("The answers point to trafficking in persons"),
    r.SOM: gettext_lazy("The answers point to smuggling of migrants"),
    r.AGGRAVATED_SOM: gettext_lazy("The answers point to smuggling of migrants in aggravating circumstances"),
    r.BOTH: gettext_lazy("The answers point to both: trafficking in persons and smuggling of migrants"),
    r.NEITHER_YET: gettext_lazy("The answers point to neither crime yet"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One element: its name, its state in words, the questions whose answers say so, its article."""

    element: str
    name: str
    state: str
    words: str
    because: tuple[str, ...]
    article: str
    by_indicators: bool


@dataclass(frozen=True, slots=True)
class CrimeView:
    """One of the two crimes: its verdict in one sentence and the lines behind it."""

    name: str
    verdict: str
    complete: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A whole suggestion in words."""

    outcome: str
    headline: str
    trafficking: CrimeView
    smuggling: CrimeView
    notes: tuple[str, ...]
    dimensions: tuple[str, ...]


def explain(suggestion: Suggestion) -> Explanation:
    """The stored suggestion in the language of the page."""
    language = get_language() or "en"
    instrument = version(suggestion.instrument_version)
    lines = {}
    for found in suggestion.findings:
        asked = tuple(instrument.question(code).ask[language] for code in found["because"])
        lines[found["element"]] = Line(
            element=found["element"],
            name=str(NAMES[found["element"]]),
            state=found["state"],
            words=str(STATES[found["state"]]),
            because=asked,
            article=found["article"],
            by_indicators=found["by_indicators"],
        )
    dimensions = codelist("ilo-2009/dimension")
    return Explanation(
        outcome=suggestion.outcome,
        headline=str(HEADLINES[suggestion.outcome]),
        trafficking=_trafficking(lines, suggestion.child_rule),
        smuggling=_smuggling(lines, suggestion.aggravated),
        notes=tuple(_notes(lines, suggestion)),
        dimensions=tuple(dimensions.label(code, language) for code in suggestion.positive_dimensions),
    )


def _open(lines: dict[str, Line], needed: tuple[str, ...]) -> str:
    """The needed elements that are not present, in one sentence; empty when all are."""
    missing = [str(SHORT[e]) for e in needed if lines[e].state == r.ABSENT]
    unknown = [str(SHORT[e]) for e in needed if lines[e].state == r.NOT_KNOWN]
    parts = []
    if missing:
        parts.append(_("Missing: %(elements)s.") % {"elements": _(", ").join(missing)})
    if unknown:
        parts.append(_("Not known yet: %(elements)s.") % {"elements": _(", ").join(unknown)})
    return " ".join(parts)


def _trafficking(lines: dict[str, Line], child: bool) -> CrimeView:
    needed = (r.ACT, r.PURPOSE) if child else (r.ACT, r.MEANS, r.PURPOSE)
    still = _open(lines, needed)
    if still:
        verdict = _("Not trafficking in persons on these answers.") + " " + still
    elif child:
        verdict = _("Act and purpose are present. For a child that is enough; the means is not needed.")
    else:
        verdict = _("Act, means and purpose are all present.")
    shown = (*((r.CHILD,) if child else ()), r.ACT, r.MEANS, r.PURPOSE)
    return CrimeView(_("Trafficking in persons"), verdict, not still, tuple(lines[e] for e in shown))


def _smuggling(lines: dict[str, Line], aggravated: bool) -> CrimeView:
    needed = (r.CONDUCT, r.FOREIGN, r.BENEFIT)
    still = _open(lines, needed)
    if still:
        verdict = _("Not smuggling of migrants on these answers.") + " " + still
    elif aggravated:
        verdict = _("All elements of smuggling of migrants are present, in aggravating circumstances.")
    else:
        verdict = _("All elements of smuggling of migrants are present.")
    shown = (*needed, r.DANGER, r.DEGRADING)
    return CrimeView(_("Smuggling of migrants"), verdict, not still, tuple(lines[e] for e in shown))


def _notes(lines: dict[str, Line], suggestion: Suggestion) -> list[str]:
    notes = []
    if lines[r.MEANS].state == r.PRESENT:
        notes.append(
            _("If the person agreed to it, that does not matter: a means was used (TIP Protocol art. 3(b)).")
        )
    elif lines[r.PURPOSE].state == r.PRESENT and not suggestion.child_rule:
        notes.append(
            _(
                "Exploitation without a means may be another offence or a labour-rights matter. "
                "Help is due all the same."
            )
        )
    if suggestion.child_rule:
        notes.append(
            _(
                "Child, or age in doubt: tell the child-protection authority; a guardian is needed "
                "(CoE Convention art. 10)."
            )
        )
    elif lines[r.CHILD].state == r.NOT_KNOWN:
        notes.append(_("The age was not asked in full. If the person is under 18, the means is not needed."))
    if suggestion.outcome in (r.SOM, r.AGGRAVATED_SOM, r.BOTH):
        notes.append(
            _(
                "A smuggled migrant commits no offence by being smuggled (SOM Protocol art. 5) and has a right to "
                "protection and help (art. 16). Smuggling can turn into trafficking: screen again."
            )
        )
    return notes
