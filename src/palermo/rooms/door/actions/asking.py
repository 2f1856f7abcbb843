"""Asking for help without a name, writing again, erasing. The system writes: the person is nobody to palermo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Invalid
from palermo.kernel.organisations.models import ON_CASES
from palermo.kernel.vault.texts import Owner, Place, seal_text
from palermo.kernel.workflow.actions import begin, on_enter, transition
from palermo.rooms.door.actions.codes import code_of, hash_of, id_of
from palermo.rooms.door.models import AnswerBy, Contact, Help, HelpRequest, Urgency
from palermo.rooms.door.queries import desks

SILENCE = timedelta(days=30)
AGAIN = timedelta(minutes=10)
MOST_TEXT, MOST_PHONE = 3000, 40


class AskProblem(Invalid):
    """What was sent cannot be kept: an organisation that does not answer, a choice that there is not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person chose and wrote."""

    organisation_id: UUID
    help: Sequence[str]
    urgency: str
    answer_by: str
    phone: str = ""
    text: str = ""
    language: str = "en"


def owner_of(kind: str, object_id: UUID, organisation_id: UUID) -> Owner:
    return Owner(kind, object_id, organisation_id)


def word_place(word_id: UUID) -> Place:
    return Place("door_word", "sealed", word_id)


def phone_place(request_id: UUID) -> Place:
    return Place("door_contact", "sealed", request_id)


def ask_for_help(asked: Asked, *, nonce: str) -> str:
    """Keep the request, let its organisation see it, and give the code, once. Nothing of the line is taken down.

    The same form sent again within ten minutes (a bad line lost the answer) gives the same code; later it is refused.
    """
    _refuse_unknown(asked)
    code = code_of(nonce)
    with acting(Viewer.operator()) as system:
        before = HelpRequest.objects.filter(pk=id_of(nonce, "request")).first()
        if before is not None:
            if timezone.now() - before.created_at > AGAIN:
                raise AskProblem(
                    _("This was sent already. The code was shown once; ask again to get a new one.")
                )
            return code
        _keep(system, asked, nonce, code)
    return code


def _refuse_unknown(asked: Asked) -> None:
    known = (
        asked.organisation_id in {desk.organisation_id for desk in desks(Viewer.anonymous())}
        and asked.help
        and set(asked.help) <= set(Help.values)
        and asked.urgency in Urgency.values
        and asked.answer_by in AnswerBy.values
        and len(asked.text) <= MOST_TEXT
        and len(asked.phone) <= MOST_PHONE
    )
    if not known:
        raise AskProblem(_("This could not be sent. Look at your answers and send again."))


@transaction.atomic
def _keep(system: Viewer, asked: Asked, nonce: str, code: str) -> None:
    made = HelpRequest(
        pk=id_of(nonce, "request"),
        organisation_id=asked.organisation_id,
        help=list(dict.fromkeys(asked.help)),
        urgency=asked.urgency,
        answer_by=asked.answer_by,
        language=asked.language,
    )
    grant(
        actor=system,
        object_kind="help_request",
        object_id=made.pk,
        grantee_kind="organisation",
        grantee_id=asked.organisation_id,
        scopes=["case"],
        purpose="help_request",
        roles=ON_CASES,
    )
    begin(actor=system, obj=made)
    owner = owner_of("help_request", made.pk, asked.organisation_id)
    hashed = hash_of(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_put(%s, 'request', %s, NULL)", [hashed, made.pk])
        if asked.text.strip():
            word = id_of(nonce, "word")
            sealed = seal_text(owner=owner, place=word_place(word), text=asked.text.strip())
            cursor.execute("SELECT door_write(%s, %s, %s, %s)", [hashed, made.pk, word, sealed])
    if asked.answer_by == AnswerBy.PHONE and asked.phone.strip():
        sealed = seal_text(owner=owner, place=phone_place(made.pk), text=asked.phone.strip())
        Contact.objects.create(request=made, sealed=sealed)
    record(
        actor=system,
        action="door.request.ask",
        object_kind="help_request",
        object_id=made.pk,
        detail={"urgency": made.urgency},
    )


def write_again(*, code: bytes, request: HelpRequest, text: str, nonce: str) -> None:
    """A further word of the person; the same form sent twice is one word."""
    if not text.strip() or len(text) > MOST_TEXT:
        raise AskProblem(_("Write something, not longer than a page."))
    word = id_of(nonce, "word")
    with acting(Viewer.operator()) as system:
        owner = owner_of("help_request", request.pk, request.organisation_id)
        sealed = seal_text(owner=owner, place=word_place(word), text=text.strip())
        with connection.cursor() as cursor:
            cursor.execute("SELECT door_write(%s, %s, %s, %s)", [code, request.pk, word, sealed])
            is_new = bool(cursor.fetchone()[0])
        if is_new:
            record(
                actor=system, action="door.request.write", object_kind="help_request", object_id=request.pk
            )


def erase_request(*, request: HelpRequest, why: str = "person") -> None:
    """Words, telephone, code and key are gone at once; what is left is a count without words."""
    with acting(Viewer.operator()) as system:
        current = HelpRequest.objects.filter(pk=request.pk, erased_at=None).first()
        if current is None:
            return
        if current.state in ("received", "in_contact"):
            transition(actor=system, obj=current, event="erase", expected_version=current.version)
        else:
            _erase(current.pk)
        record(
            actor=system,
            action="door.request.erase",
            object_kind="help_request",
            object_id=request.pk,
            detail={"why": why},
        )


def _erase(request_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_erase(%s)", [request_id])


@on_enter("help_request", "closed")
def forget(obj: HelpRequest, actor: Viewer, inputs: object) -> None:
    """What is closed holds no word any more, whoever closed it."""
    _erase(obj.pk)


def sweep() -> int:
    """Erase what has been silent for thirty days, whatever its state. The worker runs it; twice does nothing."""
    with acting(Viewer.operator()):
        silent = list(
            HelpRequest.objects.filter(erased_at=None, last_at__lt=timezone.now() - SILENCE).order_by(
                "last_at"
            )[:500]
        )
    for request in silent:
        erase_request(request=request, why="silence")
    return len(silent)
