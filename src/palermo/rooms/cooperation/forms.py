"""Forms of cooperation: a card, digits that were heard, a reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palermo.exchange.cards import MOST_BYTES


class CardForm(forms.Form):
    """The card of another instance, as a file."""

    file = forms.FileField(
        label=_("Card of the other office"),
        help_text=_("A file that ends in .palermo-card. It holds no secret: any way of sending it will do."),
    )

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("This file is too large for a card."))
        return bytes(upload.read())


class DigitsForm(forms.Form):
    """What the other office read aloud. The card's digits are not shown: nobody shall copy them from the screen."""

    digits = forms.CharField(
        label=_("The sixty digits that you hear"), max_length=120,
        help_text=_("Twelve groups of five, read to you by somebody of the other office whose voice you know."),
        widget=forms.TextInput({"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class WhyForm(forms.Form):
    """Why nothing more shall be said to a partner."""

    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea({"rows": 3, "dir": "auto"}))
