"""What is asked about an event, and how persons are added to it."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.standards import codelist

LARGEST_FILE = 200_000  # bytes: some thousand lines


def choices(list_id: str) -> list[tuple[str, str]]:
    return codelist(list_id).choices(get_language() or "en")


class MomentInput(forms.DateTimeInput):
    """Day and time, by the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class CountsForm(forms.Form):
    """How many: also of those of whom nothing more is known."""

    expected = forms.IntegerField(label=_("How many persons, about"), required=False, min_value=0)
    dead = forms.IntegerField(label=_("Found dead"), min_value=0, initial=0, required=False)
    missing = forms.IntegerField(
        label=_("Missing"),
        min_value=0,
        initial=0,
        required=False,
        help_text=_("Said to have been on the way too, and not found."),
    )
    travelled = forms.ChoiceField(
        label=_("How they had travelled"),
        required=False,
        help_text=_("For the statistics; it can be added later."),
    )
    border = forms.ChoiceField(label=_("Border where they were met"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, codes in (("travelled", "palermo/travel_mode"), ("border", "palermo/border_met")):
            self.fields[name].choices = [("", _("Not recorded")), *choices(codes)]  # type: ignore[attr-defined]

    def counts(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "expected": given["expected"], "dead": given["dead"] or 0, "missing": given["missing"] or 0,
            "travelled": given["travelled"], "border": given["border"],
        }  # fmt: skip


class EventForm(CountsForm):
    """A new event: enough to begin within half a minute."""

    kind = forms.ChoiceField(label=_("What happened"))
    place = forms.CharField(
        label=_("Area"),
        max_length=80,
        help_text=_("A harbour, a road, a stretch of coast. No address of a shelter."),
    )
    happened_at = forms.DateTimeField(label=_("When"), widget=MomentInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = (
        "kind", "place", "happened_at", "expected", "dead", "missing", "travelled", "border", "key", "version"
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose")), *choices("palermo/encounter_kind")]  # type: ignore[attr-defined]
        self.fields["key"].initial = uuid.uuid4
        self.fields["happened_at"].initial = lambda: timezone.localtime().replace(second=0, microsecond=0)


class LinesForm(forms.Form):
    """One line for each person, typed, pasted or from a file."""

    lines = forms.CharField(
        label=_("One line for each person"),
        required=False,
        widget=forms.Textarea({"rows": 6, "autocapitalize": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].needed_when = _("or a file")  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        sent = self.cleaned_data.get("file")
        if sent and sent.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for a list of persons."))
        return sent

    def text(self) -> str:
        """What was typed, and after it what the file says."""
        sent = self.cleaned_data.get("file")
        read = sent.read().decode("utf-8-sig", errors="replace") if sent else ""
        return "\n".join(part for part in (self.cleaned_data["lines"], read) if part)


class SomeForm(forms.Form):
    """So many persons, to be filled in on the table."""

    number = forms.IntegerField(label=_("How many persons"), min_value=1, max_value=500)
    key = forms.UUIDField(widget=forms.HiddenInput)


class ShareForm(forms.Form):
    """Who else works in the event."""

    to = forms.ChoiceField(label=_("With whom"))
    purpose = forms.CharField(label=_("What for"), min_length=5, max_length=200)

    def __init__(self, *args: Any, whom: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose")), *whom]  # type: ignore[attr-defined]
