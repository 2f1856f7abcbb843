"""Forms of the estimates: a question with its table, and the settings of a run."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.estimates.actions.running import MOST_BOOTSTRAP
from palermo.rooms.estimates.actions.studies import MOST_BYTES
from palermo.rooms.estimates.models import YEARS, Crime, Study
from palermo.rooms.estimates.queries.words import method_choices

DEFAULTS = {"order": 2, "p": 0.02, "bootstrap": 1000, "seed": 1, "checks": True}
FIRST = ("main", "stepwise", "chao")


class FilterForm(forms.Form):
    """Words of title and description, and the crime."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    crime = forms.ChoiceField(label=_("Crime"), required=False, choices=[("", _("Both")), *Crime.choices])


class StudyForm(forms.Form):
    """A question: title, crime, years, what the lists are, and the table as a file or as text."""

    title = forms.CharField(label=_("Title"), min_length=3, max_length=160)
    crime = forms.ChoiceField(label=_("Crime"), choices=Crime.choices)
    year_from = forms.IntegerField(label=_("First year"), min_value=YEARS[0], max_value=YEARS[1])
    year_to = forms.IntegerField(label=_("Last year"), min_value=YEARS[0], max_value=YEARS[1])
    about = forms.CharField(
        label=_("What the lists are"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Who kept each list, how somebody came onto it, and how the lists were joined."),
    )
    file = forms.FileField(
        label=_("Table of capture histories (CSV)"),
        required=False,
        help_text=_(
            "One column of 0 and 1 for each list and a column “count”. Counts only: no names, no dates of birth."
        ),
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv,text/plain"}),
    )
    text = forms.CharField(
        label=_("Or paste the table here"),
        required=False,
        widget=forms.Textarea(
            {"rows": 6, "dir": "ltr", "spellcheck": "false", "placeholder": "A,B,C,count\n1,0,0,54"}
        ),
    )
    by = forms.CharField(
        label=_("Column of the strata"),
        required=False,
        max_length=60,
        help_text=_(
            "Such as sex or year: each value gets an estimate of its own. Leave empty for one table."
        ),
    )

    def __init__(
        self, *args: Any, old: Study | None = None, fixed: bool = False, linked: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.old = old
        if linked:  # the tables come from a reconciliation
            for name in ("file", "text", "by"):
                del self.fields[name]
        if old is not None:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        if fixed:
            for name in ("crime", "year_from", "year_to", "file", "text", "by"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "file" not in self.fields:
            return found
        upload, text = found.get("file"), (found.get("text") or "").strip()
        if upload and text:
            self.add_error("text", _("Give the table once: as a file or as text."))
        if not upload and not text and self.old is None:
            self.add_error("file", _("Give the table as a file, or paste it below."))
        if upload and upload.size > MOST_BYTES:
            self.add_error("file", _("The file is larger than 20 MB. A table of counts is small."))
        return found

    def values(self) -> dict[str, Any]:
        """The question. What a study with runs keeps is taken from it."""
        names = ("title", "crime", "year_from", "year_to", "about")
        return {name: self.cleaned_data.get(name, getattr(self.old, name, None)) for name in names}

    def lines(self) -> list[str] | None:
        """The table's lines; None where none was given."""
        if upload := self.cleaned_data.get("file"):
            return upload.read().decode("utf-8-sig", errors="replace").splitlines()  # type: ignore[no-any-return]
        text = (self.cleaned_data.get("text") or "").strip()
        return text.splitlines() or None

    @staticmethod
    def of(study: Study) -> dict[str, Any]:
        return {
            name: getattr(study, name)
            for name in ("title", "crime", "year_from", "year_to", "about", "version")
        }


class RunForm(forms.Form):
    """Which methods, and with which settings."""

    methods = forms.MultipleChoiceField(label=_("Methods"), widget=forms.CheckboxSelectMultiple)
    order = forms.IntegerField(
        label=_("Highest interaction"), min_value=2, max_value=5,
        help_text=_("2: pairs of lists depend on each other. Higher needs far more people."),
    )  # fmt: skip
    p = forms.FloatField(label=_("Threshold of the stepwise choice"), min_value=0.0001, max_value=0.5)
    bootstrap = forms.IntegerField(
        label=_("Replicates"), min_value=0, max_value=MOST_BOOTSTRAP,
        help_text=_("How often the whole choice is repeated for the interval. 0: none; then it is too narrow."),
    )  # fmt: skip
    checks = forms.BooleanField(
        label=_("Ask everything of each result"), required=False,
        help_text=_("Lists left out and joined, known numbers predicted, other methods. Only then can it be proposed."),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=2**31 - 1,
        help_text=_("Decides every random number: the same seed gives the same digits."),
    )  # fmt: skip

    def __init__(self, *args: Any, lists: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {**DEFAULTS, "methods": FIRST}, **kwargs})
        self.rows = method_choices(lists)
        fitting = [(name, title) for name, title, _hint, why_not in self.rows if not why_not]
        self.fields["methods"].choices = fitting  # type: ignore[attr-defined]

    def settings(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DEFAULTS}


class ProposeForm(forms.Form):
    """Why this result answers the question."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Why this one"), min_length=20, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("What speaks for this method and its belief here, and what the others say."),
    )  # fmt: skip


class VersionForm(forms.Form):
    """The version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
