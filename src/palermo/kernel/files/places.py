"""Where the encrypted files lie: PALERMO_HOME/files/<2 hex>/<uuid>. The path comes from the id, never from a name."""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings


def path_of(file_id: UUID) -> Path:
    return Path(settings.PALERMO_HOME) / "files" / file_id.hex[:2] / str(UUID(bytes=file_id.bytes))


def write(file_id: UUID, pieces: Iterable[bytes]) -> None:
    """Write whole or not at all: a temporary file, flushed to disk, then renamed. Never over an existing file."""
    target = path_of(file_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove(file_id: UUID) -> None:
    path_of(file_id).unlink(missing_ok=True)
