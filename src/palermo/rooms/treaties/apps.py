"""Treaties: what States did with an instrument, as a log, and where they stand on any day."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig


class TreatiesConfig(RoomConfig):
    name = "palermo.rooms.treaties"
    label = "treaties"
    verbose_name = _("Treaties")
    permissions = (
        Permission("treaties.public.view", public=True, operator=True),
        Permission("treaties.action.import", operator=True),
    )
    menu = (
        Entry(
            label=_("Treaties"), url_name="treaties:public", permission="treaties.public.view", icon="world",
            pillar="knowledge", order=25, description=_("Who is bound by the Convention and its Protocols, on any day"),
        ),
    )  # fmt: skip
    public = ("treaties:public",)
    searched = "palermo.rooms.treaties.queries.SOURCE"
    concept_links = "palermo.rooms.treaties.queries.concept_links"
