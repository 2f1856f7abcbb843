"""The empty form by which persons are taken in where there is no link: into an event, or into one not opened yet."""

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.encounters.forms.event import LinesForm, choices
from palermo.standards import codelist
from palermo.web.drafts import DraftForm

PERSONS_DRAFT_VERSION = "persons-1"
PLACE_LENGTH = 80


class PersonsDraft(LinesForm):
    """Lines, and the event that they belong to: its code, or what happened and where."""

    file = None
    key = None
    event = forms.CharField(
        label=_("Code of the event"),
        help_text=_(
            "As on its page, for example E-7K3Q-94M2. Leave it empty when nobody has opened the event yet."
        ),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    kind = forms.ChoiceField(label=_("What happened"), required=False)
    place = forms.CharField(
        label=_("Area"),
        required=False,
        max_length=PLACE_LENGTH,
        help_text=_("A harbour, a road, a stretch of coast. No address of a shelter."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"].choices = [("", _("Choose")), *choices("palermo/encounter_kind")]  # type: ignore[attr-defined]
        self.fields["lines"].required = True
        del self.fields["lines"].needed_when  # type: ignore[attr-defined]


def draft_forms() -> list[DraftForm]:
    """What of this room may be written without a link."""
    language = get_language() or "en"
    context = {
        "form": PersonsDraft(auto_id="persons_%s", use_required_attribute=False),
        "ages": codelist("palermo/encounter_age").choices(language),
        "sexes": codelist("palermo/sex").choices(language),
        "languages": codelist("palermo/language").choices(language),
    }
    return [
        DraftForm(
            kind="persons",
            title=_("Persons met"),
            new=_("Persons of a rescue"),
            version=PERSONS_DRAFT_VERSION,
            address="/api/encounters/intakes",
            html=render_to_string("encounters/persons_draft.html", context),
            title_field="event place",
            subject="/api/encounters/events/",
            subject_field="event",
            missing=_("No such event is open to you. The code may be wrong, or your access has ended."),
        )
    ]
