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
    jobs = {"search.index": "palermo.rooms.search.actions.refresh"}

    def ready(self) -> None:
        """What rooms say about their texts reaches the vectors."""
        from palermo.rooms.search.actions import ask_to_refresh
        from palermo.web.searched import changed

        changed.connect(ask_to_refresh, dispatch_uid="search.refresh")
