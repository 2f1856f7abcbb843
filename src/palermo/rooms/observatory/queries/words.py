"""Indicators in words: their names, what a cell is, and answers as the shipped surveys put them."""

from collections.abc import Sequence
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.fieldwork.forms import LANGUAGES, codes, sheets
from palermo.standards import find_country

NAMES = {
    "D1": _("Use of smugglers"), "D2": _("Reliance: services bought"), "D3": _("Who began"),
    "D4": _("Motive and information"), "R1": _("Flow along a leg"), "R2": _("Routes"), "R3": _("Hubs"), "R4": _("Pace"),
    "R5": _("Means of transport on a leg"), "F1": _("Fee of a leg"), "F2": _("Cost of the journey"),
    "F3": _("Price index"), "F4": _("Way of paying"), "F5": _("Debt and ransom"), "F6": _("Corruption"),
    "F7": _("Size of the market"), "M1": _("Profile of smugglers"), "M2": _("Organisation of smugglers"),
    "A1": _("Harm on the way"), "A2": _("Harm by time on the way"), "A3": _("Who did harm"),
    "A4": _("A sign of exploitation"), "A5": _("Aggravated smuggling"), "A6": _("Harm by services bought"),
    "A7": _("Deaths seen"), "C1": _("Children"), "P1": _("What practitioners see growing"),
    "P2": _("Findings with two kinds of source"), "Q1": _("Quality of the data"), "Q2": _("Reliability of coding"),
}  # fmt: skip
PIECES = {
    "interviews": _("persons asked"), "legs": _("legs"), "again": _("would choose a smuggler again"),
    "drivers": _("motive"), "information": _("source of information"), "days per leg": _("days for a leg (median)"),
    "days so far": _("days since the journey began (median)"), "waited over 30 days": _("waited over 30 days"),
    "attempts": _("attempts at a border (mean)"), "wait days": _("days of waiting (median)"),
    "when": _("when it was paid"), "basis": _("what was paid for"), "method": _("how it was paid"),
    "borrowed": _("borrowed money"), "work_to_repay": _("works to repay"), "ransom_paid": _("paid to be let go"),
    "paid more than agreed": _("paid more than agreed"), "overrun": _("paid for each unit agreed (median)"),
    "met": _("met an official"), "paid given met": _("paid, of meetings with an official"),
    "bribe share": _("gifts as a share of all costs"), "official": _("which official"), "sex": _("sex"),
    "role": _("role"), "same nationality": _("of the same nationality"),
    "same person": _("the same person as before"), "events per person-month": _("events for each month of a person"),
    "RR": _("times as often as without services"), "with children": _("with children"),
    "separated": _("were separated from children"), "seen alone": _("saw children alone"),
    "refusal": _("refused"), "speeders": _("very fast interviews"), "repeats": _("repeated interviews"),
    "any don't know": _("at least one “does not know”"), "median minutes": _("minutes (median)"), "other": _("other"),
}  # fmt: skip
RATIOS = frozenset({"D2", "F1", "F2", "F3", "A2", "R1"})
NOT_SHARES = frozenset({
    "wait days", "days per leg", "days so far", "attempts", "overrun", "events per person-month", "RR",
    "median minutes", "bribe share",
})  # fmt: skip


@cache
def _answers(language: str) -> dict[str, str]:
    """Every answer of the shipped surveys by its code."""
    found: dict[str, str] = {}
    name = LANGUAGES.get(language, LANGUAGES["en"])
    for code in codes():
        for row in sheets(code)["choices"]:
            found.setdefault(row["name"], row.get(f"label::{name}", "") or row["name"])
    return found


def piece(code: str) -> str:
    """A part of a cell in the reader's language: a word of ours, a country, or an answer of the survey."""
    language = (get_language() or "en").split("-")[0]
    if code in PIECES:
        return str(PIECES[code])
    if code.isupper() and (country := find_country(code)):
        return country.name(language)
    known = _answers(language)
    return (
        known.get(code) or ", ".join(piece(one) for one in code.split(" "))
        if " " in code
        else known.get(code, code)
    )


def cell(parts: Sequence[str], code: str) -> str:
    """What a value is of, in words: for a leg from where to where."""
    if code in ("R1", "F1", "R5") and len(parts) >= 2:
        leg = f"{piece(parts[0])} → {piece(parts[1])}"
        return ": ".join([leg, *map(piece, parts[2:])])
    return ": ".join(map(piece, parts)) or str(NAMES[code])


def is_share(code: str, parts: Sequence[str]) -> bool:
    """Whether a value is a share, to be told in per cent."""
    return code not in RATIOS and not NOT_SHARES & set(parts)
