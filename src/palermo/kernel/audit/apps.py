"""The audit: who did what, in one chain that shows every change made to it."""

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission


class AuditConfig(AppConfig):
    name = "palermo.kernel.audit"
    label = "audit"
    permissions = (
        Permission("audit.entry.list", roles=("administrator",)),
        Permission("audit.trail.view", grant="case"),
        Permission("audit.chain.verify", roles=("administrator",), operator=True),
        Permission("audit.checkpoint.make", roles=("administrator",), operator=True),
    )
