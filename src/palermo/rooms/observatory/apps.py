"""Field data on the smuggling of migrants: studies, their forms, the devices that fill them, what comes in."""

import os
from importlib import import_module

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

LEADS = ("analyst",)
FIELD = ("analyst", "supervisor")


class ObservatoryConfig(RoomConfig):
    name = "palermo.rooms.observatory"
    label = "observatory"
    verbose_name = _("Observatory")
    permissions = (
        Permission("observatory.study.list", roles=FIELD),
        Permission("observatory.study.open", roles=LEADS),
        # Everything of a study hangs on the grant that its organisation holds; the wall asks for the site besides.
        Permission("observatory.study.view", roles=FIELD, grant="case", operator=True),
        Permission("observatory.study.change", roles=LEADS, grant="case"),
        # Aggregates of all sites: for who leads the study, not for the team of one site.
        Permission("observatory.indicators.view", roles=LEADS, grant="case", operator=True),
        Permission("observatory.form.publish", roles=LEADS, grant="case", operator=True),
        Permission("observatory.device.make", roles=FIELD, grant="case", step_up=True),
        Permission("observatory.device.revoke", roles=FIELD, grant="case"),
        Permission("observatory.web.collect", roles=FIELD, grant="case"),
        Permission("observatory.submission.review", roles=FIELD, grant="case"),
        Permission("observatory.submission.withdraw", roles=LEADS, grant="case", step_up=True),
        Permission("observatory.export.make", roles=FIELD, grant="case", step_up=True),
        # Texts and places can say who somebody is: they leave with a lead of the study alone, encrypted or coarse.
        Permission("observatory.export.telling", roles=LEADS, grant="case", step_up=True),
        Permission("observatory.export.open", roles=FIELD, grant="case"),
        Permission("observatory.token.make", roles=FIELD, grant="case", step_up=True),
        Permission("observatory.token.revoke", roles=FIELD, grant="case"),
        # The private key of a study is made, and brought for one run, with a fresh sign-in.
        Permission("observatory.key.make", roles=LEADS, grant="case", step_up=True),
        Permission("observatory.key.use", roles=LEADS, grant="case", step_up=True),
        # Devices have no session: they prove themselves by Digest, Basic over TLS or the key in their address.
        Permission("observatory.protocol.use", public=True, operator=True),
    )
    menu = (
        Entry(
            label=_("Observatory"),
            url_name="observatory:list",
            permission="observatory.study.list",
            icon="clipboard-list",
            pillar="numbers",
            order=25,
            description=_("Field studies on smuggling: forms, devices, interviews"),
        ),
    )
    releasable = {"observatory": "palermo.rooms.observatory.queries.releasable.RELEASABLE"}
    jobs = {
        "observatory.flatten": "palermo.rooms.observatory.actions.flatten",
        "observatory.indicators": "palermo.rooms.observatory.actions.make_indicators",
        "observatory.live": "palermo.rooms.observatory.actions.make_live",
        "observatory.export": "palermo.rooms.observatory.actions.exporting.carry_out_export",
        "observatory.exports_void": "palermo.rooms.observatory.actions.exporting.void_exports",
    }

    def ready(self) -> None:
        """The worker alone keeps the room's clock."""
        super().ready()
        if os.environ.get("PALERMO_ROLE") == "job":
            import_module("palermo.rooms.observatory.actions.clock")
