"""The keys outside the database: root key files, the instance secret and the sub-keys derived from it.

PALERMO_HOME/keys (0700) holds
    root-0001.key, root-0002.key ...   one file (0600) for each living version of the root key
    instance.key                       one secret, wrapped by a root key; all purpose keys come from it by
    HKDF
The root keys wrap organisation keys; organisation keys wrap the data keys of persons and files. Purpose
keys (blind index, audit signature ...) hang on the instance secret and not on the root, so a rotation does
not change them.
"""

import base64
import json
import os
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from palermo.kernel.vault.crypto import KEY_BYTES, Tampered, unwrap, wrap

PURPOSES = ("blind-index", "context", "audit-signature", "totp", "file", "exchange")
# RFC 9106 section 4, second recommended option: 64 MiB, 3 passes, 4 lanes.
ARGON2 = {"memory_kib": 65536, "passes": 3, "lanes": 4}
PASSPHRASE_VARIABLE = "PALERMO_KEY_PASSPHRASE_FILE"  # noqa: S105 - the name of a variable


class KeysUnusable(Exception):
    """The key files are missing, open to others, or locked. The message says what to do."""


@dataclass(frozen=True)
class Keyring:
    """The unlocked keys of one instance, in memory only."""

    roots: dict[int, bytes] = field(repr=False)
    instance: bytes = field(repr=False)

    @property
    def current(self) -> int:
        return max(self.roots)

    def wrap(self, secret: bytes) -> tuple[int, bytes]:
        """The secret under the newest root key, and that key's version."""
        return self.current, wrap(self.roots[self.current], secret)

    def unwrap(self, version: int, wrapped: bytes) -> bytes:
        if version not in self.roots:
            raise KeysUnusable(f"Root key version {version} is missing from the key directory.")
        return unwrap(self.roots[version], wrapped)

    def purpose_key(self, purpose: str, detail: str = "") -> bytes:
        """A 256-bit key for one purpose, the same after every rotation. `detail` separates uses inside it."""
        if purpose not in PURPOSES:
            raise ValueError(f"Unknown key purpose {purpose!r}.")
        info = f"palermo/1/{purpose}/{detail}".encode()
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self.instance)


def keyring_in_memory() -> Keyring:
    """Throw-away keys for tests of the pure parts."""
    return Keyring(roots={1: os.urandom(KEY_BYTES)}, instance=os.urandom(KEY_BYTES))


def open_keyring(directory: Path, *, create: bool = False) -> Keyring:
    """Read the key files. With `create`, make them on the very first start; two processes may do so at once.

    Raises KeysUnusable; never replaces a file that exists.
    """
    passphrase = read_passphrase()
    if create:
        _make_directory(directory)
        if not _root_files(directory) and not (directory / "instance.key").exists():
            _write_root(directory, 1, os.urandom(KEY_BYTES), passphrase)
    roots = {version: _read_root(path, passphrase) for version, path in _root_files(directory).items()}
    if not roots:
        raise KeysUnusable(
            f"No root key in {directory}. Restore the key directory from its backup; "
            "without it no identity opens."
        )
    if create and not (directory / "instance.key").exists():
        _write_instance(directory, roots, os.urandom(KEY_BYTES), replace=False)
    return Keyring(roots=roots, instance=_read_instance(directory, roots))


def add_root(directory: Path) -> Keyring:
    """Begin a rotation: a new root version beside the old; the instance secret moves under it at once."""
    ring = open_keyring(directory)
    _write_root(directory, ring.current + 1, os.urandom(KEY_BYTES), read_passphrase())
    ring = open_keyring(directory)
    _write_instance(directory, ring.roots, ring.instance, replace=True)
    return ring


def retire_root(directory: Path, version: int) -> Path:
    """End a rotation: an old version leaves use. The file stays, renamed, for backups that need it."""
    ring = open_keyring(directory)
    if version == ring.current:
        raise KeysUnusable("The newest root key cannot be retired.")
    source = _root_files(directory)[version]
    if _read_json(directory / "instance.key")["root_version"] == version:
        _write_instance(directory, ring.roots, ring.instance, replace=True)
    target = source.with_suffix(".retired")
    source.rename(target)
    _sync_directory(directory)
    return target


