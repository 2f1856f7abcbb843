"""Only palermo_owner migrates; requests and jobs cannot change the schema."""

from typing import Any


class OwnerMigrates:
    """Migrations run on the alias `owner` alone."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
