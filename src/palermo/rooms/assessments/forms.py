"""Forms of assessments."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.demo import is_demo
from palermo.rooms.assessments.actions import Given, field_of
from palermo.rooms.assessments.models import Answer, Progress
from palermo.rooms.assessments.queries import dimension_words, value_words
from palermo.standards.countries import countries, country
from palermo.standards.toolkits import NUMBER, TEXT, Measure, Part, newest, spoken
from palermo.web.forms import InlineRadio

DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
INVENTED = "XPA"  # the demonstration's own State, offered there alone
TALL = forms.Textarea({"rows": 3, "dir": "auto"})


def _states() -> list[tuple[str, str]]:
    language = get_language() or "en"
    known = sorted(((k, one.name(language)) for k, one in countries().items()), key=lambda one: one[1])
    invented = [(INVENTED, country(INVENTED).name(language))] if is_demo() else []
    return [("", ""), *invented, *known]


class AssessmentForm(forms.Form):
    """What is assessed, for which State and time, and by whom."""

    title = forms.CharField(label=_("Title"), max_length=160)
    toolkit = forms.ChoiceField(label=_("Toolkit"), widget=forms.RadioSelect)
    country = forms.ChoiceField(label=_("State"))
    scope = forms.CharField(
        label=_("Scope"), required=False, max_length=2000, widget=TALL,
        help_text=_("What is looked at and what is left out: regions, bodies, documents."),
    )  # fmt: skip
    starts = forms.DateField(label=_("Period from"), widget=DATE)
    ends = forms.DateField(label=_("Period to"), widget=DATE)
    assessors = forms.MultipleChoiceField(
        label=_("Assessors"), widget=forms.CheckboxSelectMultiple,
        help_text=_("At least two. Until all have handed in, nobody sees the answers of another, you neither."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        kits = [(code, one.titled(language)) for code, one in newest().items()]
        self.fields["toolkit"].choices = kits  # type: ignore[attr-defined]
        self.fields["country"].choices = _states()  # type: ignore[attr-defined]
        self.fields["assessors"].choices = people  # type: ignore[attr-defined]


def value_field(measure: Measure, label: str) -> forms.Field:
    """The field that takes an answer of this measure. No answer is always allowed: it reads “not answered”."""
    if measure.answer == TEXT:
        return forms.CharField(label=label, required=False, max_length=4000, widget=TALL)
    if measure.answer == NUMBER:
        box = forms.TextInput({"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
        return forms.CharField(label=label, required=False, max_length=20, widget=box)
    choices = [(one, value_words(one)) for one in measure.values] + [("", value_words(""))]
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=InlineRadio)


class PartForm(forms.Form):
    """The cells of one part of a toolkit, with words and evidence beside each."""

    stamp = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, part: Part, there: Mapping[tuple[str, str], Answer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.language = part, get_language() or "en"
        for measure in part.measures:
            for dimension in measure.dimensions:
                self._add(measure, dimension, there.get((measure.code, dimension)))

    def _add(self, measure: Measure, dimension: str, old: Answer | None) -> None:
        cell = (measure.code, dimension)
        self.fields[field_of(cell)] = value_field(measure, dimension_words(dimension))
        self.fields[field_of(cell, "n")] = forms.CharField(
            label=pgettext_lazy("beside an answer of an assessment", "Reasons"), required=False, max_length=4000,
            widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        )  # fmt: skip
        self.fields[field_of(cell, "e")] = forms.CharField(
            label=_("Evidence"), required=False, widget=forms.Textarea({"rows": 2, "dir": "auto"}),
            help_text=_("One document or address a line."),
        )  # fmt: skip
        if old is not None:
            told = {"v": old.value, "n": old.narrative, "e": "\n".join(old.evidence)}
            self.initial |= {field_of(cell, what): words for what, words in told.items()}

    def given(self) -> dict[tuple[str, str], Given]:
        """What was entered, by cell."""
        values = self.cleaned_data
        return {
            cell: Given(
                values[field_of(cell)].strip(), values[field_of(cell, "n")].strip(),
                tuple(line.strip() for line in values[field_of(cell, "e")].splitlines() if line.strip()),
            )
            for measure in self.part.measures
            for cell in ((measure.code, dimension) for dimension in measure.dimensions)
        }  # fmt: skip

    def groups(self) -> list[dict[str, Any]]:
        """The tools with their measures and the bound fields of their cells, for the page."""
        return [
            {"title": spoken(tool.title, self.language), "measures": [self._told(m) for m in tool.measures]}
            for tool in self.part.tools
        ]  # fmt: skip

    def _cell(self, measure: Measure, dimension: str) -> dict[str, Any]:
        value, words, evidence = (self[field_of((measure.code, dimension), what)] for what in "vne")
        told = bool(words.value() or evidence.value())
        return {
            "value": value, "words": words, "evidence": evidence, "choice": bool(measure.values), "told": told,
        }  # fmt: skip

    def _told(self, measure: Measure) -> dict[str, Any]:
        return {
            "code": measure.code, "text": measure.said(self.language), "guidance": measure.helped(self.language),
            "legal": measure.legal, "cells": [self._cell(measure, one) for one in measure.dimensions],
        }  # fmt: skip


class RecommendationForm(forms.Form):
    """What should be done, by whom, until when."""

    measure = forms.ChoiceField(label=_("Measure"), required=False)
    text = forms.CharField(label=_("Recommendation"), max_length=2000, widget=TALL)
    owner = forms.CharField(label=_("Who does it"), max_length=160, help_text=_("A body, not a person."))
    due = forms.DateField(label=_("Until"), widget=DATE)

    def __init__(self, *args: Any, measures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", _("None in particular")), *measures]  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """How a recommendation stands."""

    state = forms.ChoiceField(label=_("How it stands"), choices=Progress.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)
