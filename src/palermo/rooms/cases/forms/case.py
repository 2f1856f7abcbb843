"""The small forms of the case page."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.kernel.vault.models import Purpose
from palermo.rooms.cases.models import Crime, Ending, Risk
from palermo.rooms.cases.queries.labels import IDENTITY
from palermo.rooms.cases.queries.moves import pause_reasons
from palermo.web.forms import DayInput, InlineRadio

SCOPES = (
    ("notes", _("Notes and files")),
    ("identity", _("Identity (they can reveal the name)")),
)


class FilterForm(forms.Form):
    """Find among the viewer's own cases: by code, never by name."""

    q = forms.CharField(
        label=_("Code of the case or person"),
        help_text=_("Whole or part, such as C-7K3Q or P-7K3Q. Names and notes are not searched."),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    crime = forms.ChoiceField(label=_("About"), required=False, choices=[("", _("All")), *Crime.choices])
    risk = forms.ChoiceField(label=_("Risk"), required=False, choices=[("", _("All")), *Risk.choices])
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]


ASKED = {
    "handed_over": _("Open referrals, tasks and hearings are finished or handed over."),
    "consented": _("The person consented to be contacted after closure."),
}


class MoveForm(forms.Form):
    """One event of the machine: what its guards ask for, and a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("No names. Everybody who works on the case sees this."),
    )

    def __init__(self, asks: tuple[str, ...], reason_required: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        self.fields["reason"].required = reason_required
        for name in asks:
            if name == "outcome":
                choices = [("", _("Choose")), *Ending.choices]
                self.fields[name] = forms.ChoiceField(label=_("How did the case end?"), choices=choices)
            elif name == "pause_reason":
                choices = [("", _("Choose")), *pause_reasons()]
                self.fields[name] = forms.ChoiceField(label=_("What it waits for"), choices=choices)
            else:
                self.fields[name] = forms.BooleanField(label=ASKED[name])
        self.order_fields([*asks, "reason", "version"])

    def answers(self) -> dict[str, Any]:
        """What was stated, for the guards."""
        return {name: self.cleaned_data[name] for name in self.asks}


class NoteForm(forms.Form):
    """A note, new or correcting."""

    text = forms.CharField(
        label=_("New note"),
        help_text=_("What was said, done or agreed. No names: write “the person”, “the sister”."),
        max_length=20_000,
        widget=forms.Textarea({"rows": 5}),
    )
    corrects = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RiskForm(forms.Form):
    """How high the risk is, and why."""

    risk = forms.ChoiceField(
        label=_("Risk to the person now"),
        choices=[c for c in Risk.choices if c[0] != "not_assessed"],
        widget=InlineRadio,
    )
    reason = forms.CharField(
        label=_("What the risk is"), min_length=10, max_length=2000, widget=forms.Textarea({"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RevealForm(forms.Form):
    """Which part of the identity, and what for."""

    fields_wanted = forms.MultipleChoiceField(
        label=_("What you need to see"),
        choices=list(IDENTITY.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=["family_name", "given_names"],
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=[("", _("Choose")), *Purpose.choices])
    explanation = forms.CharField(
        label=_("In a sentence"),
        help_text=_("Kept with the case, beside your name. No names in it."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    once = forms.CharField(widget=forms.HiddenInput)


class WorkerForm(forms.Form):
    """Who takes the case on, and why."""

    to = forms.ChoiceField(label=_("Who takes it on"))
    reason = forms.CharField(
        label=_("Why, and what the new worker must know first"),
        help_text=_("Becomes a note. No names of the person or the family."),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, workers: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose")), *workers]  # type: ignore[attr-defined]


class EmergencyForm(forms.Form):
    """A case that is not one's own, and why it cannot wait."""

    code = forms.CharField(
        label=_("Code of the case"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=_("Why this cannot wait"),
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("A sentence. The supervisors of both organisations read it. No names."),
    )
    who_it_is = forms.BooleanField(label=_("I must know who it is"), required=False)


class ShareForm(forms.Form):
    """With whom, what, what for, until when."""

    grantee = forms.ChoiceField(label=_("Colleague or team"))
    scopes = forms.MultipleChoiceField(
        label=_("Besides the case itself"),
        choices=SCOPES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.CharField(label=_("What they need it for"), min_length=5, max_length=200)
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, grantees: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grantee"].choices = [("", _("Choose")), *grantees]  # type: ignore[attr-defined]

    def end(self) -> datetime | None:
        """The last moment of the chosen day."""
        day = self.cleaned_data.get("until")
        return datetime.combine(day, time.max, tzinfo=UTC) if day else None


class BringInForm(ShareForm):
    """An authority outside: which, what, what for, and always until when."""

    organisation = forms.ChoiceField(label=_("Authority"))
    until = forms.DateField(label=_("Until"), widget=DayInput)
    field_order = ("organisation", "scopes", "purpose", "until")

    def __init__(self, *args: Any, authorities: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, grantees=[], **kwargs)
        del self.fields["grantee"]
        self.fields["organisation"].choices = [("", _("Choose")), *authorities]  # type: ignore[attr-defined]
