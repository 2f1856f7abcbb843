"""Library: issue papers, guidance, model laws and manuals with their texts; and whom to ask in other States."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

EDITORS = ("editor", "coordinator")
# Who asks other States, and so sees how their authorities are reached.
ASKING = ("prosecutor", "competent_authority", "coordinator", "child_protection", "editor")


class LibraryConfig(RoomConfig):
    name = "palermo.rooms.library"
    label = "library"
    verbose_name = _("Library")
    permissions = (
        Permission("library.item.view", roles=EDITORS),
        Permission("library.item.write", roles=EDITORS, operator=True),
        Permission("library.item.review", roles=EDITORS, step_up=True),
        Permission("library.item.withdraw", roles=EDITORS, step_up=True, operator=True),
        Permission("library.public.view", public=True, operator=True),
        Permission("library.authority.write", roles=EDITORS, operator=True),
        # Each look is on record.
        Permission("library.contact.open", roles=ASKING),
    )
    menu = (
        Entry(
            label=_("Library"), url_name="library:public", permission="library.public.view", icon="books",
            pillar="knowledge", order=30, description=_("Papers, model laws, manuals and toolkits"),
        ),
        Entry(
            label=_("Competent authorities"), url_name="library:authorities", permission="library.public.view",
            icon="building-community", pillar="partnership", order=60,
            description=_("Whom to ask in another State"),
        ),
    )  # fmt: skip
    published = "palermo.rooms.library.queries.published_tiles"
    searched = "palermo.rooms.library.queries.offered.SOURCE"
    concept_links = "palermo.rooms.library.queries.offered.concept_links"
    jobs = {"library.read": "palermo.rooms.library.actions.read_text"}
