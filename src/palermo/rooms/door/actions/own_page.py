"""What a person does on her own page: take a consent back, answer a question, say how help was, complain.

The code is the right, and the functions of the database are the wall: each finds the one person of the code by itself.
What follows (rooms that relied on a consent) happens as the system, in the same transaction.
"""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict
from palermo.kernel.organisations.models import Role
from palermo.kernel.vault.texts import seal_text
from palermo.kernel.workflow.actions import begin, transition
from palermo.rooms.door.actions.asking import MOST_TEXT, AskProblem, owner_of, word_place
from palermo.rooms.door.actions.codes import id_of
from palermo.rooms.door.actions.complaining import hand_over
from palermo.rooms.door.models import About, Complaint, Face, Feedback
from palermo.rooms.door.queries import Own
from palermo.web.room import tell


def _asked(sql: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def _note(system: Viewer, own: Own, action: str, **detail: Any) -> None:
    """The trace of the case; by the system, from the person's own page."""
    record(
        actor=system,
        action=action,
        object_kind="case",
        object_id=own.case_id,
        purpose="own page",
        detail=detail,
    )


def _let_rooms_hear(own: Own, purpose: str) -> None:
    """What relied on the consent ends now, in this transaction.

    Rooms ask the ledger whether something else still allows it. They ask with the eyes of who gave the code, in a
    session that says so: the system reads no ledger, and would end what another consent allows.
    """
    giver = User.objects.filter(pk=own.made_by_id, is_active=True).first()
    eyes = viewer_for(giver, session_ref="own-page") if giver else Viewer.operator()
    with acting(eyes) as actor:
        tell("consents.ended", actor=actor, person_id=own.person_id, purpose=purpose)


def take_back(*, own: Own, consent_id: UUID) -> str:
    """Her consent ends now, and every room that relied on it hears of it now. Returns the purpose."""
    with acting(Viewer.operator()) as system:
        purpose = _asked("SELECT door_take_back(%s, %s)", [own.code, consent_id])
        if purpose is None:
            raise Conflict(_("This consent was taken back already."), rule="door.consent")
        _let_rooms_hear(own, str(purpose))
        _note(system, own, "consents.consent.withdraw", purpose=purpose, entry=str(consent_id))
    return str(purpose)


def answer_question(*, own: Own, question_id: UUID, yes: bool, language: str) -> None:
    """Her answer to a question that her worker put to her, into the ledger."""
    answer = "given" if yes else "refused"
    with acting(Viewer.operator()) as system:
        purpose = next((q.purpose for q in own.questions if q.pk == question_id), None)
        made = _asked("SELECT door_answer(%s, %s, %s, %s)", [own.code, question_id, answer, language])
        if made is None or purpose is None:
            raise Conflict(_("This question was answered already."), rule="door.question")
        if not yes:
            _let_rooms_hear(own, str(purpose))
        _note(system, own, f"consents.consent.{answer}", purpose=purpose, entry=str(made))


def _write(own: Own, kind: str, thing: UUID, text: str, nonce: str) -> None:
    if not text.strip():
        return
    word = id_of(nonce, "word")
    owner = owner_of(kind, thing, own.organisation_id)
    sealed = seal_text(owner=owner, place=word_place(word), text=text.strip())
    _asked("SELECT door_write(%s, %s, %s, %s)", [own.code, thing, word, sealed])


def say_how_it_was(*, own: Own, face: str, text: str, nonce: str) -> None:
    """A face and, if she likes, words. For supervisors, not for who helps."""
    if face not in Face.values or len(text) > MOST_TEXT:
        raise AskProblem(_("Choose one of the three."))
    with acting(Viewer.operator()) as system:
        made = id_of(nonce, "feedback")
        row = Feedback(pk=made, case_id=own.case_id, organisation_id=own.organisation_id, face=face)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return  # the same form, sent twice
        _keep_feedback(system, own, made, text, nonce)


def _keep_feedback(system: Viewer, own: Own, made: UUID, text: str, nonce: str) -> None:
    grant(
        actor=system,
        object_kind="feedback",
        object_id=made,
        grantee_kind="organisation",
        grantee_id=own.organisation_id,
        scopes=["case"],
        purpose="feedback",
        roles=(Role.SUPERVISOR,),
    )
    _write(own, "feedback", made, text, nonce)
    record(actor=system, action="door.feedback.say", object_kind="feedback", object_id=made)


def complain(*, own: Own, about: str, outside: bool, text: str, language: str, nonce: str) -> Complaint:
    """A complaint, to somebody who is not the one who has the case. No entry of the case tells of it."""
    if about not in About.values or not text.strip() or len(text) > MOST_TEXT:
        raise AskProblem(_("Say what it is about, and write a few words."))
    with acting(Viewer.operator()) as system:
        made = Complaint.objects.filter(pk=id_of(nonce, "complaint")).first()
        if made is not None:
            return made
        made = Complaint(
            pk=id_of(nonce, "complaint"),
            case_id=own.case_id,
            organisation_id=own.organisation_id,
            worker_id=_asked("SELECT door_worker(%s)", [own.code]),
            about=about,
            outside=outside,
            language=language,
        )
        begin(actor=system, obj=made)
        _write(own, "complaint", made.pk, text, nonce)
        hand_over(system, made)
        record(actor=system, action="door.complaint.make", object_kind="complaint", object_id=made.pk)
        return made


def appeal(*, own: Own, complaint_id: UUID, text: str, nonce: str) -> None:
    """She is not content with the answer: a second person looks at it."""
    if complaint_id not in {c.pk for c in own.complaints}:
        raise Conflict(_("This cannot happen now."), rule="door.complaint")
    with acting(Viewer.operator()) as system:
        found = Complaint.objects.get(pk=complaint_id)
        transition(actor=system, obj=found, event="appeal", expected_version=found.version)
        _write(own, "complaint", found.pk, text[:MOST_TEXT], nonce)
