"""Forms of the observatory: a study, a site, a questionnaire, a device, a verdict."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.fieldwork.forms import codes, title
from palermo.rooms.observatory.models import ExportFormat, ReviewState, StudyKind

MOST_TABLE = 5_000_000


class StudyForm(forms.Form):
    """A round of a study in a country."""

    title = forms.CharField(label=_("Title"), min_length=3, max_length=160)
    code = forms.CharField(
        label=_("Code"), min_length=3, max_length=40,
        help_text=_("Small Latin letters, digits and hyphens. Devices store it in their address; it never changes."),
        widget=forms.TextInput({"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), choices=StudyKind.choices, widget=forms.RadioSelect, initial="survey"
    )
    round = forms.IntegerField(label=_("Round"), min_value=1, max_value=999, initial=1)
    country = forms.CharField(
        label=_("Country"), required=False, min_length=3, max_length=3,
        help_text=_("Three letters (ISO 3166-1), where the interviews are held."),
    )  # fmt: skip
    ethics_reference = forms.CharField(
        label=_("Ethics reference"), min_length=3, max_length=200,
        help_text=_("The decision of the ethics board under which people are interviewed."),
    )  # fmt: skip


class SiteForm(forms.Form):
    """A place of interviews."""

    name = forms.CharField(label=_("Name of the site"), min_length=2, max_length=120)
    unit = forms.ChoiceField(
        label=_("Team that works there"), required=False,
        help_text=_("Supervisors of this team see the records of this site and of no other team's."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("No team")), *units]  # type: ignore[attr-defined]


class XlsForm(forms.Form):
    """A questionnaire: one of the shipped surveys, or a workbook."""

    shipped = forms.ChoiceField(
        label=_("A shipped survey"), required=False,
        help_text=_("Its questions become typed facts and indicators. It is drawn up with the sites of this study."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a form of your own: XLSForm (.xlsx)"), required=False,
        help_text=_("It is converted and judged at once by ODK Validate; it stays a draft until you publish it."),
        widget=forms.FileInput({"accept": ".xlsx"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, f"{code}: {title(code, get_language() or 'en')}") for code in codes()]
        self.fields["shipped"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("shipped")) == bool(given.get("file")) and not self.errors:
            self.add_error("shipped", _("Choose a shipped survey or a file, one of both."))
        return given


class MediaForm(forms.Form):
    """A file that goes along with a questionnaire."""

    file = forms.FileField(
        label=_("File that the form names"),
        help_text=_("Under the very name that the form uses. At most 10 MB."),
    )


class DeviceForm(forms.Form):
    """An account for the device of one enumerator."""

    label = forms.CharField(
        label=_("Enumerator's code"), max_length=20,
        help_text=_("Such as E-07. Never a name: who stands behind it is kept outside of palermo."),
        widget=forms.TextInput({"dir": "ltr"}),
    )  # fmt: skip
    site = forms.ChoiceField(label=_("Site"), required=False)
    days = forms.IntegerField(
        label=_("Valid for how many days"),
        min_value=1,
        max_value=400,
        initial=90,
    )
    in_address = forms.BooleanField(
        label=_("The client cannot sign in: put the key into the address"), required=False,
        help_text=_("Addresses are written to logs of proxies. Choose this only where nothing else works."),
    )  # fmt: skip

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", _("No site")), *sites]  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """A link to one form, for somebody without an account."""

    label = forms.CharField(
        label=_("Code of who gets it"), max_length=20,
        help_text=_("Such as K-01 for a key informant. Never a name: who stands behind it is kept outside of palermo."),
        widget=forms.TextInput({"dir": "ltr"}),
    )  # fmt: skip
    site = forms.ChoiceField(label=_("Site"), required=False)
    records = forms.IntegerField(
        label=_("For how many records"), min_value=1, max_value=1000, initial=1,
    )  # fmt: skip
    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=400, initial=14)

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", _("No site")), *sites]  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """What somebody found of a record."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("What you found"), widget=forms.RadioSelect,
        choices=[(s.value, s.label) for s in (ReviewState.APPROVED, ReviewState.ON_HOLD, ReviewState.REJECTED)],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed unless you approve. Sealed like the answers. Name nobody."),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why a record goes for good."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"), min_length=5, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Answers, XML and files are deleted and cannot be brought back. That there was a record stays."),
    )  # fmt: skip


class KeyForm(forms.Form):
    """A pair of keys for the forms of a study."""

    label = forms.CharField(label=_("Name of the key"), max_length=80)
    passphrase = forms.CharField(
        label=_("Passphrase"), max_length=1000,
        help_text=_("At least 16 characters. It locks the file that you get. Nobody can tell it to you again."),
        widget=forms.PasswordInput({"autocomplete": "new-password", "dir": "ltr"}),
    )  # fmt: skip
    on_server = forms.BooleanField(
        label=_("Leave the locked file on this server as well"), required=False,
        help_text=_(
            "It lies beside the server's own keys, in no database and no backup. "
            "Who takes the server has the file, and needs the passphrase."
        ),
    )  # fmt: skip


