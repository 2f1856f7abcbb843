"""Static files under names that change with their content, so that browsers may keep them for ever."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names once the files have been gathered; plain names before (tests, a first start)."""

    def stored_name(self, name: str) -> Any:
        return super().stored_name(name) if self.hashed_files else name
