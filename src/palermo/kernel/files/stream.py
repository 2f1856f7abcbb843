"""Streamed authenticated encryption of files: the STREAM construction over AES-256-GCM. Pure; memory is one chunk.

    header   b"PALERMO1" and seven random bytes, the nonce prefix
    chunk    64 KiB of plaintext sealed with nonce = prefix (7) | chunk number (4) | last flag (1)
The file's id is authenticated with every chunk. So a chunk cannot be changed, moved, repeated, left out, taken from
another file or from another end: the last chunk alone carries the flag, and a file without it is cut.
(Hoang, Reyhanitabar, Rogaway, Vizar: Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance, CRYPTO 2015.)
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from palermo.kernel.vault.crypto import Tampered

MAGIC = b"PALERMO1"
PREFIX = 7
CHUNK = 64 * 1024
TAG = 16


def encrypt(key: bytes, file_id: UUID, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The encrypted form of a stream of pieces of any size."""
    cipher, prefix = AESGCM(key), os.urandom(PREFIX)
    yield MAGIC + prefix
    for number, (chunk, is_last) in enumerate(_even(chunks)):
        yield cipher.encrypt(_nonce(prefix, number, is_last), chunk, file_id.bytes)


def decrypt(key: bytes, file_id: UUID, source: BinaryIO) -> Iterator[bytes]:
    """The plaintext, chunk by chunk; each is authentic when it comes out. Raises Tampered at the first that is not.

    A cut file raises only at its end: whoever must not act on half a file reads it whole first.
    """
    cipher, header = AESGCM(key), source.read(len(MAGIC) + PREFIX)
    if len(header) != len(MAGIC) + PREFIX or not header.startswith(MAGIC):
        raise Tampered("The file does not begin as it should.")
    prefix, number = header[len(MAGIC) :], 0
    chunk = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, not following), chunk, file_id.bytes)
        except (InvalidTag, ValueError):
            raise Tampered("The file was changed, cut or belongs elsewhere.") from None
        if not following:
            return
        chunk = following
        number += 1


def _even(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Pieces of exactly CHUNK bytes but the last (which may be empty), each with whether it is the last."""
    held = bytearray()
    for piece in chunks:
        held += piece
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\1" if is_last else b"\0")
