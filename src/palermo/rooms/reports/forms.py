"""Forms of the report: one box for each language, and figures chosen of what is published."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from palermo.rooms.reports.models import Kind, Layout, Outcome


def boxes(form: forms.Form, name: str, label: Any, *, rows: int = 0, most: int = 2000) -> None:
    """A box for each language: title_en, title_fr, ..."""
    for code, _language in settings.LANGUAGES:
        info = get_language_info(code)
        attrs: dict[str, Any] = {"lang": code, "dir": "rtl" if info["bidi"] else "ltr"}
        widget = forms.Textarea({**attrs, "rows": rows}) if rows else forms.TextInput(attrs)
        form.fields[f"{name}_{code}"] = forms.CharField(
            label=f"{label} ({info['name_local']})", required=False, max_length=most, widget=widget
        )


def words(cleaned: Mapping[str, Any], name: str) -> dict[str, str]:
    """What was written into the boxes, by language."""
    return {code: cleaned.get(f"{name}_{code}", "") for code, _language in settings.LANGUAGES}


def filled(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """The boxes of words that are there."""
    return {f"{name}_{code}": text for code, text in given.items()}


class NewForm(forms.Form):
    """The year of a new report."""

    year = forms.IntegerField(label=_("Year that the report is about"), min_value=1990, max_value=2100)


class StoryForm(forms.Form):
    """The year, the address and the title of a new story."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    slug = forms.CharField(
        label=_("Name in its address"), max_length=24, widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        help_text=_("Small Latin letters, digits and hyphens, such as sea-crossing. It stays for ever."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes(self, "title", _("Title"), most=200)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = self.cleaned_data
        return {"year": given["year"], "slug": given["slug"], "titles": words(given, "title")}


class SectionForm(forms.Form):
    """A section: its words, and for figures the release, the breakdown and how it is laid out."""

    def __init__(
        self, *args: Any, kind: str, figures: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        boxes(self, "title", _("Title"), most=200)
        if kind in (Kind.TABLE, Kind.CHART, Kind.MAP):
            self.fields["figures"] = forms.ChoiceField(
                label=_("Published figures"), choices=[("", _("Choose")), *figures],
                help_text=_("Only releases that two persons let out are offered."),
            )  # fmt: skip
            self.fields["layout"] = forms.ChoiceField(
                label=_("Laid out as"), choices=Layout.choices, widget=forms.RadioSelect, initial=Layout.YEARS,
                help_text=_("Last year stands as it was published then; the difference where both are shown."),
            )  # fmt: skip
        if kind != Kind.ADVICE:
            label = _("Text") if kind == Kind.TEXT else _("Text below the figures")
            boxes(self, "text", label, rows=8 if kind == Kind.TEXT else 4, most=20_000)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        source, _bar, part = str(self.cleaned_data.get("figures") or "").partition("|")
        return {
            "titles": words(self.cleaned_data, "title"), "texts": words(self.cleaned_data, "text"),
            "source": source, "part": part, "layout": self.cleaned_data.get("layout") or Layout.YEARS,
        }  # fmt: skip


class AdviceForm(forms.Form):
    """A new recommendation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes(self, "text", _("What is recommended, and to whom"), rows=3)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)


class FollowForm(forms.Form):
    """What became of a recommendation of last year."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=Outcome.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes(self, "note", _("Why, and what is next"), rows=2)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ChangesForm(forms.Form):
    """What is new since the last edition."""

    changes = forms.CharField(
        label=_("What has changed since the last edition"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class VerdictForm(forms.Form):
    """What a person answers for."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What you looked at, and why"), min_length=20, max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text=_("It stays with the report, under your name."),
    )  # fmt: skip


class WhyForm(forms.Form):
    """Why a report is withdrawn or a draft given up."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 3}),
        help_text=_("Name nobody. Where it was public, the public reads this in its place."),
    )  # fmt: skip
