"""What is asked about one person, or about many at once."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.encounters.forms.event import choices
from palermo.rooms.encounters.models import QUESTIONS, Again, Answer
from palermo.standards import codelist
from palermo.web.forms import InlineRadio


class Versioned(forms.Form):
    """Saved only if nobody else has saved meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AidForm(Versioned):
    """First help: life and safety before any question."""

    aid = forms.MultipleChoiceField(label=_("Given"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aid"].choices = choices("palermo/encounter_aid")  # type: ignore[attr-defined]


class AnswersForm(Versioned):
    """The five questions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        for name in QUESTIONS:
            self.fields[name] = forms.ChoiceField(
                label=codelist("palermo/encounter_question").label(name, language),
                choices=Answer.choices,
                widget=InlineRadio,
                required=False,
            )
            self.fields[name].needed_when = _("before the next step")  # type: ignore[attr-defined]

    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in QUESTIONS if self.cleaned_data.get(name)}


class VulnerabilityForm(forms.Form):
    """Four levels: on each what is a risk, what protects, and that somebody has looked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, language = codelist("palermo/vulnerability"), get_language() or "en"
        for level in found.children():
            self.fields[level.code] = forms.MultipleChoiceField(
                label=level.label(language),
                choices=[
                    *((f.code, _mark(f.code, f.label(language))) for f in found.children(level.code)),
                    (f"seen.{level.code}", _("Nothing of this, and we have looked")),
                ],
                widget=forms.CheckboxSelectMultiple,
            )

    def seen(self) -> dict[str, Any]:
        """The levels that were looked at and the factors found."""
        chosen = [code for codes in self.cleaned_data.values() for code in codes]
        levels = [level for level, codes in self.cleaned_data.items() if codes]
        return {"levels": levels, "found": [code for code in chosen if not code.startswith("seen.")]}


def _mark(code: str, label: str) -> str:
    """A risk is marked by a minus, what protects by a plus: readable without colour."""
    return f"{'−' if code.startswith('risk.') else '+'} {label}"


class ReturnForm(forms.Form):
    """The risks of a return: each box is a risk of which somebody has made sure that it is none."""

    found = forms.MultipleChoiceField(
        label=_("Made sure of"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found"].choices = [  # type: ignore[attr-defined]
            pair for pair in choices("palermo/return_check") if child or pair[0] != "children"
        ]


class AgainForm(Versioned):
    """Something happened after which the person must be screened again."""

    why = forms.ChoiceField(label=_("What happened"), choices=Again.choices, widget=forms.RadioSelect)


class LinkForm(forms.Form):
    """How this person and another of the event belong together."""

    relation = forms.ChoiceField(label=_("This person is"))
    other = forms.IntegerField(label=_("number"), min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = choices("palermo/encounter_relation")  # type: ignore[attr-defined]


class RelinkForm(forms.Form):
    """A family link that is not right."""

    relation = forms.ChoiceField(label=_("How they belong together"), required=False)
    apart = forms.BooleanField(
        label=_("When it is taken away: the second person is of no family here, as far as is known"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = choices("palermo/encounter_relation")  # type: ignore[attr-defined]


class StepForm(Versioned):
    """One step of the machine: what its guards ask for, and a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("No names. Everybody who works in the event sees this."),
    )

    def __init__(
        self, event: str, asks: tuple[tuple[str, str], ...], reason: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.event, self.asks = event, [key for key, _words in asks]
        self.fields["reason"].required = reason
        for key, words in (*asks, *_asked(event)):
            self.fields[key] = forms.BooleanField(label=words)
            self.asks = [*self.asks, key] if key not in self.asks else self.asks
        if event == "solution":
            self._choose("solution", _("Which solution"), "palermo/migrant_solution")
        if event == "done":
            self._choose("outcome", _("How did it end?"), "palermo/migrant_outcome")
        if event == "vulnerable":
            for name, label in (("family_name", _("Family name")), ("given_names", _("Given names"))):
                self.fields[name] = forms.CharField(label=label, required=False, max_length=200)
        self.order_fields([name for name in self.fields if name not in ("reason", "version")])

    def _choose(self, name: str, label: Any, list_id: str) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", _("Choose")), *choices(list_id)])

    def inputs(self) -> dict[str, Any]:
        """What guards and effects are given; names go to the vault, nowhere else."""
        given = {name: self.cleaned_data[name] for name in self.asks}
        for name in ("solution", "outcome"):
            if name in self.fields:
                given[name] = self.cleaned_data[name]
        return given


def _asked(event: str) -> tuple[tuple[str, Any], ...]:
    """What our own guards ask to be confirmed."""
    return {
        "no_need": (
            ("rights_told", _("The rights are told, in a language that is understood")),
            ("helpline_told", _("The helpline is told and written down for the person")),
            (
                "consulate_told",
                _("The right to contact the own consulate is told: there is no wish for asylum"),
            ),
        ),
        "solution": (
            ("choice_informed", _("Every option is explained, and the choice is the person's own")),
        ),
    }.get(event, ())
