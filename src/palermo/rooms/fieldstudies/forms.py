"""Forms of field studies: a study, a source, a code, a finding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.fieldwork.catalogue import catalogue
from palermo.rooms.fieldstudies.models import ActorType, Method

DATE = forms.DateInput({"type": "date"})
TALL = forms.Textarea({"rows": 3})
SEXES = [("", _("Not recorded")), ("female", _("Female")), ("male", _("Male")), ("other", _("Other"))]
AGES = [("", _("Not recorded")), *((one, one) for one in ("18-24", "25-34", "35-44", "45+"))]
SENSITIVITIES = [("high", _("High")), ("medium", _("Medium")), ("low", _("Low"))]


class StudyForm(forms.Form):
    """What is asked, where, when and under which decision."""

    title = forms.CharField(label=_("Title"), min_length=3, max_length=160)
    code = forms.CharField(
        label=_("Code"), min_length=3, max_length=40, help_text=_("Small Latin letters, digits and hyphens."),
        widget=forms.TextInput({"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    country = forms.CharField(
        label=_("Country"), min_length=3, max_length=3, help_text=_("Three letters (ISO 3166-1).")
    )
    hub = forms.CharField(label=_("Hub or region"), required=False, max_length=80)
    starts = forms.DateField(label=_("Begins"), widget=DATE)
    ends = forms.DateField(label=_("Ends"), required=False, widget=DATE)
    ethics_reference = forms.CharField(
        label=_("Ethics reference"), min_length=3, max_length=200,
        help_text=_("The decision of the ethics board under which people are listened to."),
    )  # fmt: skip
    questions = forms.CharField(label=_("Questions"), min_length=5, max_length=5000, widget=TALL)
    methods = forms.MultipleChoiceField(
        label=_("Methods"), choices=Method.choices, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.CharField(label=_("Languages"), min_length=2, max_length=80)
    site_description = forms.CharField(label=_("Description of the site"), required=False, widget=TALL)
    access_note = forms.CharField(label=_("How one gets access"), required=False, widget=TALL)
    security_plan = forms.CharField(label=_("Security plan"), required=False, widget=TALL)
    recruitment = forms.CharField(label=_("How people are found"), required=False, widget=TALL)
    translator = forms.CharField(
        label=_("Translator"), required=False, max_length=200,
        help_text=_("This and the four before are sealed, and shown to the team of the study alone."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in ActorType.choices:
            words = _("Planned: %(who)s") % {"who": label}
            self.fields[f"planned_{value}"] = forms.IntegerField(
                label=words, required=False, min_value=0, max_value=999
            )


class SourceForm(forms.Form):
    """Who was listened to, by a code, and what was said."""

    code = forms.CharField(
        label=_("Code"), max_length=10, widget=forms.TextInput({"dir": "ltr"}),
        help_text=_("Such as M-01. Never a name: who stands behind it is kept outside of palermo."),
    )  # fmt: skip
    actor_type = forms.ChoiceField(label=_("Who"), choices=ActorType.choices)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    age_band = forms.ChoiceField(label=_("Age"), choices=AGES, required=False)
    admin1 = forms.CharField(label=_("Region"), required=False, max_length=80)
    month = forms.CharField(
        label=_("Month"),
        max_length=7,
        help_text=_("Such as 2026-03."),
        widget=forms.TextInput({"dir": "ltr"}),
    )
    mode = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    consent_version = forms.CharField(label=_("Version of the consent form"), max_length=20)
    audio = forms.BooleanField(label=_("A recording exists"), required=False)
    audio_until = forms.DateField(label=_("The recording is destroyed on"), required=False, widget=DATE)
    sensitivity = forms.ChoiceField(label=_("Sensitivity"), choices=SENSITIVITIES)
    text = forms.CharField(
        label=_("What was said"), max_length=200_000, widget=forms.Textarea({"rows": 12, "dir": "auto"}),
        help_text=_("Paste the transcript. It is sealed, and shown to the team alone until it is redacted."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """What a code means."""

    name = forms.CharField(label=_("Name"), max_length=80)
    parent = forms.ChoiceField(label=_("Under"), required=False)
    definition = forms.CharField(label=_("Definition"), required=False, widget=TALL)
    include = forms.CharField(label=_("Include"), required=False)
    exclude = forms.CharField(label=_("Exclude"), required=False)
    example = forms.CharField(label=_("Example"), required=False)
    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("The top")), *codes]  # type: ignore[attr-defined]
        listed = [(key, f"{key} {row['name']}") for key, row in catalogue().items()]
        self.fields["indicator"].choices = [("", _("None: in the words of the field")), *listed]  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """A claim and what bears it out."""

    claim = forms.CharField(label=_("What you found"), min_length=10, max_length=2000, widget=TALL)
    bearing = forms.MultipleChoiceField(
        label=_("Pieces that bear it out"), required=False, widget=forms.CheckboxSelectMultiple
    )
    contradicting = forms.MultipleChoiceField(
        label=_("Pieces that contradict it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    indicators = forms.MultipleChoiceField(
        label=_("Figures of the survey that say the same"), required=False,
        choices=[(key, f"{key} {row['name']}") for key, row in catalogue().items()],
        widget=forms.SelectMultiple({"size": 6}),
    )  # fmt: skip
    reference = forms.CharField(label=_("Other reference"), required=False, max_length=300)

    def __init__(self, *args: Any, pieces: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("bearing", "contradicting"):
            self.fields[field].choices = pieces  # type: ignore[attr-defined]
