"""The one way to change a state: locked, checked, written down, with its deadlines, in one transaction."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale
from palermo.kernel.workflow import deadlines
from palermo.kernel.workflow.models import Transition
from palermo.kernel.workflow.rules import EFFECTS, Inputs, effect, guard, refusal, statements_in
from palermo.standards.workflows import PREVIOUS, SYSTEM, Event, Machine, machine

__all__ = ["begin", "effect", "guard", "transition"]

BEGIN = "begin"
NOTHING: Inputs = {}


def may_act(actor: Viewer, roles: frozenset[str]) -> bool:
    """Whether the actor holds one of the roles, or is the system itself where the system may act."""
    if actor.kind == OPERATOR:
        return SYSTEM in roles
    return actor.is_person and actor.has(*roles)


@transaction.atomic
def begin(*, actor: Viewer, obj: Any) -> Transition:
    """Put a new object into the first state of its machine, save it, and start its clocks.

    An object that is already saved must be in that state, and is begun once.
    """
    m = machine(obj.machine)
    rule = f"workflow.{m.name}.{BEGIN}"
    if not may_act(actor, m.start_actors):
        raise Refused(_("Your role does not include this."), rule=rule)
    if obj._state.adding:
        obj.state = m.initial
        obj.save(force_insert=True)
    elif obj.state != m.initial or Transition.objects.filter(object_id=obj.pk, machine=m.name).exists():
        raise Conflict(_wrong_state(m, obj.state), rule=rule, state=obj.state)
    at = timezone.now()
    row = _history(actor, obj, m, BEGIN, "", at, "")
    deadlines.move(obj, m, None, "", at)
    return row


@transaction.atomic
def transition(
    *,
    actor: Viewer,
    obj: Any,
    event: str,
    expected_version: int,
    reason: str = "",
    inputs: Inputs | None = None,
) -> Transition:
    """Let `event` happen to `obj`, whose state and version are then the new ones.

    The room has already asked whether the actor may touch this object. Raises NotFound (not visible), Stale
    (somebody was faster), Conflict (not in this state, or a guard refuses), Refused (not this role or not this
    person), Invalid (a reason is missing).
    """
    m = machine(obj.machine)
    current = type(obj)._default_manager.select_for_update(of=("self",)).filter(pk=obj.pk).first()
    if current is None:
        raise NotFound()
    if current.version != expected_version:
        raise Stale(
            _("Somebody else has changed this record since you opened it. Nothing was saved."),
            mine={"event": event},
            theirs={"state": current.state, "version": current.version},
        )
    reason, given = reason.strip(), inputs or NOTHING
    found = judge(actor, current, m, event, reason, given)
    return _apply(actor, obj, current, m, found, reason, given)


def _wrong_state(m: Machine, state: str) -> str:
    label = m.state(state).label(get_language() or "en") if state in m.states else state
    return _("This cannot happen now: the state is “%(state)s”.") % {"state": label}


def judge(actor: Viewer, obj: Any, m: Machine, code: str, reason: str, inputs: Inputs) -> Event:
    """The event that may happen to the object now, or the error that says why not."""
    rule = f"workflow.{m.name}.{code}"
    event = m.find(obj.state, code)
    if event is None or not deadlines.on_track(event, obj):
        raise Conflict(_wrong_state(m, obj.state), rule=rule, state=obj.state)
    if not may_act(actor, event.actors):
        raise Refused(_("Your role does not include this."), rule=rule)
    if event.two_person and actor.user_id in last_doers(obj, m, event):
        raise Refused(_("A second person must do this: you did the step before."), rule=f"{rule}.two_person")
    if event.reason_required and not reason:
        message = _("Give a reason.")
        raise Invalid(message, problems=[FieldProblem("reason", message, rule)], rule=rule)
    for name in event.guards:
        sentence = refusal(name, obj, actor, inputs)
        if sentence:
            raise Conflict(sentence, rule=f"{rule}.{name}", state=obj.state)
    return event


def last_doers(obj: Any, m: Machine, event: Event) -> set[Any]:
    """Who last did each of the events that must have been done by somebody else."""
    rows = Transition.objects.filter(object_id=obj.pk, machine=m.name, event__in=event.two_person)
    last = rows.order_by("event", "-object_version").distinct("event")
    return set(last.values_list("actor_id", flat=True)) - {None}


def _target(obj: Any, m: Machine, event: Event) -> str:
    if event.to != PREVIOUS:
        return event.to
    rows = Transition.objects.filter(object_id=obj.pk, machine=m.name, to_state=obj.state)
    origin = (
        rows.exclude(from_state=obj.state).order_by("-object_version").values_list("from_state", flat=True)
    )
    found = origin.first()
    if found is None:
        raise Conflict(_wrong_state(m, obj.state), rule=f"workflow.{m.name}.{event.code}", state=obj.state)
    return found


def _apply(
    actor: Viewer, obj: Any, current: Any, m: Machine, event: Event, reason: str, inputs: Inputs
) -> Transition:
    at = timezone.now()
    from_state = current.state
    current.state = _target(current, m, event)
    current.version += 1
    current.save(update_fields=["state", "version", "updated_at"])
    row = _history(actor, current, m, event.code, from_state, at, reason)
    deadlines.move(current, m, event, from_state, at)
    for name in event.effects:
        EFFECTS[name](current, actor, inputs)
    record(
        actor=actor,
        action="workflow.transition",
        object_kind=str(current._meta.model_name),
        object_id=current.pk,
        detail={
            "machine": m.name,
            "event": event.code,
            "from": from_state,
            "to": current.state,
            "stated": statements_in(inputs),
        },
    )
    for name in ("state", "version", "updated_at"):
        setattr(obj, name, getattr(current, name))
    return row


def _history(
    actor: Viewer, obj: Any, m: Machine, event: str, from_state: str, at: datetime, reason: str
) -> Transition:
    return Transition.objects.create(
        object_id=obj.pk,
        object_kind=obj._meta.model_name,
        machine=m.name,
        machine_version=m.version,
        event=event,
        from_state=from_state,
        to_state=obj.state,
        actor_id=actor.user_id,
        actor_kind=actor.kind,
        at=at,
        reason=reason,
        object_version=obj.version,
    )
