"""The door: for the person herself, without a name and without a cookie; and what workers see of it."""

import os
from importlib import import_module

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig, Tab

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
JUDGES = ("supervisor", "coordinator")


class DoorConfig(RoomConfig):
    name = "palermo.rooms.door"
    label = "door"
    verbose_name = _("Door")
    permissions = (
        Permission("door.public.view", public=True, operator=True),
        Permission("door.desk.edit", roles=("supervisor",)),
        Permission("door.request.list", roles=WORKERS),
        Permission("door.request.view", roles=WORKERS, grant="case"),
        Permission("door.request.move", roles=WORKERS, grant="case"),
        Permission("door.request.phone", roles=WORKERS, grant="case", step_up=True),
        Permission("door.page.view", roles=WORKERS, grant="case"),
        Permission("door.page.give", roles=WORKERS, grant="case"),
        Permission("door.complaint.list", roles=JUDGES),
        Permission("door.complaint.view", roles=JUDGES, grant="case"),
        Permission("door.complaint.move", roles=JUDGES, grant="case"),
        Permission("door.feedback.list", roles=("supervisor",)),
    )
    menu = (
        Entry(
            label=_("Asked at the door"),
            url_name="door:inbox",
            permission="door.request.list",
            icon="lifebuoy",
            pillar="protection",
            order=12,
            description=_("Requests for help without a name, for your organisation"),
        ),
        Entry(
            label=_("Complaints"),
            url_name="door:complaints",
            permission="door.complaint.list",
            icon="scale",
            pillar="protection",
            order=60,
            description=_("What people complain of; never shown to whom it is about"),
        ),
        Entry(
            label=_("How help was"),
            url_name="door:feedback",
            permission="door.feedback.list",
            icon="heart-handshake",
            pillar="protection",
            order=61,
            description=_("What people say of the help, in their own words"),
        ),
    )
    # What the trail of a case says of what is done here.
    deeds = {
        "door.page.give": _("gave the person a page of their own"),
        "door.page.end": _("ended the person’s own page"),
        "door.question.put": _("put a question on the person’s own page"),
    }
    tabs = (Tab("case", _("Own page"), "door:of-case", "door.page.view", icon="door-exit", order=60),)
    help = "door:rights"
    due = "palermo.rooms.door.queries.due_for"

    def ready(self) -> None:
        """The worker alone keeps the room's clock."""
        super().ready()
        if os.environ.get("PALERMO_ROLE") == "job":
            import_module("palermo.rooms.door.actions.clock")
