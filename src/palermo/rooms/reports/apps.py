"""The yearly national report: text, tables and charts of what was released, answered for by two persons."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

READERS = ("coordinator", "analyst")


class ReportsConfig(RoomConfig):
    name = "palermo.rooms.reports"
    label = "reports"
    verbose_name = _("National reports")
    permissions = (
        Permission("reports.report.view", roles=READERS),
        Permission("reports.report.write", roles=READERS),
        Permission("reports.report.review", roles=READERS, step_up=True),
        Permission("reports.report.approve", roles=READERS, step_up=True),
        Permission("reports.report.withdraw", roles=READERS, step_up=True),
        Permission("reports.public.view", public=True, operator=True),
    )
    menu = (
        Entry(
            label=_("National report"),
            url_name="reports:list",
            permission="reports.report.view",
            icon="file-text",
            pillar="numbers",
            order=50,
            description=_("The yearly report, made of what was released"),
        ),
        Entry(
            label=_("Route stories"),
            url_name="reports:stories",
            permission="reports.report.view",
            icon="map",
            pillar="numbers",
            order=55,
            description=_("The story of a route, made of what was released"),
        ),
    )
    due = "palermo.rooms.reports.queries.due_for"
    published = "palermo.rooms.reports.queries.published_tiles"
    public = ("reports:public", "reports:public-stories")
    addresses = {"report": "reports:report"}
