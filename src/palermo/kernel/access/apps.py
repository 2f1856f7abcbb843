"""Who may do what: users, sessions, database context, grants, and the one policy function."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "palermo.kernel.access"
    label = "access"
