"""The national register of pseudonymous persons and events, fed by cases and by imported lists."""

import os
from importlib import import_module

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

READERS = ("coordinator", "analyst")
KEEPERS = ("coordinator",)
# Those whose work on a case puts an event into the register; they cannot read it.
FEEDERS = (
    "first_responder", "case_manager", "supervisor", "competent_authority", "child_protection", "prosecutor",
)  # fmt: skip


class RegisterConfig(RoomConfig):
    name = "palermo.rooms.register"
    default = True  # RoomConfig is in this module too, and Django must know which one is meant
    label = "register"
    verbose_name = _("Register")
    permissions = (
        # Rows of persons can be counted one by one, so they are for coordinators; others see groups (decision 0009).
        Permission("register.person.list", roles=KEEPERS, operator=True),
        Permission("register.person.view", roles=KEEPERS, operator=True),
        Permission("register.person.withdraw", roles=KEEPERS, step_up=True, operator=True),
        Permission("register.group.list", roles=READERS, operator=True),
        Permission("register.person.count", roles=READERS, operator=True),
        # Exact counts go around the protection of the tables: the rule of `statistics.exact.view` holds here too.
        Permission("register.exact.view", roles=("coordinator",), step_up=True),
        Permission("register.person.record", operator=True),
        Permission("register.case_event.record", roles=FEEDERS, operator=True),
        Permission("register.import.view", roles=READERS, operator=True),
    )
    menu = (
        Entry(
            label=_("Register"),
            url_name="register:list",
            permission="register.group.list",
            icon="database",
            pillar="numbers",
            order=10,
            description=_("Persons without names, and what happened to them"),
        ),
    )
    doctor = "palermo.rooms.register.queries.checks"
    imports = {
        "ctdc": "palermo.rooms.register.actions.CTDC",
        "offenders": "palermo.rooms.register.actions.OFFENDERS",
        "htcds": "palermo.rooms.register.actions.HTCDS",
    }

    def ready(self) -> None:
        """The worker alone keeps the room's clock."""
        super().ready()
        if os.environ.get("PALERMO_ROLE") == "job":
            import_module("palermo.rooms.register.actions.clock")
