"""The estimate of those never detected: questions, tables of overlapping lists, repeatable runs, two persons' word."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

READERS = ("coordinator", "analyst")


class EstimatesConfig(RoomConfig):
    name = "palermo.rooms.estimates"
    label = "estimates"
    verbose_name = _("Estimates")
    permissions = (
        Permission("estimates.study.view", roles=READERS),
        Permission("estimates.study.make", roles=READERS),
        Permission("estimates.run.make", roles=READERS),
        Permission("estimates.study.export", roles=READERS),
        Permission("estimates.headline.propose", roles=READERS),
        Permission("estimates.headline.agree", roles=READERS, step_up=True),
    )
    menu = (
        Entry(
            label=_("Estimates"),
            url_name="estimates:list",
            permission="estimates.study.view",
            icon="chart-line",
            pillar="numbers",
            order=30,
            description=_("How many were never detected, and how far that can be trusted"),
        ),
    )
    due = "palermo.rooms.estimates.queries.due_for"
    releasable = {"estimate": "palermo.rooms.estimates.queries.releasable.RELEASABLE"}
    jobs = {"estimates.run": "palermo.rooms.estimates.actions.carry_out"}
