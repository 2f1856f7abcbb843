"""Input of the page of files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.rooms.cases.models import Paper


class FileForm(forms.Form):
    """One file, and what it is, in words without a name."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "JPEG, PNG, PDF or plain text, up to 20 MB. Place, camera and author are taken out of it."
        ),
        widget=forms.FileInput({"accept": ".jpg,.jpeg,.png,.pdf,.txt"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *Paper.choices])
    description = forms.CharField(
        label=_("What it is"),
        help_text=_("No names: write “medical report, May”, “letter of the sister”."),
        min_length=3,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    shows_identity = forms.BooleanField(
        label=_("It shows who the person is: a name, a face, a number"),
        help_text=_("Then only those open it who may see the identity, freshly signed in."),
        required=False,
        initial=True,
    )


class RemovalForm(forms.Form):
    """Why a file is taken away."""

    reason = forms.CharField(
        label=_("Why it is removed"),
        min_length=3,
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
