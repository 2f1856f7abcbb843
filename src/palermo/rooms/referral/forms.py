"""The forms of a referral: to whom and what is told; then coded answers, so that no name goes across by mistake."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.kernel.vault.models import Purpose
from palermo.rooms.referral.models import Arrived, Decline, Ending, Outcome, Progress
from palermo.rooms.referral.queries import Choice, Target
from palermo.rooms.referral.queries.words import FROM_VAULT, categories, kinds
from palermo.web.forms import DayInput, InlineRadio
from palermo.web.plain import PlainForm

HELP = {
    "needs": _("What has to be done, and by when. No names: the receiver knows the person by a code."),
    "health": _("Only what the receiver must know to help safely."),
    "exploitation": _(
        "Only what matters for this help. Where you write here, what the case is about is told too."
    ),
    "family": _("Who comes along, who must not be told."),
    "location": _("Where the person can be met now, if that is safe."),
    "documents": _("Which papers there are. They are not sent along."),
}


def word_fields(form: forms.Form) -> None:
    """One text for each category that is told by words."""
    for code, name in categories():
        if code in FROM_VAULT:
            continue
        form.fields[code] = forms.CharField(
            label=_("What is needed") if code == "needs" else name,
            required=code == "needs",
            max_length=4000,
            widget=forms.Textarea({"rows": 3 if code == "needs" else 2}),
            help_text=HELP.get(code, ""),
        )


class PacketForm(PlainForm):
    """What is told: a text for each category that is told by words, and whether who it is and how to reach them."""

    urgent = forms.BooleanField(
        label=_("Urgent: an answer within a day"),
        required=False,
        help_text=_("Danger, or no place to sleep."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: list[Choice] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_fields(self)
        self.fields["crime"] = forms.BooleanField(
            label=_("Tell what the case is about"),
            required=False,
            help_text=_(
                "Trafficking or smuggling, no more. The receiver's case begins with it; without it, with “not told”."
            ),
        )
        names = dict(categories())
        self.fields["also"] = forms.MultipleChoiceField(
            label=_("Taken from the vault when it is sent"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(code, names[code]) for code in FROM_VAULT],
            help_text=_(
                "You will be asked to confirm that it is you. Leave empty: the receiver gets a code only."
            ),
        )
        for choice in choices or ():
            words = _("Agreed.") if choice.covered else _("Not agreed yet: ask before you send it.")
            for name in (choice.code, "crime" if choice.code == "exploitation" else ""):
                if field := self.fields.get(name):
                    field.help_text = f"{field.help_text} {words}".strip()

    def told(self) -> dict[str, Any]:
        """What the actions take: words and categories."""
        given = self.cleaned_data
        texts = {c: given[c] for c, _name in categories() if c not in FROM_VAULT and given.get(c)}
        about = ["exploitation"] if given["crime"] else []
        told = list(dict.fromkeys([*texts, *about, *given["also"]]))
        return {"urgent": given["urgent"], "texts": texts, "categories": told}


class DraftForm(PacketForm):
    """To whom, then what is told."""

    target = forms.ChoiceField(label=_("To"))
    kind = forms.ChoiceField(
        label=_("Kind of help"), required=False, help_text=_("Only where no service is named above.")
    )

    def __init__(self, *args: Any, targets: list[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", _("Choose")), *((t.key, t.words) for t in targets)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Choose")), *kinds()]  # type: ignore[attr-defined]
        self.order_fields(["target", "kind", "urgent", "needs"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("target", "").endswith(":") and not given.get("kind"):
            self.add_error("kind", _("Choose what kind of help is needed."))
        return given

    def address(self) -> dict[str, Any]:
        """receiver_id, service_id and kind for the action."""
        receiver, service = self.cleaned_data["target"].split(":")
        found: dict[str, Any] = {"receiver_id": UUID(receiver), "kind": self.cleaned_data["kind"]}
        return found | {"service_id": UUID(service) if service else None}


def _coded(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *choices], **more)


DELIVERED = [c for c in Outcome.choices if c[0] in ("helped", "partly")]
NOT_DELIVERED = [c for c in Outcome.choices if c[0] not in ("helped", "partly")]


class AnswerForm(PlainForm):
    """One move: what its guards ask for, as codes. `receivers` for a redirect."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, event: str, *args: Any, receivers: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if event in ("decline", "redirect"):
            self.fields["decline"] = _coded(_("Why"), Decline.choices)
        if event == "redirect":
            self.fields["redirect_to"] = _coded(
                _("Who could help better"),
                receivers or [],
                help_text=_("Nothing is sent there. The sender asks the person first."),
            )
        if event in ("complete", "unable"):
            choices = DELIVERED if event == "complete" else NOT_DELIVERED
            self.fields["outcome"] = _coded(_("What came of it"), choices)
        if event == "feedback":
            self.fields["progress"] = _coded(_("How it goes"), Progress.choices)
            self.fields["next_on"] = forms.DateField(
                label=_("Next appointment"), required=False, widget=DayInput
            )
        if event in ("complete", "unable", "feedback"):
            self.fields["still_needed"] = forms.MultipleChoiceField(
                label=_("What is still needed"),
                required=False,
                choices=kinds(),
                widget=forms.CheckboxSelectMultiple,
            )
        if event in ("revoke", "recall"):
            self.fields["ending"] = _coded(_("Why"), Ending.choices)
        if event == "confirm":
            told = [c for c in Arrived.choices if c[0] != Arrived.UNCONFIRMED]
            self.fields["arrived"] = forms.ChoiceField(
                label=_("Did the help arrive? Ask the person."), choices=told, widget=InlineRadio
            )
        self.order_fields(["decline", "redirect_to", "outcome", "progress", "ending", "arrived"])

    def answers(self) -> dict[str, Any]:
        """What the action takes."""
        found = {k: v for k, v in self.cleaned_data.items() if k != "version" and v not in ("", None, [])}
        if "redirect_to" in found:
            found["redirect_to"] = UUID(found["redirect_to"])
        return found


class FilterForm(PlainForm):
    """Which referrals of the box."""

    only = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("waiting", _("Waiting for us")),
            ("open", _("Open")),
            ("ended", _("Ended")),
            ("all", _("All")),
        ],
    )


class IdentityForm(PlainForm):
    """What the name is needed for; the code of it goes into the trace."""

    purpose = forms.ChoiceField(
        label=_("What you need it for"), choices=[("", _("Choose")), *Purpose.choices]
    )
