"""The coded facts of a case: every flag yes, no or not recorded."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.rooms.cases.models import Facts
from palermo.rooms.cases.queries.labels import FACTS, stored_of
from palermo.standards.codes import codelist
from palermo.web.forms import InlineRadio

TERNARY = (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("", gettext_lazy("Not recorded")))
CHOSEN = {
    "sex": "palermo/sex",
    "age_group": "palermo/majority",
    "age_at_exploitation": "palermo/majority",
    "country": "country-m49/country",
    "recruiter": "palermo/recruiter",
}
SEVERAL = {"labour": "palermo/labour", "sexual": "palermo/sexual"}
FLAGS = {"forms": ("palermo/form", "form"), "controls": ("palermo/control", "control")}
NOT_ASKED = ("unknown", "not_recorded", "NotSpecified")
CITIZENSHIPS = 3


def asked(list_id: str) -> list[Any]:
    """The codes of a list that a person can choose: no groups of codes, no "unknown" beside "not recorded"."""
    codes = list(codelist(list_id))
    parents = {code.parent for code in codes if code.parent}
    return [code for code in codes if code.code not in NOT_ASKED and code.code not in parents]


def options(list_id: str, language: str) -> list[tuple[str, str]]:
    found = [(code.code, code.label(language)) for code in asked(list_id)]
    if list_id.startswith("country"):
        found.sort(key=lambda option: option[1])
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of the form under one heading. flags: yes, no, not recorded; many: long lists of boxes."""

    name: str
    fields: list[Any]
    always: bool = False
    flags: bool = False
    many: bool = False

    @property
    def recorded(self) -> int:
        return sum(bool(field.value()) for field in self.fields)

    @property
    def open(self) -> bool:
        return self.always or bool(self.recorded) or any(field.errors for field in self.fields)


class FactsForm(forms.Form):
    """Reads and writes `Facts` by way of one ternary answer for each flag."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, list_id in CHOSEN.items():
            self.fields[name] = forms.ChoiceField(
                label=FACTS[name],
                required=False,
                choices=[("", _("Not recorded")), *options(list_id, language)],
            )
        countries = [("", _("Not recorded")), *options("country-m49/country", language)]
        for number in range(CITIZENSHIPS):
            label = FACTS["citizenships"] if number == 0 else gettext_lazy("Further citizenship")
            self.fields[f"citizenship{number}"] = forms.ChoiceField(
                label=label, required=False, choices=countries
            )
        for list_id, prefix in FLAGS.values():
            for code in asked(list_id):
                self.fields[f"{prefix}-{code.code}"] = forms.ChoiceField(
                    label=code.label(language), required=False, choices=TERNARY, widget=InlineRadio
                )
        for name, list_id in SEVERAL.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=FACTS[name],
                required=False,
                choices=options(list_id, language),
                widget=forms.CheckboxSelectMultiple,
            )

    @classmethod
    def of(cls, facts: Facts, language: str) -> "FactsForm":
        """The form as the facts are now."""
        return cls(language, initial=initial_of(facts))

    def group(self, prefix: str) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def parts(self) -> list["Part"]:
        """The form in four parts; the first is open, and those in which something is recorded or wrong."""
        names = ("sex", "age_group", "age_at_exploitation", "country", "recruiter")
        work = [self["labour"], self["sexual"]]
        return [
            Part(_("Person"), [self[name] for name in names] + self.group("citizenship"), always=True),
            Part(_("Forms of exploitation"), self.group("form-"), flags=True),
            Part(_("Means of control"), self.group("control-"), flags=True),
            Part(_("Work and sexual exploitation"), work, many=True),
        ]

    def values(self) -> dict[str, Any]:
        """What is to be stored."""
        got = self.cleaned_data
        stored: dict[str, Any] = {name: got[name] for name in (*CHOSEN, *SEVERAL)}
        chosen = [got[f"citizenship{number}"] for number in range(CITIZENSHIPS)]
        stored["citizenships"] = list(dict.fromkeys(code for code in chosen if code))
        for name, (list_id, prefix) in FLAGS.items():
            for answer in ("yes", "no"):
                stored[f"{name}_{answer}"] = [
                    code.code for code in asked(list_id) if got[f"{prefix}-{code.code}"] == answer
                ]
        return stored

    def base_values(self) -> dict[str, Any]:
        """What the page showed; empty when it cannot be read."""
        try:
            read = json.loads(self.cleaned_data["base"])
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


def initial_of(facts: Facts) -> dict[str, Any]:
    """The facts as the form shows them."""
    initial: dict[str, Any] = {name: getattr(facts, name) for name in (*CHOSEN, *SEVERAL)}
    initial |= {f"citizenship{n}": code for n, code in enumerate(facts.citizenships[:CITIZENSHIPS])}
    for name, (_list, prefix) in FLAGS.items():
        for answer in ("yes", "no"):
            initial |= {f"{prefix}-{code}": answer for code in getattr(facts, f"{name}_{answer}")}
    return initial | {"version": facts.version, "base": json.dumps(stored_of(facts))}
