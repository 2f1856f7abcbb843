"""What each figure of the mechanism counts, from when to when, and where its limit comes from."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from palermo.standards.packs import Limit, pack

Words = str | Promise

COUNTED: dict[str, Words] = {
    "wait": gettext_lazy(
        "Persons by the quarter of the first contact (screening or opening of the case, whichever came "
        "first), until the first day on which a service for them had begun, was delivered, or took them in. "
        "Who comes back after a closed case counts again; a case opened beside an open one, as by a referral,"
        " does not."
    ),
    "days": gettext_lazy(
        "Calendar days after the first contact within which a quarter, half (the median) and three quarters "
        "of all persons had help, those who still wait included. A dash: so many have no help yet. Told of at"
        " least 10 persons (quarters: 20), and only where the counts above say already in which of their "
        "classes the figure lies."
    ),
    "reasonable": gettext_lazy(
        "Persons by the quarter in which the clock of the decision began (the day of referral to the "
        "authority), until the decision. Time spent waiting for answers to questions does not count. Called "
        "off: the person withdrew or is missing."
    ),
    "reasonable-limit": gettext_lazy("The same decisions by the limit that applied to the person."),
    "conclusive": gettext_lazy(
        "Persons by the quarter in which the period of recovery ended and the clock began, until the "
        "decision."
    ),
    "guardian": gettext_lazy(
        "Children without a parent beside them, by the quarter in which the need of a guardian was found, "
        "until the guardian was appointed."
    ),
    "sent-kind": gettext_lazy(
        "Referrals by kind of help and by the answer that they got so far; each stands in one column. "
        "Accepted: help is not confirmed by the person yet. Expired: nobody answered within twice the limit. "
        "Those that the sender or the person took back are left out. A count behind which fewer persons stand"
        " than the threshold is withheld too."
    ),
    "sent-quarter": gettext_lazy("The same by the quarter in which the referral was sent."),
    "received-kind": gettext_lazy("Referrals that this organisation was asked to answer, by kind of help."),
    "received-quarter": gettext_lazy("The same by the quarter in which the referral was sent."),
    "unmet": gettext_lazy(
        "Needs that were found to be unmet, by the quarter in which that was said. A person with several "
        "needs counts under each; a count behind which fewer persons stand than the threshold is withheld."
    ),
    "presumed": gettext_lazy(
        "Persons presumed to be victims, by the quarter of the first contact: for the first time, or again, "
        "after an earlier case of a presumed victim was closed. The same person is known by the pseudonym of "
        "the vault; who came back under another name is not recognised."
    ),
}  # fmt: skip
RULES = {
    "reasonable": ("rg_decision", "rg_decision_detained", "child_panel"), "reasonable-limit": (),
    "conclusive": ("cg_decision",), "guardian": ("child_guardian",),
    "sent-kind": ("referral_acknowledge", "referral_accept"),
}  # fmt: skip
LIMITS: dict[str, Words] = {
    "rg_decision": gettext_lazy("Reasonable grounds"),
    "rg_decision_detained": gettext_lazy("Reasonable grounds, person detained"),
    "child_panel": gettext_lazy("Panel for a child"),
    "cg_decision": gettext_lazy("Conclusive grounds"),
    "child_guardian": gettext_lazy("Guardian"),
    "referral_acknowledge": gettext_lazy("Acknowledging a referral"),
    "referral_accept": gettext_lazy("Answering a referral"),
}


def definition(key: str) -> tuple[str, ...]:
    """The sentences beside a figure: what it counts, then each limit with its source."""
    if key not in COUNTED:
        return ()
    limits = pack(settings.PALERMO_PACK).limits
    told = [said(rule, limits[rule]) for rule in RULES.get(key, ()) if rule in limits]
    return (str(COUNTED[key]), *told)


def said(rule: str, limit: Limit) -> str:
    """One limit in words: "Guardian: 48 hours. Source: ..."."""
    n = limit.amount
    amounts = {
        "hours": ngettext("%(n)s hour", "%(n)s hours", n),
        "days": ngettext("%(n)s day", "%(n)s days", n),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", n),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", n),
        "months": ngettext("%(n)s month", "%(n)s months", n),
    }
    amount = amounts.get(limit.unit, f"%(n)s {limit.unit}") % {"n": n}
    source = _("a default of palermo, not law") if limit.verified == "ours" else limit.source
    return _("Limit, %(what)s: %(amount)s (%(source)s).") % {
        "what": LIMITS[rule], "amount": amount, "source": source,
    }  # fmt: skip


__all__ = ["LIMITS", "definition"]
