"""What each step of the machine asks."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.children.forms.fields import (
    ServiceField,
    choice,
    day,
    hearing,
    listed,
    sitting,
    tick,
    weighing,
    words,
)
from palermo.rooms.children.models import Answer, Body, ChildProtection
from palermo.rooms.children.queries import bodies, codes, possible_chairs
from palermo.web.forms import InlineRadio
from palermo.web.room import Subject

Fields = dict[str, forms.Field]
Asker = Callable[[Viewer, Subject], Fields]


class StepForm(forms.Form):
    """The questions of one step, a reason where the machine asks for one, and the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, asked: Fields, *args: Any, reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(asked)
        if reason:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"),
                max_length=1000,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("No names. Everybody who works on the case sees this."),
            )
        self.order_fields([*asked, "reason", "version"])

    def given(self) -> dict[str, Any]:
        """What the step takes besides version and reason."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "reason")}


def step_form(
    viewer: Viewer,
    child: ChildProtection,
    about: Subject,
    event: str,
    reason: bool,
    *args: Any,
    **kwargs: Any,
) -> StepForm:
    """The form of one step."""
    asked = ASKS[event](viewer, about) if event in ASKS else {}
    # The child speaks the own language, which is known or not; it is not that of the page.
    initial = {"version": child.version, "view_language": child.language, **kwargs.pop("initial", {})}
    return StepForm(asked, *args, reason=reason, initial=initial, **kwargs)


def _notify(viewer: Viewer, about: Subject) -> Fields:
    found: Fields = {body: choice(name, bodies(body)) for body, name in Body.choices}
    for offered in found.values():
        # One to choose from: nobody searches in a list of one.
        if len(offered.choices) == 2:  # type: ignore[attr-defined]
            offered.initial = list(offered.choices)[1][0]  # type: ignore[attr-defined]
    return {**found, **hearing()}


def _place(viewer: Viewer, about: Subject) -> Fields:
    return {
        "setting": listed(_("Kind of place"), codes.SETTING),
        "service": ServiceField(
            label=_("Service of the directory"),
            required=False,
            help_text=_(
                "Find the place under “Needs and services” first: from there it is filled in. Or paste the link of its "
                "page. The address itself stays in the directory."
            ),
        ),
        "family_checked": tick(
            _("The family was checked before any contact: it is safe, and had no part in what happened."),
            needed=False,
        ),
        "away": tick(_("The alleged exploiters do not know this place and cannot reach it.")),
    }


def guardian_fields(*, parent: bool = False) -> Fields:
    """Who speaks for the child."""
    kind: Fields = {} if parent else {"kind": listed(_("Kind of guardian"), codes.GUARDIAN)}
    return {
        **kind,
        "name": forms.CharField(
            label=_("Name"),
            max_length=200,
            help_text=_("Sealed, and shown only to who may see the identity."),
        ),
        "reach": forms.CharField(label=_("How to reach"), required=False, max_length=200),
        "appointed_on": day(_("Appointed on") if not parent else _("Confirmed on")),
        "independent": tick(_("No tie to the alleged exploiters: this was checked.")),
        "no_conflict": tick(_("No interest against the child's: this was checked.")),
    }


def _interests(viewer: Viewer, about: Subject) -> Fields:
    return {**hearing(), **weighing()}


def _update(viewer: Viewer, about: Subject) -> Fields:
    return {"turning_point": listed(_("Turning point"), codes.TURNING_POINT), **_interests(viewer, about)}


def _panel(viewer: Viewer, about: Subject) -> Fields:
    answers = [(a.value, a.label) for a in (Answer.PROTECT, Answer.ORDINARY)]
    return {
        **sitting(possible_chairs(viewer, about.worker_id)),
        "answer": forms.ChoiceField(label=_("Decision"), choices=answers, widget=forms.RadioSelect),
        **hearing(),
    }


def _solution(viewer: Viewer, about: Subject) -> Fields:
    return {
        "solution": listed(_("Durable solution"), codes.SOLUTION),
        "options": words(_("Which options there were, and why this one"), rows=4),
        "safety_checked": tick(_("The child is safe there: this was checked."), needed=False),
        "guardian_agrees": tick(_("The guardian agrees.")),
        **sitting(possible_chairs(viewer, about.worker_id)),
        **hearing(),
    }


def _measure(viewer: Viewer, about: Subject) -> Fields:
    return {
        "measure": listed(_("Protection measure"), codes.MEASURE),
        "text": words(_("In words"), needed=False),
    }


def _hand_over(viewer: Viewer, about: Subject) -> Fields:
    return {
        "organisation": choice(_("Which organisation has taken over"), bodies(Body.CHILD_PROTECTION)),
        "text": words(_("What was handed over"), needed=False),
    }


def _transition(viewer: Viewer, about: Subject) -> Fields:
    return {
        "parts": forms.MultipleChoiceField(
            label=_("The plan says something on"),
            choices=codes.choices(codes.TRANSITION),
            widget=forms.CheckboxSelectMultiple,
        ),
        "text": words(_("The plan, made with the young person"), rows=6),
    }


def _close(viewer: Viewer, about: Subject) -> Fields:
    return {
        "guardian_agrees": tick(_("The guardian agrees to close.")),
        "child_told": tick(
            _("The child was told in the own language what ends, what goes on and whom to call.")
        ),
        **hearing(),
    }


def wellbeing() -> Fields:
    """How the child is."""
    return {
        "wellbeing": forms.ChoiceField(
            label=_("How the child is"), choices=codes.choices(codes.WELLBEING), widget=InlineRadio
        ),
        "text": words(_("In words"), needed=False),
    }


ASKS: dict[str, Asker] = {
    "notify": _notify,
    "place_safely": _place,
    "appoint_guardian": lambda viewer, about: {
        "organisation": choice(
            _("Organisation of the guardian"), bodies(Body.CHILD_PROTECTION), needed=False
        ),
        **guardian_fields(),
    },
    "confirm_parent": lambda viewer, about: guardian_fields(parent=True),
    "assess_provisionally": _interests,
    "complete_bia": _interests,
    "update_bia": _update,
    "decide_panel": _panel,
    "decide_solution": _solution,
    "begin_protection": _measure,
    "review_measure": _measure,
    "hand_over_protection": _hand_over,
    "plan_ageing_out": _transition,
    "close": _close,
    "end_follow_up": lambda viewer, about: wellbeing(),
}

__all__ = ["ASKS", "StepForm", "guardian_fields", "step_form", "wellbeing"]
