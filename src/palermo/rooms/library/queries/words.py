"""What the codes of the directory are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "mutual_legal_assistance": _("Mutual legal assistance"),
    "extradition": _("Extradition"),
    "transfer_of_sentenced": _("Transfer of sentenced persons"),
    "transfer_of_proceedings": _("Transfer of proceedings"),
    "joint_investigation": _("Joint investigations"),
    "asset_recovery": _("Confiscation and asset recovery"),
    "police_cooperation": _("Police cooperation"),
    "smuggling_by_sea": _("Smuggling of migrants by sea"),
    "verification_of_documents": _("Verification of documents"),
    "return_of_victims": _("Return of victims of trafficking"),
    "return_of_migrants": _("Return of smuggled migrants"),
    "victims_protection": _("Protection of victims"),
    "referral_coordinator": _("National referral mechanism"),
    "national_rapporteur": _("National rapporteur"),
}
CHANNELS: dict[str, str | Promise] = {
    "diplomatic": _("Diplomatic channel"),
    "direct": _("Directly between authorities"),
    "interpol": _("INTERPOL"),
    "europol": _("Europol"),
    "electronic": _("Secure electronic way"),
    "post": _("Post"),
}
CONTACTS: dict[str, str | Promise] = {
    "address": _("Postal address"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "hours": _("Hours"),
}


def kind_words(code: str) -> str:
    """What an authority is asked for."""
    return str(KINDS.get(code, code))


def channel_words(code: str) -> str:
    """A way of sending."""
    return str(CHANNELS.get(code, code))
