"""What is asked when an answer is written down."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.consents.models import ChildView, Decision, Interpreting, Speaker, Verdict
from palermo.rooms.consents.queries import CATEGORIES, GROUNDS, PURPOSES, choices
from palermo.standards import codelist
from palermo.web.forms import DayInput, InlineRadio
from palermo.web.plain import PlainForm


def end_of(day: Any) -> datetime | None:
    """The last moment of the chosen day."""
    return datetime.combine(day, time.max, tzinfo=UTC) if day else None


class Told(PlainForm):
    """What is told, to whom, until when: the same for a consent and for a legal basis."""

    purpose = forms.ChoiceField(label=_("What for"))
    categories = forms.MultipleChoiceField(
        label=_("What may be told"), widget=forms.CheckboxSelectMultiple, help_text=_("Only what is needed.")
    )
    recipients = forms.MultipleChoiceField(
        label=_("To whom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: it stays in our own house."),
    )
    valid_until = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, recipients: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", _("Choose")), *choices(PURPOSES)]  # type: ignore[attr-defined]
        self.fields["categories"].choices = choices(CATEGORIES)  # type: ignore[attr-defined]
        self.fields["recipients"].choices = recipients  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """What the action takes of this part."""
        given = self.cleaned_data
        return {
            "purpose": given["purpose"],
            "categories": given["categories"],
            "recipients": [UUID(r) for r in given["recipients"]],
            "valid_until": end_of(given.get("valid_until")),
        }


class ConsentForm(Told):
    """One answer, as it was given."""

    decision = forms.ChoiceField(label=_("Answer"), choices=Decision.choices, widget=InlineRadio)
    speaker = forms.ChoiceField(label=_("Who answered"), choices=Speaker.choices, initial=Speaker.PERSON)
    child_view = forms.ChoiceField(
        label=_("The child's own view"),
        required=False,
        choices=[("", _("Not about a child")), *ChildView.choices],
    )
    language = forms.ChoiceField(label=_("Asked in which language"))
    interpreting = forms.ChoiceField(label=_("How it was understood"), choices=Interpreting.choices)

    def __init__(self, *args: Any, child: bool | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = codelist("palermo/language").choices(get_language() or "en")
        self.fields["language"].choices = [("", _("Choose")), *languages]  # type: ignore[attr-defined]
        if child is False:
            # An adult answers in person: the questions about a child are not even asked.
            del self.fields["speaker"], self.fields["child_view"]

    def answered(self) -> dict[str, Any]:
        """What the action takes."""
        names = ("decision", "speaker", "child_view", "language", "interpreting")
        return self.told() | {n: self.cleaned_data[n] for n in names if n in self.cleaned_data}


class WithdrawForm(PlainForm):
    """Nobody has to explain why. One sentence on how we were told may help later."""

    note = forms.CharField(label=_("How we were told"), required=False, max_length=300)


class BasisForm(Told):
    """A ground in law, and why consent cannot be had."""

    ground = forms.ChoiceField(label=_("Ground in law"))
    reason = forms.CharField(
        label=_("Why it is needed, and why consent cannot be had"),
        min_length=20,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("A sentence of at least 20 characters; the second person decides from it. No names."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", _("Choose")), *choices(GROUNDS)]  # type: ignore[attr-defined]
        self.fields["valid_until"].required = True


class VerdictForm(PlainForm):
    """The second person's decision."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=Verdict.choices, widget=InlineRadio)
    note = forms.CharField(
        label=_("Reasons"),
        min_length=20,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("A sentence of at least 20 characters. No names."),
    )
