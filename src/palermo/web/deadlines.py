"""Deadlines as the shell shows them: what was passed on to the viewer, and for coordinators counts without objects."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow import queries as workflow
from palermo.standards.workflows import machine
from palermo.web.room import Due, Tile, address_of
from palermo.web.tables import Column, Table

# Levels at which somebody is told who is not the one to do it: what is merely near stands with its own room.
PASSED_ON = ("supervisor", "coordinator")
COUNTED = "web.deadline.count"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of deadline: how many run, how many are late, how many were passed on to the coordinator."""

    machine: str
    rule: str
    running: int
    late: int
    escalated: int


def passed_on(viewer: Viewer) -> list[Due]:
    """Late steps of others that the viewer oversees, each with the way to it. No name, no fact of a case."""
    found = []
    for told in workflow.reminders(viewer):
        url = address_of(told.object_kind, told.object_id)
        if told.level in PASSED_ON and url:
            title = _("Late, and passed on to you: %(step)s") % {"step": told.label}
            found.append(Due(title=title, url=url, due_at=told.due_at, level="overdue"))
    return found


def lines(viewer: Viewer) -> list[Line]:
    """Running, late and escalated deadlines of the country by kind; the latest kinds first."""
    require(viewer, COUNTED)
    escalated = {(row.machine, row.rule): row.running for row in workflow.escalated(viewer)}
    language = get_language() or "en"
    found = [
        Line(
            machine(row.machine).title(language), workflow.rule_name(row.rule), row.running, row.overdue,
            escalated.get((row.machine, row.rule), 0),
        )
        for row in workflow.load(viewer)
    ]  # fmt: skip
    return sorted(found, key=lambda line: (-line.escalated, -line.late, line.machine, line.rule))


def tiles_for(viewer: Viewer) -> list[Tile]:
    """Two figures on the home page of a coordinator."""
    if not can(viewer, COUNTED):
        return []
    counted, url = lines(viewer), reverse("web:deadlines")
    late = sum(line.late for line in counted)
    passed = sum(line.escalated for line in counted)
    return [
        Tile(
            _("Late steps in the country"),
            late,
            url,
            _("of %s that run") % sum(x.running for x in counted),
            "clock",
        ),
        Tile(_("Passed on to you"), passed, url, _("late for long, nobody answered"), "alert-triangle"),
    ]


def table_of(counted: list[Line]) -> Table:
    """The page's table: a row for each kind of deadline, and their sum."""
    columns = (
        Column(_("About")), Column(_("Step")), Column(_("Running"), True), Column(_("Late"), True),
        Column(_("Passed on to you"), True),
    )  # fmt: skip
    rows = [(x.machine, x.rule, x.running, x.late, x.escalated) for x in counted]
    totals = (_("Total"), "", *(sum(row[i] for row in rows) for i in (2, 3, 4))) if rows else ()
    return Table(_("Deadlines that run in the country"), columns, rows, totals)
