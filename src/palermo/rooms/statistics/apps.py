"""The national tables: protected, explained, and published only by two persons."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

READERS = ("coordinator", "analyst")


class StatisticsConfig(RoomConfig):
    name = "palermo.rooms.statistics"
    label = "statistics"
    verbose_name = _("Statistics")
    permissions = (
        Permission("statistics.table.view", roles=READERS, operator=True),
        # Figures of one's own organisation: how fast it helps, what became of its referrals.
        Permission("statistics.own.view", roles=("supervisor",)),
        # Exact small counts leave the protection behind: coordinators only, freshly signed in, on record.
        Permission("statistics.exact.view", roles=("coordinator",), step_up=True),
        Permission("statistics.table.export", roles=READERS, operator=True),
        Permission("statistics.publication.make", roles=READERS),
        Permission("statistics.publication.approve", roles=READERS, step_up=True),
        Permission("statistics.publication.withdraw", roles=READERS, step_up=True),
        Permission("statistics.publication.view", public=True, operator=True),
    )
    menu = (
        Entry(
            label=_("Statistics"),
            url_name="statistics:index",
            permission="statistics.table.view",
            icon="chart-bar",
            pillar="numbers",
            order=20,
            description=_("National tables in which nobody can be recognised"),
        ),
        Entry(
            label=_("Key figures"),
            url_name="statistics:own",
            permission="statistics.own.view",
            icon="chart-bar",
            pillar="numbers",
            order=21,
            description=_("How fast your organisation helps, and what became of its referrals"),
        ),
    )
    jobs = {"statistics.count": "palermo.rooms.statistics.actions.carry_out"}
    due = "palermo.rooms.statistics.queries.due_for"
    doctor = "palermo.rooms.statistics.queries.health.checks"
    public = ("statistics:public",)
    releasable = {"count_tables": "palermo.rooms.statistics.queries.releasable.RELEASABLE"}
    released = {"count_tables": "palermo.rooms.statistics.views.drawing.released"}
    public_tables = "palermo.rooms.statistics.queries.releasable.public_tables"
    published = "palermo.rooms.statistics.queries.published_tiles"
    imports = {
        "glotip": "palermo.rooms.statistics.actions.GLOTIP",
        "population": "palermo.rooms.statistics.actions.POPULATION",
    }
