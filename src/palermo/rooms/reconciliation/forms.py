"""Forms of reconciliation: a project, a list with its basis, a hand-over, a removal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.reconciliation.models import Crime, WhyRemoved
from palermo.rooms.reconciliation.queries.words import STRATA


class ProjectForm(forms.Form):
    """What is linked, and for what."""

    title = forms.CharField(label=_("Title"), min_length=3, max_length=160)
    crime = forms.ChoiceField(label=_("Crime"), choices=Crime.choices)
    purpose = forms.CharField(
        label=_("What the links are for"), min_length=20, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("The links may be used for this and for nothing else; never against those whom the lists name."),
    )  # fmt: skip


class ListForm(forms.Form):
    """A list with its holder, its legal basis and its terms."""

    name = forms.CharField(
        label=_("Name of the list"), max_length=120,
        help_text=_("The name under which its files are brought in."),
    )  # fmt: skip
    organisation = forms.ChoiceField(
        label=_("Organisation that gives it"),
        help_text=_("Identities are sealed with its key, and only its own reviewers see them."),
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"), min_length=10, max_length=300,
        help_text=_("The law and article, or the agreement, under which the list is given."),
    )  # fmt: skip
    terms = forms.CharField(
        label=_("Terms"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}),
        help_text=_("What the body asked for: how long it is kept, who may be told."),
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", ""), *organisations]  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Which strata the capture histories get."""

    by_stratum = forms.ChoiceField(label=_("Strata"), required=False, choices=list(STRATA.items()))


class RemoveForm(forms.Form):
    """A record's code and why it goes."""

    code = forms.CharField(
        label=_("Code of the record"),
        max_length=12,
        widget=forms.TextInput({"dir": "ltr", "placeholder": "L-7K3Q-M294"}),
    )
    why = forms.ChoiceField(label=_("Reason"), choices=WhyRemoved.choices, widget=forms.RadioSelect)
