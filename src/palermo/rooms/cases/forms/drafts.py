"""The empty form of a contact note, for a device without a link."""

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from palermo.rooms.cases.forms.case import NoteForm
from palermo.web.drafts import DraftForm

NOTE_DRAFT_VERSION = "note-1"


class ContactNoteDraft(NoteForm):
    """A note and the case that it belongs to."""

    corrects = None
    case = forms.CharField(
        label=_("Code of the case"),
        help_text=_("As on its page, for example C-7K3Q-94M2. Never a name."),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    field_order = ("case", "text")


def draft_forms() -> list[DraftForm]:
    """What of this room may be written without a link."""
    return [
        DraftForm(
            kind="note",
            title=_("Contact note"),
            new=_("New contact note"),
            version=NOTE_DRAFT_VERSION,
            address="/api/cases/notes",
            html=render_to_string(
                "cases/note_draft.html",
                {"form": ContactNoteDraft(auto_id="note_%s", use_required_attribute=False)},
            ),
            subject="/api/cases/cases/",
            subject_field="case",
            base=("state", "risk"),
        )
    ]
