"""What a first responder ticked and wrote, as sentences: for the decision on the screening, and for the receiver."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from palermo.kernel.errors import FieldProblem
from palermo.rooms.networks.queries.words import language, sector_name
from palermo.standards.instruments import instrument
from palermo.standards.instruments.guides import guides, urgent

AGES = ("adult", "under_18", "not_sure")
THINKS = ("tip", "tip_and_som", "som", "neither_yet")
LONGEST = 3800


def missing(answers: Mapping[str, Any]) -> list[FieldProblem]:
    """What the first page must still say before anything can be sent."""
    problems = []
    if answers.get("age") not in AGES:
        problems.append(
            FieldProblem("age", _("Say whether the person is an adult; “not sure” is an answer."), "age")
        )
    if answers.get("thinks") not in THINKS:
        problems.append(FieldProblem("thinks", _("Say what you think; “not sure” is an answer."), "thinks"))
    if not (answers.get("urgent") or answers.get("seen") or str(answers.get("words") or "").strip()):
        words = _("Tick what you saw or heard, or write it in your own words.")
        problems.append(FieldProblem("seen", words, "seen"))
    return problems


def says(codes: Any) -> list[str]:
    """The lines of the guides behind question codes; the question itself where no guide has it any more."""
    known = {line.question.code: line.say for line in urgent()}
    for guide in guides().values():
        known = {line.question.code: line.say for line in guide.lines} | known
    return [(known.get(code) or instrument().question(code).ask)[language()] for code in codes or () if code]


def lines_of(answers: Mapping[str, Any], sector: str) -> list[str]:
    """What was ticked, in the words of that sector's guide."""
    own = {line.question.code: line.say for line in (*guides()[sector].lines, *urgent())}
    return [
        own[code][language()] if code in own else says([code])[0]
        for code in (*answers.get("urgent", ()), *answers.get("seen", ()))
    ]


def reason_of(answers: Mapping[str, Any], sector: str) -> str:
    """Why the decision on the screening: who wrote it, and which signs were seen. It is kept in clear.

    The responder's own words may hold a name: they go sealed, to the receiver (`facts_of`).
    """
    begin = _("Form of first responders (%(sector)s).") % {"sector": sector_name(sector)}
    seen = "; ".join(lines_of(answers, sector))
    return " ".join(part for part in (begin, seen) if part)[:LONGEST]


def facts_of(answers: Mapping[str, Any], *, told_who: bool) -> dict[str, str]:
    """Category -> words for the receiver: what is needed, and what was seen. No name is in it."""
    needs = says(answers.get("urgent"))
    if not needs:
        needs = [_("Nothing urgent. A first conversation, and what comes of it.")]
    if not told_who:
        needs.append(_("The person is reached through who sent this."))
    seen = [*says(answers.get("seen")), str(answers.get("words") or "").strip()]
    happened = "\n".join(line for line in seen if line) or _("Nothing more is known.")
    return {"needs": "\n".join(needs), "exploitation": happened[:LONGEST]}
