"""Jobs and the outbox, on the same PostgreSQL: no broker."""

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission


class JobsConfig(AppConfig):
    name = "palermo.kernel.jobs"
    label = "jobs"
    permissions = (
        Permission("jobs.failure.view", roles=("administrator",), operator=True),
        Permission("jobs.failure.retry", roles=("administrator",), operator=True),
    )
    doctor = "palermo.kernel.jobs.failing.checks"
