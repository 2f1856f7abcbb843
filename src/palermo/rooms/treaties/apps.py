"""Treaties: what States did with an instrument, as a log, and where they stand on any day."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import RoomConfig


class TreatiesConfig(RoomConfig):
    name = "palermo.rooms.treaties"
    label = "treaties"
    verbose_name = _("Treaties")
    permissions = (
        Permission("treaties.public.view", public=True, operator=True),
        Permission("treaties.action.import", operator=True),
    )
    public = ("treaties:public",)
    concept_links = "palermo.rooms.treaties.queries.concept_links"
