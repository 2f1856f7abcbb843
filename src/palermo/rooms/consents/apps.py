"""Consents: the ledger that every sharing of something about a person is checked against."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import RoomConfig, Tab

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
READERS = (*WORKERS, "competent_authority")
SECOND = ("supervisor", "child_protection")


class ConsentsConfig(RoomConfig):
    name = "palermo.rooms.consents"
    label = "consents"
    verbose_name = _("Consents")
    permissions = (
        Permission("consents.consent.view", roles=READERS, grant="case"),
        Permission("consents.consent.record", roles=WORKERS, grant="case"),
        Permission("consents.consent.withdraw", roles=WORKERS, grant="case"),
        Permission("consents.basis.ask", roles=WORKERS, grant="case"),
        Permission("consents.basis.decide", roles=SECOND, grant="case", step_up=True),
    )
    # What the trail of a case says of what is done here.
    deeds = {
        "consents.consent.given": _("wrote down a consent"),
        "consents.consent.refused": _("wrote down that the person refused"),
        "consents.consent.withdraw": _("wrote down that the person took a consent back"),
        "consents.basis.ask": _("asked a second person to confirm a legal basis"),
        "consents.basis.confirmed": _("confirmed a legal basis"),
        "consents.basis.refused": _("refused a legal basis"),
        "consents.basis.use": _("relied on a consent or a legal basis"),
    }
    tabs = (
        Tab(
            "case",
            _("Consent"),
            "consents:of-case",
            "consents.consent.view",
            icon="clipboard-check",
            order=20,
        ),
    )
    due = "palermo.rooms.consents.queries.due_for"
