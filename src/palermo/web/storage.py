"""Static files under names that change with their content, so that browsers may keep them for ever."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 1_000_000  # bytes


class SparingCompressor(Compressor):  # type: ignore[misc]
    """Brotli takes seven seconds of every first start for the one large script, and saves an eighth of it over gzip."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.for_large = Compressor(**{**options, "use_brotli": False})

    def compress(self, path: str) -> Iterator[str]:
        if Path(path).stat().st_size > LARGE:
            return self.for_large.compress(path)  # type: ignore[no-any-return]
        return super().compress(path)  # type: ignore[no-any-return]


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names once the files have been gathered; plain names before (tests, a first start)."""

    def create_compressor(self, **options: Any) -> Compressor:
        return SparingCompressor(**options)

    def stored_name(self, name: str) -> Any:
        return super().stored_name(name) if self.hashed_files else name
