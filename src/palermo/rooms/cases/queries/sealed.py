"""Where the sealed texts of a case stand, and how many of them are opened at once."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.rooms.cases.models import Attachment, Case, Draft, Note, Words

Sealed = tuple[Place, bytes | memoryview]


def owner_of(case: Case) -> Owner:
    """Whose key seals what is written about a case."""
    return Owner("case", case.pk, case.organisation_id)


def said_in(note: Note) -> Sealed:
    """What a note says. Its number must be known before it is stored: the text belongs to this row alone."""
    return Place("cases_note", "sealed", note.pk), note.sealed


def begun_in(draft: Draft) -> Sealed:
    """What an unfinished note says; there is one for each author and case."""
    return Place("cases_draft", "sealed", draft.written_by_id), draft.sealed


def description_of(row: Attachment) -> Sealed:
    """What a file is, and where that is written."""
    return Place("cases_attachment", "sealed_description", row.pk), row.sealed_description


def removal_reason_of(row: Attachment) -> Sealed:
    """Why a file was taken away, and where that is written."""
    return Place("cases_attachment", "sealed_removal_reason", row.pk), row.sealed_removal_reason


def opened(viewer: Viewer, case: Case, sealed: Iterable[Sealed]) -> list[str]:
    """The texts, each in words that can be shown. What does not open leaves an alarm and says so in its place."""
    spoilt = _("[This text was changed outside palermo and is not shown. An alarm was recorded.]")
    texts = open_texts(actor=viewer, owner=owner_of(case), sealed=sealed)
    return [spoilt if text is None else text for text in texts]


def words_in(row: Words) -> Sealed:
    """What is written about risk, safety or plan; never changed, so its key is its place."""
    return Place("cases_words", "sealed", row.pk), row.sealed
