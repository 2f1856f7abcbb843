"""What is asked at the door. The person's forms are short, need no script, and keep nothing of a wrong try."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.consents.queries import CATEGORIES, PURPOSES, choices, possible_recipients
from palermo.rooms.door.models import About, AnswerBy, Face, Help, Urgency
from palermo.standards import codelist
from palermo.web.forms import DayInput

TEXT, PHONE = 3000, 40
ONE = {"required": _("Choose one."), "invalid_choice": _("Choose one.")}
SOME = {"required": _("Choose one or more."), "invalid_choice": _("Choose one or more.")}


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    area = forms.Textarea({"rows": 5, "autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, required=required, max_length=TEXT, widget=area)


class AskForm(forms.Form):
    """A wish for help: four choices and, if the person likes, words and a telephone."""

    help = forms.MultipleChoiceField(
        label=_("What help do you need?"),
        choices=Help.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=SOME,
    )
    urgency = forms.ChoiceField(
        label=_("How soon?"), choices=Urgency.choices, widget=forms.RadioSelect, error_messages=ONE
    )
    organisation = forms.ChoiceField(
        label=_("Who should read it?"), widget=forms.RadioSelect, error_messages=ONE
    )
    answer_by = forms.ChoiceField(
        label=_("What is a safe way to answer you?"),
        choices=AnswerBy.choices,
        initial=AnswerBy.CODE,
        widget=forms.RadioSelect,
        error_messages=ONE,
    )
    phone = forms.CharField(
        label=_("A telephone, only if nobody else answers it"),
        required=False,
        max_length=PHONE,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    text = _words(_("In your own words, in any language. No names are needed."), required=False)

    def __init__(self, *args: Any, desks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = desks  # type: ignore[attr-defined]
        if len(desks) == 1:
            self.fields["organisation"].initial = desks[0][0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("answer_by") == AnswerBy.PHONE and not given.get("phone", "").strip():
            self.add_error("phone", _("Write the number, or choose to come back with a code."))
        return given


class WordsForm(forms.Form):
    """A further word."""

    text = _words(_("Write again"))


class FaceForm(forms.Form):
    """How help was."""

    face = forms.ChoiceField(label=_("How is the help?"), choices=Face.choices, widget=forms.RadioSelect)
    text = _words(_("Do you want to say more?"), required=False)


class ComplaintForm(forms.Form):
    """A complaint, and to whom."""

    about = forms.ChoiceField(label=_("What is it about?"), choices=About.choices, widget=forms.RadioSelect)
    outside = forms.ChoiceField(
        label=_("Who should read it?"),
        choices=[
            ("", _("Somebody else in the same organisation, who does not work with the person who helps me")),
            ("1", _("Somebody outside this organisation")),
        ],
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )
    text = _words(_("What happened?"))


# What workers fill in.


class ReplyForm(forms.Form):
    """A reply that the person reads with her code."""

    text = forms.CharField(
        label=_("Your reply"),
        max_length=TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "Somebody else may look over her shoulder: no names, no addresses that must stay secret."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ArrangeForm(forms.Form):
    """Help was arranged, with or without a case."""

    case = forms.CharField(
        label=_("Code of the case, if one was opened"),
        required=False,
        max_length=20,
        help_text=_("Nothing is copied: the request only knows which case it led to."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why it is closed."""

    reason = forms.CharField(label=_("Why this is misuse"), max_length=500, min_length=10)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DeskForm(forms.Form):
    """Whether the own organisation answers, and in which languages."""

    is_open = forms.BooleanField(label=_("We answer requests from the public page"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("We answer in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = codelist("palermo/language").choices(get_language() or "en")
        self.fields["languages"].choices = listed  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """A question of consent for the person's own page."""

    purpose = forms.ChoiceField(label=_("What for"))
    categories = forms.MultipleChoiceField(label=_("What may be told"), widget=forms.CheckboxSelectMultiple)
    recipients = forms.MultipleChoiceField(
        label=_("To whom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: it stays in our own house."),
    )
    valid_until = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", _("Choose")), *choices(PURPOSES)]  # type: ignore[attr-defined]
        self.fields["categories"].choices = choices(CATEGORIES)  # type: ignore[attr-defined]
        self.fields["recipients"].choices = possible_recipients(viewer)  # type: ignore[attr-defined]

    def put(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        day = given["valid_until"]
        return {
            "purpose": given["purpose"],
            "categories": given["categories"],
            "recipients": [UUID(r) for r in given["recipients"]],
            "valid_until": datetime.combine(day, time.max, tzinfo=UTC) if day else None,
        }


class JudgeForm(forms.Form):
    """An answer to a complaint."""

    answer = forms.CharField(
        label=_("The answer that the person reads"), max_length=TEXT, widget=forms.Textarea({"rows": 5})
    )
    reason = forms.CharField(
        label=_("How you came to it, for the record"), max_length=500, help_text=_("No names.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """Nothing but what was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
