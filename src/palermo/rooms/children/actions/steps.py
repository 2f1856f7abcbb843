"""A child goes on through the machine: the papers of a step and the step are one transaction, or nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Refused
from palermo.kernel.workflow.actions import may_act, transition
from palermo.rooms.children.actions import papers
from palermo.rooms.children.actions.papers import Given
from palermo.rooms.children.actions.refusing import check
from palermo.rooms.children.actions.rules import MACHINE
from palermo.rooms.children.actions.telling import share_with_protectors, tell_bodies
from palermo.rooms.children.models import Answer, Body, ChildProtection, Depth, Happening, Kind, Panel
from palermo.standards.workflows import machine
from palermo.web.room import subject

Inputs = dict[str, Any]
Maker = Callable[[Viewer, ChildProtection, Given], Inputs]


@transaction.atomic
def take_step(
    *,
    actor: Viewer,
    child: ChildProtection,
    event: str,
    expected_version: int,
    reason: str = "",
    given: Given | None = None,
) -> ChildProtection:
    """Let `event` happen, with what its form says. Raises Invalid, Conflict, Stale, Refused, NotFound."""
    require(actor, "children.child.work", child.pk)
    found = machine(MACHINE).find(child.state, event)
    if found is not None and not may_act(actor, found.actors):
        # Before any paper is written: the database refuses some of them to other roles, less politely.
        raise Refused(_("Your role does not include this."), rule=f"workflow.{MACHINE}.{event}")
    inputs: Inputs = {}
    # In another state the machine itself says so; a file that has moved on leaves no papers.
    if found is not None and child.version == expected_version and event in MAKERS:
        inputs = MAKERS[event](actor, child, given or {})
    transition(
        actor=actor, obj=child, event=event, expected_version=expected_version, reason=reason, inputs=inputs
    )
    if event == "notify":
        # Last: who reports holds the case until everything else is done.
        share_with_protectors(
            actor=actor, child=child, organisation_id=UUID(str((given or {})[Body.CHILD_PROTECTION]))
        )
    return child


def _lead(actor: Viewer, child: ChildProtection) -> UUID | None:
    return subject(actor, "case", child.pk).worker_id


def _notify(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    check(*((not given.get(body), body, _("Choose whom to tell.")) for body in Body.values))
    view = papers.hear(actor, child, "notify", given)
    tell_bodies(
        actor=actor,
        child=child,
        about=Happening.FOUND,
        organisations={body: UUID(str(given[body])) for body in Body.values},
    )
    return {"view": view}


def _place(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    return {"placement": papers.place_in(actor, child, given)}


def _appoint(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    return {"guardian": papers.appoint(actor, child, given)}


def _parent(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    return {"guardian": papers.appoint(actor, child, {**given, "kind": "parent", "organisation": None})}


def _weigh(depth: str, event: str) -> Maker:
    def make(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
        view = papers.hear(actor, child, event, given)
        return {"view": view, "assessment": papers.weigh(actor, child, depth, view, given)}

    return make


def _panel(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    view = papers.hear(actor, child, "decide_panel", given)
    wrong = given.get("answer") not in (Answer.PROTECT, Answer.ORDINARY)
    check((wrong, "answer", _("Choose what the panel decided.")))
    return {"panel": papers.meet(actor, child, _lead(actor, child), given["answer"], view, given)}


def _solve(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    lead, view = _lead(actor, child), papers.hear(actor, child, "decide_solution", given)
    panel = papers.meet(actor, child, lead, Answer.SOLUTION, view, given)
    return {"panel": panel, "determination": papers.determine(actor, child, lead, panel, given)}


def _decided(child: ChildProtection, answer: str) -> None:
    """The newest panel decided this. Raises Conflict: nobody does something else than the panel decided."""
    newest = Panel.objects.filter(child=child).order_by("-written_at").first()
    if newest is None or newest.answer != answer:
        raise Conflict(_("The panel decided otherwise."), rule="children.panel.answer", state=child.state)


def _protect(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    _decided(child, Answer.PROTECT)
    return {"measure": papers.keep(actor, child, Kind.MEASURE, [given["measure"]], given.get("text", ""))}


def _hand_over(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    _decided(child, Answer.ORDINARY)
    to = UUID(str(given["organisation"]))
    return {"handover": papers.keep(actor, child, Kind.MEASURE, ["ordinary"], given.get("text", ""), to)}


def _review(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    return {"review": papers.keep(actor, child, Kind.REVIEW, [given["measure"]], given.get("text", ""))}


def _plan(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    parts = list(given.get("parts") or [])
    check((not parts, "parts", _("The plan must say something on every part.")))
    return {"plan": papers.keep(actor, child, Kind.TRANSITION, parts, given.get("text", ""))}


def _close(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    view = papers.hear(actor, child, "close", given)
    said = [name for name in ("guardian_agrees", "child_told") if given.get(name)]
    check((not said, "guardian_agrees", _("The guardian must agree.")))
    return {"view": view, "closing": papers.keep(actor, child, Kind.CLOSING, said)}


def _end(actor: Viewer, child: ChildProtection, given: Given) -> Inputs:
    return {"contact": papers.keep(actor, child, Kind.FOLLOW_UP, [given["wellbeing"]], given.get("text", ""))}


MAKERS: dict[str, Maker] = {
    "notify": _notify,
    "place_safely": _place,
    "appoint_guardian": _appoint,
    "confirm_parent": _parent,
    "assess_provisionally": _weigh(Depth.PROVISIONAL, "assess_provisionally"),
    "complete_bia": _weigh(Depth.FULL, "complete_bia"),
    "update_bia": _weigh(Depth.UPDATE, "update_bia"),
    "decide_panel": _panel,
    "decide_solution": _solve,
    "begin_protection": _protect,
    "hand_over_protection": _hand_over,
    "review_measure": _review,
    "plan_ageing_out": _plan,
    "close": _close,
    "end_follow_up": _end,
}