class OpenForm(forms.Form):
    """A private key for one run."""

    pem = forms.FileField(
        label=_("File with the private key (.pem)"),
        required=False,
        widget=forms.FileInput({"accept": ".pem"}),
    )
    kept = forms.ChoiceField(label=_("Or one that lies on this server"), required=False)
    passphrase = forms.CharField(
        label=_("Passphrase"), max_length=1000, required=False,
        widget=forms.PasswordInput({"autocomplete": "off", "dir": "ltr"}),
        help_text=_("Key and passphrase are in memory for this run and nowhere after it."),
    )  # fmt: skip

    def __init__(self, *args: Any, kept: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [("", _("None")), *kept]  # type: ignore[attr-defined]


class RatesForm(forms.Form):
    """Two tables of rates and the month to which fees are brought."""

    fx = forms.FileField(
        label=_("Exchange rates (CSV)"), help_text=_("Columns currency, month (2026-01), usd.")
    )
    cpi = forms.FileField(
        label=_("Consumer prices of the US dollar (CSV)"), help_text=_("Columns month, level.")
    )
    base = forms.CharField(
        label=_("Month to which fees are brought"), max_length=7,
        widget=forms.TextInput({"dir": "ltr", "placeholder": "2026-01"}),
    )  # fmt: skip

    def tables(self) -> dict[str, str]:
        """What the action takes: both files as text, whatever cannot be read as a mark."""
        given = self.cleaned_data
        texts = {name: given[name].read(MOST_TABLE).decode("utf-8-sig", "replace") for name in ("fx", "cpi")}
        return {**texts, "base": given["base"]}


class ExportForm(forms.Form):
    """What of a form leaves, and in which shape."""

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect, initial="csv")
    answers = forms.ChoiceField(
        label=_("Answers"), widget=forms.RadioSelect, initial="codes",
        choices=(("codes", _("Codes, with a list of what they mean")), ("words", _("Words of the form"))),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the form"), required=False)
    split = forms.BooleanField(label=_("A column of 0 and 1 for each choice of several"), required=False)
    states = forms.MultipleChoiceField(
        label=_("Records in these states"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(s.value, s.label) for s in ReviewState if s != ReviewState.WITHDRAWN],
        help_text=_("None chosen: all of them. What was withdrawn never leaves."),
    )  # fmt: skip
    site = forms.ChoiceField(label=_("Site"), required=False)
    since = forms.DateField(
        label=_("Received from"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Received until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("Days begin at midnight UTC."),
    )  # fmt: skip
    telling = forms.BooleanField(
        label=_("With texts, places and times, which can say who somebody is"), required=False,
        help_text=_("Only as a file that is encrypted to the key below."),
    )  # fmt: skip
    recipient = forms.CharField(
        label=_("age key of whoever opens the file"), required=False, max_length=120,
        help_text=_("age1…, made with age-keygen. With it the file is encrypted; its other half alone opens it."),
        widget=forms.TextInput({"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        sites: list[tuple[str, str]],
        languages: list[str],
        language: str,
        leads: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        formats = [one for one in ExportFormat.choices if leads or one[0] != ExportFormat.GEOJSON]
        self.fields["format"].choices = formats  # type: ignore[attr-defined]
        self.fields["site"].choices = [("", _("Every site")), *sites]  # type: ignore[attr-defined]
        if len(languages) > 1:
            self.fields["language"].initial = language
            self.fields["language"].choices = [(one, one) for one in languages]  # type: ignore[attr-defined]
        else:
            del self.fields["language"]
        if not leads:
            del self.fields["telling"]


class TokenForm(forms.Form):
    """A token for a program that reads."""

    label = forms.CharField(
        label=_("What it is for"),
        min_length=2,
        max_length=60,
        help_text=_("Such as: dashboard of the round."),
    )
    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=400, initial=90)


class SeenForm(forms.Form):
    """What somebody found who looked into an alert."""

    reason = forms.CharField(
        label=_("What you found"), min_length=5, max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("Sealed like the answers. Name nobody."),
    )  # fmt: skip


class ThresholdsForm(forms.Form):
    """From when on a change is told."""

    days = forms.IntegerField(
        label=_("Days of a period"), min_value=7, max_value=366,
        help_text=_("The newest period is compared with everything before it."),
    )  # fmt: skip
    persons = forms.IntegerField(
        label=_("Persons at least"), min_value=10, max_value=10_000,
        help_text=_("Who must tell of a new leg, a fee or a harm. Never fewer than ten."),
    )  # fmt: skip
    fee = forms.FloatField(label=_("Fee: times as much, or as little"), min_value=1.05, max_value=10)
    rise = forms.FloatField(
        label=_("Harm: rise of the share (0.05 is five in a hundred)"), min_value=0, max_value=0.9
    )
    error = forms.FloatField(
        label=_("Chance of a false alert"), min_value=0.001, max_value=0.2,
        help_text=_("For all alerts of one kind in one period, however often somebody looks."),
    )  # fmt: skip
