"""Releases: what leaves for the public. Made by one person, reviewed by a second, let out by a third, kept for ever."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

READERS = ("coordinator", "analyst")


class ReleasesConfig(RoomConfig):
    name = "palermo.rooms.releases"
    label = "releases"
    verbose_name = _("Releases")
    permissions = (
        Permission("releases.release.view", roles=READERS),
        Permission("releases.release.make", roles=READERS),
        Permission("releases.release.run", roles=READERS),
        Permission("releases.release.review", roles=READERS, step_up=True),
        Permission("releases.release.approve", roles=READERS, step_up=True),
        Permission("releases.release.withdraw", roles=READERS, step_up=True),
        Permission("releases.ledger.view", roles=READERS),
        Permission("releases.cap.ask", roles=READERS),
        Permission("releases.cap.agree", roles=READERS, step_up=True),
        Permission("releases.public.view", public=True, operator=True),
        Permission("releases.public.attack", roles=READERS, operator=True),
    )
    menu = (
        Entry(
            label=_("Releases"),
            url_name="releases:list",
            permission="releases.release.view",
            icon="file-export",
            pillar="numbers",
            order=40,
            description=_("What leaves for the public, and who answered for it"),
        ),
    )
    due = "palermo.rooms.releases.queries.due_for"
    published = "palermo.rooms.releases.queries.published_tiles"
    public = ("releases:public",)
    addresses = {"release": "releases:release"}
    jobs = {"releases.run": "palermo.rooms.releases.actions.carry_out"}
    public_tables = "palermo.rooms.releases.queries.public_tables"
    released_before = "palermo.rooms.releases.queries.public.abouts"
