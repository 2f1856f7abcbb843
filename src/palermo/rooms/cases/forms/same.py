"""Whether two persons are one: the code of the other, why, and what is answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.kernel.vault.models import Ground

GROUNDS = [("", _("Choose")), *(choice for choice in Ground.choices if choice[0] != Ground.ERASED)]
# What the buttons of a pair say, in the order in which they stand.
BUTTONS = {
    "confirm": _("Yes, one person"),
    "different": _("No, two persons"),
    "unsure": _("It cannot be said"),
    "withdraw": _("Withdraw the proposal"),
    "undo": _("Undo: they are two persons"),
    "reopen": _("Look at it anew"),
}


class ProposeForm(forms.Form):
    """The other one by its code, as a colleague told it, and why they may be one."""

    other_code = forms.CharField(
        label=_("The code of the other record"),
        help_text=_("It begins with P, as in P-7K3Q-M294. The other organisation tells you theirs."),
        max_length=20,
    )
    ground = forms.ChoiceField(label=_("Why"), choices=GROUNDS)


class AnswerForm(forms.Form):
    """What is answered. Why: asked for where it parts the two, free elsewhere."""

    ground = forms.ChoiceField(label=_("Why"), choices=GROUNDS, required=False)

    def __init__(self, may: tuple[str, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = [(event, BUTTONS[event]) for event in BUTTONS if event in may]
