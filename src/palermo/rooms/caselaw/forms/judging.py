"""Small forms: a remark, a reason, names to take out, a search to keep."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WhyForm(forms.Form):
    """A reason that stays."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 3}))


class RemarkForm(forms.Form):
    """What a reader says about a draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Remark"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class NameForm(forms.Form):
    """Names to take out. The browser is asked not to remember them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    names = forms.CharField(
        label=_("Names, one a line, in every spelling that occurs"), max_length=2000,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
    )  # fmt: skip

    def given(self) -> tuple[str, ...]:
        lines: list[Any] = self.cleaned_data["names"].splitlines()
        return tuple(line.strip() for line in lines if line.strip())


class SaveForm(forms.Form):
    """The name under which a search is kept."""

    name = forms.CharField(label=_("Keep this search as"), max_length=80)
