"""Files: encrypted on disk, cleaned of metadata, never shown inside a page."""

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission


class FilesConfig(AppConfig):
    name = "palermo.kernel.files"
    label = "files"
    # The scope that opens a file stands in its row (case, identity or notes) and is asked in actions and policies.
    permissions = (
        Permission("files.file.add", signed_in=True),
        Permission("files.file.open", signed_in=True),
        Permission("files.file.erase", roles=("case_manager", "supervisor")),
    )
