"""What is inside a backup: a plain tar with a manifest, the database in parts, and the files.

    manifest.json           when, by which version, rows of every table, end of the audit chain
    database.dump.000001    the parts together are what pg_dump wrote: cat database.dump.* | pg_restore
    files/...               the encrypted files of palermo, as they are

Parts, because a tar names the size of each member before its content, and nobody knows
the size of a dump that is not finished.
"""

import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

PART = 8 * 1024 * 1024
MANIFEST, DUMP, FILES = "manifest.json", "database.dump.", "files/"
_FILE_NAME = re.compile(r"files(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+\Z")


def pack(manifest: dict[str, Any], dump: IO[bytes], files: Path) -> Iterator[bytes]:
    """The bytes of the archive, in pieces; `dump` is read to its end."""
    yield from _member(MANIFEST, json.dumps(manifest).encode())
    number = 0
    while part := dump.read(PART):
        number += 1
        yield from _member(f"{DUMP}{number:06d}", part)
    for path in sorted(files.rglob("*")) if files.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            yield from _file(path, FILES + path.relative_to(files).as_posix())
    yield b"\0" * 1024


def _member(name: str, content: bytes) -> Iterator[bytes]:
    yield _header(name, len(content))
    yield content
    yield _padding(len(content))


def _file(path: Path, name: str) -> Iterator[bytes]:
    with path.open("rb") as stream:
        size = path.stat().st_size
        yield _header(name, size)
        left = size
        while left:
            piece = stream.read(min(left, 1024 * 1024))
            if not piece:
                raise OSError(f"{path} became shorter while it was read")
            left -= len(piece)
            yield piece
    yield _padding(size)


def _header(name: str, size: int) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return b"\0" * (-size % 512)


def read(
    content: BinaryIO, *, database: IO[bytes] | None = None, files: Path | None = None
) -> dict[str, Any]:
    """Read an archive to its end: its manifest; the dump goes to `database`, the files below `files`.

    Raises ValueError for an archive that is not one of ours; a name can never lead out of `files`.
    """
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=content, mode="r|", bufsize=1024 * 1024) as archive:
            for entry in archive:
                stream = archive.extractfile(entry) if entry.isreg() else None
                if stream is None:
                    raise ValueError(entry.name)
                if entry.name == MANIFEST and manifest is None:
                    manifest = json.load(stream)
                elif entry.name.startswith(DUMP) and manifest is not None:
                    shutil.copyfileobj(stream, database or _Nowhere(), 1024 * 1024)
                elif _FILE_NAME.match(entry.name) and manifest is not None:
                    _extract(stream, files / entry.name.removeprefix(FILES) if files else None)
                else:
                    raise ValueError(entry.name)
    except tarfile.TarError as error:
        raise ValueError(str(error)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != "palermo backup 1":
        raise ValueError("no manifest")
    return manifest


class _Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


def _extract(stream: IO[bytes], target: Path | None) -> None:
    if target is None:
        shutil.copyfileobj(stream, _Nowhere(), 1024 * 1024)
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(target, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as made:
        shutil.copyfileobj(stream, made, 1024 * 1024)
