"""What workers do at the door: reply, arrange help, close misuse, give a person her own page, put questions to her."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.kernel.vault.texts import open_texts, seal_text
from palermo.kernel.workflow.actions import guard, transition
from palermo.kernel.workflow.rules import Inputs
from palermo.rooms.consents.queries import CATEGORIES, PURPOSES
from palermo.rooms.door.actions.asking import MOST_TEXT, owner_of, phone_place, word_place
from palermo.rooms.door.actions.codes import hash_of, new_code
from palermo.rooms.door.models import Contact, Desk, HelpRequest, PersonPage, Question, Word
from palermo.standards import codelist
from palermo.web.room import Subject, subject

PAGE_DAYS = 90
# As in the ledger of consents, which does not hand its own list out: what goes to somebody outside names a recipient.
NAMED = frozenset({"referral", "transfer", "justice", "cooperation", "identification"})


@guard("reply_is_written", machine="help_request", from_form=True)
def reply_is_written(obj: HelpRequest, actor: Viewer, inputs: Inputs) -> str:
    """An answer is words."""
    text = str(inputs.get("text") or "").strip()
    return "" if 0 < len(text) <= MOST_TEXT else _("Write the reply, not longer than a page.")


@transaction.atomic
def reply(*, actor: Viewer, request: HelpRequest, text: str, expected_version: int) -> None:
    """Answer; sealed for this request, read by who comes back with the code."""
    require(actor, "door.request.move", request.pk)
    transition(
        actor=actor, obj=request, event="reply", expected_version=expected_version, inputs={"text": text}
    )
    word = Word(object_id=request.pk, written_by_id=actor.user_id)
    owner = owner_of("help_request", request.pk, request.organisation_id)
    word.sealed = seal_text(owner=owner, place=word_place(word.pk), text=text.strip())
    word.save(force_insert=True)
    HelpRequest.objects.filter(pk=request.pk).update(last_at=timezone.now())


@transaction.atomic
def arrange(*, actor: Viewer, request: HelpRequest, case_id: UUID | None, expected_version: int) -> None:
    """Help was arranged; with a case, if one was opened. Nothing is copied into it: the link is an id."""
    require(actor, "door.request.move", request.pk)
    if case_id is not None:
        subject(actor, "case", case_id)
        HelpRequest.objects.filter(pk=request.pk).update(case_id=case_id)
    transition(actor=actor, obj=request, event="arrange", expected_version=expected_version)


@transaction.atomic
def dismiss(*, actor: Viewer, request: HelpRequest, reason: str, expected_version: int) -> None:
    """A supervisor closes what is misuse; its words are erased."""
    require(actor, "door.request.move", request.pk)
    transition(actor=actor, obj=request, event="dismiss", expected_version=expected_version, reason=reason)


@transaction.atomic
def reveal_phone(*, actor: Viewer, request: HelpRequest) -> str:
    """The telephone that the person chose to give; with a fresh sign-in, and the trace is written first."""
    require(actor, "door.request.phone", request.pk)
    found = Contact.objects.filter(pk=request.pk).first()
    if found is None:
        raise NotFound()
    record(
        actor=actor,
        action="door.request.phone",
        object_kind="help_request",
        object_id=request.pk,
        fields=("phone",),
    )
    owner = owner_of("help_request", request.pk, request.organisation_id)
    (text,) = open_texts(actor=actor, owner=owner, sealed=[(phone_place(request.pk), found.sealed)])
    return text or _("The number was changed outside palermo and is not shown.")


@transaction.atomic
def set_desk(*, actor: Viewer, organisation_id: UUID, is_open: bool, languages: Sequence[str]) -> Desk:
    """Whether one's own organisation answers at the door, and in which languages."""
    require(actor, "door.desk.edit")
    if organisation_id not in actor.organisation_ids:
        raise NotFound()
    known = [code for code in languages if code in codelist("palermo/language")]
    desk = Desk.objects.filter(organisation_id=organisation_id).first()
    if desk is None:
        desk = Desk.objects.create(organisation_id=organisation_id, is_open=is_open, languages=known)
    else:
        desk.change({"is_open": is_open, "languages": known}, expected_version=desk.version)
    record(
        actor=actor,
        action="door.desk.open" if is_open else "door.desk.close",
        object_kind="organisation",
        object_id=organisation_id,
    )
    return desk


@transaction.atomic
def give_page(*, actor: Viewer, about: Subject) -> str:
    """A code for the person's own page, shown once, good for ninety days. An earlier one ends now."""
    require(actor, "door.page.give", about.key)
    assert actor.user_id is not None
    _end(about)
    until = timezone.now() + timedelta(days=PAGE_DAYS)
    page = PersonPage.objects.create(
        case_id=about.key,
        person_id=about.person_id,
        organisation_id=about.organisation_id,
        made_by_id=actor.user_id,
        valid_until=until,
    )
    code = new_code()
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_put(%s, 'page', %s, %s)", [hash_of(code), page.pk, until])
    record(actor=actor, action="door.page.give", object_kind="case", object_id=about.key)
    return code


def _end(about: Subject) -> int:
    return PersonPage.objects.filter(case_id=about.key, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def end_pages(*, actor: Viewer, about: Subject) -> None:
    """The code was lost or seen by somebody: it opens nothing from now on."""
    require(actor, "door.page.give", about.key)
    if not _end(about):
        raise Conflict(_("There is no code that could be ended."), rule="door.page")
    record(actor=actor, action="door.page.end", object_kind="case", object_id=about.key)


@transaction.atomic
def put_question(
    *,
    actor: Viewer,
    about: Subject,
    purpose: str,
    categories: Sequence[str],
    recipients: Sequence[UUID] = (),
    valid_until: datetime | None = None,
) -> Question:
    """A question of consent for her own page. For an adult: a child is asked together with the guardian, in person."""
    require(actor, "door.page.give", about.key)
    assert actor.user_id is not None
    if about.child is not False:
        sentence = _("Children, and whose age is in doubt, are asked in person, with the guardian.")
        raise Conflict(sentence, rule="door.question.child")
    problems = []
    if purpose not in codelist(PURPOSES):
        problems.append(FieldProblem("purpose", _("Choose what it is for."), "door.purpose"))
    if not categories or any(code not in codelist(CATEGORIES) for code in categories):
        problems.append(FieldProblem("categories", _("Choose what may be told."), "door.categories"))
    known = Organisation.objects.filter(pk__in=recipients).count() == len(set(recipients))
    if not known or (purpose in NAMED and not recipients):
        problems.append(FieldProblem("recipients", _("Name who may be told."), "door.recipients"))
    if valid_until is not None and valid_until <= timezone.now():
        problems.append(FieldProblem("valid_until", _("The end must be in the future."), "door.until"))
    if problems:
        raise Invalid(_("The question was not put."), problems=problems)
    made = Question.objects.create(
        case_id=about.key,
        person_id=about.person_id,
        purpose=purpose,
        categories=list(categories),
        recipients=list(recipients),
        valid_until=valid_until,
        asked_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="door.question.put",
        object_kind="case",
        object_id=about.key,
        detail={"purpose": purpose},
    )
    return made
