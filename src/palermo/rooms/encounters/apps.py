"""Encounters: rescues, raids and vessels, and what each smuggled migrant met there needs first."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
MANAGERS = ("case_manager", "supervisor", "child_protection")


class EncountersConfig(RoomConfig):
    name = "palermo.rooms.encounters"
    label = "encounters"
    verbose_name = _("Encounters")
    permissions = (
        Permission("encounters.event.list", roles=WORKERS),
        Permission("encounters.event.open", roles=WORKERS),
        Permission("encounters.event.view", roles=WORKERS, grant="case"),
        Permission("encounters.event.change", roles=WORKERS, grant="case"),
        Permission("encounters.event.share", roles=MANAGERS, grant="case"),
        Permission("encounters.migrant.change", roles=WORKERS, grant="case"),
        Permission("encounters.migrant.move", roles=WORKERS, grant="case"),
        Permission("encounters.count.view", roles=("coordinator",)),
    )
    menu = (
        Entry(
            label=_("Rescues and vessels"),
            url_name="encounters:list",
            permission="encounters.event.list",
            icon="lifebuoy",
            pillar="protection",
            order=15,
            description=_("Many persons met at once: life first, then who needs what"),
        ),
        Entry(
            label=_("Rescues in figures"),
            url_name="encounters:figures",
            permission="encounters.count.view",
            icon="chart-bar",
            pillar="protection",
            order=16,
        ),
    )
    due = "palermo.rooms.encounters.queries.due_for"
    goes_on = {"screening": "palermo.rooms.encounters.queries.after_screening"}
    drafts = "palermo.rooms.encounters.forms.drafts.draft_forms"
    # What the notices of this room are called.
    notices = {
        "migrant_missing": _("A person who was met in an event is missing"),
        "migrant_died": _("A person who was met in an event has died: identify, and tell the family"),
    }

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
