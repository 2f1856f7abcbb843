"""The database kernel: launcher, roles, walls. Has no tables of its own."""

from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "palermo.kernel.database"
    label = "database"
