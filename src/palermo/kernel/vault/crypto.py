"""Sealing of single values: AES-256-GCM with bound context. Pure; knows no database.

A sealed value is  version byte | key id (4) | nonce (12) | ciphertext and tag.  Table, column, row and row
version go into the authenticated data, so a value moved to another person, another column or put back
after an edit does not open. The plaintext is padded to a power of two (32 bytes at least), because GCM
does not hide length and the length of a name helps to guess it.
"""

import hmac
import os
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from palermo.kernel.errors import DomainError

SCHEMA = 1
KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 4
HEAD = 1 + ID_BYTES + NONCE_BYTES
TAG_BYTES = 16
_ENDED = struct.Struct(">BQ")
SMALLEST_BUCKET = 32
LARGEST_PLAINTEXT = 512 * 1024  # the remarks of a whole screening, in the widest script


class Tampered(DomainError):
    """A sealed value is not what was written in this place. The message never holds a value."""

    status = 409

    def __init__(self, message: str) -> None:
        super().__init__(message, rule="vault.tampered")


@dataclass(frozen=True, slots=True)
class Context:
    """The place a value belongs to. `version` is the version of the row it was written with."""

    table: str
    column: str
    row: UUID
    version: int


@dataclass(frozen=True, slots=True)
class DataKey:
    """A 256-bit key and its short check value. The id tells keys apart; it does not help to find the key."""

    secret: bytes = field(repr=False)
    id: bytes = b""
    _cipher: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError("A data key has 32 bytes.")
        object.__setattr__(self, "id", self.id or key_id(self.secret))
        object.__setattr__(self, "_cipher", AESGCM(self.secret))

    def encrypt(self, nonce: bytes, plaintext: bytes, bound: bytes) -> bytes:
        return self._cipher.encrypt(nonce, plaintext, bound)

    def decrypt(self, nonce: bytes, ciphertext: bytes, bound: bytes) -> bytes:
        return self._cipher.decrypt(nonce, ciphertext, bound)


def new_key() -> DataKey:
    return DataKey(os.urandom(KEY_BYTES))


def key_id(secret: bytes) -> bytes:
    """Four bytes of HMAC-SHA-256 under the key itself: tells 'other key' from 'changed value'."""
    return hmac.digest(secret, b"palermo key id", "sha256")[:ID_BYTES]


def seal(key: DataKey, context: Context, text: str) -> bytes:
    """The sealed form of a text in its place. Two calls never give the same bytes."""
    nonce = os.urandom(NONCE_BYTES)
    body = key.encrypt(nonce, pad(text.encode("utf-8")), bound(context, key.id))
    return bytes((SCHEMA,)) + key.id + nonce + body


def unseal(key: DataKey, context: Context, value: bytes) -> str:
    """The text, or `Tampered` if the value was changed, moved, cut, replayed or sealed with another key."""
    value = bytes(value)
    if len(value) < HEAD + SMALLEST_BUCKET + TAG_BYTES:
        raise Tampered("The sealed value is too short.")
    if value[0] != SCHEMA:
        raise Tampered("The sealed value has an unknown format.")
    if value[1 : 1 + ID_BYTES] != key.id:
        raise Tampered("The value was sealed with another key.")
    nonce = value[1 + ID_BYTES : HEAD]
    try:
        return unpad(key.decrypt(nonce, value[HEAD:], bound(context, key.id))).decode("utf-8")
    except InvalidTag:
        raise Tampered("The value does not belong here or was changed.") from None


def bound(context: Context, id_: bytes) -> bytes:
    """The authenticated data: a part is fixed in length or carries it, so no two contexts give the same bytes."""
    return b"".join(
        (_named(context.table, context.column), context.row.bytes, id_, _ENDED.pack(SCHEMA, context.version))
    )


@lru_cache(maxsize=1 << 10)
def _named(table: str, column: str) -> bytes:
    parts = table.encode(), column.encode()
    return b"".join(struct.pack(f">I{len(part)}s", len(part), part) for part in parts)


def pad(plaintext: bytes) -> bytes:
    """Fill with 0x80 00 00 ... (ISO/IEC 7816-4) up to the next power of two."""
    if len(plaintext) > LARGEST_PLAINTEXT:
        raise ValueError("A sealed value may hold 512 KiB at most.")
    size = SMALLEST_BUCKET
    while size < len(plaintext) + 1:
        size *= 2
    return plaintext + b"\x80" + bytes(size - len(plaintext) - 1)


def unpad(padded: bytes) -> bytes:
    end = padded.rfind(b"\x80")
    if end < 0 or padded[end + 1 :].strip(b"\0"):
        raise Tampered("The padding of the sealed value is wrong.")
    return padded[:end]


def wrap(wrapping: bytes, secret: bytes) -> bytes:
    """A key under another key: AES key wrap, RFC 3394."""
    return aes_key_wrap(wrapping, secret)


def unwrap(wrapping: bytes, wrapped: bytes) -> bytes:
    try:
        return aes_key_unwrap(wrapping, bytes(wrapped))
    except (InvalidUnwrap, ValueError):
        raise Tampered("The wrapped key does not open with this key.") from None
