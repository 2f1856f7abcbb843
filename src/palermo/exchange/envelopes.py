"""What travels: signed bytes, padded to a size class and sealed to one key of one recipient.

    b"PLM1", two bytes for the length of the header, the header (JSON), the sealed bytes

The header is all that anybody on the way can read: version, suite, the key it is sealed to, a random id, the size
class and when it expires. No case, person, topic or sender. It is bound into the sealing: changed, it does not open.

Suite 1: JWE (RFC 7516), ECDH-ES+A256KW over X25519 with A256GCM, so that software of others can join; the header's hash
is the recipient's party information (apv), which goes into the key. Suite 2, the default between instances: HPKE (RFC
9180) with ML-KEM-768 and X25519 together, for victims' data stay sensitive for decades; the header is its `info`.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64encode

from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.keys import Private, Public, Use

MAGIC = b"PLM1"
VERSION = 1
JOSE, HYBRID = 1, 2
KEY_OF: dict[int, Use] = {JOSE: "jose", HYBRID: "hybrid"}
CLASSES = (4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216)
LARGEST = CLASSES[-1] * 2  # base64 of suite 1, and what goes around it
MOST_HEADER = 1_024
LENGTH = struct.Struct(">I")
ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]
FIELDS = {"v": int, "suite": int, "to": str, "id": str, "size": int, "exp": int}


@dataclass(frozen=True, slots=True)
class Header:
    """The outside of an envelope. to: id of the key; id: 32 random hexadecimal digits; expires: seconds since 1970."""

    suite: int
    to: str
    id: str
    size: int
    expires: int


def seal(signed: bytes, recipient: Public, *, message_id: str, expires: int) -> bytes:
    """The envelope. The suite follows from the recipient's key. Raises Refusal (oversize)."""
    suite = next(number for number, use in KEY_OF.items() if use == recipient.use)
    padded = _padded(signed)
    header = json.dumps(
        {"v": VERSION, "suite": suite, "to": recipient.id, "id": message_id, "size": len(padded), "exp": expires},
        separators=(",", ":"), sort_keys=True,
    ).encode()  # fmt: skip
    sealed = (
        _hybrid().encrypt(padded, recipient.hybrid(), info=header)
        if suite == HYBRID
        else _jwe(padded, recipient, header)
    )
    return MAGIC + struct.pack(">H", len(header)) + header + sealed


def _hybrid() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _padded(signed: bytes) -> bytes:
    whole = LENGTH.pack(len(signed)) + signed
    size = next((one for one in CLASSES if one >= len(whole)), None)
    if size is None:
        raise Refusal(Cause.OVERSIZE)
    return whole.ljust(size, b"\0")


def _party(header: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(header).digest()).decode()


def _jwk(public: Public, private: Private | None = None) -> OKPKey:
    told = {"kty": "OKP", "crv": "X25519", "x": urlsafe_b64encode(public.raw).decode()}
    if private is not None:
        told["d"] = urlsafe_b64encode(private.raw).decode()
    return OKPKey.import_key(told)  # type: ignore[arg-type]


class Registry(JWERegistry):
    """As large as the largest envelope; joserfc's own limit is 64 KB."""

    max_ciphertext_length = LARGEST


REGISTRY = Registry(algorithms=ALGORITHMS)


def _jwe(padded: bytes, recipient: Public, header: bytes) -> bytes:
    told = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "apv": _party(header)}
    return jwe.encrypt_compact(told, padded, _jwk(recipient), registry=REGISTRY).encode()


def read_header(data: bytes) -> tuple[Header, bytes, bytes]:
    """Header, its bytes, and what is sealed. Raises Refusal: malformed, oversize, unknown_version."""
    if len(data) > LARGEST:
        raise Refusal(Cause.OVERSIZE)
    if data[:4] != MAGIC or len(data) < 6:
        raise Refusal(Cause.MALFORMED, "magic")
    long = struct.unpack(">H", data[4:6])[0]
    raw = data[6 : 6 + long]
    if long > MOST_HEADER or len(raw) != long:
        raise Refusal(Cause.MALFORMED, "header")
    told = _told(raw)
    if told["v"] != VERSION or told["suite"] not in KEY_OF:
        raise Refusal(Cause.UNKNOWN_VERSION)
    if told["size"] not in CLASSES:
        raise Refusal(Cause.MALFORMED, "size")
    return Header(told["suite"], told["to"], told["id"], told["size"], told["exp"]), raw, data[6 + long :]


def _told(raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(Cause.MALFORMED, "header") from None
    fine = isinstance(told, dict) and set(told) == set(FIELDS)
    if not fine or any(type(told[name]) is not kind for name, kind in FIELDS.items()):
        raise Refusal(Cause.MALFORMED, "header")
    return told  # type: ignore[no-any-return]


def unseal(data: bytes, find: Callable[[str], Private | None], *, least: int = JOSE) -> tuple[Header, bytes]:
    """Header and the signed bytes. find: id -> the private key that still lives under it, or None.

    least: the lowest suite that is taken in. Raises Refusal: malformed, oversize, unknown_version, downgrade,
    unknown_key, not_opened. Who signed, and whether it is in time, is asked afterwards.
    """
    header, raw, sealed = read_header(data)
    if header.suite < least:
        raise Refusal(Cause.DOWNGRADE)
    key = find(header.to)
    if key is None or key.use != KEY_OF[header.suite]:
        raise Refusal(Cause.UNKNOWN_KEY, header.to[:32])
    padded = _opened(sealed, key, raw, header)
    if len(padded) != header.size:
        raise Refusal(Cause.MALFORMED, "size")
    (long,) = LENGTH.unpack(padded[: LENGTH.size])
    if long > len(padded) - LENGTH.size or any(padded[LENGTH.size + long :]):
        raise Refusal(Cause.MALFORMED, "padding")
    return header, padded[LENGTH.size : LENGTH.size + long]


def _opened(sealed: bytes, key: Private, raw: bytes, header: Header) -> bytes:
    try:
        if header.suite == HYBRID:
            return _hybrid().decrypt(sealed, key.hybrid(), info=raw)
        found = jwe.decrypt_compact(sealed, _jwk(key.public(), key), registry=REGISTRY)
    except (InvalidTag, JoseError, ValueError, TypeError, KeyError):
        raise Refusal(Cause.NOT_OPENED) from None
    if found.headers().get("apv") != _party(raw) or "zip" in found.headers() or found.plaintext is None:
        raise Refusal(Cause.NOT_OPENED)
    return found.plaintext
