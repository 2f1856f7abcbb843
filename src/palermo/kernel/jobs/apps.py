"""Jobs and the outbox, on the same PostgreSQL: no broker."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "palermo.kernel.jobs"
    label = "jobs"