def read_passphrase() -> bytes | None:
    """The passphrase from the file named by PALERMO_KEY_PASSPHRASE_FILE, or None."""
    name = os.environ.get(PASSPHRASE_VARIABLE, "")
    if not name:
        return None
    path = Path(name)
    if not path.is_file():
        raise KeysUnusable(f"{PASSPHRASE_VARIABLE} names a file that does not exist.")
    _refuse_if_open(path)
    passphrase = path.read_bytes().strip()
    if len(passphrase) < 12:
        raise KeysUnusable("The key passphrase is shorter than 12 characters.")
    return passphrase


def _root_files(directory: Path) -> dict[int, Path]:
    return {int(path.stem.removeprefix("root-")): path for path in sorted(directory.glob("root-[0-9]*.key"))}


def _read_root(path: Path, passphrase: bytes | None) -> bytes:
    content = _read_json(path)
    stored = base64.b64decode(content["key"])
    if content["protection"] == "none":
        return stored
    if passphrase is None:
        raise KeysUnusable(
            f"The root key is locked: set {PASSPHRASE_VARIABLE} to a file with the passphrase."
        )
    try:
        return unwrap(_from_passphrase(passphrase, content), stored)
    except Tampered:
        raise KeysUnusable("The passphrase does not open the root key.") from None


def _write_root(directory: Path, version: int, root: bytes, passphrase: bytes | None) -> None:
    content: dict[str, Any] = {
        "what": "palermo root key: keep apart from database backups",
        "version": version,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "protection": "none",
    }
    if passphrase is not None:
        content |= {"protection": "argon2id", "salt": base64.b64encode(os.urandom(16)).decode(), **ARGON2}
        root = wrap(_from_passphrase(passphrase, content), root)
    content["key"] = base64.b64encode(root).decode()
    _write_json(directory / f"root-{version:04d}.key", content, replace=False)


def _from_passphrase(passphrase: bytes, content: dict[str, Any]) -> bytes:
    return Argon2id(
        salt=base64.b64decode(content["salt"]),
        length=KEY_BYTES,
        iterations=content["passes"],
        lanes=content["lanes"],
        memory_cost=content["memory_kib"],
    ).derive(passphrase)


def _read_instance(directory: Path, roots: dict[int, bytes]) -> bytes:
    content = _read_json(directory / "instance.key")
    version = content["root_version"]
    if version not in roots:
        raise KeysUnusable(f"Root key version {version}, which locks the instance secret, is missing.")
    try:
        return unwrap(roots[version], base64.b64decode(content["key"]))
    except Tampered:
        raise KeysUnusable("The instance secret does not open with its root key.") from None


def _write_instance(directory: Path, roots: dict[int, bytes], instance: bytes, *, replace: bool) -> None:
    version = max(roots)
    content = {
        "what": "palermo instance secret, wrapped by the root key",
        "root_version": version,
        "key": base64.b64encode(wrap(roots[version], instance)).decode(),
    }
    _write_json(directory / "instance.key", content, replace=replace)


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise KeysUnusable(f"{path.name} is missing from the key directory. Restore it from the key backup.")
    _refuse_if_open(path)
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        raise KeysUnusable(f"{path.name} is damaged. Restore it from the key backup.") from None
    if not isinstance(content, dict):
        raise KeysUnusable(f"{path.name} is damaged. Restore it from the key backup.")
    return content


def _write_json(path: Path, content: dict[str, Any], *, replace: bool) -> None:
    """Write whole or not at all. Without `replace` a file that is there stays: the first writer wins."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        if replace:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    _sync_directory(path.parent)


def _make_directory(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(directory.stat().st_mode) & 0o077:
        raise KeysUnusable(
            f"The key directory {directory} is open to other users. Run: chmod 700 {directory}"
        )


def _refuse_if_open(path: Path) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeysUnusable(f"{path} can be read by other users. Run: chmod 600 {path}")


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
