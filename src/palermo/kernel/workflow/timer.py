"""The timer: lets happen what happens by itself when its time has come, and reminds of what is due.

It may run any number of times at once: an event is fired under the lock of its object and only while its clock still
runs, and a reminder exists once for a deadline and level. What fails for one object waits; the others go on.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils import timezone

from palermo.kernel.access import mail
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.workflow.actions import transition
from palermo.kernel.workflow.clocks import levels_of, next_look
from palermo.kernel.workflow.models import Deadline, Reminder
from palermo.kernel.workflow.rules import load_rules

log = logging.getLogger("palermo.workflow")

BATCH = 200
AGAIN = timedelta(hours=1)  # until what failed is tried again


@dataclass(slots=True)
class Tally:
    """What one run did."""

    fired: int = 0
    reminded: int = 0
    failed: int = 0


def run(*, most: int = 1000) -> Tally:
    """Everything that is due now, in batches, at most `most` deadlines; each in a transaction of its own."""
    load_rules()
    tally, tried = Tally(), set[UUID]()
    while len(tried) < most:
        batch = [pk for pk in _due(min(BATCH, most - len(tried)), tried) if pk not in tried]
        if not batch:
            break
        for pk in batch:
            tried.add(pk)
            _one(pk, tally)
    return tally


def _due(size: int, tried: set[UUID]) -> list[UUID]:
    with acting(Viewer.operator()):
        rows = _waiting().filter(next_at__lte=timezone.now()).exclude(pk__in=tried)
        return list(rows.order_by("next_at", "id").values_list("id", flat=True)[:size])


def _waiting() -> Any:
    return Deadline.objects.filter(met_at=None, cancelled_at=None, paused_at=None)


def _one(pk: UUID, tally: Tally) -> None:
    try:
        with acting(Viewer.operator()) as system:
            deadline = _waiting().filter(pk=pk).first()
            if deadline is None:
                return
            if deadline.fires:
                tally.fired += _fire(system, deadline)
            else:
                tally.reminded += _remind(deadline.pk, timezone.now())
    except Exception as error:
        tally.failed += 1
        # Ids and the kind of fault only: its words may hold what a person wrote.
        log.warning("timer: deadline %s: %s", pk, type(error).__name__)
        _postpone(pk)


def _postpone(pk: UUID) -> None:
    with acting(Viewer.operator()):
        _waiting().filter(pk=pk).update(next_at=timezone.now() + AGAIN)


def model_of(machine: str, kind: str) -> Any:
    """The model of the objects of that machine; raises LookupError when none is installed."""
    for model in apps.get_models():
        if getattr(model, "machine", "") == machine and model._meta.model_name == kind:
            return model
    raise LookupError(f"no model for the machine {machine}")


def _fire(system: Viewer, deadline: Deadline) -> int:
    """Let the event happen, unless a person was faster. The object is locked first, as everywhere."""
    model = model_of(deadline.machine, deadline.object_kind)
    obj = model._default_manager.select_for_update(of=("self",)).filter(pk=deadline.object_id).first()
    if obj is None:
        raise LookupError("the timer may not see the object")
    now = timezone.now()
    live = _waiting().filter(pk=deadline.pk, fires=True).first()
    if live is None:
        return 0
    if live.due_at > now:
        Deadline.objects.filter(pk=live.pk).update(next_at=live.due_at)
        return 0
    transition(actor=system, obj=obj, event=live.event, expected_version=obj.version)
    return 1


def mail_readers(system: Viewer, effect: Any) -> None:
    """Outbox handler: of one reminder, a message of its own to each reader who wants them by e-mail."""
    level = Reminder.objects.filter(pk=effect.object_id).values_list("level", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT workflow_mail_readers(%s)", [effect.object_id])
        readers = [user for (user,) in cursor.fetchall()]
    for user in readers:
        enqueue("access.reminder_mail", user, level=level or "overdue")


def _remind(pk: UUID, now: datetime) -> int:
    """A reminder for each level that is reached and was not told; then the time of the next level."""
    deadline = _waiting().select_for_update(skip_locked=True).filter(pk=pk).first()
    if deadline is None:
        return 0
    told = set(deadline.reminders.values_list("level", flat=True))
    new = [
        Reminder(
            deadline=deadline,
            object_id=deadline.object_id,
            level=level.level,
            roles=list(level.to) or deadline.roles,
            raised_at=now,
        )
        for level, at in levels_of(deadline)
        if at <= now and level.level not in told
    ]
    Reminder.objects.bulk_create(new)
    if mail.is_on():
        for row in new:
            enqueue("workflow.reminder", row.pk)
    deadline.next_at = next_look(deadline, now)
    deadline.save(update_fields=["next_at"])
    return len(new)
