"""The screenings of a case, and what a later one says beside what the case says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import ask_ahead, can, require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases.models import Case, Crime, Facts, TakenOver
from palermo.rooms.identification.queries import Decided
from palermo.standards.codes import codelist

# What is compared, and decided by a person one by one.
COMPARED = {
    "crime": gettext_lazy("What the case is about"),
    "child": gettext_lazy("Child, or age in doubt"),
    "forms": gettext_lazy("Forms of exploitation"),
    "controls": gettext_lazy("Means of control"),
}
LISTS = {"forms": "palermo/form", "controls": "palermo/control"}


@dataclass(frozen=True, slots=True)
class Linked:
    """A screening of the case: the one it was opened from, or one that was taken over later."""

    screening_id: UUID
    code: str
    at: datetime
    taken: tuple[str, ...]
    first: bool
    may_open: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact: as the case has it, as the screening says, and as it would be if it were taken."""

    name: str
    label: str
    case: str
    screening: str
    then: str

    @property
    def differs(self) -> bool:
        return self.case != self.then


def screenings_of(viewer: Viewer, case: Case) -> list[Linked]:
    """Latest first; the one the case was opened from at the end."""
    require(viewer, "cases.plan.view", case.pk)
    view = "identification.screening.view"
    taken = list(TakenOver.objects.filter(case=case))
    ask_ahead([*(row.screening_id for row in taken), *([case.screening_id] if case.screening_id else [])])
    rows = [
        Linked(
            row.screening_id,
            row.screening_code,
            row.made_at,
            tuple(str(COMPARED[name]) for name in row.fields if name in COMPARED),
            False,
            can(viewer, view, row.screening_id),
        )
        for row in taken
    ]
    if case.screening_id:
        may = can(viewer, view, case.screening_id)
        rows.append(Linked(case.screening_id, "", case.opened_at, (), True, may))
    return rows


def merged(case: Case, facts: Facts, found: Decided) -> dict[str, Any]:
    """What every compared field would be: the screening's yes and no go before; what it did not ask stays."""
    values: dict[str, Any] = {"crime": found.outcome, "child": bool(case.child or found.child)}
    for name in LISTS:
        yes, no = list(getattr(found, f"{name}_yes")), list(getattr(found, f"{name}_no"))
        no = [code for code in no if code not in yes]
        kept_yes = [code for code in getattr(facts, f"{name}_yes") if code not in no]
        kept_no = [code for code in getattr(facts, f"{name}_no") if code not in yes]
        values[f"{name}_yes"] = list(dict.fromkeys([*kept_yes, *yes]))
        values[f"{name}_no"] = list(dict.fromkeys([*kept_no, *no]))
    return values


def compare(case: Case, facts: Facts, found: Decided) -> list[Compared]:
    """Side by side, in words."""
    then = merged(case, facts, found)
    rows = [
        Compared(
            "crime", str(COMPARED["crime"]), *(_crime(c) for c in (case.crime, found.outcome, then["crime"]))
        ),
        Compared(
            "child", str(COMPARED["child"]), *(_yes(c) for c in (case.child, found.child, then["child"]))
        ),
    ]
    for name in LISTS:
        sides = [
            [getattr(facts, f"{name}_yes"), getattr(facts, f"{name}_no")],
            [getattr(found, f"{name}_yes"), getattr(found, f"{name}_no")],
            [then[f"{name}_yes"], then[f"{name}_no"]],
        ]
        rows.append(Compared(name, str(COMPARED[name]), *(_flags(LISTS[name], *side) for side in sides)))
    return rows


def _crime(code: str) -> str:
    return str(Crime(code).label) if code in Crime.values else code


def _yes(value: bool | None) -> str:
    return _("Not recorded") if value is None else _("Yes") if value else _("No")


def _flags(list_id: str, yes: Any, no: Any) -> str:
    names, language = codelist(list_id), get_language() or "en"
    parts = []
    for answer, codes in ((_("Yes"), yes), (_("No"), no)):
        if codes:
            said = _(", ").join(names.label(code, language) for code in sorted(codes))
            parts.append(_("%(answer)s: %(codes)s") % {"answer": answer, "codes": said})
    return "; ".join(parts) or _("Not recorded")
