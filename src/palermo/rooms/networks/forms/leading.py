"""Forms for who leads a network, and for who wants to belong to one."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.networks.models import Network, Part
from palermo.rooms.networks.queries.words import COURSES, ENDS, SECTORS, choices
from palermo.rooms.referral.queries import Target
from palermo.rooms.services.queries.labels import area_names
from palermo.web.forms import DayInput

CHOOSE = ("", _("Choose"))


def areas() -> list[tuple[str, Any]]:
    return [("", _("The whole country")), *sorted(area_names().items(), key=lambda area: area[1])]


class VersionForm(forms.Form):
    """The version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ClosingForm(VersionForm):
    """Closing a network."""


class OpenForm(forms.Form):
    """A new network."""

    name = forms.CharField(label=_("Name"), min_length=3, max_length=120)
    sector = forms.ChoiceField(label=_("Kind of work"))
    organisation = forms.ChoiceField(label=_("Coordinated by"))
    area = forms.ChoiceField(label=_("Area"), required=False)
    about = forms.CharField(
        label=_("What it is for"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, houses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [CHOOSE, *choices(SECTORS)]  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [CHOOSE, *houses]  # type: ignore[attr-defined]
        self.fields["area"].choices = areas()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        got = dict(self.cleaned_data)
        return {**got, "organisation_id": UUID(got.pop("organisation"))}


class NetworkForm(VersionForm):
    """Name, purpose, area, and where its notifications usually go."""

    name = forms.CharField(label=_("Name"), min_length=3, max_length=120)
    about = forms.CharField(
        label=_("What it is for"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )
    area = forms.ChoiceField(label=_("Area"), required=False)
    usual = forms.ChoiceField(
        label=_("Where notifications usually go"),
        required=False,
        help_text=_("The form suggests this place first. Whoever sends can choose another one."),
    )

    def __init__(self, *args: Any, targets: list[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas()  # type: ignore[attr-defined]
        self.fields["usual"].choices = [  # type: ignore[attr-defined]
            ("", _("To whom the need fits best")),
            *((target.key, target.words) for target in targets),
        ]

    @staticmethod
    def of(network: Network) -> dict[str, Any]:
        """What the form shows of a network as it is."""
        usual = f"{network.receiver_id}:{network.service_id or ''}" if network.receiver_id else ""
        shown = {name: getattr(network, name) for name in ("version", "name", "about", "area")}
        return {**shown, "usual": usual}

    def values(self) -> dict[str, Any]:
        got = self.cleaned_data
        house, _colon, service = got["usual"].partition(":")
        return {
            "name": got["name"].strip(),
            "about": got["about"].strip(),
            "area": got["area"],
            "receiver_id": UUID(house) if house else None,
            "service_id": UUID(service) if service else None,
        }


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    part = forms.ChoiceField(label=_("As"), choices=Part.choices, widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("Whom to invite"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [CHOOSE, *people]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        user, _colon, house = self.cleaned_data["who"].partition(":")
        return {"user_id": UUID(user), "organisation_id": UUID(house), "part": self.cleaned_data["part"]}


class JoinForm(forms.Form):
    """For which of one's own organisations one joins."""

    organisation = forms.ChoiceField(label=_("For which organisation"))

    def __init__(self, *args: Any, houses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = houses  # type: ignore[attr-defined]
        if len(houses) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = houses[0][0]


class LeaveForm(VersionForm):
    """Why a membership ends: a code, no word about anybody."""

    reason = forms.ChoiceField(label=_("Why"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [CHOOSE, *choices(ENDS)]  # type: ignore[attr-defined]


class TrainingForm(VersionForm):
    """A course that was taken."""

    course = forms.ChoiceField(label=_("Course"))
    taken_on = forms.DateField(label=_("Taken on"), widget=DayInput)
    valid_until = forms.DateField(
        label=_("Holds until"),
        widget=DayInput,
        required=False,
        help_text=_("Empty: as long as the country’s rule says."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].choices = [CHOOSE, *choices(COURSES)]  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """From when to when."""

    since = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("To"), widget=DayInput)

    def clean(self) -> dict[str, date]:
        got = super().clean() or {}
        if got.get("since") and got.get("until") and got["since"] > got["until"]:
            self.add_error("until", _("The end is before the beginning."))
        return got
