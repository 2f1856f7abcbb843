"""Signed checkpoints: a few lines that fix the whole audit up to a number, to be kept outside this machine.

The text form is the C2SP checkpoint (c2sp.org/tlog-checkpoint) inside a signed note
(c2sp.org/signed-note): origin, size, base64 of the root, here the hash of the entry with that number; then
the time; a blank line; the signature. No Django and no database here.
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\u2014 "


class BadCheckpoint(Exception):
    """The text is not a checkpoint of ours, or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    at: str


def sign(seed: bytes, origin: str, size: int, root: bytes, *, now: datetime | None = None) -> str:
    """The signed checkpoint. `origin` is the id of the chain; the key's name carries it too."""
    at = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = f"{name(origin)}\n{size}\n{base64.b64encode(root).decode()}\n{at}\n"
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    signature = _key_hash(name(origin), public) + private.sign(body.encode())
    return f"{body}\n{DASH}{name(origin)} {base64.b64encode(signature).decode()}\n"


def verifier_key(seed: bytes, origin: str) -> str:
    """The public key in the form name+hash+key; print it and keep it apart from the machine."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    encoded = base64.b64encode(ED25519 + public).decode()
    return f"{name(origin)}+{_key_hash(name(origin), public).hex()}+{encoded}"


def read(text: str, key: str) -> Checkpoint:
    """The checkpoint in `text`, or BadCheckpoint unless the signature of `key` holds."""
    try:
        key_name, key_hash, encoded = key.strip().split("+", 2)
        public = base64.b64decode(encoded, validate=True)[1:]
        body, _, signatures = text.strip("\n").partition("\n\n")
        body += "\n"
        origin, size, root, at = body.rstrip("\n").split("\n")[:4]
        raw = _signature_of(signatures, key_name, bytes.fromhex(key_hash))
        Ed25519PublicKey.from_public_bytes(public).verify(raw, body.encode())
        return Checkpoint(
            origin.removeprefix("palermo/"), int(size), base64.b64decode(root, validate=True), at
        )
    except InvalidSignature:
        raise BadCheckpoint("The signature of the checkpoint does not hold.") from None
    except ValueError:
        raise BadCheckpoint("This is not a checkpoint of palermo.") from None


def store(directory: Path, text: str, key: str) -> Path:
    """Append to the file of the day, and put the public key beside it. Returns the file."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / "audit.pub").write_text(key + "\n")
    path = directory / f"{datetime.now(UTC):%Y-%m-%d}.txt"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return path


def split(content: str) -> list[str]:
    """The notes of a file that holds several."""
    notes: list[str] = []
    lines: list[str] = []
    for line in content.splitlines():
        if not lines and not line:
            continue
        lines.append(line)
        if line.startswith(DASH):
            notes.append("\n".join(lines) + "\n")
            lines = []
    return notes + (["\n".join(lines)] if lines else [])


def newest_size(directory: Path, origin: str) -> int | None:
    """How many entries the newest stored checkpoint of this chain covers; None when there is none."""
    for path in sorted(directory.glob("2*.txt"), reverse=True):
        for note in reversed(split(path.read_text())):
            lines = note.split("\n")
            if lines[0] == name(origin) and lines[1].isdigit():
                return int(lines[1])
    return None


def name(origin: str) -> str:
    return f"palermo/{origin}"


def _key_hash(key_name: str, public: bytes) -> bytes:
    return hashlib.sha256(key_name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _signature_of(lines: str, key_name: str, key_hash: bytes) -> bytes:
    for line in lines.splitlines():
        signer, _, encoded = line.removeprefix(DASH).partition(" ")
        if line.startswith(DASH) and signer == key_name:
            raw = base64.b64decode(encoded, validate=True)
            if raw[:4] == key_hash:
                return raw[4:]
    raise BadCheckpoint("The checkpoint is not signed with this key.")
