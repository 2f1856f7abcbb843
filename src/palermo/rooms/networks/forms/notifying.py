"""The two-minute form: first what was seen and what cannot wait, then to whom and with whose agreement."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.identity import Identity
from palermo.linkage.dates import birth_year
from palermo.rooms.children.queries import codes as child_codes
from palermo.rooms.consents.queries import INTERPRETING
from palermo.rooms.identification.queries import notification_choices
from palermo.rooms.networks.models import Network
from palermo.rooms.networks.queries.words import ANSWERS, choices, language
from palermo.rooms.referral.queries import Target
from palermo.rooms.services.queries.labels import area_names
from palermo.standards import codelist
from palermo.standards.instruments.guides import guides, urgent
from palermo.web.forms import InlineRadio

OFF = {"autocomplete": "off", "spellcheck": "false"}
AGES = (
    ("adult", _("18 or older")),
    ("under_18", _("Under 18")),
    ("not_sure", _("Not sure: treated as a child")),
)
THINKS = (
    ("tip", _("May be a victim of trafficking")),
    ("som", _("Was smuggled, and needs help")),
    ("tip_and_som", _("Both")),
    ("neither_yet", _("Not sure: somebody should look")),
)
AGREES = (("yes", _("Yes")), ("no", _("No")))


class NotifyForm(forms.Form):
    """The first page. Everything in it is kept as it is sent, complete or not."""

    # Chosen by the page: the same form sent twice is one draft.
    key = forms.UUIDField(widget=forms.HiddenInput)
    network = forms.ChoiceField(label=_("Network"))
    urgent = forms.MultipleChoiceField(
        label=_("What cannot wait?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    age = forms.ChoiceField(label=_("How old is the person?"), choices=AGES, widget=forms.RadioSelect)
    seen = forms.MultipleChoiceField(
        label=_("What did you see or hear?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    thinks = forms.ChoiceField(label=_("What do you think?"), choices=THINKS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, **OFF}),
        help_text=_("No names, no addresses."),
    )
    area = forms.ChoiceField(label=_("Area"), required=False)
    place = forms.CharField(
        label=_("Where"), required=False, max_length=120, help_text=_("A town, a kind of place. No address.")
    )

    def __init__(self, *args: Any, networks: Sequence[Network], sector: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = language()
        self.fields["network"].choices = [(str(found.pk), found.name) for found in networks]  # type: ignore[attr-defined]
        if len(networks) == 1:
            self.fields["network"].widget = forms.HiddenInput()
            self.fields["network"].initial = str(networks[0].pk)
        areas = area_names()
        self.fields["area"].choices = [("", _("Not known")), *areas.items()]  # type: ignore[attr-defined]
        if not areas:
            self.fields["area"].widget = forms.HiddenInput()
        self.fields["urgent"].choices = [(x.question.code, x.say[spoken]) for x in urgent()]  # type: ignore[attr-defined]
        # Another network's guide may have been ticked before the network was changed: nothing that was ticked is lost.
        lines = {x.question.code: x.say[spoken] for x in guides()[sector].lines}
        ticked = self.data.getlist("seen") if hasattr(self.data, "getlist") else self.initial.get("seen", ())
        others = {
            x.question.code: x.say[spoken]
            for guide in guides().values()
            for x in guide.lines
            if x.question.code in ticked and x.question.code not in lines
        }
        self.fields["seen"].choices = [*lines.items(), *others.items()]  # type: ignore[attr-defined]

    @staticmethod
    def fresh() -> dict[str, Any]:
        return {"key": uuid.uuid4()}

    def so_far(self) -> dict[str, Any]:
        """What was typed, valid or not, for the draft."""
        data = self.data
        many = {name: [str(v) for v in data.getlist(name)] for name in ("urgent", "seen")}  # type: ignore[attr-defined]
        known = {code for name in ("urgent", "seen") for code, _label in self.fields[name].choices}  # type: ignore[attr-defined]
        kept = {name: [code for code in codes if code in known] for name, codes in many.items()}
        one = {name: str(data.get(name, "")) for name in ("age", "thinks", "words", "place")}
        area = str(data.get("area", ""))
        return {**kept, **one, "area": area if area in area_names() else ""}


class SendForm(forms.Form):
    """The second page of an adult: to whom, whether the person agrees, and a name only where it is needed."""

    target = forms.ChoiceField(label=_("Who should help?"))
    agrees = forms.ChoiceField(
        label=_("Does the person agree that they are told this?"),
        choices=AGREES,
        widget=InlineRadio,
        help_text=_("Help now does not depend on the answer. Nobody agrees for an adult."),
    )
    language = forms.ChoiceField(label=_("Language of the person"), required=False)
    interpreting = forms.ChoiceField(label=_("How did you understand one another?"), required=False)
    tell_identity = forms.BooleanField(
        label=_("The person wants the name and telephone below to be told to them"), required=False
    )
    given_names = forms.CharField(label=_("Given names"), required=False, max_length=200)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=200)
    birth_date = forms.CharField(label=_("Year or date of birth"), required=False, max_length=10)
    phone = forms.CharField(label=_("Safe telephone"), required=False, max_length=60)
    person_id = forms.ChoiceField(label=_("Is it one of these?"), required=False, widget=forms.RadioSelect)

    WHO = ("given_names", "family_name", "birth_date", "phone")
    # Set where everything is right but the sign-in is too old for a name to leave: the page keeps what was typed.
    must_confirm = False

    def __init__(
        self, *args: Any, targets: Sequence[Target], found: Sequence[Any] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._targets = {target.key: target for target in targets}
        if "target" in self.fields:
            self.fields["target"].choices = [(t.key, t.words) for t in targets]  # type: ignore[attr-defined]
        spoken = codelist("palermo/language").choices(language())
        self.fields["language"].choices = [("", _("Choose")), *spoken]  # type: ignore[attr-defined]
        if "interpreting" in self.fields:
            self.fields["interpreting"].choices = [("", _("Choose")), *INTERPRETING]  # type: ignore[attr-defined]
        for name in ("language", "interpreting"):
            if name in self.fields:
                # Without a yes nothing is told, and nobody is asked for these.
                self.fields[name].needed_when = _("needed for a yes")  # type: ignore[attr-defined]
        for name in self.WHO:
            self.fields[name].widget.attrs |= OFF
        self.show_matches(found)

    def show_matches(self, found: Sequence[Any]) -> None:
        """Whom the search found among one's own; without any the question is not asked."""
        if not found:
            self.fields.pop("person_id", None)
            return
        self.fields["person_id"].choices = [  # type: ignore[attr-defined]
            *((str(match.person_id), f"{match.code}: {'; '.join(match.why)}") for match in found),
            ("new", _("None of these")),
        ]

    @property
    def names_somebody(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("given_names", "family_name", "phone"))

    def probe(self) -> Probe:
        """What the vault is asked before a name is kept."""
        got = self.cleaned_data
        written = got.get("birth_date", "")
        return Probe(
            name=got.get("given_names", ""),
            family_name=got.get("family_name", ""),
            birth_date=written if birth_year(written) else "",
            phone=got.get("phone", ""),
        )

    def clean(self) -> dict[str, Any]:
        got = super().clean() or {}
        if got.get("agrees") == "yes":
            for name, words in (
                ("language", _("Choose the language.")),
                ("interpreting", _("Say how you understood one another.")),
            ):
                if not got.get(name):
                    self.add_error(name, words)
        if got.get("tell_identity") and not any(got.get(name) for name in self.WHO):
            self.add_error("tell_identity", _("Write the name or a telephone below, or take the tick away."))
        return got

    def chosen_person(self) -> UUID | None:
        picked = self.cleaned_data.get("person_id", "")
        return UUID(picked) if picked and picked != "new" else None

    def sent(self) -> dict[str, Any]:
        """What the action takes."""
        got = self.cleaned_data
        return {
            "identity": Identity(**{name: got.get(name, "") for name in self.WHO}),
            "person_id": self.chosen_person(),
            "agrees": got.get("agrees") == "yes",
            "searched": True,
            "target": self._targets.get(got.get("target", "")),
            "tell_identity": bool(got.get("tell_identity")),
            "language": got.get("language", ""),
            "interpreting": got.get("interpreting", ""),
        }


