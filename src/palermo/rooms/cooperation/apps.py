"""Cooperation: partner instances that two people have made sure of. What rooms say to them comes later."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig


class CooperationConfig(RoomConfig):
    name = "palermo.rooms.cooperation"
    label = "cooperation"
    verbose_name = _("Cooperation")
    permissions = (
        Permission("cooperation.partner.view", roles=("coordinator",)),
        Permission("cooperation.partner.try", roles=("coordinator",)),
    )
    menu = (
        Entry(
            label=_("Partner instances"), url_name="cooperation:list", permission="cooperation.partner.view",
            icon="world", pillar="partnership", order=40,
            description=_("Offices of other States and bodies with a palermo of their own"),
        ),
    )  # fmt: skip
