"""Write notes. Nothing is edited or deleted: a correction stands beside what it corrects."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.cases.models import Case, Draft, Note, Risk
from palermo.rooms.cases.queries.moves import state_name
from palermo.rooms.cases.queries.sealed import begun_in, owner_of, said_in

NOTE_LENGTH = 20_000
# What of a case an author sees while he writes, and what makes a note read differently when it has changed.
SEEN = {"state": gettext_lazy("State"), "risk": gettext_lazy("Risk to the person now")}


@transaction.atomic
def add_note(
    *,
    actor: Viewer,
    case: Case,
    text: str,
    corrects: Note | None = None,
    begun_at: datetime | None = None,
) -> Note:
    """Add a note; `corrects` names the note that it replaces, which stays readable. Ends the author's draft.

    begun_at: when it was written on a device without a link. A clock that runs ahead is put back to now.
    """
    require(actor, "cases.note.add", case.pk)
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > NOTE_LENGTH:
        words = _("Write something, up to %(n)s characters.") % {"n": NOTE_LENGTH}
        raise Invalid(_("The note was not added."), problems=[FieldProblem("text", words, "length")])
    if corrects is not None and corrects.case_id != case.pk:
        raise NotFound()
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            made = Note(id=_next_number(), case=case, written_by_id=actor.user_id, corrects=corrects)
            made.begun_at = min(begun_at, timezone.now()) if begun_at else None
            made.sealed, made.text = seal_text(owner=owner_of(case), place=said_in(made)[0], text=text), text
            made.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("This note has been corrected already. Correct the newer one."), rule="cases.note.newest"
        ) from None
    if begun_at is None:
        # A note that comes from a device was not the one begun here.
        Draft.objects.filter(case=case, written_by_id=actor.user_id).delete()
    record(
        actor=actor,
        action="cases.note.correct" if corrects else "cases.note.add",
        object_kind="case",
        object_id=case.pk,
        detail={"note": made.pk, "length": len(text)},
    )
    return made


@transaction.atomic
def add_note_from_device(
    *, actor: Viewer, case: Case, text: str, begun_at: datetime, base: Mapping[str, str] | None = None
) -> Note:
    """Add a contact note that was written without a link.

    base: the state and the risk of the case as the author last saw them, by code. Where the case has changed since,
    nothing is saved and `Stale` carries both in words: what was written may read differently now.
    """
    require(actor, "cases.note.add", case.pk)
    held = Case.objects.get(pk=case.pk)
    seen = {name: code for name, code in (base or {}).items() if name in SEEN}
    if any(getattr(held, name) != code for name, code in seen.items()):
        now = {name: getattr(held, name) for name in seen}
        raise Stale(
            _("The case has changed since you wrote this. Nothing was saved. Compare, then decide."),
            rule="cases.note.base",
            base=_in_words(seen),
            mine={},
            theirs=_in_words(now),
        )
    return add_note(actor=actor, case=held, text=text, begun_at=begun_at)


def _in_words(codes: Mapping[str, str]) -> dict[str, str]:
    risks = dict(Risk.choices)
    return {
        str(SEEN[n]): str(state_name(code) if n == "state" else risks.get(code, code))
        for n, code in codes.items()
    }


@transaction.atomic
def save_draft(*, actor: Viewer, case: Case, text: str) -> Draft:
    """Keep a note that is not finished, for its author alone."""
    require(actor, "cases.note.add", case.pk)
    if len(text) > NOTE_LENGTH:
        words = _("Up to %(n)s characters.") % {"n": NOTE_LENGTH}
        raise Invalid(_("The draft was not kept."), problems=[FieldProblem("text", words, "length")])
    assert actor.user_id is not None
    place = begun_in(Draft(written_by_id=actor.user_id))[0]
    sealed = seal_text(owner=owner_of(case), place=place, text=text.replace("\r\n", "\n"))
    kept, _made = Draft.objects.update_or_create(
        case=case, written_by_id=actor.user_id, defaults={"sealed": sealed}
    )
    return kept


def _next_number() -> int:
    """The number of the next note, before it is stored: its text is sealed for that row alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_note_id_seq')")
        return int(cursor.fetchone()[0])
