"""The small forms: begin, filter, a period, a reveal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.kernel.vault.models import Purpose
from palermo.rooms.children.forms.fields import MonthField, choice, listed
from palermo.rooms.children.queries import codes
from palermo.web.forms import DayInput

AGES = (
    ("under_18", _("Under 18")),
    ("not_sure", _("Not sure: treated as a child")),
    ("to_be_decided", _("Somebody says adult: it is assessed first, and a second person decides")),
)
ONLY = (
    ("", _("All in protection")),
    ("no_guardian", _("No guardian yet")),
    ("bia_overdue", _("Best-interests assessment overdue")),
    ("ageing", _("18 within 180 days")),
    ("missing", _("Missing")),
    ("closed", _("Closed or grown up")),
)


class BeginForm(forms.Form):
    """Four questions. Nobody is asked for consent: protection is owed."""

    age = forms.ChoiceField(label=_("How old"), choices=AGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["situation"] = listed(_("With whom the child is"), codes.SITUATION)
        self.fields["language"] = listed(_("The child's own language"), codes.LANGUAGE, needed=False)
        self.fields["birth_month"] = MonthField(
            label=_("Month of birth, estimated"),
            required=False,
            help_text=_("Only year and month are kept here, to know when the child turns 18."),
        )


class FilterForm(forms.Form):
    """Which children."""

    only = forms.ChoiceField(label=_("Show"), choices=ONLY, required=False)


class PeriodForm(forms.Form):
    """Clocks that started between two days."""

    since = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("Until"), widget=DayInput)


class RevealForm(forms.Form):
    """What the name is needed for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"] = choice(_("What for"), list(Purpose.choices))


__all__ = ["BeginForm", "FilterForm", "PeriodForm", "RevealForm"]
