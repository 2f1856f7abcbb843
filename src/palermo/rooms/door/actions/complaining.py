"""Complaints: who gets them, and the answers. Never the one who has or had the case; the database says it as well."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.texts import seal_text
from palermo.kernel.workflow.actions import guard, transition
from palermo.kernel.workflow.rules import Inputs
from palermo.rooms.door.actions.asking import owner_of, word_place
from palermo.rooms.door.models import Complaint, Word

ANSWER_AT_LEAST = 10
MOVES = ("acknowledge", "answer", "answer_appeal")


@guard("not_about_the_actor", machine="complaint")
def not_about_the_actor(obj: Complaint, actor: Viewer, inputs: Inputs) -> str:
    """Nobody judges a complaint about the own case."""
    return (
        _("This is about a case of yours: somebody else answers it.") if obj.concerns(actor.user_id) else ""
    )


@guard("answer_is_written", machine="complaint", from_form=True)
def answer_is_written(obj: Complaint, actor: Viewer, inputs: Inputs) -> str:
    """The person gets words, not a code."""
    written = len(str(inputs.get("answer") or "").strip()) >= ANSWER_AT_LEAST
    return "" if written else _("Write the answer that the person will read.")


def hand_over(system: Viewer, complaint: Complaint) -> int:
    """Let those see it whom the database chooses; how many that are. Nobody yet: the worker tries again every day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_hand(%s)", [complaint.pk])
        given = int(cursor.fetchone()[0])
    record(
        actor=system,
        action="door.complaint.hand",
        object_kind="complaint",
        object_id=complaint.pk,
        detail={"to": given},
    )
    return given


def hand_over_waiting() -> int:
    """Complaints that found nobody when they came, tried again."""
    with acting(Viewer.operator()) as system:
        waiting = list(Complaint.objects.filter(state="received").order_by("created_at")[:200])
        return sum(hand_over(system, complaint) for complaint in waiting)


@transaction.atomic
def judge_complaint(
    *,
    actor: Viewer,
    complaint: Complaint,
    event: str,
    expected_version: int,
    answer: str = "",
    reason: str = "",
) -> None:
    """Acknowledge, answer, or answer the appeal. The answer is sealed, and read on the person's own page."""
    require(actor, "door.complaint.move", complaint.pk)
    if event not in MOVES:
        raise NotFound()
    transition(
        actor=actor,
        obj=complaint,
        event=event,
        expected_version=expected_version,
        reason=reason,
        inputs={"answer": answer},
    )
    if event == "acknowledge":
        return
    word = Word(object_id=complaint.pk, written_by_id=actor.user_id)
    owner = owner_of("complaint", complaint.pk, complaint.organisation_id)
    word.sealed = seal_text(owner=owner, place=word_place(word.pk), text=answer.strip())
    word.save(force_insert=True)
