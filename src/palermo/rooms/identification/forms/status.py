"""What each step of the legal status asks for. One form, made of the parts that its event needs."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.kernel.workflow.moves import Move
from palermo.rooms.identification.actions import REFERRALS, RULINGS
from palermo.rooms.identification.models import Identification
from palermo.rooms.identification.queries import FINAL, authorities, notification_choices
from palermo.rooms.identification.queries.rulings import POSITIVE
from palermo.standards import codelist
from palermo.web.forms import DayInput
from palermo.web.plain import PlainForm

TEXT = forms.Textarea({"rows": 3})


def labels(list_id: str, codes: Any = None) -> list[tuple[str, str]]:
    """(code, label) in the reader's language."""
    found = codelist(list_id).choices(get_language() or "en")
    return found if codes is None else [(code, label) for code, label in found if code in codes]


def choose(list_id: str) -> list[tuple[str, Any]]:
    return [("", _("Choose")), *labels(list_id)]


class StepForm(PlainForm):
    """One step. `step.asks` are confirmations; the rest depends on the event."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, step: Move, found: Identification, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        event = step.event
        if event in REFERRALS:
            self._packet(event)
        elif event in RULINGS:
            self._ruling(event)
        elif event == "request_info":
            self.fields["questions"] = forms.CharField(
                label=_("Questions, one a line"),
                widget=forms.Textarea({"rows": 5}),
                help_text=_(
                    "Each is answered by itself. You can ask once; the time of the decision stands still."
                ),
            )
        elif event == "extend":
            self.fields["extension_reason"] = forms.ChoiceField(
                label=_("Why longer"), choices=choose("palermo/recovery_extension")
            )
            self.fields["until"] = forms.DateField(label=_("New end"), widget=DayInput)
        elif event == "request_review":
            self.fields["review_ground"] = forms.ChoiceField(
                label=_("What the review rests on"), choices=choose("palermo/review_ground")
            )
        elif event == "refuse":
            self._notification()
        for ask in step.asks:
            if ask.key not in self.fields:
                self.fields[ask.key] = forms.BooleanField(label=ask.sentence)
        if step.reason_required and event not in RULINGS:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"),
                max_length=1000,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("No names. Everybody who works on this sees it."),
            )

    def _packet(self, event: str) -> None:
        self.fields["authority"] = forms.ChoiceField(
            label=_("To which authority"), choices=[("", _("Choose")), *authorities()]
        )
        self.fields["identity"] = forms.BooleanField(
            label=_("Tell the name and date of birth"),
            required=False,
            help_text=_("Only where the consent covers it. They are taken from the vault, with a trace."),
        )
        for code, label in labels("palermo/consent_category"):
            if code == "identity":
                continue
            self.fields[f"text-{code}"] = forms.CharField(
                label=label,
                required=code in ("exploitation", "needs"),
                max_length=4000,
                widget=TEXT,
                help_text=_("Empty: nothing is told about it. No names here.")
                if code == "exploitation"
                else "",
            )

    def _ruling(self, event: str) -> None:
        positive = event in POSITIVE or event.startswith("reject")
        kind = "positive" if positive else "negative"
        codes = [c.code for c in codelist("palermo/decision_reason") if c.definition == kind]
        self.fields["sentences"] = forms.MultipleChoiceField(
            label=_("Sentences for the letter"),
            required=False,
            choices=labels("palermo/decision_reason", codes),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("They stand in the letter in the person's language."),
        )
        self.fields["reasons"] = forms.CharField(
            label=_("Reasons, in your own words"),
            min_length=20,
            max_length=10_000,
            widget=forms.Textarea({"rows": 6}),
            help_text=_(
                "A sentence or more, at least 20 characters. Sealed; they stand in the letter as you write them."
            ),
        )
        if event in FINAL:
            told = event not in POSITIVE
            self.fields["language"] = forms.ChoiceField(
                label=_("Which language does the person understand?"),
                required=told,
                choices=choose("palermo/language"),
            )
            self.fields["bearer"] = forms.ChoiceField(
                label=_("Who explains it to the person?"),
                required=told,
                choices=choose("palermo/decision_bearer"),
            )

    def _notification(self) -> None:
        for name, (label, choices, several, needed) in notification_choices().items():
            self.fields[name] = (
                forms.MultipleChoiceField(
                    label=label, required=needed, choices=choices, widget=forms.CheckboxSelectMultiple
                )
                if several
                else forms.ChoiceField(label=label, required=needed, choices=choices)
            )
        self.fields["rare_accepted"] = forms.BooleanField(
            label=_("I have seen that the combination is rare, and it may be sent so"),
            required=False,
            help_text=_("Only where palermo says that it is rare."),
        )

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        texts = {name[5:]: data.pop(name) for name in list(data) if name.startswith("text-")}
        if "questions" in data:
            data["questions"] = [line for line in data["questions"].splitlines() if line.strip()]
        return {**data, "texts": texts}


class DetentionForm(PlainForm):
    """What the worker knows; it is told by the person, not read from a proceeding."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    detained = forms.BooleanField(label=_("Detained, or facing removal"), required=False)
    charged = forms.BooleanField(label=_("Charged with an offence"), required=False)


class ServeForm(PlainForm):
    """How the decision reached the person."""

    language = forms.ChoiceField(label=_("In which language"))
    way = forms.ChoiceField(label=_("How it was explained"))
    bearer = forms.ChoiceField(label=_("By whom"))
    day = forms.DateField(label=_("When"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, list_id in (
            ("language", "palermo/language"),
            ("way", "palermo/service_way"),
            ("bearer", "palermo/decision_bearer"),
        ):
            self.fields[name].choices = choose(list_id)  # type: ignore[attr-defined]

    def served(self) -> dict[str, Any]:
        """What the action takes; today means now, another day its end."""
        data = dict(self.cleaned_data)
        return data | {"served_at": moment_of(data.pop("day"))}


def moment_of(day: date) -> datetime:
    """The last moment of a day that is over; now for today, and the same day for a day that has not come."""
    now = timezone.now()
    end = timezone.make_aware(datetime.combine(day, time(23, 59)))
    return now if day == timezone.localdate(now) else end


class AnswersForm(PlainForm):
    """The questions of the authority, each with a place for its answer."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, asked: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in asked:
            if not one.answered:
                self.fields[f"answer-{one.id}"] = forms.CharField(
                    label=f"{one.number}. {one.question}", required=False, max_length=4000, widget=TEXT
                )

    def answers(self) -> dict[UUID, str]:
        """Question -> what was written."""
        return {
            UUID(name[7:]): text
            for name, text in self.cleaned_data.items()
            if name.startswith("answer-") and text
        }
