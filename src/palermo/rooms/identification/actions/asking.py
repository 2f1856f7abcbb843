"""Questions of the authority, and their answers, item by item. The clock of the decision stands still meanwhile."""

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.workflow.actions import transition
from palermo.rooms.identification.actions.sealing import sealed
from palermo.rooms.identification.models import Identification, Question, Reply

MOST, LONGEST = 10, 500
ANSWER_AT_MOST = 4000


def write_questions(
    *, actor: Viewer, found: Identification, event: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """`given["questions"]`: each one a sentence. Asked once in the life of an identification."""
    if Question.objects.filter(identification_id=found.pk).exists():
        raise Conflict(
            _("Information was asked once already. Decide on what is known."),
            rule="identification.asked_once",
            state=found.state,
        )
    assert actor.user_id is not None
    texts = [str(text).strip() for text in given.get("questions") or () if str(text).strip()]
    if not 1 <= len(texts) <= MOST or any(len(text) > LONGEST for text in texts):
        sentence = _("Ask one to %(most)s questions, one a line, each under %(long)s characters.")
        words = sentence % {"most": MOST, "long": LONGEST}
        raise Invalid(_("Nothing was asked."), problems=[FieldProblem("questions", words, "itemised")])
    for number, text in enumerate(texts, start=1):
        question = Question(id=uuid.uuid4(), identification=found, number=number, written_by_id=actor.user_id)
        question.sealed = sealed(question, "sealed", text)
        question.save(force_insert=True)
    return {"questions_written": True, "questions": True}


@transaction.atomic
def answer_questions(
    *, actor: Viewer, found: Identification, answers: Mapping[UUID, str], expected_version: int
) -> Identification:
    """Keep the answers that were given; with the last one the information is supplied and the clock goes on."""
    require(actor, "identification.status.answer", found.pk)
    if found.state != "info_pending":
        raise Conflict(_("Nothing is asked now."), rule="identification.nothing_asked", state=found.state)
    assert actor.user_id is not None
    open_ones = {q.pk: q for q in _unanswered(found)}
    kept = 0
    for key, text in answers.items():
        if not text.strip():
            continue
        if key not in open_ones:
            raise Conflict(
                _("Somebody has answered this already."), rule="identification.answered", state=found.state
            )
        if len(text) > ANSWER_AT_MOST:
            words = _("This is too long.")
            raise Invalid(_("Nothing was saved."), problems=[FieldProblem(str(key), words, "length")])
        reply = Reply(
            id=uuid.uuid4(), identification=found, question=open_ones[key], written_by_id=actor.user_id
        )
        reply.sealed = sealed(reply, "sealed", text.strip())
        reply.save(force_insert=True)
        kept += 1
    if not kept:
        words = _("Answer at least one question; “not known” is an answer too.")
        raise Invalid(_("Nothing was saved."), problems=[FieldProblem("", words, "required")])
    record(
        actor=actor,
        action="identification.question.answer",
        object_kind="identification",
        object_id=found.pk,
        detail={"count": kept},
    )
    if not _unanswered(found):
        transition(actor=actor, obj=found, event="supply", expected_version=expected_version)
    return found


def _unanswered(found: Identification) -> list[Question]:
    return list(Question.objects.filter(identification_id=found.pk, reply=None))
