"""Organisations, their units, who belongs where in which role, and what needs two people."""

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission

ADMINISTRATOR = ("administrator",)
DECIDERS = ("supervisor", "coordinator", "administrator")


class OrganisationsConfig(AppConfig):
    name = "palermo.kernel.organisations"
    label = "organisations"
    permissions = (
        Permission("organisations.organisation.list", signed_in=True, operator=True),
        Permission("organisations.organisation.edit", roles=ADMINISTRATOR, operator=True),
        Permission("organisations.membership.change", roles=ADMINISTRATOR, operator=True, step_up=True),
        Permission("organisations.unit.move", roles=ADMINISTRATOR, operator=True, step_up=True),
        # Who reads and decides one proposal is drawn by the database; these say who gets as far as the page.
        Permission("organisations.proposal.list", signed_in=True, operator=True),
        Permission("organisations.proposal.decide", roles=DECIDERS, operator=True, step_up=True),
        Permission("organisations.proposal.withdraw", signed_in=True, operator=True),
        # Stopping a recovery asks for no fresh sign-in: it must be as quick as possible.
        Permission("organisations.proposal.stop", signed_in=True, operator=True),
        Permission("access.recovery.ask", roles=("administrator", "supervisor"), operator=True, step_up=True),
        Permission("access.recovery.take", roles=DECIDERS, operator=True, step_up=True),
    )
