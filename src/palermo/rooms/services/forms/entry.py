"""The entry of a service in the directory, and the search in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.rooms.services.models import Service
from palermo.rooms.services.models.hours import read_day, write_day
from palermo.rooms.services.queries.labels import area_names, day_names, label, labels, options, week
from palermo.standards.workdays import WEEKDAYS
from palermo.web.forms import InlineRadio

NAMES = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind of help"),
    "about": gettext_lazy("What is offered"),
    "areas": gettext_lazy("Areas"),
    "countries": gettext_lazy("Other countries"),
    "remote": gettext_lazy("By telephone or online too"),
    "crime": gettext_lazy("Open to"),
    "sexes": gettext_lazy("Sexes"),
    "age_from": gettext_lazy("Youngest age"),
    "age_until": gettext_lazy("Oldest age"),
    "families": gettext_lazy("Takes families together"),
    "step_free": gettext_lazy("Can be reached without steps"),
    "languages": gettext_lazy("Languages spoken"),
    "around_the_clock": gettext_lazy("Open day and night, every day"),
    "hours": gettext_lazy("Opening hours"),
    "closed_on_holidays": gettext_lazy("Closed on public holidays"),
    "phone": gettext_lazy("Telephone"),
    "emergency_phone": gettext_lazy("Emergency telephone, for staff only"),
    "email": gettext_lazy("E-mail"),
    "website": gettext_lazy("Website"),
    "confidential": gettext_lazy("The address is confidential"),
    "address": gettext_lazy("Address"),
    "cost": gettext_lazy("Cost"),
    "conditions": gettext_lazy("How to refer, and conditions"),
    "public": gettext_lazy("Shown to the public"),
    "state": gettext_lazy("State"),
}
LISTS = {
    "kind": "palermo/service_kind",
    "crime": "palermo/service_crime",
    "cost": "palermo/service_cost",
    "sexes": "palermo/sex",
    "languages": "palermo/language",
    "countries": "country-m49/country",
}
YES_NO_UNKNOWN = (
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("", gettext_lazy("Not recorded")),
)
TERNARY = {"yes": True, "no": False, "": None}
WHO = (
    ("", gettext_lazy("Anybody")),
    ("woman", gettext_lazy("A woman")),
    ("man", gettext_lazy("A man")),
    ("girl", gettext_lazy("A girl")),
    ("boy", gettext_lazy("A boy")),
    ("family", gettext_lazy("A family")),
)
SECTIONS = (
    (
        gettext_lazy("What and where"),
        ("organisation", "name", "kind", "about", "areas", "countries", "remote", "cost"),
    ),
    (
        gettext_lazy("For whom"),
        ("crime", "sexes", "age_from", "age_until", "families", "step_free", "languages", "conditions"),
    ),
    (
        gettext_lazy("When"),
        ("around_the_clock", *[f"hours_{day}" for day in WEEKDAYS], "closed_on_holidays"),
    ),
    (
        gettext_lazy("How to reach it"),
        ("phone", "emergency_phone", "email", "website", "address", "confidential"),
    ),
)


def _chosen(list_id: str) -> list[tuple[str, str]]:
    found = [choice for choice in options(list_id) if choice[0] not in ("unknown", "other")]
    return (
        sorted(found, key=lambda choice: choice[1])
        if list_id.startswith(("country", "palermo/lang"))
        else found
    )


class FilterForm(forms.Form):
    """Find a service. Everything is optional; nothing about a person is asked but the group."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of help"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("For"), required=False, choices=WHO)
    open_now = forms.BooleanField(label=gettext_lazy("Open now"), required=False)
    free = forms.BooleanField(label=gettext_lazy("Free places"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only ours"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        self.fields["kind"].choices = every + _chosen("palermo/service_kind")  # type: ignore[attr-defined]
        self.fields["area"].choices = every + list(area_names().items())  # type: ignore[attr-defined]
        self.fields["language"].choices = every + _chosen("palermo/language")  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The search as `queries.services` takes it; a part that makes no sense is left out."""
        if not self.is_bound:
            return {}
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in found:
            found["text"] = found.pop("q")
        return found


class ServiceForm(forms.Form):
    """One entry. Opening hours are seven short texts, so that it works on any telephone and without a script."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"))
    name = forms.CharField(label=NAMES["name"], max_length=120)
    kind = forms.ChoiceField(label=NAMES["kind"])
    about = forms.CharField(
        label=NAMES["about"], required=False, max_length=600, widget=forms.Textarea({"rows": 3})
    )
    areas = forms.MultipleChoiceField(
        label=NAMES["areas"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: the whole country."),
    )
    countries = forms.MultipleChoiceField(
        label=NAMES["countries"], required=False, widget=forms.SelectMultiple({"size": 5})
    )
    remote = forms.BooleanField(label=NAMES["remote"], required=False)
    cost = forms.ChoiceField(label=NAMES["cost"], widget=InlineRadio)
    crime = forms.ChoiceField(label=NAMES["crime"], widget=InlineRadio)
    sexes = forms.MultipleChoiceField(
        label=NAMES["sexes"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: everybody."),
    )
    age_from = forms.IntegerField(label=NAMES["age_from"], required=False, min_value=0, max_value=120)
    age_until = forms.IntegerField(
        label=NAMES["age_until"],
        required=False,
        min_value=0,
        max_value=120,
        help_text=gettext_lazy("17: children only. Empty: any age."),
    )
    families = forms.BooleanField(label=NAMES["families"], required=False)
    step_free = forms.ChoiceField(
        label=NAMES["step_free"], required=False, choices=YES_NO_UNKNOWN, widget=InlineRadio
    )
    languages = forms.MultipleChoiceField(
        label=NAMES["languages"], required=False, widget=forms.CheckboxSelectMultiple
    )
    conditions = forms.CharField(
        label=NAMES["conditions"], required=False, max_length=600, widget=forms.Textarea({"rows": 3})
    )
    around_the_clock = forms.BooleanField(label=NAMES["around_the_clock"], required=False)
    closed_on_holidays = forms.BooleanField(label=NAMES["closed_on_holidays"], required=False)
    phone = forms.CharField(label=NAMES["phone"], required=False, max_length=40)
    emergency_phone = forms.CharField(label=NAMES["emergency_phone"], required=False, max_length=40)
    email = forms.EmailField(label=NAMES["email"], required=False)
    website = forms.URLField(label=NAMES["website"], required=False, assume_scheme="https")
    address = forms.CharField(label=NAMES["address"], required=False, max_length=300)
    confidential = forms.BooleanField(
        label=NAMES["confidential"],
        required=False,
        help_text=gettext_lazy(
            "It is sealed, shown to your own people for a purpose and on record, and never printed or exported. "
            "Leave the address empty to keep the one that is sealed already."
        ),
    )

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["organisation"].choices = organisations
        if len(organisations) == 1:
            fields["organisation"].widget = forms.HiddenInput()
            fields["organisation"].initial = organisations[0][0]
        fields["kind"].choices = [("", _("Choose")), *_chosen("palermo/service_kind")]
        fields["areas"].choices = list(area_names().items())
        for name in ("cost", "crime", "sexes", "languages", "countries"):
            fields[name].choices = _chosen(LISTS[name])
        for day, words in day_names().items():
            fields[f"hours_{day}"] = forms.CharField(
                label=words,
                required=False,
                max_length=80,
                help_text=_("As 09:00-12:30, 14:00-18:00. Empty: closed.") if day == "mon" else "",
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for day in WEEKDAYS:
            try:
                read_day(found.get(f"hours_{day}") or "")
            except ValueError:
                self.add_error(f"hours_{day}", _("Write hours as 09:00-12:30, 14:00-18:00."))
        return found

    def values(self) -> dict[str, Any]:
        """The entry as `actions.add_service` takes it."""
        given = self.cleaned_data
        plain = {name: given[name] for name in NAMES if name in given and name != "step_free"}
        hours = {day: read_day(given[f"hours_{day}"]) for day in WEEKDAYS}
        return plain | {
            "hours": {day: times for day, times in hours.items() if times},
            "step_free": TERNARY[given["step_free"]],
        }

    def sections(self) -> list[tuple[str, list[Any]]]:
        """(heading, fields) in the order of the page."""
        return [(str(title), [self[name] for name in names]) for title, names in SECTIONS]


def initial_of(service: Service) -> dict[str, Any]:
    """What the form shows of an entry."""
    shown = {name: getattr(service, name) for name in NAMES if hasattr(service, name)}
    shown["step_free"] = {True: "yes", False: "no", None: ""}[service.step_free]
    shown |= {f"hours_{day}": write_day(service.hours.get(day, ())) for day in WEEKDAYS}
    return shown | {"version": service.version, "organisation": str(service.organisation_id)}


def in_words(name: str, value: Any) -> Any:
    """A stored value for people: codes in words, hours in days."""
    if name == "hours":
        return "; ".join(f"{day} {times}" for day, times in week(value or {}))
    if name == "areas":
        names = area_names()
        return _(", ").join(names.get(code, code) for code in value or ())
    if name in LISTS:
        return (
            labels(LISTS[name], value) if isinstance(value, list | tuple) else label(LISTS[name], value or "")
        )
    return value


class StateForm(forms.Form):
    """Suspend, open again, close."""

    state = forms.ChoiceField(
        label=gettext_lazy("From now on"),
        widget=forms.RadioSelect,
        choices=(
            ("active", gettext_lazy("Active: people can be sent there")),
            ("suspended", gettext_lazy("Suspended: nobody is sent there for a time")),
            ("closed", gettext_lazy("Closed for good")),
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Everybody who looks at the service reads it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
