"""Encrypting and opening a backup as a stream, in the age format (age-encryption.org/v1).

To public keys the file is a plain age file: `age -d -i key FILE` opens it. With a passphrase it is

    one line "palermo backup, passphrase", one line with the length of A, A, B

where both are age files, A is locked with the passphrase and holds the secret key of B; so a few bytes, and
not the whole backup, pass through memory.
Every 64 kB of an age file is authenticated and so is its end: a changed or a cut file does not open.
"""

import io
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyrage
from django.utils.translation import gettext as _

MAGIC = b"palermo backup, passphrase\n"
SHORTEST_PASSPHRASE = 12
LARGEST_KEY = 10_000  # bytes of A; ours is under 400


class BackupError(Exception):
    """A backup could not be made or brought back; the message says why and what to do."""


class Pulled(io.RawIOBase):
    """Bytes made by an iterator, as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def seal(pieces: Iterator[bytes], target: BinaryIO, recipients: Sequence[str], passphrase: str) -> None:
    """Write `pieces` to `target`, readable with the secret key of any recipient, or with the passphrase."""
    if recipients:
        keys = [_recipient(text) for text in recipients]
    else:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BackupError(
                _("The passphrase needs at least %(n)s characters.") % {"n": SHORTEST_PASSPHRASE}
            )
        identity = pyrage.x25519.Identity.generate()
        locked = pyrage.passphrase.encrypt(str(identity).encode(), passphrase)
        target.write(MAGIC + f"{len(locked)}\n".encode() + locked)
        keys = [identity.to_public()]
    try:
        pyrage.encrypt_io(Pulled(pieces), target, keys)
    except pyrage.EncryptError as error:  # the disk is full, or a file could not be read
        raise BackupError(_("The backup could not be written: %(why)s") % {"why": error}) from error


@contextmanager
def opened(source: BinaryIO, keys: Sequence[Any]) -> Iterator[BinaryIO]:
    """The content of an age file as a file to read once; leaving the block checks the rest, up to the end.

    Raises BackupError for a wrong key and for a file that was changed or cut. What is read before the end may
    come from a cut file: read it all once, to nowhere, before acting on it.
    """
    reader, writer = os.pipe()
    problems: list[BaseException] = []

    def decrypt() -> None:
        try:
            with os.fdopen(writer, "wb", buffering=1024 * 1024) as target:
                pyrage.decrypt_io(source, target, list(keys))
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=decrypt)
    thread.start()
    content = os.fdopen(reader, "rb", buffering=1024 * 1024)
    try:
        yield content
        while content.read(1024 * 1024):
            pass
    except Exception as error:
        # A cut stream looks like a broken archive from here; the cause is in the thread.
        content.close()
        thread.join()
        raise (
            _refusal(problems) if problems and not isinstance(problems[0], BrokenPipeError) else error
        ) from error
    finally:
        content.close()
        thread.join()
    if problems:
        raise _refusal(problems)


def _refusal(problems: list[BaseException]) -> BackupError:
    if "No matching keys" in str(problems[0]):
        return BackupError(_("This key does not open the backup."))
    return BackupError(
        _("The backup is damaged: it was changed or cut. Nothing was restored; use another copy.")
    )


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise BackupError(_("%(text)s is not an age public key (age1...).") % {"text": text}) from error


def keys_for(source: BinaryIO, identities: str, passphrase: str) -> list[Any]:
    """The keys with which to open `source`, which is left at the start of its age file. May take seconds."""
    first = source.read(len(MAGIC))
    if first == MAGIC:
        if not passphrase:
            raise BackupError(_("This backup is locked with a passphrase; give it."))
        identities = _unlock(source, passphrase)
    else:
        source.seek(0)
    lines = [line.strip() for line in identities.splitlines()]
    try:
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise BackupError(_("The key file holds no age secret key (AGE-SECRET-KEY-...).")) from error
    if not keys:
        raise BackupError(_("This backup is locked to a public key; name the file with the secret key."))
    return keys


def _unlock(source: BinaryIO, passphrase: str) -> str:
    length = source.readline(12).strip()
    if not length.isdigit() or not 0 < int(length) < LARGEST_KEY:
        raise _refusal([ValueError()])
    try:
        return str(pyrage.passphrase.decrypt(source.read(int(length)), passphrase).decode())
    except pyrage.DecryptError as error:
        raise BackupError(_("The passphrase is wrong, or the backup is damaged.")) from error
