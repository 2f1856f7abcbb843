"""Legislation: laws as they stood on any day, read against checklists by one and published by another."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

EDITORS = ("editor", "coordinator")


class LegislationConfig(RoomConfig):
    name = "palermo.rooms.legislation"
    label = "legislation"
    verbose_name = _("Legislation")
    permissions = (
        Permission("legislation.record.view", roles=EDITORS),
        Permission("legislation.record.write", roles=EDITORS, operator=True),
        Permission("legislation.record.review", roles=EDITORS, step_up=True),
        Permission("legislation.public.view", public=True, operator=True),
    )
    menu = (
        Entry(
            label=_("Legislation"), url_name="legislation:list", permission="legislation.record.view", icon="gavel",
            pillar="knowledge", order=30,
            description=_("Laws as they stood on a day, beside what the Protocols ask"),
        ),
    )  # fmt: skip
    published = "palermo.rooms.legislation.queries.published_tiles"
    searched = "palermo.rooms.legislation.queries.offered.SOURCE"
    concept_links = "palermo.rooms.legislation.queries.offered.concept_links"
