"""Jobs that fail: told in the worker's log, counted for the doctor and the administrator. Kinds, types and ids only."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from procrastinate import JobContext

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.doctor import Check
from palermo.kernel.database.doctor.check import verdict
from palermo.kernel.database.scrub import place_of
from palermo.kernel.jobs.models import Effect

logger = logging.getLogger(__name__)
EFFECT = "palermo.carry_out_effect"
# From the second failure on it is no chance any more; the first is often a moment without the database.
AGAIN = 2
# A task of the clock that was given up counts until it succeeds; an effect until it is done.
_FAILING = """
SELECT coalesce(e.kind, j.task_name) AS kind, coalesce(max(nullif(e.failure, '')), '') AS error,
       count(*) FILTER (WHERE j.status = 'todo') AS trying, count(*) FILTER (WHERE j.status = 'failed') AS given_up,
       max(j.attempts) AS attempts
FROM procrastinate_jobs j
LEFT JOIN jobs_effect e ON j.task_name = %(effect)s AND e.id::text = j.args->>'effect_id'
WHERE (j.status = 'todo' AND j.attempts >= %(again)s)
   OR (j.status = 'failed' AND j.task_name = %(effect)s AND e.done_at IS NULL AND e.id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs n WHERE n.task_name = %(effect)s AND n.id > j.id
          AND n.args->>'effect_id' = j.args->>'effect_id'))
   OR (j.status = 'failed' AND j.task_name <> %(effect)s AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs n WHERE n.task_name = j.task_name AND n.id > j.id
          AND n.status IN ('succeeded', 'failed')))
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Failing:
    """Jobs of one kind. trying: will be tried again; given_up: will not, by themselves. error: the last one's type."""

    kind: str
    error: str
    trying: int
    given_up: int
    attempts: int


def log_failure(call_next: Callable[[], Any], context: JobContext, worker: Any) -> Any:
    """Around every task of the worker: a failure gets into the log each time, not only when it is given up.

    What is logged: the kind, the attempt, the type of the exception and where it was raised, the id of the effect.
    Never its message, which may quote a row.
    """
    try:
        return call_next()
    except Exception as error:
        job = context.job
        effect = str(job.task_kwargs.get("effect_id", "")) if job.task_name == EFFECT else ""
        kind = _mark(effect, type(error).__name__) if effect else job.task_name
        logger.warning(
            "The job %s failed at attempt %d: %s at %s%s",
            kind,
            job.attempts + 1,
            type(error).__name__,
            place_of(error),
            f"; effect {effect}" if effect else "",
        )
        raise


def _mark(effect_id: str, error: str) -> str:
    """Note the failure with the effect, past the transaction that was rolled back. Returns the kind of the effect."""
    try:
        found = Effect.objects.filter(pk=effect_id)
        found.filter(done_at=None).update(attempts=F("attempts") + 1, failure=error[:200])
        return found.values_list("kind", flat=True).first() or EFFECT
    except Error:
        return EFFECT  # The database is away; that is what the log then says.


def failing(viewer: Viewer) -> list[Failing]:
    """What fails again and again, or was given up, by kind."""
    require(viewer, "jobs.failure.view")
    return _failing()


def _failing() -> list[Failing]:
    with connection.cursor() as cursor:
        cursor.execute(_FAILING, {"effect": EFFECT, "again": AGAIN})
        return [Failing(*row) for row in cursor.fetchall()]


@transaction.atomic
def try_again(*, actor: Viewer, kind: str) -> int:
    """Put the effects of a kind that were given up into the queue once more. Returns how many."""
    require(actor, "jobs.failure.retry")
    from palermo.kernel.jobs.tasks import carry_out_effect

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.id::text FROM jobs_effect e JOIN procrastinate_jobs j "
            "ON j.task_name = %s AND j.args->>'effect_id' = e.id::text "
            "WHERE e.kind = %s AND e.done_at IS NULL GROUP BY e.id HAVING bool_and(j.status = 'failed')",
            [EFFECT, kind],
        )
        found = [row[0] for row in cursor.fetchall()]
    for effect_id in found:
        carry_out_effect.defer(effect_id=effect_id)
    record(
        actor=actor,
        action="jobs.failure.retry",
        object_kind="job",
        detail={"kind": kind, "count": len(found)},
    )
    return len(found)


def checks() -> Iterator[Check]:
    """For `palermo doctor`: which kinds of jobs fail, and with what."""
    yield verdict(
        "jobs.failing",
        [
            _("%(kind)s: %(trying)d failed at least twice, %(given_up)d were given up (%(error)s)")
            % {"kind": row.kind, "trying": row.trying, "given_up": row.given_up, "error": row.error or "?"}
            for row in _failing()
        ],
        _("No job fails again and again."),
        _(
            "Read the worker's log: it names the kind, the attempt and the type of each failure. What was given up "
            "is tried again by an administrator, on the page “Jobs”."
        ),
    )
