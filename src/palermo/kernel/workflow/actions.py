"""The one way to change a state: locked, checked, written down, with its deadlines, in one transaction."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import ProgrammingError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from psycopg.errors import InsufficientPrivilege

from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale
from palermo.kernel.workflow import deadlines
from palermo.kernel.workflow.models import Deadline, Origin, Transition
from palermo.kernel.workflow.rules import (
    ENTERING,
    Effect,
    Inputs,
    effect,
    effect_of,
    guard,
    on_enter,
    refusal,
    statements_in,
)
from palermo.standards.workflows import PREVIOUS, SAME, SYSTEM, Event, Machine, machine

__all__ = ["begin", "effect", "guard", "on_enter", "reckon", "transition"]

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
    carry_out(actor, obj, [*ENTERING.get((m.name, obj.state), ())], NOTHING)
    deadlines.move(obj, m, None, "", at)
    return row


@transaction.atomic
def reckon(*, actor: Viewer, obj: Any) -> None:
    """Work the running deadlines of an object out again: call it after changing what a limit depends on.

    A higher risk moves the running clock to its shorter limit, counted from when it started; a service date that
    was missing starts its clock. The room has asked whether the actor may touch the object, has saved it and writes
    the change into the audit: the deadlines only follow.
    """
    deadlines.reckon(obj, machine(obj.machine), timezone.now())


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
    try:
        return _apply(actor, obj, current, m, found, reason, given)
    except ProgrammingError as error:
        if not _is_a_wall(error):
            raise
        # Between two statements the actor's own access ended: the walls refuse what the first one still saw.
        raise NotFound() from error


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
    pause = str(inputs.get("pause_reason") or "")
    if pause and m.pause_reasons and pause not in m.pause_reasons:
        message = _("Choose one of the reasons.")
        raise Invalid(message, problems=[FieldProblem("pause_reason", message, rule)], rule=rule)
    for name, sentence in hindrances(actor, obj, m, event, inputs):
        raise Conflict(sentence, rule=f"{rule}.{name}", state=obj.state)
    return event


def hindrances(
    actor: Viewer, obj: Any, m: Machine, event: Event, inputs: Inputs
) -> Iterator[tuple[str, str]]:
    """(rule, sentence) for everything that stands in the way of the event besides state, role and reason."""
    for missing in missing_steps(obj, m, event):
        label = next(e.label(get_language() or "en") for e in m.events if e.code == missing)
        yield "needs", _("First: “%(step)s”.") % {"step": label}
    if event.after is not None and (sentence := _too_early(obj, m, event)):
        yield "after", sentence
    for name in event.guards:
        if sentence := refusal(name, obj, actor, inputs):
            yield name, sentence


def missing_steps(obj: Any, m: Machine, event: Event) -> list[str]:
    """Which events that this one needs have not happened since the object came into its state."""
    if not event.needs:
        return []
    rows = Transition.objects.filter(object_id=obj.pk, machine=m.name)
    entered = rows.exclude(from_state=F("to_state")).order_by("-object_version").values("object_version")[:1]
    here = rows.filter(event__in=event.needs, object_version__gt=entered)
    done = set(here.values_list("event", flat=True))
    return [code for code in event.needs if code not in done]


def _too_early(obj: Any, m: Machine, event: Event) -> str:
    """What has a clock of the timer happens when that has run out: not before, and not by hand either."""
    clock = Deadline.objects.filter(
        object_id=obj.pk, machine=m.name, event=event.code, fires=True, met_at=None, cancelled_at=None
    ).first()
    if clock is None or clock.paused_at is not None:
        return _("The time for this does not run yet.")
    if clock.due_at <= timezone.now():
        return ""
    day = date_format(timezone.localtime(clock.due_at), "DATE_FORMAT")
    return _("This can happen from %(date)s on.") % {"date": day}


def last_doers(obj: Any, m: Machine, event: Event) -> set[Any]:
    """Who last did each of the events that must have been done by somebody else."""
    rows = Transition.objects.filter(object_id=obj.pk, machine=m.name, event__in=event.two_person)
    last = rows.order_by("event", "-object_version").distinct("event")
    return set(last.values_list("actor_id", flat=True)) - {None}


def target(obj: Any, m: Machine, event: Event) -> str:
    """The state to which the event leads this object."""
    if event.to == SAME:
        return str(obj.state)
    if event.to != PREVIOUS:
        return event.to
    origin = Origin.objects.filter(object_id=obj.pk, machine=m.name, state=obj.state).first()
    if origin is None:
        raise Conflict(_wrong_state(m, obj.state), rule=f"workflow.{m.name}.{event.code}", state=obj.state)
    return origin.came_from


def _is_a_wall(error: ProgrammingError) -> bool:
    """Whether row-level security refused, and not a grant that is missing, which is a fault of ours."""
    cause = error.__cause__
    return isinstance(cause, InsufficientPrivilege) and cause.diag.source_function == "ExecWithCheckOptions"


def _remember(obj: Any, m: Machine, event: Event, from_state: str) -> None:
    """Where the object came from, unless it only stayed or returned."""
    if event.to != PREVIOUS and from_state != obj.state:
        Origin.objects.update_or_create(
            object_id=obj.pk, machine=m.name, state=obj.state, defaults={"came_from": from_state}
        )


def _apply(
    actor: Viewer, obj: Any, current: Any, m: Machine, event: Event, reason: str, inputs: Inputs
) -> Transition:
    at = timezone.now()
    from_state = current.state
    current.state = target(current, m, event)
    current.version += 1
    values = {"state": current.state, "version": current.version, "updated_at": at}
    if not type(current)._default_manager.filter(pk=current.pk).update(**values):
        # The row is locked: what took it away is the end of the actor's own access, a moment ago.
        raise NotFound()
    current.updated_at = at
    _remember(current, m, event, from_state)
    row = _history(actor, current, m, event.code, from_state, at, reason)
    before = _values(current)
    carry_out(actor, current, effects_of(m, event, from_state, current.state), inputs)
    deadlines.move(current, m, event, from_state, at, str(inputs.get("pause_reason") or ""))
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
    after = _values(current)
    changed = [name for name in after if name not in before or after[name] != before[name]]
    for name in {"state", "version", "updated_at", *changed}:
        setattr(obj, name, getattr(current, name))
    return row


def _values(obj: Any) -> dict[str, Any]:
    """The columns of the object as they are, to see what an effect has changed."""
    return {f.attname: getattr(obj, f.attname) for f in obj._meta.concrete_fields}


def effects_of(m: Machine, event: Event, from_state: str, to_state: str) -> list[Effect]:
    """What the event brings about, by name in the machine, and then what entering the state does."""
    entering = ENTERING.get((m.name, to_state), []) if to_state != from_state else []
    return [*(effect_of(name, m.name) for name in event.effects), *entering]


def carry_out(actor: Viewer, obj: Any, effects: list[Effect], inputs: Inputs) -> None:
    """Let the effects happen, in their order."""
    for function in effects:
        function(obj, actor, inputs)


def _history(
    actor: Viewer, obj: Any, m: Machine, event: str, from_state: str, at: datetime, reason: str
) -> Transition:
    row = history_row(actor, obj, m, event, from_state, at, reason)
    row.save(force_insert=True)
    return row


def history_row(
    actor: Viewer, obj: Any, m: Machine, event: str, from_state: str, at: datetime, reason: str
) -> Transition:
    """The row of history for an object that is in its new state, not saved yet."""
    return Transition(
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
