"""The form on paper: one question, in the person's language, to be read together, ticked and signed."""

from django.utils import timezone
from django.utils.translation import override

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.actions import File
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.documents.handing import hand_out_document, show_document
from palermo.kernel.exports.documents.letters import consent_form
from palermo.rooms.consents.models import FORM_VERSION
from palermo.rooms.consents.queries import CATEGORIES, PURPOSES, choices, question, words
from palermo.standards import codelist
from palermo.web.room import Subject

PERMISSION = "consents.consent.view"


def show_form(*, actor: Viewer, about: Subject, purpose: str, language: str) -> Document:
    """The form for a page that is printed. NotFound for a purpose that is none."""
    return show_document(
        actor=actor,
        permission=PERMISSION,
        document=form_of(about, purpose, language),
        object_id=about.key,
        object_kind="case",
    )


def hand_out_form(*, actor: Viewer, about: Subject, purpose: str, language: str, format: str) -> File:
    """The form as a file: pdf or docx. On record."""
    return hand_out_document(
        actor=actor,
        permission=PERMISSION,
        document=form_of(about, purpose, language),
        format=format,
        object_id=about.key,
        object_kind="case",
    )


def form_of(about: Subject, purpose: str, language: str) -> Document:
    """The form itself. No name and no office of the sender is on it: whoever finds it learns little."""
    if purpose not in codelist(PURPOSES):
        raise NotFound()
    with override(language):
        return consent_form(
            language=language,
            person_code=about.person_code,
            purpose=words(PURPOSES, purpose),
            question=question(purpose),
            categories=[label for _code, label in choices(CATEGORIES)],
            form_version=FORM_VERSION,
            dated=timezone.localdate(),
            reference=about.code,
            child=bool(about.child),
        )
