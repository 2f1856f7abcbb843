"""Many lists of people become one pseudonymous register: lists with their basis, linking, review, hand-over."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig

KEEPERS = ("coordinator",)
READERS = ("coordinator", "analyst")
REVIEWERS = ("case_manager", "supervisor")
EVERYBODY = (*READERS, *REVIEWERS)


class ReconciliationConfig(RoomConfig):
    name = "palermo.rooms.reconciliation"
    label = "reconciliation"
    verbose_name = _("Reconciliation")
    permissions = (
        Permission("reconciliation.project.view", roles=EVERYBODY, operator=True),
        Permission("reconciliation.project.open", roles=KEEPERS, operator=True),
        Permission("reconciliation.list.declare", roles=KEEPERS, operator=True),
        Permission("reconciliation.run.make", roles=KEEPERS, operator=True),
        Permission("reconciliation.sample.draw", roles=KEEPERS, operator=True),
        Permission("reconciliation.quality.view", roles=EVERYBODY, operator=True),
        # Whether its people are in the national register is decided once, with a fresh sign-in, and put on record.
        Permission("reconciliation.register.count", roles=KEEPERS, step_up=True),
        Permission("reconciliation.person.list", roles=KEEPERS, operator=True),
        Permission("reconciliation.change.undo", roles=KEEPERS, step_up=True),
        Permission("reconciliation.histories.view", roles=READERS, operator=True),
        Permission("reconciliation.histories.make", roles=READERS, operator=True),
        # What a reviewer sees of a record's values hangs on a live grant on its list: that of its own holder.
        Permission("reconciliation.pair.review", roles=REVIEWERS),
        Permission("reconciliation.review.begin", roles=REVIEWERS, step_up=True),
        Permission("reconciliation.identity.reveal", roles=REVIEWERS, grant="identity"),
        # Whoever brings a file of names in may see them: the holder of the list, not the one who sees counts.
        Permission("reconciliation.list.bring", roles=REVIEWERS, grant="identity", step_up=True),
        Permission("reconciliation.record.remove", roles=("supervisor",), grant="identity", step_up=True),
    )
    menu = (
        Entry(
            label=_("Reconciliation"),
            url_name="reconciliation:list",
            permission="reconciliation.project.view",
            icon="git-compare",
            pillar="numbers",
            order=15,
            description=_("Lists of many bodies become one register without names"),
        ),
    )
    due = "palermo.rooms.reconciliation.queries.due_for"
    jobs = {
        "reconciliation.run": "palermo.rooms.reconciliation.actions.carry_out",
        "reconciliation.register": "palermo.rooms.reconciliation.actions.follow",
        "reconciliation.bring": "palermo.rooms.reconciliation.actions.read_file",
        "reconciliation.left": "palermo.rooms.reconciliation.actions.left",
        "reconciliation.settle": "palermo.rooms.reconciliation.actions.settle",
        "reconciliation.tidy": "palermo.rooms.reconciliation.actions.tidy",
    }
    imports = {"people": "palermo.rooms.reconciliation.actions.PEOPLE"}
