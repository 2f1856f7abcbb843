"""Forms of the digest: a finding, an introduction, an edition."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.digest.models import BearsOn, Direction, Stage, Standing, Translation
from palermo.standards.evidence import issues

CODE = r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$"
LANGUAGE = forms.TextInput({"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "size": 10})


def issue_choices() -> list[tuple[str, str]]:
    """Every issue, the narrower ones after a dash."""
    language = get_language() or "en"
    return [(one.code, f"{'– ' if one.parent else ''}{one.label(language)}") for one in issues().values()]


class FindingForm(forms.Form):
    """What a court made of one issue."""

    issue = forms.ChoiceField(label=_("Issue"))
    stage = forms.ChoiceField(label=_("Which court"), choices=Stage.choices)
    standing = forms.ChoiceField(label=_("How the court says it"), choices=Standing.choices)
    bears_on = forms.ChoiceField(label=_("What it bears on"), choices=BearsOn.choices)
    direction = forms.ChoiceField(
        label=_("What it does"), choices=Direction.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What the court made of it, in our words"), max_length=20_000,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}), help_text=_("No names: parties are initials or pseudonyms."),
    )  # fmt: skip
    note_language = forms.RegexField(CODE, label=_("Language of these words"), initial="en", widget=LANGUAGE)
    quote = forms.CharField(
        label=_("Quotation in the original"), required=False, max_length=20_000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    quote_language = forms.RegexField(
        CODE, label=_("Language of the quotation"), required=False, widget=LANGUAGE
    )
    pinpoint = forms.CharField(
        label=_("Where it stands"), required=False, max_length=200, help_text=_("A paragraph or page."),
        widget=forms.TextInput({"dir": "auto"}),
    )  # fmt: skip
    translation = forms.CharField(
        label=_("Translation"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    translated = forms.ChoiceField(label=_("Whose translation"), required=False, choices=Translation.choices)
    verified = forms.BooleanField(label=_("I have read it in the primary source"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issue"].choices = issue_choices()  # type: ignore[attr-defined]


class IntroForm(forms.Form):
    """What the editors say about an issue."""

    language = forms.RegexField(CODE, label=_("Language"), initial="en", widget=LANGUAGE)
    text = forms.CharField(
        label=_("Text"), min_length=3, max_length=20_000, widget=forms.Textarea({"rows": 8, "dir": "auto"})
    )


class EditionForm(forms.Form):
    """A title, and which issues; all that have findings without a choice."""

    title = forms.CharField(
        label=_("Title"), min_length=3, max_length=200, widget=forms.TextInput({"dir": "auto"})
    )
    issues = forms.MultipleChoiceField(
        label=_("Issues"), required=False, widget=forms.SelectMultiple({"size": 10}),
        help_text=_("Without a choice, every issue that has a finding."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issues"].choices = issue_choices()  # type: ignore[attr-defined]
