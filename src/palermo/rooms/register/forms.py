"""The filter above the list of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.register import queries
from palermo.rooms.register.queries.tally import form_masks
from palermo.standards import codelist

CODED = ("crime", "status", "sex", "age_group")


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
        anyone = ("", _("Any"))
        for name in CODED:
            words = queries.choices(name)
            if name == "age_group":
                words = [(code, word) for code, word in words if code in ("child", "adult", "unknown")]
            self.fields[name].choices = [anyone, *words]  # type: ignore[attr-defined]
        names = codelist("glotip/form")
        found = [(code, names.label(code, language)) for code, _bits in form_masks("form")]
        self.fields["form"].choices = [anyone, *found]  # type: ignore[attr-defined]
        self.fields["source"].choices = [anyone, *((name, name) for name in sources)]  # type: ignore[attr-defined]
