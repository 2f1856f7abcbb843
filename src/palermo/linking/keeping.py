"""Secret files: read whole, written whole for their owner alone, and what is wrong with them in sentences."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.private.parameters import Unusable


def content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise Refused.inside(str(file), [Problem("file", "there is no such file")]) from None
    except OSError as error:
        raise Refused.inside(
            str(file), [Problem("file", f"this file cannot be read: {error.strerror}")]
        ) from None


def kept(path: Path, whole: bytes, *, new: bool = False) -> None:
    """Written whole or not at all, readable by its owner alone. new: never over another file."""
    if new and path.exists():
        raise Refused.inside(
            str(path), [Problem("file", "there is such a file already; a key is never written over")]
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(whole)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def refused(file: str, error: Unusable) -> Refused:
    return Refused.inside(file, [replace(Problem("private", ""), message=str(error))])
