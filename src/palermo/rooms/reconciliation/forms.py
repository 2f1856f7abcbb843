"""Forms of reconciliation: a project, a list with its basis, a hand-over, a removal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation.models import Counted, Crime, WhyRemoved
from palermo.rooms.reconciliation.queries.words import FIELDS as WORDS
from palermo.rooms.reconciliation.queries.words import STRATA
from palermo.standards import codelist


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

    status = forms.ChoiceField(
        label=_("Who is on the list"), required=False,
        help_text=_("What the body found of its people. In the register a decision counts over a screening."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, organisations: list[tuple[str, str]], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        words = codelist("palermo/person_status").choices(language)
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            ("", _("The list does not say")), *(pair for pair in words if pair[0] != "not_recorded")
        ]  # fmt: skip
        self.fields["organisation"].choices = [("", ""), *organisations]  # type: ignore[attr-defined]


class BringForm(forms.Form):
    """A file of a list."""

    file = forms.FileField(
        label=_("File of the list"),
        help_text=_("CSV in UTF-8, at most 50 MB. It is sealed at once; when it was read, the file is gone."),
        widget=forms.FileInput({"accept": ".csv,text/csv,text/tab-separated-values"}),
    )  # fmt: skip


class ColumnsForm(forms.Form):
    """Which column of the file is which of ours; every one may be left out."""

    def __init__(self, *args: Any, header: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", _("No such column")), *((name, name) for name in header if name)]
        for field in FIELDS:
            self.fields[field] = forms.ChoiceField(label=WORDS[field], required=False, choices=columns)


class RegisterForm(forms.Form):
    """By which links people are one person in the national register, or that they are not in it."""

    by = forms.ChoiceField(
        label=_("Count the people in the national register"), required=False, choices=Counted.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip


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
