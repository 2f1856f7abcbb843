"""Signed bytes: JWS in its compact form (RFC 7515) with Ed25519 (RFC 8037, named as RFC 9864 asks), through joserfc.

A signature covers bytes as they are sent, so nothing has to be brought into a canonical form before it is checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64encode

from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.keys import Private, Public

ALGORITHMS = ["Ed25519"]


class Registry(JWSRegistry):
    """As large as the largest envelope; joserfc's own limit is 128,000 bytes."""

    max_payload_length = 24_000_000


REGISTRY = Registry(algorithms=ALGORITHMS)


def _jwk(public: Public, private: Private | None = None) -> OKPKey:
    told = {"kty": "OKP", "crv": "Ed25519", "x": urlsafe_b64encode(public.raw).decode()}
    if private is not None:
        told["d"] = urlsafe_b64encode(private.raw).decode()
    return OKPKey.import_key(told)  # type: ignore[arg-type]


def sign(payload: Mapping[str, Any], key: Private, kind: str) -> bytes:
    """The signed form of an object. kind: what is signed ("letter"), so that one never passes for another."""
    public = key.public()
    header = {"alg": "Ed25519", "kid": public.id, "typ": f"palermo-{kind}+jws"}
    words = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return jws.serialize_compact(header, words, _jwk(public, key), registry=REGISTRY).encode()


def _header(signed: bytes) -> dict[str, Any]:
    """What stands before a signature, to look the key up, not to believe it. Raises Refusal (malformed)."""
    try:
        found = jws.extract_compact(signed, registry=REGISTRY).headers()
    except (JoseError, ValueError, AttributeError, TypeError):
        raise Refusal(Cause.MALFORMED, "signature") from None
    if not isinstance(found, dict) or not isinstance(found.get("kid"), str):
        raise Refusal(Cause.MALFORMED, "signature")
    return found


def signer_id(signed: bytes) -> str:
    """Whose key it says it was signed with. Raises Refusal (malformed)."""
    return str(_header(signed)["kid"])


def kind_of(signed: bytes) -> str:
    """What it says it is: "letter", "receipt", "card"; empty for anything else. Raises Refusal (malformed)."""
    kind = str(_header(signed).get("typ", ""))
    return kind.removeprefix("palermo-").removesuffix("+jws") if kind.endswith("+jws") else ""


def check(signed: bytes, find: Callable[[str], Public | None], kind: str) -> dict[str, Any]:
    """The object that was signed. find: id -> the public key that is trusted for it, or None.

    Raises Refusal: malformed, stranger (no such key), forged.
    """
    public = find(signer_id(signed))
    if public is None or public.use != "sign":
        raise Refusal(Cause.STRANGER)
    try:
        found = jws.deserialize_compact(signed, _jwk(public), registry=REGISTRY)
    except (JoseError, ValueError):
        raise Refusal(Cause.FORGED) from None
    if found.headers().get("typ") != f"palermo-{kind}+jws":
        raise Refusal(Cause.FORGED, "typ")
    return _object(found.payload)


def _no_number(_name: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def _object(payload: bytes) -> dict[str, Any]:
    try:
        told = json.loads(payload, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refusal(Cause.MALFORMED, "payload") from None
    if not isinstance(told, dict):
        raise Refusal(Cause.MALFORMED, "payload")
    return told


def digest(signed: bytes) -> str:
    """The hash by which receipts and later letters name what was signed."""
    return hashlib.sha256(signed).hexdigest()
