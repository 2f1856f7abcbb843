"""The same event for many objects in one transaction: judged one by one, written together.

What `transition` promises holds for each of them: locked, checked, written down with its deadlines and its own line in
the audit. Who cannot go on stays as it was and is named with the reason. The statements to the database are as many for
500 objects as for five, besides what guards and effects ask for themselves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record_many
from palermo.kernel.errors import DomainError, NotFound, Stale
from palermo.kernel.workflow import deadlines
from palermo.kernel.workflow.actions import (
    NOTHING,
    carry_out,
    effects_of,
    history_row,
    judge,
    target,
)
from palermo.kernel.workflow.models import Origin, Transition
from palermo.kernel.workflow.rules import Inputs, statements_in
from palermo.standards.workflows import PREVIOUS, Event, Machine, machine


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which objects went on, as they are now, and for each of the others (key -> the error that says why not)."""

    done: list[Any] = field(default_factory=list)
    refused: dict[UUID, DomainError] = field(default_factory=dict)


@transaction.atomic
def transition_many(
    *,
    actor: Viewer,
    model: Any,
    event: str,
    expected: Mapping[UUID, int],
    reasons: Mapping[UUID, str] | None = None,
    inputs: Inputs | None = None,
) -> Outcome:
    """Let `event` happen to the objects of `expected` (key -> version that was seen), each with its reason.

    Errors of one object are kept in the outcome and stop nobody else. An effect that raises stops everything: give
    events whose effects can refuse to `transition`, one object at a time.
    """
    m, given = machine(model.machine), inputs or NOTHING
    rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=expected).order_by("pk")
    found = {row.pk: row for row in rows}
    refused: dict[UUID, DomainError] = {key: NotFound() for key in expected if key not in found}
    moving: list[tuple[Any, Event, str]] = []
    for key, row in found.items():
        reason = (reasons or {}).get(key, "").strip()
        try:
            _fresh(row, event, expected[key])
            moving.append((row, judge(actor, row, m, event, reason, given), reason))
        except DomainError as error:
            refused[key] = error
    if moving:
        _apply(actor, model, m, moving, given)
    return Outcome([row for row, _event, _reason in moving], refused)


def _fresh(row: Any, event: str, seen: int) -> None:
    if row.version != seen:
        raise Stale(
            _("Somebody else has changed this record since you opened it. Nothing was saved."),
            mine={"event": event},
            theirs={"state": row.state, "version": row.version},
        )


def _apply(
    actor: Viewer, model: Any, m: Machine, moving: Sequence[tuple[Any, Event, str]], given: Inputs
) -> None:
    at = timezone.now()
    before = {row.pk: row.state for row, _event, _reason in moving}
    for row, event, _reason in moving:
        row.state, row.version, row.updated_at = target(row, m, event), row.version + 1, at
    _write_states(model, [row for row, _event, _reason in moving], at)
    _remember(m, moving, before)
    Transition.objects.bulk_create(
        history_row(actor, row, m, event.code, before[row.pk], at, reason) for row, event, reason in moving
    )
    for row, event, _reason in moving:
        carry_out(actor, row, effects_of(m, event, before[row.pk], row.state), given)
    pause = str(given.get("pause_reason") or "")
    deadlines.move_many([(row, event, before[row.pk]) for row, event, _reason in moving], m, at, pause)
    record_many(
        actor=actor,
        action="workflow.transition",
        object_kind=str(model._meta.model_name),
        objects=[
            (
                row.pk,
                {
                    "machine": m.name,
                    "event": event.code,
                    "from": before[row.pk],
                    "to": row.state,
                    "stated": statements_in(given),
                },
            )
            for row, event, _reason in moving
        ],
    )


def _write_states(model: Any, rows: Sequence[Any], at: datetime) -> None:
    """One statement for each pair of state and version, which is one for a group that came the same way."""
    alike: dict[tuple[str, int], list[UUID]] = defaultdict(list)
    for row in rows:
        alike[row.state, row.version].append(row.pk)
    for (state, version), keys in alike.items():
        moved = model._default_manager.filter(pk__in=keys).update(state=state, version=version, updated_at=at)
        if moved != len(keys):
            # The rows are locked: what took some away is the end of the actor's own access, a moment ago.
            raise NotFound()


def _remember(m: Machine, moving: Sequence[tuple[Any, Event, str]], before: Mapping[UUID, str]) -> None:
    """Where each came from, unless it only stayed or returned."""
    rows = [
        Origin(object_id=row.pk, machine=m.name, state=row.state, came_from=before[row.pk])
        for row, event, _reason in moving
        if event.to != PREVIOUS and before[row.pk] != row.state
    ]
    Origin.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["object_id", "machine", "state"],
        update_fields=["came_from"],
    )
