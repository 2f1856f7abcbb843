"""The questions of this room's forms: built when a form is, because lists and languages are those of the page."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.rooms.children.models import Opinion, Weight
from palermo.rooms.children.queries import codes
from palermo.web.forms import DayInput, InlineRadio

UUID_IN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
NO_NAMES = _("No names of the child or the family.")


def choice(
    label: Any, options: list[tuple[Any, Any]], *, needed: bool = True, **more: Any
) -> forms.ChoiceField:
    """A choice from a list, with nothing chosen at first."""
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *options], required=needed, **more)


def listed(label: Any, list_id: str, *, needed: bool = True, **more: Any) -> forms.ChoiceField:
    """A choice from a code list, in the language of the page."""
    return choice(label, codes.choices(list_id), needed=needed, **more)


def words(label: Any, *, needed: bool = True, rows: int = 3, help_text: Any = NO_NAMES) -> forms.CharField:
    """A text in one's own words; it is sealed."""
    return forms.CharField(
        label=label,
        required=needed,
        max_length=10_000,
        widget=forms.Textarea({"rows": rows}),
        help_text=help_text,
    )


def tick(label: Any, *, needed: bool = True, **more: Any) -> forms.BooleanField:
    """Something that is confirmed."""
    return forms.BooleanField(label=label, required=needed, **more)


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, today at first."""
    return forms.DateField(label=label, widget=DayInput, initial=timezone.localdate, **more)


def perhaps(label: Any) -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))],
        coerce={"yes": True, "no": False, "": None}.get,
        empty_value=None,
        required=False,
        widget=InlineRadio,
    )


class MonthField(forms.CharField):
    """A month and year; "2010-04", or as the browser's own control writes it."""

    widget = forms.TextInput({"type": "month", "placeholder": "2010-04", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if not text:
            return None
        try:
            year, month = (int(part) for part in text.split("-")[:2])
            return date(year, month, 1)
        except ValueError:
            raise forms.ValidationError(_("Write year and month, such as 2010-04.")) from None


class ServiceField(forms.CharField):
    """A service of the directory, by the address of its page or its id; never by where it is."""

    def clean(self, value: Any) -> UUID | None:
        text = str(super().clean(value) or "")
        if not text:
            return None
        found = UUID_IN.search(text)
        if found is None:
            raise forms.ValidationError(_("Paste the link of the service's page here."))
        return UUID(found.group(0))


def hearing() -> dict[str, forms.Field]:
    """The child is heard at this step (CRC art. 12)."""
    return {
        "view_manner": listed(_("How the child was heard"), codes.MANNER),
        "view_language": listed(_("In which language"), codes.LANGUAGE),
        "view_text": words(
            _("What the child thinks and wishes"), help_text=_("In the child's own words. Sealed.")
        ),
    }


def weighing() -> dict[str, forms.Field]:
    """Every element of the best interests, and the guardian."""
    elements: dict[str, forms.Field] = {
        f"on_{code}": forms.ChoiceField(label=label, choices=Weight.choices, widget=InlineRadio)
        for code, label in codes.choices(codes.ELEMENT)
    }
    return {
        **elements,
        "guardian_text": words(_("What the guardian says")),
        "guardian_agrees": perhaps(_("The guardian agrees")),
        "text": words(_("Balance: what weighs most for this child, and why"), rows=4),
    }


def sitting(chairs: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """Who sits in the panel and how each stands to the decision."""
    found: dict[str, forms.Field] = {"met_on": day(_("Met on"))}
    for code, label in codes.choices(codes.SECTOR):
        must = code in codes.NEEDED_SECTORS
        empty = [] if must else [("", _("Not at the table"))]
        found[f"sits_{code}"] = forms.ChoiceField(
            label=label, choices=[*empty, *Opinion.choices], required=must, widget=InlineRadio, initial=""
        )
        found[f"why_{code}"] = words(_("Why, if this member disagrees"), needed=False, rows=1)
    found["chair_sector"] = listed(_("Which sector is in the chair"), codes.SECTOR)
    found["chair"] = choice(
        _("Who is in the chair"),
        chairs,
        needed=False,
        help_text=_("Nobody of this list: somebody without an account here, and not the lead worker."),
    )
    found["text"] = words(_("Minutes: what was decided and why"), rows=4)
    return found
