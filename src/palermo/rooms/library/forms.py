"""A paper written by hand, a file for it, an authority of the directory."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from palermo.papers.authorities import CHANNELS, EMAIL
from palermo.papers.authorities import KINDS as AUTHORITY_KINDS
from palermo.papers.records import DOI, ID, LANGUAGE, isbn_is_right
from palermo.rooms.library.models import Access, Item, Kind
from palermo.rooms.library.queries.words import channel_words, kind_words
from palermo.standards.countries import LANGUAGES, countries
from palermo.standards.thesaurus import concepts
from palermo.web.forms import DayInput

LATIN = {"dir": "ltr"}
SIMPLE = ("kind", "language", "publisher", "symbol", "isbn", "doi", "licence", "link", "access")
LISTS = ("bodies", "authors", "languages")


def language_name(code: str) -> str:
    """A language in that of the page."""
    return str(get_language_info(code.lower().replace("zh", "zh-hans"))["name_translated"])


def parts(text: str) -> list[str]:
    """What stands between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


class ItemForm(forms.Form):
    """The record of a paper. A title in one language is needed; further ones and summaries are asked for below."""

    palermo_id = forms.RegexField(
        ID, label=_("Id"), max_length=80, help_text=_("Small letters, figures and hyphens: its address for ever."),
        error_messages={"invalid": _("Small letters, figures and hyphens only.")}, widget=forms.TextInput(LATIN),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind)
    language = forms.ChoiceField(label=_("Language in which it was written"))
    bodies = forms.CharField(
        label=_("Published in the name of"), max_length=1000, required=False,
        help_text=_("Several with a semicolon between them."),
    )  # fmt: skip
    authors = forms.CharField(
        label=_("Authors"),
        max_length=1000,
        required=False,
        help_text=_("Several with a semicolon between them."),
    )
    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2100, required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=300, required=False)
    symbol = forms.CharField(
        label=_("Document symbol"), max_length=300, required=False, widget=forms.TextInput(LATIN)
    )
    isbn = forms.CharField(label=_("ISBN"), max_length=20, required=False, widget=forms.TextInput(LATIN))
    doi = forms.RegexField(
        DOI, label=_("DOI"), max_length=200, required=False, widget=forms.TextInput(LATIN),
        error_messages={"invalid": _("A DOI begins with 10. and has a slash.")},
    )  # fmt: skip
    link = forms.URLField(
        label=_("Official address"), max_length=500, required=False, assume_scheme="https",
        widget=forms.URLInput(LATIN),
    )  # fmt: skip
    languages = forms.CharField(
        label=_("Languages in which it exists"), max_length=200, required=False,
        help_text=_("Codes such as en; fr; ar."), widget=forms.TextInput(LATIN),
    )  # fmt: skip
    licence = forms.CharField(label=_("Licence or terms of use"), max_length=500, required=False)
    concepts = forms.MultipleChoiceField(
        label=_("Concepts"), required=False, widget=forms.SelectMultiple({"size": 8})
    )
    access = forms.ChoiceField(label=_("Who reads it"), choices=Access)
    verified = forms.BooleanField(label=_("I have checked this in the paper itself"), required=False)

    def __init__(self, *args: Any, item: Item | None = None, **kwargs: Any) -> None:
        self.record: dict[str, Any] = item.record if item else {}
        super().__init__(*args, initial=_initial(self.record), **kwargs)
        page = get_language() or "en"
        named = [(code, language_name(code)) for code in LANGUAGES]
        own = self.record.get("language", "en")
        self.fields["language"].choices = named + ([] if own in LANGUAGES else [(own, own)])  # type: ignore[attr-defined]
        terms = sorted(((code, one.name(page)) for code, one in concepts().items()), key=lambda pair: pair[1])
        self.fields["concepts"].choices = terms  # type: ignore[attr-defined]
        if item:
            del self.fields["palermo_id"]
        for code, name in named:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": name}, max_length=500, required=False,
                widget=forms.TextInput({"lang": code}),
            )  # fmt: skip
            self.fields[f"summary_{code}"] = forms.CharField(
                label=_("Summary in your own words (%(language)s)") % {"language": name}, max_length=4000,
                required=False, widget=forms.Textarea({"rows": 3, "lang": code}),
            )  # fmt: skip

    def main(self) -> list[Any]:
        """The fields that every paper is asked for."""
        return [field for field in self if not field.name.startswith(("title_", "summary_"))]

    def by_language(self) -> list[tuple[str, list[Any]]]:
        """Title and summary of each language."""
        return [(language_name(code), [self[f"title_{code}"], self[f"summary_{code}"]]) for code in LANGUAGES]

    def clean_isbn(self) -> str:
        text = str(self.cleaned_data["isbn"]).strip()
        if text and not isbn_is_right(text):
            raise forms.ValidationError(_("The check figure of this ISBN is wrong."))
        return text

    def clean_languages(self) -> list[str]:
        return _languages(self.cleaned_data["languages"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.values_of("titles", "title", given):
            self.add_error("title_en", _("A title in one language is needed."))
        return given

    def values_of(self, name: str, stem: str, given: dict[str, Any]) -> dict[str, str]:
        """Titles or summaries: those of languages that the form does not ask for stay."""
        kept = {code: text for code, text in self.record.get(name, {}).items() if code not in LANGUAGES}
        return kept | {code: text for code in LANGUAGES if (text := given.get(f"{stem}_{code}"))}

    def record_given(self) -> dict[str, Any]:
        """What was given, as `palermo.papers` reads it."""
        given = self.cleaned_data
        return {
            "palermo_id": given.get("palermo_id") or self.record.get("palermo_id", ""),
            **{name: given[name] for name in SIMPLE},
            "titles": self.values_of("titles", "title", given),
            "summaries": self.values_of("summaries", "summary", given),
            "bodies": parts(given["bodies"]), "authors": parts(given["authors"]),
            "languages": given["languages"], "concepts": given["concepts"],
            "year": given["year"], "verified_in_primary_source": given["verified"],
        }  # fmt: skip


def _languages(text: str) -> list[str]:
    found = parts(text.replace(",", ";"))
    if not all(LANGUAGE.fullmatch(one) for one in found):
        raise forms.ValidationError(_("Codes such as en; fr; ar."))
    return found


def _initial(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the form shows it."""
    found = {name: record.get(name) for name in (*SIMPLE, "year", "concepts") if record.get(name)}
    found |= {name: "; ".join(record.get(name, ())) for name in LISTS}
    found["verified"] = record.get("verified_in_primary_source", False)
    for code in LANGUAGES:
        found[f"title_{code}"] = record.get("titles", {}).get(code, "")
        found[f"summary_{code}"] = record.get("summaries", {}).get(code, "")
    return found


class FileForm(forms.Form):
    """A file for a draft."""

    language = forms.ChoiceField(label=_("Language of the file"))
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, Word (.docx) or plain text, at most 20 MB."),
        widget=forms.FileInput({"accept": ".pdf,.docx,.txt"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, language_name(code)) for code in LANGUAGES]  # type: ignore[attr-defined]


class AuthorityForm(forms.Form):
    """An authority. Its contacts are sealed; left empty, they stay as they were."""

    ref = forms.RegexField(
        ID, label=_("Id"), max_length=80, help_text=_("Small letters, figures and hyphens: its address for ever."),
        error_messages={"invalid": _("Small letters, figures and hyphens only.")}, widget=forms.TextInput(LATIN),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country"))
    kind = forms.ChoiceField(label=_("What it is asked for"))
    body = forms.CharField(label=_("Name of the authority"), max_length=300)
    language = forms.ChoiceField(label=_("Language of the name"))
    accepts = forms.CharField(
        label=_("Languages in which it takes requests"), max_length=200, required=False,
        help_text=_("Codes such as en; fr; ar."), widget=forms.TextInput(LATIN),
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=_("Ways of sending"), required=False, widget=forms.CheckboxSelectMultiple
    )
    website = forms.URLField(
        label=_("Website"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(LATIN),
    )
    note = forms.CharField(
        label=_("Note for everybody"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    checked_on = forms.DateField(label=_("Last checked"), required=False, widget=DayInput)
    address = forms.CharField(label=_("Postal address"), max_length=500, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=200, required=False, widget=forms.TextInput(LATIN)
    )
    email = forms.RegexField(
        EMAIL, label=_("E-mail"), max_length=200, required=False, widget=forms.TextInput(LATIN),
        error_messages={"invalid": _("This is no e-mail address.")},
    )  # fmt: skip
    hours = forms.CharField(label=_("Hours"), max_length=200, required=False)

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = (get_language() or "en")[:2]
        self.fields["language"].choices = [(code, language_name(code)) for code in LANGUAGES]  # type: ignore[attr-defined]
        named = sorted(
            ((code, one.name(page)) for code, one in countries().items()), key=lambda pair: pair[1]
        )
        self.fields["country"].choices = named  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(code, kind_words(code)) for code in AUTHORITY_KINDS]  # type: ignore[attr-defined]
        self.fields["channels"].choices = [(code, channel_words(code)) for code in CHANNELS]  # type: ignore[attr-defined]
        if known:
            del self.fields["ref"]

    def clean_accepts(self) -> list[str]:
        return _languages(self.cleaned_data["accepts"])

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day and day > localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def given(self) -> dict[str, Any]:
        """What was given, as `palermo.papers` reads it."""
        found = dict(self.cleaned_data)
        found["accepts"], found["channels"] = ";".join(found["accepts"]), ";".join(found["channels"])
        found["checked_on"] = found["checked_on"].isoformat() if found["checked_on"] else ""
        return found
