"""Opening a case: search first, then the identity (typed once), then why. Nothing of it ever goes into an address."""

import uuid
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.kernel.errors import Invalid
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.identity import FIELDS, Identity, checked
from palermo.rooms.cases.models import Crime
from palermo.standards import countries

SALT = "palermo.cases.searched"
SEARCH_LASTS = 4 * 3600
OFF = {"autocomplete": "off", "spellcheck": "false"}
CHILD = (("yes", _("Yes, or in doubt")), ("no", _("No")), ("", _("Not known")))


def searched() -> dict[str, Any]:
    """The id that the new case will have, and the proof that a search was made before it is opened."""
    case_id = uuid.uuid4()
    return {"case_id": case_id, "searched": signing.dumps(str(case_id), salt=SALT)}


def was_searched(token: str, case_id: UUID) -> bool:
    """Whether `token` proves a search for this opening, not long ago."""
    try:
        return bool(signing.loads(token, salt=SALT, max_age=SEARCH_LASTS) == str(case_id))
    except signing.BadSignature:
        return False


def nationalities() -> list[tuple[str, Any]]:
    """Every country in the language of the page, and that none was said."""
    spoken = get_language() or "en"
    named = sorted(((c.alpha3, c.name(spoken)) for c in countries().values()), key=lambda pair: pair[1])
    return [("", _("Not known")), *named]


class _Opening(forms.Form):
    screening = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @classmethod
    def fresh(cls, screening: UUID | None) -> "_Opening":
        return cls(initial={"screening": screening or ""})


class SearchForm(_Opening):
    """Step 1. Everything may be left empty by somebody who does not give a name."""

    family_name = forms.CharField(
        label=_("Family name"), required=False, max_length=200, widget=forms.TextInput(OFF)
    )
    given_names = forms.CharField(
        label=_("Given names"), required=False, max_length=200, widget=forms.TextInput(OFF)
    )
    aliases = forms.CharField(
        label=_("Other names used"), required=False, max_length=200, widget=forms.TextInput(OFF)
    )
    birth_date = forms.CharField(
        label=_("Date or year of birth"),
        required=False,
        max_length=10,
        widget=forms.TextInput(OFF),
        help_text=_("As far as it is known: 1998, 1998-05 or 1998-05-17."),
    )
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    document_number = forms.CharField(
        label=_("Document number"), required=False, max_length=200, widget=forms.TextInput(OFF)
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=200, widget=forms.TextInput(OFF))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nationality"].choices = nationalities()  # type: ignore[attr-defined]

    def clean_birth_date(self) -> str:
        """What the vault would refuse is said here, before anything was searched for."""
        text = str(self.cleaned_data["birth_date"]).strip()
        try:
            checked(Identity(birth_date=text))
        except Invalid as error:
            raise forms.ValidationError([str(problem.message) for problem in error.problems]) from None
        return text

    def probe(self) -> Probe:
        """What the vault is asked."""
        got = self.cleaned_data
        return Probe(
            name=f"{got['given_names']};{got['aliases']}",
            family_name=got["family_name"],
            birth_date=got["birth_date"],
            nationality=got["nationality"],
            document=got["document_number"],
            phone=got["phone"],
        )

    @property
    def asks_something(self) -> bool:
        return any(
            self.cleaned_data.get(name)
            for name in ("family_name", "given_names", "aliases", "document_number", "phone")
        )


class OpenForm(_Opening):
    """Steps 2 and 3: who the person is (or who was found), and why the case is opened."""

    # Chosen by the search and signed by it: an id that a browser makes up is refused unseen, taken or not.
    case_id = forms.UUIDField(widget=forms.HiddenInput)
    searched = forms.CharField(widget=forms.HiddenInput)
    person_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    family_name = forms.CharField(label=_("Family name"), required=False, widget=forms.TextInput(OFF))
    given_names = forms.CharField(label=_("Given names"), required=False, widget=forms.TextInput(OFF))
    aliases = forms.CharField(
        label=_("Other names used"),
        required=False,
        widget=forms.TextInput(OFF),
        help_text=_("Separate with “;”."),
    )
    birth_date = forms.CharField(
        label=_("Date of birth"),
        required=False,
        widget=forms.TextInput(OFF),
        help_text=_("As far as it is known: 1998, 1998-05 or 1998-05-17."),
    )
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    phone = forms.CharField(label=_("Safe telephone"), required=False, widget=forms.TextInput(OFF))
    document_number = forms.CharField(label=_("Document number"), required=False, widget=forms.TextInput(OFF))
    address = forms.CharField(
        label=_("Address"),
        required=False,
        widget=forms.Textarea({**OFF, "rows": 2}),
        help_text=_("Never the address of a shelter."),
    )
    notes_on_identity = forms.CharField(
        label=_("Notes on identity"), required=False, widget=forms.Textarea({**OFF, "rows": 2})
    )
    crime = forms.ChoiceField(
        label=_("What the case is about"), choices=Crime.choices, required=False, widget=forms.RadioSelect
    )
    child = forms.ChoiceField(
        label=_("Is the person under 18?"), choices=CHILD, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why the case is opened"),
        help_text=_("One or two sentences without a name. Everybody who works on the case sees this."),
        min_length=10,
        max_length=300,
        widget=forms.Textarea({**OFF, "rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nationality"].choices = nationalities()  # type: ignore[attr-defined]
        if self._given("person_id"):
            for name in FIELDS:
                del self.fields[name]
        if self._given("screening"):
            del self.fields["crime"], self.fields["child"]
        else:
            self.fields["crime"].required = True

    def _given(self, name: str) -> bool:
        return bool(self.data.get(name) if self.is_bound else self.initial.get(name))

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        if "case_id" in got and not was_searched(got.get("searched", ""), got["case_id"]):
            raise forms.ValidationError(
                _("Please search once more before opening a new case: the last search is too old."),
                code="search",
            )
        if not got.get("person_id"):
            self._check_identity(got)
        return got

    def _check_identity(self, got: dict[str, Any]) -> None:
        """What the vault would refuse is said in the same round as everything else."""
        try:
            checked(Identity(**{name: got.get(name, "") for name in FIELDS}))
        except Invalid as error:
            for problem in error.problems:
                self.add_error(problem.field, problem.message)

    def identity(self) -> Identity | None:
        """The typed identity; None where an existing person was chosen."""
        if self.cleaned_data.get("person_id"):
            return None
        return Identity(**{name: self.cleaned_data.get(name, "") for name in FIELDS})

    def child_answer(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data.get("child", ""))
