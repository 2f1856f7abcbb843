"""Forms of the releases: a draft, a verdict, a reason, a higher cap."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palermo.rooms.releases.models import YEARS, Product, Release

NAMES = {
    "year": _("Year of registration"), "sex": _("Sex"), "majority": _("Child or adult"), "age_band": _("Age band"),
    "citizenship": _("Citizenship"), "country": _("Country of exploitation"), "form": _("Form of exploitation"),
    "control": _("Means of control"), "labour": _("Sector of work"), "recruiter": _("Relation to the recruiter"),
}  # fmt: skip


class FilterForm(forms.Form):
    """Words of title, purpose and identifier, and the state."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]


class SearchForm(forms.Form):
    """Words of the catalogue."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )


class ReleaseForm(forms.Form):
    """What is released was chosen before; this says why, of which years, and with how much noise."""

    title = forms.CharField(label=_("Title"), min_length=3, max_length=160)
    purpose = forms.CharField(
        label=_("Purpose"), min_length=20, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=_("What it is for and whom it serves. The public reads this."),
    )  # fmt: skip
    series = forms.RegexField(
        r"^[A-Z][A-Z0-9]{1,19}$", label=_("Series"), max_length=20,
        help_text=_("A short code that stays the same every year; it is part of the identifier."),
        widget=forms.TextInput({"dir": "ltr", "spellcheck": "false", "autocapitalize": "characters"}),
    )  # fmt: skip
    year = forms.IntegerField(label=_("Year of the release"), min_value=YEARS[0], max_value=YEARS[1])
    year_from = forms.IntegerField(label=_("First year"), min_value=YEARS[0], max_value=YEARS[1])
    year_to = forms.IntegerField(label=_("Last year"), min_value=YEARS[0], max_value=YEARS[1])
    changes = forms.CharField(
        label=_("What has changed since the last version"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 2}), help_text=_("Goes into the changelog. Leave empty for the first version."),
    )  # fmt: skip
    columns = forms.MultipleChoiceField(
        label=_("Columns"), widget=forms.CheckboxSelectMultiple,
        help_text=_("With a few thousand persons take two or three. Forms, means and sectors are a column for each "
                    "answer. A run that is blocked has spent its budget all the same."),
    )  # fmt: skip
    epsilon = forms.FloatField(
        label=_("Epsilon"), min_value=0.1, max_value=12,
        help_text=_("How much the file may change a guess about one person. 4 is usual, smaller protects more."),
    )  # fmt: skip
    delta = forms.FloatField(
        label=_("Delta"), min_value=1e-12, max_value=1e-5, widget=forms.NumberInput({"step": "any"}),
        help_text=_("The chance that the promise does not hold. One in a million or less."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, product: str, columns: tuple[str, ...], **kwargs: Any) -> None:
        this = timezone.localdate().year
        first = {"year": this, "year_from": this - 1, "year_to": this - 1, "epsilon": 4, "delta": 1e-6}
        super().__init__(*args, **{**kwargs, "initial": {**first, **kwargs.get("initial", {})}})
        self.product = product
        if product == Product.MICRODATA:
            self.fields["columns"].choices = [(name, NAMES.get(name, name)) for name in columns]  # type: ignore[attr-defined]
        else:
            for name in ("columns", "epsilon", "delta"):
                del self.fields[name]

    def values(self, source: str) -> dict[str, Any]:
        """What the action takes."""
        apart = ("epsilon", "delta", "version")
        given = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        noise = {name: self.cleaned_data[name] for name in ("epsilon", "delta") if name in self.cleaned_data}
        return {**given, "parameters": noise, "product": self.product, "source": source}

    @staticmethod
    def of(release: Release) -> dict[str, Any]:
        names = (
            "title",
            "purpose",
            "series",
            "year",
            "year_from",
            "year_to",
            "changes",
            "columns",
            "version",
        )
        return {**{name: getattr(release, name) for name in names}, **release.parameters}


class VerdictForm(forms.Form):
    """What a person answers for."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What you looked at, and why"), min_length=20, max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text=_("It stays with the release, under your name."),
    )  # fmt: skip


class WhyForm(forms.Form):
    """Why a release is withdrawn or a draft given up."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 3}),
        help_text=_("Name nobody. Where it was public, the public reads this in its place."),
    )  # fmt: skip


class CapForm(forms.Form):
    """A higher cap, with the reason."""

    cap = forms.CharField(
        label=_("New cap (rho)"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "decimal", "dir": "ltr"}),
    )
    reason = forms.CharField(
        label=_("Reason"), min_length=20, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("What the persons in it gain, and why the risk is worth it."),
    )  # fmt: skip
