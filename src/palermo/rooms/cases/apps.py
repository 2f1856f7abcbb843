"""Cases: help for one person by one organisation; a code instead of a name until it is revealed, with a trace."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig, Tab

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
# A child-protection authority that meets a child, or a migrant in need, opens the case itself.
OPENERS = WORKERS
READERS = (*WORKERS, "competent_authority", "prosecutor")
MANAGERS = ("case_manager", "supervisor", "child_protection")


class CasesConfig(RoomConfig):
    name = "palermo.rooms.cases"
    drafts = "palermo.rooms.cases.forms.drafts.draft_forms"
    label = "cases"
    verbose_name = _("Cases")
    permissions = (
        Permission("cases.case.list", roles=READERS),
        Permission("cases.case.open", roles=OPENERS),
        Permission("cases.case.view", roles=READERS, grant="case"),
        Permission("cases.case.move", roles=WORKERS, grant="case"),
        Permission("cases.case.print", roles=READERS, grant="case"),
        Permission("cases.case.export", roles=MANAGERS),
        Permission("cases.facts.change", roles=WORKERS, grant="case"),
        Permission("cases.note.view", roles=WORKERS, grant="notes"),
        Permission("cases.note.add", roles=WORKERS, grant="notes"),
        Permission("cases.identity.reveal", roles=WORKERS, grant="identity", step_up=True),
        # Risk, safety and plan: the codes for who holds the case, the words for who holds its notes.
        Permission("cases.plan.view", roles=WORKERS, grant="case"),
        Permission("cases.plan.print", roles=WORKERS, grant="case"),
        Permission("cases.plan.change", roles=WORKERS, grant="notes"),
        # Who may approve holds the notes as well (cases.plan.change), and wrote nothing in the plan.
        Permission("cases.plan.approve", roles=("supervisor",)),
        # Each file names its own scope besides (notes or identity); the database asks for it.
        Permission("cases.file.list", roles=WORKERS, grant="case"),
        Permission("cases.file.add", roles=WORKERS, grant="notes"),
        Permission("cases.file.open", roles=WORKERS, grant="case"),
        Permission("cases.file.remove", roles=WORKERS, grant="notes"),
        # A supervisor, or the worker who has the case: the action asks which.
        Permission("cases.case.reassign", roles=WORKERS, grant="case"),
        Permission("cases.grant.give", roles=MANAGERS, grant="case"),
        Permission("cases.grant.revoke", roles=MANAGERS, grant="case"),
    )
    menu = (
        Entry(
            label=_("Cases"),
            url_name="cases:list",
            permission="cases.case.list",
            icon="folder",
            pillar="protection",
            order=20,
            description=_("Your cases, by code"),
        ),
    )
    tabs = (
        Tab("case", _("Case"), "cases:case", "cases.case.view", icon="folder", order=10),
        Tab("case", _("Plan"), "cases:plan", "cases.plan.view", icon="list-check", order=15),
        Tab("case", _("Files"), "cases:files", "cases.file.list", icon="paperclip", order=30),
        Tab("case", _("Same person?"), "cases:person", "cases.case.move", icon="user-search", order=85),
        Tab("case", _("Who can see it"), "cases:access", "cases.case.view", icon="users", order=90),
        Tab("case", _("Who looked, who changed"), "cases:trail", "cases.case.view", icon="history", order=95),
    )
    hears = {
        "consents.ended": "palermo.rooms.cases.actions.consent_ended",
        "identification.decided": "palermo.rooms.cases.actions.feeding.identification_decided",
    }
    addresses = {"case": "cases:case", "pairing": "cases:same"}
    signs = {"case": "palermo.rooms.cases.queries.same.signs_for"}
    subjects = {"case": "palermo.rooms.cases.queries.subject"}
    # What the notices of this room are called.
    notices = {
        "case_given": _("A case was given to you"),
        "case_handed_over": _("A case of yours was given to a colleague"),
        "case_shared": _("You were brought into a case of another organisation"),
    }
    due = "palermo.rooms.cases.queries.due_for"

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
