"""Children: protected from the doubt about an age to a durable solution, with no consent gate."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig, Tab

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
READERS = (*WORKERS, "competent_authority")
BEGINNERS = ("first_responder", "case_manager", "child_protection")


class ChildrenConfig(RoomConfig):
    name = "palermo.rooms.children"
    label = "children"
    verbose_name = _("Children")
    permissions = (
        Permission("children.child.list", roles=READERS),
        Permission("children.child.view", roles=READERS, grant="case"),
        Permission("children.child.begin", roles=BEGINNERS, grant="case"),
        # The machine says which of them may do which step.
        Permission("children.child.work", roles=READERS, grant="case"),
        Permission("children.record.add", roles=WORKERS, grant="case"),
        Permission("children.guardian.reveal", roles=WORKERS, grant="identity", step_up=True),
        Permission("children.figures.view", roles=("coordinator",)),
    )
    menu = (
        Entry(
            label=_("Children"),
            url_name="children:list",
            permission="children.child.list",
            icon="user-shield",
            pillar="protection",
            order=25,
            description=_("What each child needs next: guardian, best interests, panel"),
        ),
        Entry(
            label=_("Children in figures"),
            url_name="children:figures",
            permission="children.figures.view",
            icon="chart-bar",
            pillar="numbers",
            order=60,
        ),
    )
    # What the trail of a case says of what is done here.
    deeds = {
        "children.child.begin": _("put the child under protection"),
        "children.bodies.found": _("told the three bodies at the same time"),
        "children.bodies.missing": _("told the three bodies that the child is missing"),
        "children.guardian.reveal": _("saw who the guardian is"),
        "children.record.age": _("wrote down an age assessment"),
        "children.record.view": _("wrote down what the child says"),
        "children.record.family": _("wrote down what is known of the family"),
        "children.record.contact": _("wrote down a contact with the family"),
        "children.record.birth": _("wrote down the month of birth"),
        "children.record.situation": _("wrote down with whom the child is"),
        "children.record.risk": _("assessed the child’s risk"),
        "children.record.guardian": _("wrote down a guardian"),
        "children.child.follow": _("took the child’s file over with the case"),
    }
    hears = {
        "cases.handed_over": "palermo.rooms.children.actions.follow_the_case",
        "cases.closing": "palermo.rooms.children.actions.closed_before_the_case",
    }
    tabs = (
        Tab(
            "case",
            _("Child"),
            "children:of-case",
            "children.child.view",
            icon="user-shield",
            order=15,
            shown=lambda about: about.child is not False,
        ),
    )
    notices = {
        "child_presumed": _("A child needs protection now: a file was opened for you"),
        "child_told": _(
            "A child was reported as in need of protection; the child-protection authority has the file"
        ),
        "child_moved": _(
            "The case of a child whom you protect has gone to another organisation; you still hold the file"
        ),
        "child_missing": _("A child in protection is missing: ask the child-protection authority at once"),
    }
    due = "palermo.rooms.children.queries.due_for"

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
