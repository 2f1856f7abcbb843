"""The only way in for lists of other bodies: guarded reading, batches, resuming, rejected rows."""

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission


class ImportsConfig(AppConfig):
    name = "palermo.kernel.imports"
    label = "imports"
    permissions = (
        Permission("imports.file.import", operator=True),
        Permission("imports.run.view", roles=("coordinator", "analyst"), operator=True),
    )
