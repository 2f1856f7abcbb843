"""Forms of the legislation: a law, a wording, a reading."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.legislation.models import Confidence, LawKind, Standing, Translation, UsedFor
from palermo.standards.countries import find_country

DATE = forms.DateInput({"type": "date"})
LANGUAGE = forms.TextInput({"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "size": 10})
LINES = _(
    "One a line: day, what amended it, what changed; parted by semicolons. 2019-04-01; Act 12 of 2019; new article 3"
)


class CountryField(forms.CharField):
    """A State by its three letters or its name."""

    def clean(self, value: Any) -> str:
        """The three letters."""
        text = super().clean(value)
        found = find_country(text) or find_country(text.upper())
        if found is None:
            raise forms.ValidationError(_("This is not a country that palermo knows."), code="country")
        return found.alpha3


class LawForm(forms.Form):
    """A law: what it is called, when it was made, what it is used for."""

    title = forms.CharField(
        label=_("Title"), min_length=3, max_length=1000, widget=forms.TextInput({"dir": "auto"})
    )
    language = forms.RegexField(
        r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$", label=_("Language"), initial="en", widget=LANGUAGE,
        help_text=_("Two letters, such as en, fr or ar."),
    )  # fmt: skip
    country = CountryField(label=_("State"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=LawKind.choices)
    used_for = forms.ChoiceField(label=_("Used for"), choices=UsedFor.choices)
    number = forms.CharField(label=_("Number"), max_length=60, widget=forms.TextInput({"dir": "auto"}))
    adopted = forms.DateField(label=_("Adopted on"), widget=DATE)
    published_on = forms.DateField(label=_("Published on"), required=False, widget=DATE)
    commenced = forms.DateField(label=_("In force since"), required=False, widget=DATE)
    repealed = forms.DateField(label=_("Repealed on"), required=False, widget=DATE)
    amendments = forms.CharField(
        label=_("Amendments"),
        required=False,
        help_text=LINES,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    source = forms.URLField(
        label=_("Official source"), required=False, assume_scheme="https", max_length=1000
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=5000, widget=forms.Textarea({"rows": 3, "dir": "auto"})
    )

    def clean_amendments(self) -> list[dict[str, str]]:
        """The lines as objects."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["amendments"].splitlines())):
            day, *rest = [part.strip() for part in line.split(";")]
            try:
                date.fromisoformat(day)
            except ValueError:
                words = _("“%(line)s” does not begin with a day such as 2019-04-01.") % {"line": line[:60]}
                raise forms.ValidationError(words, code="amendment") from None
            found.append({"on": day, "by": rest[0] if rest else "", "note": "; ".join(rest[1:])})
        return sorted(found, key=lambda one: one["on"])

    @staticmethod
    def shown(amendments: list[dict[str, str]]) -> str:
        """The objects as lines."""
        return "\n".join("; ".join(filter(None, (one["on"], one["by"], one["note"]))) for one in amendments)


class WordingForm(forms.Form):
    """The text of a law from a day on."""

    language = forms.RegexField(
        r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$", label=_("Language"), widget=LANGUAGE,
        help_text=_("Two letters, such as en, fr or ar."),
    )  # fmt: skip
    translation = forms.ChoiceField(label=_("Whose words"), choices=Translation.choices)
    valid_from = forms.DateField(label=_("Stands since"), widget=DATE)
    valid_to = forms.DateField(label=_("Stood until"), required=False, widget=DATE)
    gazette = forms.CharField(label=_("Gazette"), required=False, max_length=300)
    note = forms.CharField(
        label=_("Note on the consolidation"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
    )
    body = forms.CharField(
        label=_("Text"), widget=forms.Textarea({"rows": 24, "dir": "auto"}), strip=False,
        help_text=_("Paste it. A line that begins with “Article 3”, “Chapter II”, “§ 12” or “المادة 3” opens a "
                    "provision; the rest of that line is its heading. “(1)” and “(a)” open paragraphs and points."),
    )  # fmt: skip


class ReadingForm(forms.Form):
    """What a row of a checklist finds in the law of a State."""

    on = forms.DateField(label=_("Law as it stood on"), widget=DATE)
    standing = forms.ChoiceField(label=_("Standing"), choices=Standing.choices, widget=forms.RadioSelect)
    relied = forms.MultipleChoiceField(
        label=_("Provisions relied on"),
        required=False,
        widget=forms.SelectMultiple({"size": 10, "dir": "auto"}),
    )
    reasons = forms.CharField(
        label=_("Reasons"), min_length=3, max_length=10_000, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )
    need = forms.CharField(
        label=_("What would be needed"), required=False, max_length=5000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    sources = forms.CharField(
        label=_("Further sources"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    confidence = forms.ChoiceField(label=_("How sure"), choices=Confidence.choices, initial=Confidence.MEDIUM)

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relied"].choices = list(offered.items())  # type: ignore[attr-defined]
        if not offered:
            self.fields["relied"].help_text = _("No law of this State has a text yet.")

    def clean_relied(self) -> list[dict[str, str]]:
        """Wording and provision of each."""
        parts = (re.split(r"\|", one, maxsplit=1) for one in self.cleaned_data["relied"])
        return [{"wording": wording, "eid": eid} for wording, eid in parts]


class AkomaForm(forms.Form):
    """A document in Akoma Ntoso."""

    file = forms.FileField(label=_("Akoma Ntoso document"), help_text=_("XML, at most 20 MB."))
