"""Search over every room: identifiers, words by language, concepts, meaning; each finds what the asker may see."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import RoomConfig


class SearchConfig(RoomConfig):
    name = "palermo.rooms.search"
    label = "search"
    verbose_name = _("Search")
    finds = "search:page"
    permissions = (
        Permission("search.view", public=True, operator=True),
        Permission("search.index", operator=True),
    )
