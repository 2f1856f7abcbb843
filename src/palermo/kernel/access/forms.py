"""What is typed about accounts and organisations."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as TheirChangePasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from palermo.kernel.organisations.models import Organisation, OrganisationType, Role, Unit


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Why"), max_length=500, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2})
    )


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in by itself is the default: it is the strongest and the quickest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].initial = True


PASSWORD_HELP = _(
    "At least 12 characters. Several words that do not belong together are easy to keep in mind."
)


class ChangePasswordForm(TheirChangePasswordForm):  # type: ignore[misc]
    """The same words as for the first password, instead of Django's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Password now")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["password2"].label = _("The same password again")


class FirstPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        if self.cleaned_data.get("password") != self.cleaned_data["again"]:
            raise forms.ValidationError(_("The two passwords differ."))
        return str(self.cleaned_data["again"])


class UserForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Small letters, no spaces. It cannot be changed later."),
    )
    display_name = forms.CharField(label=_("Name shown to colleagues"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationType.choices)
    area = forms.CharField(label=_("Area"), max_length=20, required=False)
    email = forms.EmailField(label=_("Contact e-mail"), required=False)
    phone = forms.CharField(label=_("Contact telephone"), max_length=40, required=False)
    closed_on = forms.DateField(
        label=_("Closed on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Name of the team, shelter or office"), max_length=200)


class RoleForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Team, shelter or office"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    reason = _reason(_("What the person does there, for who has to decide. No name of an assisted person."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(closed_on=None)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.select_related("organisation")  # type: ignore[attr-defined]
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.organisation}: {unit}"  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is asked for, where nothing else has to be said."""

    reason = _reason(_("For who has to decide. No name of an assisted person."))


class MoveUnitForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Team, shelter or office"))
    to = forms.ModelChoiceField(Organisation.objects.none(), label=_("Moves to"))
    reason = _reason(_("For who has to decide. No name of an assisted person."))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.filter(closed_on=None).exclude(pk=organisation.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(organisation=organisation)  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"),
        max_length=500,
        help_text=_("Who asked reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MailForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_(
            "An address that you read at work. Others may see that messages of palermo arrive there."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


class RecoveryForm(forms.Form):
    colleague = forms.ModelChoiceField(Organisation.objects.none(), label=_("Colleague"))
    reason = _reason(_("How you know that it is this person who asks. No name of an assisted person."))

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues  # type: ignore[attr-defined]
