"""The filter above the list of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register import queries
from palermo.rooms.register.models import Mistake, Reason
from palermo.rooms.register.queries.tally import form_masks
from palermo.standards import codelist, countries

CODED = ("crime", "status", "sex", "age_group")


PURPOSES = (
    ("quality", _("Checking the quality of the lists")),
    ("table", _("Preparing a table")),
    ("question", _("Answering a question of an authority")),
    ("research", _("Research agreed with the coordinator")),
)


class FilterForm(forms.Form):
    """Every field is optional; an empty one does not filter."""

    code = forms.CharField(label=_("Code"), required=False, max_length=20)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=2200)
    crime = forms.ChoiceField(label=_("Crime"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    age_group = forms.ChoiceField(label=_("Age group"), required=False)
    form = forms.ChoiceField(label=_("Form of exploitation"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, *args: Any, sources: list[str], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anyone = ("", _("All"))
        for name in CODED:
            words = queries.choices(name)
            if name == "age_group":
                words = [(code, word) for code, word in words if code in ("child", "adult", "unknown")]
            self.fields[name].choices = [anyone, *words]  # type: ignore[attr-defined]
        names = codelist("glotip/form")
        found = [(code, names.label(code, language)) for code, _bits in form_masks("form")]
        self.fields["form"].choices = [anyone, *found]  # type: ignore[attr-defined]
        self.fields["source"].choices = [anyone, *((name, name) for name in sources)]  # type: ignore[attr-defined]


class GroupForm(FilterForm):
    """The filter of those who see groups only: what for must be said, and there is no look-up by code."""

    purpose = forms.ChoiceField(label=_("What for (put on record)"), choices=(("", _("Choose")), *PURPOSES))
    field_order = ("purpose",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"]


class WithdrawForm(forms.Form):
    """Why a person is taken out."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Reason.choices, widget=forms.RadioSelect)


class CorrectForm(forms.Form):
    """The codes of a row as they should stand, and why. Empty means not recorded, which is never a no."""

    year = forms.IntegerField(label=_("Year"), required=False, min_value=1990, max_value=2100)
    crime = forms.ChoiceField(label=_("Crime"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    age_group = forms.ChoiceField(label=_("Age group"), required=False)
    majority = forms.ChoiceField(label=_("Majority at registration"), required=False)
    citizenship = forms.ChoiceField(label=_("Citizenship"), required=False)
    country = forms.ChoiceField(label=_("Country of exploitation"), required=False)
    area = forms.RegexField(
        label=_("Area"), required=False, regex=r"^[A-Za-z0-9._-]{1,32}$", help_text=_("The code of the area.")
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=Mistake.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = ("", _("Not recorded"))
        for name in (*CODED, "majority"):
            words = queries.choices(name)
            if name == "age_group":
                words = [(code, word) for code, word in words if code in ("child", "adult", "unknown")]
            self.fields[name].choices = [nothing, *words]  # type: ignore[attr-defined]
        places = sorted(
            ((c.alpha3, c.name(language)) for c in countries().values()), key=lambda pair: pair[1]
        )
        for name in ("citizenship", "country"):
            held = str(self.initial.get(name) or "")
            extra = [(held, queries.label(name, held))] if held and held not in dict(places) else []
            self.fields[name].choices = [nothing, *extra, *places]  # type: ignore[attr-defined]
