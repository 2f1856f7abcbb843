"""Forms of risk, safety and plan. Each fits a telephone and works without a script."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.rooms.cases.forms import case
from palermo.standards.codes import codelist
from palermo.web.forms import DayInput, InlineRadio

LINES, PEOPLE = 6, 6
NO_NAMES = gettext_lazy("No names: write “the person”, “the sister”.")


def choices(list_id: str, *, blank: bool = True, leave_out: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The codes of a list in the reader's language, with an empty choice first."""
    language = get_language() or "en"
    found = [(code.code, code.label(language)) for code in codelist(list_id) if code.code not in leave_out]
    return [("", _("Choose")), *found] if blank else found


class Listed(forms.ChoiceField):
    """One code of a list, in the language of the page."""

    def __init__(self, list_id: str, *, leave_out: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(choices=lambda: choices(list_id, leave_out=leave_out), **more)


class Several(forms.MultipleChoiceField):
    """Some codes of a list, as boxes to tick."""

    def __init__(self, list_id: str, **more: Any) -> None:
        super().__init__(
            choices=lambda: choices(list_id, blank=False),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **more,
        )


def words(label: Any, *, rows: int = 2, **more: Any) -> forms.CharField:
    """A text of a few lines, sealed."""
    return forms.CharField(
        label=label, help_text=NO_NAMES, max_length=5000, widget=forms.Textarea({"rows": rows}), **more
    )


class RiskForm(case.RiskForm):
    """How high the risk is and why, with what it comes from."""

    factors = Several("palermo/risk_factor", label=gettext_lazy("What it comes from"))
    cause = Listed("palermo/risk_cause", label=gettext_lazy("Why now"), required=False)


class HappeningForm(forms.Form):
    """What happened, so that the risk must be looked at again."""

    kind = Listed(
        "palermo/risk_cause",
        label=gettext_lazy("What happened"),
        leave_out=("first", "review", "exit", "other"),
    )
    text = words(gettext_lazy("In a sentence"), required=False)


class AssessmentForm(forms.Form):
    """The four levels: boxes for what puts at risk and what protects, and words for each level."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        risks, good = codelist("palermo/vulnerability_risk"), codelist("palermo/vulnerability_protective")
        self.heads = [(code.code, code.label(language)) for code in risks if not code.parent]
        for head, _name in self.heads:
            for name, codes, label in (
                ("risks", risks, _("What puts the person at risk")),
                ("protective", good, _("What protects")),
            ):
                self.fields[f"{name}-{head}"] = forms.MultipleChoiceField(
                    label=label,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    choices=[(c.code, c.label(language)) for c in codes if c.parent == head],
                )
            self.fields[f"text-{head}"] = words(_("In words"), required=False)
        self.fields["needs_recorded"] = forms.BooleanField(
            label=_("The needs were asked and stand under “Needs and services”"), required=False
        )

    @property
    def levels(self) -> list[tuple[str, list[Any]]]:
        return [
            (name, [self[f"{part}-{head}"] for part in ("risks", "protective", "text")])
            for head, name in self.heads
        ]

    def given(self) -> dict[str, Any]:
        """As `actions.assess` takes it."""
        got = self.cleaned_data
        return {
            "risks": [code for head, _name in self.heads for code in got[f"risks-{head}"]],
            "protective": [code for head, _name in self.heads for code in got[f"protective-{head}"]],
            "texts": {head: got[f"text-{head}"] for head, _name in self.heads},
            "needs_recorded": got["needs_recorded"],
        }


class SafetyForm(forms.Form):
    """Some lines of the safety plan; a line without a sign is left out."""

    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(LINES):
            self.fields[f"sign{place}"] = Listed(
                "palermo/danger_sign", label=_("Sign of danger"), required=False
            )
            self.fields[f"step{place}"] = Listed(
                "palermo/safety_step", label=_("What the person does"), required=False
            )
            self.fields[f"call{place}"] = Listed(
                "palermo/safety_call", label=_("Whom to call"), required=False
            )
            self.fields[f"text{place}"] = words(_("In words"), required=False)

    @property
    def lines(self) -> list[tuple[int, list[Any], bool]]:
        """(number, its fields, whether it shows at once): the filled ones and one more."""
        used = [place for place in range(LINES) if self[f"sign{place}"].value()]
        last = max(used, default=-1) + 1
        return [
            (place + 1, [self[f"{part}{place}"] for part in ("sign", "step", "call", "text")], place <= last)
            for place in range(LINES)
        ]

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        for place in range(LINES):
            row = [got.get(f"{part}{place}") for part in ("sign", "step", "call", "text")]
            if any(row):
                for part, value in zip(("sign", "step", "call"), row, strict=False):
                    if not value and f"{part}{place}" not in self.errors:
                        self.add_error(f"{part}{place}", _("Choose from the list."))
        if not any(got.get(f"sign{place}") for place in range(LINES)) and not self.errors:
            self.add_error(None, _("Write at least one line."))
        return got

    def rows(self) -> list[dict[str, str]]:
        got = self.cleaned_data
        return [
            {part: got[f"{part}{place}"] for part in ("sign", "step", "call", "text")}
            for place in range(LINES)
            if got[f"sign{place}"]
        ]


class GoalForm(forms.Form):
    """What is to be reached."""

    kind = Listed("palermo/service_kind", label=gettext_lazy("Area of help"))
    text = words(gettext_lazy("Goal, in the person's words"), min_length=5)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ActionForm(forms.Form):
    """What is done, who does it, by when."""

    text = words(gettext_lazy("What is done"), min_length=5)
    kind = Listed("palermo/service_kind", label=gettext_lazy("Area of help"))
    doer = Listed("palermo/action_doer", label=gettext_lazy("Who does it"))
    due_on = forms.DateField(label=gettext_lazy("By when"), widget=DayInput)
    goal = forms.ChoiceField(label=gettext_lazy("For which goal"), required=False)
    conference = forms.ChoiceField(label=gettext_lazy("Decided in"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        goals: list[tuple[UUID, str]],
        conferences: list[tuple[UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("goal", goals), ("conference", conferences)):
            self.fields[name].choices = [("", "–"), *[(str(key), said) for key, said in found]]  # type: ignore[attr-defined]
            if not found:
                del self.fields[name]


class AgreeForm(forms.Form):
    """The person heard the plan and agrees."""

    language = Listed("palermo/language", label=gettext_lazy("In which language it was gone through"))
    evidence = forms.ChoiceField(label=gettext_lazy("Signed paper, if there is one"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, files: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [  # type: ignore[attr-defined]
            ("", _("Not on paper, or not yet")),
            *[(str(key), said) for key, said in files],
        ]


class ResultForm(forms.Form):
    """What became of an action."""

    result = Listed("palermo/action_result", label=gettext_lazy("What became of it"))
    why = Listed("palermo/not_done_reason", label=gettext_lazy("Why not, if it was not done"), required=False)
    text = words(gettext_lazy("In a sentence"), required=False)

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        if got.get("result") == "not_done" and not got.get("why"):
            self.add_error("why", _("Choose why it was not done."))
        return got


class ConferenceForm(forms.Form):
    """A case conference: who, what each may see and was told, and what was decided."""

    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=DayInput)
    decisions = words(gettext_lazy("What was decided"), rows=3, min_length=10)
    minutes = words(gettext_lazy("Minutes"), rows=4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(PEOPLE):
            self.fields[f"organisation{place}"] = forms.CharField(
                label=_("Organisation (no name of a person)"),
                required=False,
                min_length=2,
                max_length=120,
                widget=forms.TextInput({"autocomplete": "off"}),
            )
            self.fields[f"role{place}"] = Listed(
                "palermo/conference_role", label=_("As what"), required=False
            )
            self.fields[f"sees{place}"] = Several("palermo/consent_category", label=_("May see"))
            self.fields[f"told{place}"] = Several("palermo/consent_category", label=_("Was told"))

    @property
    def lines(self) -> list[tuple[int, list[Any], bool]]:
        used = [place for place in range(PEOPLE) if self[f"organisation{place}"].value()]
        last = max(used, default=-1) + 1
        parts = ("organisation", "role", "sees", "told")
        return [
            (place + 1, [self[f"{part}{place}"] for part in parts], place <= last) for place in range(PEOPLE)
        ]

    def people(self) -> list[dict[str, Any]]:
        got = self.cleaned_data
        return [
            {part: got[f"{part}{place}"] for part in ("organisation", "role", "sees", "told")}
            for place in range(PEOPLE)
            if got[f"organisation{place}"] or got[f"role{place}"]
        ]


class TakeForm(forms.Form):
    """Which facts are taken from the screening."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    facts_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, fields: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = fields
        for name in fields:
            self.fields[name] = forms.ChoiceField(
                label=_("Decide"),
                choices=[("keep", _("Keep what the case says")), ("take", _("Take it from the screening"))],
                initial="keep",
                widget=InlineRadio,
            )

    def taken(self) -> list[str]:
        return [name for name in self.names if self.cleaned_data[name] == "take"]


class FindScreeningForm(forms.Form):
    """A screening by its code."""

    code = forms.CharField(
        label=gettext_lazy("Code of the later screening"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
