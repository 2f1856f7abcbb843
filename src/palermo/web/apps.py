"""The shell: base templates, components, charts, forms, errors and the pages that belong to no room."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.kernel.access.viewer import Viewer
from palermo.web.room import Entry, RoomConfig, tell

# Who works where there is no link.
KEEPERS = ("first_responder", "case_manager", "supervisor", "child_protection", "competent_authority")


class WebConfig(RoomConfig):
    name = "palermo.web"
    label = "web"
    verbose_name = _("Shell")
    permissions = (
        Permission("web.home.view", signed_in=True),
        Permission("web.public.view", public=True),
        Permission("web.draft.keep", roles=KEEPERS),
        Permission("web.deadline.count", roles=("coordinator",)),
    )
    # The pages of accounts and of the directory belong to the kernel, which knows no menu.
    menu = (
        Entry(
            label=_("Deadlines"),
            url_name="web:deadlines",
            permission="web.deadline.count",
            icon="clock",
            pillar="protection",
            order=90,
            description=_("What runs, what is late, what was passed on to you: counts only"),
        ),
        Entry(
            label=_("Accounts"),
            url_name="administration:users",
            permission="access.user.list",
            icon="users",
            pillar="administration",
            order=10,
            description=_("Make, close and reset accounts; give and end roles"),
        ),
        Entry(
            label=_("Organisations"),
            url_name="administration:organisations",
            permission="organisations.organisation.edit",
            icon="building",
            pillar="administration",
            order=20,
            description=_("The directory of bodies and their teams"),
        ),
        Entry(
            label=_("Requests"),
            url_name="account_requests",
            permission="organisations.proposal.decide",
            icon="circle-check",
            pillar="administration",
            order=30,
            description=_("What needs a second person: roles, accounts opened again, new ways to sign in"),
        ),
        Entry(
            label=_("Jobs"),
            url_name="administration:jobs",
            permission="jobs.failure.view",
            icon="clock",
            pillar="administration",
            order=40,
            description=_("What is done in the background: what waits, what fails again and again"),
        ),
    )
    tiles = "palermo.web.deadlines.tiles_for"
    due = "palermo.web.notices.due_for"

    def ready(self) -> None:
        """What the kernel says goes on to the rooms that declared that they hear it."""
        from palermo.kernel.organisations.closing import when_closed

        when_closed(_organisation_closed)


def _organisation_closed(*, actor: Viewer, organisation_id: UUID) -> None:
    tell("organisations.closed", actor=actor, organisation_id=organisation_id)
