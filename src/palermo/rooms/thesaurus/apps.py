"""Thesaurus: the concepts of the Protocols with names in six languages, and what every room keeps about each."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import RoomConfig


class ThesaurusConfig(RoomConfig):
    name = "palermo.rooms.thesaurus"
    label = "thesaurus"
    verbose_name = _("Thesaurus")
    permissions = (Permission("thesaurus.view", public=True, operator=True),)
    public = ("thesaurus:tree",)
    published = "palermo.rooms.thesaurus.queries.published_tiles"
    searched = "palermo.rooms.thesaurus.queries.SOURCE"
