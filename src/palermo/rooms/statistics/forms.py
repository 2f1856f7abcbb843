"""Filters and the reason of a withdrawal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.statistics.queries import DIMENSIONS, POPULATIONS, TableView, label


class FilterForm(forms.Form):
    """Year and region, from what the table has."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, empty_value=None)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, *args: Any, view: TableView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All years")), *((y, y) for y in reversed(view.years))]
        self.fields["region"].choices = [("", _("All regions")), *((r, r) for r in view.regions)]
        if view.name == "reported":
            self.fields["region"].label = _("Country")
            self.fields["region"].choices = [(code, label("citizenship", code)) for code in view.regions]  # type: ignore[attr-defined]
            self.fields["region"].initial = view.region
        if not view.regions:
            del self.fields["region"]


class WithdrawForm(forms.Form):
    """Why a publication is taken back."""

    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("The public reads this where the edition stood. Name nobody."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FreeForm(forms.Form):
    """Whom to count, and by what."""

    population = forms.ChoiceField(label=_("Who is counted"))
    by = forms.MultipleChoiceField(
        label=_("By"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One to four. Not all stand together: see below."),
    )
    years = forms.MultipleChoiceField(
        label=_("Years"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all."),
    )

    def __init__(self, *args: Any, population: str, years: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = POPULATIONS.values()
        self.fields["population"].choices = [(plan.name, plan.title) for plan in plans]  # type: ignore[attr-defined]
        self.fields["population"].initial = population
        dimensions = POPULATIONS[population].dimensions
        self.fields["by"].choices = [(name, DIMENSIONS.get(name, name)) for name in dimensions]  # type: ignore[attr-defined]
        self.fields["years"].choices = [(year, label("year", year)) for year in years]  # type: ignore[attr-defined]
        if not years:
            del self.fields["years"]
