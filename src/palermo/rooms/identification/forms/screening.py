"""Input of the screening pages. The questions themselves are data: see palermo.standards.instruments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.identification.models import Outcome
from palermo.standards.instruments import Section
from palermo.web.forms import DayInput, InlineRadio
from palermo.web.plain import PlainForm

TERNARY = (("yes", _("Yes")), ("no", _("No")), ("", _("Not known")))
BASE = "base-"


class StartForm(PlainForm):
    """Begin: nothing about the person is asked, only where we are."""

    event = forms.CharField(
        label=_("Event or place"),
        max_length=120,
        required=False,
        help_text=_(
            "For example “harbour, night of 3 May”. No name, no telephone number, nothing about a person."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FilterForm(PlainForm):
    """Find among the viewer's own screenings."""

    q = forms.CharField(label=_("Code, event or place"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To"), required=False, widget=DayInput)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]


class SectionForm(PlainForm):
    """The questions of one section, each yes, no or not known; what was shown travels along as the base."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, section: Section, language: str, *args: Any, shown: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        for question in section.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=question.ask[language],
                help_text=question.do[language] if question.do else "",
                choices=TERNARY,
                required=False,
                widget=InlineRadio,
                initial=(shown or {}).get(question.code, ""),
            )
            self.fields[question.code].act_on = question.act_on  # type: ignore[attr-defined]
        self.fields["remark"] = forms.CharField(
            label=_("Anything to remember about this part"),
            help_text=_("In the person's own words where you can. No names, no addresses."),
            required=False,
            max_length=4000,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            initial=(shown or {}).get("remark", ""),
        )
        for code in (*(q.code for q in section.questions), "remark"):
            self.fields[BASE + code] = forms.CharField(
                required=False, strip=False, widget=forms.HiddenInput, initial=(shown or {}).get(code, "")
            )

    @property
    def questions(self) -> list[Any]:
        """The bound fields of the questions, in order."""
        return [self[question.code] for question in self.section.questions]

    @property
    def hidden_base(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(BASE)] + [self["version"]]

    def answers(self) -> dict[str, str]:
        """Question code -> yes, no or empty; and the remark."""
        return {q.code: self.cleaned_data[q.code] for q in self.section.questions} | {
            "remark": self.cleaned_data["remark"]
        }

    def base(self) -> dict[str, str]:
        """What the page showed when it was opened."""
        return {
            name.removeprefix(BASE): value.replace("\r\n", "\n")
            for name, value in self.cleaned_data.items()
            if name.startswith(BASE)
        }


class DecisionForm(PlainForm):
    """A person's own decision. Nothing is chosen beforehand: the suggestion is beside it, not in it."""

    outcome = forms.ChoiceField(label=_("Your decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Your reasons"),
        help_text=_(
            "A sentence of at least 10 characters: what convinced you, also where you differ. No names."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        min_length=10,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    suggestion = forms.IntegerField(widget=forms.HiddenInput)
    supersedes = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AbandonForm(PlainForm):
    """Why a screening ends without a decision."""

    reason = forms.CharField(
        label=_("Why it ends"),
        help_text=_(
            "A sentence of at least 10 characters, for example “asked to stop, has our number”. No names."
        ),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
