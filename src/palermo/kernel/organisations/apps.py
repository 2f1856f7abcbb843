"""Organisations, their units, and who belongs where in which role."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "palermo.kernel.organisations"
    label = "organisations"
