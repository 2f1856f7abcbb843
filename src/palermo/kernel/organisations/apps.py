"""Organisations, their units, and who belongs where in which role."""

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission

ADMINISTRATOR = ("administrator",)


class OrganisationsConfig(AppConfig):
    name = "palermo.kernel.organisations"
    label = "organisations"
    permissions = (
        Permission("organisations.organisation.list", signed_in=True, operator=True),
        Permission("organisations.organisation.edit", roles=ADMINISTRATOR, operator=True),
        Permission("organisations.membership.change", roles=ADMINISTRATOR, operator=True, step_up=True),
    )