class ChildForm(SendForm):
    """The second page of a child, or of who may be one: no consent is asked; the child is heard."""

    situation = forms.ChoiceField(label=_("With whom is the child?"))
    view_manner = forms.ChoiceField(label=_("How was the child heard?"))
    view_text = forms.CharField(
        label=_("What the child says and wishes"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3, **OFF}),
        help_text=_("In the child’s own words, or what you saw. Do not question the child further."),
    )
    child_protection = forms.ChoiceField(label=_("Child protection"))
    police = forms.ChoiceField(label=_("Police unit"))
    coordinator = forms.ChoiceField(label=_("Coordinator"))

    BODIES = ("child_protection", "police", "coordinator")
    field_order = ("situation", "language", "view_manner", "view_text", *SendForm.WHO, "person_id", *BODIES)

    def __init__(self, *args: Any, bodies: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, targets=(), **kwargs)
        for name in ("target", "agrees", "interpreting", "tell_identity"):
            del self.fields[name]
        self.fields["language"].required = True
        del self.fields["language"].needed_when  # type: ignore[attr-defined]
        for name, list_id in (("situation", child_codes.SITUATION), ("view_manner", child_codes.MANNER)):
            self.fields[name].choices = [("", _("Choose")), *choices(list_id)]  # type: ignore[attr-defined]
        for body in self.BODIES:
            self.fields[body].choices = bodies[body]  # type: ignore[attr-defined]
            if len(bodies[body]) == 1:
                self.fields[body].widget = forms.HiddenInput()
                self.fields[body].initial = bodies[body][0][0]

    def sent(self) -> dict[str, Any]:
        got = self.cleaned_data
        return {
            "identity": Identity(**{name: got.get(name, "") for name in self.WHO}),
            "person_id": self.chosen_person(),
            "searched": True,
            "language": got["language"],
            "situation": got["situation"],
            "bodies": {body: got[body] for body in self.BODIES},
            "view": {"view_manner": got["view_manner"], "view_text": got["view_text"]},
        }


class AnonymousForm(forms.Form):
    """The adult who says no: codes alone. What is left out cannot point to anybody."""

    support_offered = forms.BooleanField(
        label=_("I offered help all the same, and a way to come back"),
        help_text=_("Give the number of a helpline, by word of mouth if paper is not safe."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, options, many, needed) in notification_choices().items():
            kind = forms.MultipleChoiceField if many else forms.ChoiceField
            widget = forms.CheckboxSelectMultiple if many else forms.Select
            self.fields[name] = kind(label=label, choices=options, required=needed, widget=widget)
        self.fields["rare_accepted"] = forms.BooleanField(
            label=_("I have seen that the combination is rare, and it may be sent so"),
            required=False,
            help_text=_("Only where palermo says that it is rare."),
        )


class AnswerForm(forms.Form):
    """What became of it, for the referrer."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=_("What became of it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = choices(ANSWERS)  # type: ignore[attr-defined]
