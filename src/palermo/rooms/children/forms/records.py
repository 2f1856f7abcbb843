"""What is asked for a record that does not move the child on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palermo.kernel.organisations.models import Organisation
from palermo.rooms.children.forms.fields import MonthField, choice, day, hearing, listed, perhaps, tick, words
from palermo.rooms.children.forms.steps import Fields, StepForm, guardian_fields, wellbeing
from palermo.rooms.children.models import Body, ChildProtection, Conclusion, Contact, Safety
from palermo.rooms.children.queries import bodies, codes
from palermo.web.forms import InlineRadio

# The codes of a case's risk, which a form of this room asks and the room of cases keeps.
RISKS = (("high", _("High")), ("medium", _("Medium")), ("low", _("Low")))


def record_form(child: ChildProtection, what: str, *args: Any, **kwargs: Any) -> StepForm:
    """The form of one record."""
    return StepForm(RECORD_FORMS[what][1](), *args, **{"initial": _initial(child), **kwargs})


def _initial(child: ChildProtection) -> dict[str, Any]:
    month = child.birth_month.strftime("%Y-%m") if child.birth_month else ""
    return {
        "version": child.version,
        "situation": child.situation,
        "language": child.language,
        "view_language": child.language,
        "birth_month": month,
    }


def _age() -> Fields:
    assessors = Organisation.objects.filter(closed_on=None).order_by("name").values_list("pk", "name")
    number = {"min_value": 0, "max_value": 99}
    return {
        "method": listed(_("Method"), codes.AGE_METHOD),
        "assessor": choice(_("Assessed by"), [(str(pk), name) for pk, name in assessors]),
        "done_on": day(_("Done on")),
        "lowest": forms.IntegerField(label=_("Lowest age that is possible"), **number),  # type: ignore[arg-type]
        "highest": forms.IntegerField(label=_("Highest age that is possible"), **number),  # type: ignore[arg-type]
        "informed": tick(
            _(
                "It was explained in a language that is understood, and the person (or guardian) agreed to it."
            ),
            needed=False,
        ),
        "conclusion": forms.ChoiceField(
            label=_("Result"), choices=Conclusion.choices, widget=forms.RadioSelect
        ),
        "text": words(_("Reasons")),
    }


def _family() -> Fields:
    return {
        "relation": listed(_("Relative"), codes.RELATION),
        "safety": forms.ChoiceField(
            label=_("Safety check"), choices=Safety.choices, widget=InlineRadio, initial=Safety.NOT_CHECKED
        ),
        "child_wishes": perhaps(_("The child wishes contact")),
        "contact": forms.ChoiceField(
            label=_("Contact"), choices=Contact.choices, widget=InlineRadio, initial=Contact.NONE
        ),
        "text": words(_("What is known")),
    }


RECORD_FORMS: dict[str, tuple[str | Promise, Callable[[], Fields]]] = {
    "view": (_("The child said something"), hearing),
    "birth": (
        _("Month of birth, estimated"),
        lambda: {"birth_month": MonthField(label=_("Month of birth, estimated"))},
    ),
    "situation": (
        _("With whom the child is, and the language"),
        lambda: {
            "situation": listed(_("With whom the child is"), codes.SITUATION),
            "language": listed(_("The child's own language"), codes.LANGUAGE, needed=False),
        },
    ),
    "age": (_("Age assessment"), _age),
    "family": (_("Family: safety check before any contact"), _family),
    "risk": (
        _("Risk to the child now"),
        lambda: {
            "risk": forms.ChoiceField(label=_("Risk"), choices=RISKS, widget=InlineRadio),
            "text": words(_("What the risk is")),
        },
    ),
    "guardian": (
        _("Another guardian takes over"),
        lambda: {
            "organisation": choice(
                _("Organisation of the guardian"), bodies(Body.CHILD_PROTECTION), needed=False
            ),
            **guardian_fields(),
        },
    ),
    "contact": (_("Follow-up contact"), wellbeing),
}
