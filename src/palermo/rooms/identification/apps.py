"""Identification: a screening, an explained suggestion, and a person's own decision."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

STARTERS = ("first_responder", "case_manager", "supervisor", "child_protection")
SCREENERS = (*STARTERS, "competent_authority")


class IdentificationConfig(RoomConfig):
    name = "palermo.rooms.identification"
    label = "identification"
    verbose_name = _("Identification")
    permissions = (
        Permission("identification.screening.list", roles=SCREENERS),
        Permission("identification.screening.start", roles=STARTERS),
        Permission("identification.screening.view", roles=SCREENERS, grant="case"),
        Permission("identification.screening.answer", roles=SCREENERS, grant="case"),
        Permission("identification.screening.decide", roles=SCREENERS, grant="case"),
        Permission("identification.rights.view", public=True),
    )
    menu = (
        Entry(
            label=_("Screening"),
            url_name="identification:list",
            permission="identification.screening.list",
            icon="clipboard-check",
            pillar="protection",
            order=10,
            description=_("Recognise a presumed victim; urgent needs first"),
        ),
    )
    addresses = {"screening": "identification:summary"}
    due = "palermo.rooms.identification.queries.due_for"
