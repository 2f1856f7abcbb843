"""Counting in the background: asked for by a person, carried out by the worker, one count at a time."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, Refused
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.rooms.statistics.actions.counting import Unsafe, count_states
from palermo.rooms.statistics.models import Counting, CountingState
from palermo.rooms.statistics.queries.kept import admit

log = logging.getLogger(__name__)
JOB = "statistics.count"
LOST = timedelta(hours=2)  # a count takes minutes: one that never ended after this has lost its worker


@transaction.atomic
def start_count(*, actor: Viewer) -> Counting:
    """Count every population in the background. Raises Conflict while another count is under way."""
    admit(actor)
    if actor.user_id is None:
        raise Refused(_("A count is started by a person."), rule="statistics.person")
    now = timezone.now()
    Counting.objects.filter(state=CountingState.WAITING, created_at__lt=now - LOST).update(
        state=CountingState.FAILED, ended_at=now
    )
    try:
        with transaction.atomic():
            made = Counting.objects.create(asked_by_id=actor.user_id)
    except IntegrityError as error:
        words = _("A count is under way already. Its figures will be there in a moment.")
        raise Conflict(words, rule="statistics.count.one", state="waiting") from error
    progress.begin(made.pk)
    enqueue(JOB, made.pk, actor=actor)
    record(actor=actor, action="statistics.count.start", object_kind="count", object_id=made.pk)
    return made


def carry_out(viewer: Viewer, effect: Effect) -> None:
    """The worker's part. Where it is refused or fails, the last counts stay."""
    if effect.object_id is None:
        return
    counting = Counting.objects.filter(pk=effect.object_id).first()
    if counting is None or not counting.open:
        return
    state, made, refused = CountingState.DONE, 0, ""
    with progress.Teller(counting.pk) as teller:
        try:
            made = len(count_states(actor=viewer, told=teller))
        except Unsafe as error:
            state, refused = CountingState.REFUSED, error.population
        except Exception as error:
            # Its message may hold counts: the log has its kind only.
            log.error("Count %s failed: %s", counting.pk, type(error).__name__)
            state = CountingState.FAILED
    with transaction.atomic():
        counting.change(
            {"state": state, "ended_at": timezone.now(), "made": made, "refused": refused},
            expected_version=counting.version,
        )
    record(
        actor=viewer, action="statistics.count.end", object_kind="count", object_id=counting.pk,
        detail={"state": str(state), "states": made}, result="done" if state == CountingState.DONE else "failed",
    )  # fmt: skip
