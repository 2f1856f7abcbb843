"""Filters and the reason of a withdrawal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.statistics.queries import TableView


class FilterForm(forms.Form):
    """Year and region, from what the table has."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False, empty_value=None)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, *args: Any, view: TableView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All years")), *((y, y) for y in reversed(view.years))]
        self.fields["region"].choices = [("", _("All regions")), *((r, r) for r in view.regions)]
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
