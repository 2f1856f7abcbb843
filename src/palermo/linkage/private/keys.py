"""The secret of one linkage project: made of a share from every body, bound to the project and its fields.

Every body draws a share; whoever has all of them makes the key. The shares go through HKDF (RFC 5869) one after
another, in an order that does not depend on who came last: with a plain XOR the last body could choose the result.
The project's name, the fields and the version are part of the derivation, so that a key used for a second project
or with other fields makes other filters and nothing can be compared between the two.

The fingerprint is a derivation of its own, of 53 bits: bodies read it aloud to one another, and every encoded file
carries it. Testing a guess of the key by it costs as much as by the filters: out of reach for joined shares (256 bits
each), and for a plain secret one scrypt of 64 MB for each guess (RFC 7914), so that only a secret which can be
guessed in some billions of guesses is in danger.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from palermo.linkage.private.parameters import VERSION, Unusable, fields_of

SHARE, KEY = "palermo linkage share", "palermo linkage key"
SIZE = 32  # bytes of a share and of a key
SHORTEST_SECRET, SHORT_SECRET = (
    8,
    20,
)  # bytes of a plain secret: refused below the first, a warning below the second
SCRYPT = {"n": 1 << 16, "r": 8, "p": 1, "maxmem": 1 << 27}
GROUPS, DIGITS = 4, 4  # of the fingerprint: 16 digits, 53 bits


@dataclass(frozen=True, slots=True)
class Share:
    """What one body puts into the key. Whoever has the shares of all bodies has the key."""

    project: str
    fields: tuple[str, ...]
    body: str
    secret: bytes = field(repr=False)

    def to_text(self) -> str:
        return _written(SHARE, self.project, self.fields, self.secret, {"body": self.body})

    @classmethod
    def from_text(cls, text: str) -> Share:
        """Raises Unusable where the text is no share."""
        found = _read(text, SHARE)
        return cls(found["project"], fields_of(found["fields"]), str(found.get("body", "")), _secret(found))


@dataclass(frozen=True, slots=True)
class Key:
    """The secret of a project. `weak` where it came from a short plain secret."""

    project: str
    fields: tuple[str, ...]
    secret: bytes = field(repr=False)
    bodies: tuple[str, ...] = ()
    weak: bool = False

    @property
    def fingerprint(self) -> str:
        """Sixteen digits in groups of four: equal exactly where project, fields and every share are equal."""
        number = int.from_bytes(self.derive("fingerprint", 16), "big") % 10 ** (GROUPS * DIGITS)
        digits = f"{number:0{GROUPS * DIGITS}d}"
        return " ".join(digits[place : place + DIGITS] for place in range(0, len(digits), DIGITS))

    def derive(self, purpose: str, size: int) -> bytes:
        """A key for one purpose alone; nobody learns one from another."""
        context = _context(self.project, self.fields)
        return _expand(self.secret, b"palermo linkage " + purpose.encode() + b"\0" + context, size)

    def to_text(self) -> str:
        more = {"bodies": list(self.bodies), "fingerprint": self.fingerprint}
        return _written(KEY, self.project, self.fields, self.secret, more)

    @classmethod
    def from_text(cls, text: str) -> Key:
        """Raises Unusable where the text is no key, or not the one that its fingerprint belongs to."""
        found = _read(text, KEY)
        key = cls(
            found["project"],
            fields_of(found["fields"]),
            _secret(found),
            tuple(map(str, found.get("bodies", ()))),
        )
        if found.get("fingerprint") != key.fingerprint:
            raise Unusable("this key file was changed after it was made: its fingerprint does not fit")
        return key


def draw_share(project: str, body: str, fields: Sequence[str], randomness: bytes) -> Share:
    """A share from 32 bytes of the machine's randomness (`secrets.token_bytes`)."""
    if len(randomness) != SIZE:
        raise ValueError(f"a share is made of {SIZE} random bytes")
    if not project.strip():
        raise Unusable("a key belongs to a project: give it the name that all bodies agreed on")
    return Share(project.strip(), fields_of(fields), body.strip(), randomness)


def join(shares: Sequence[Share]) -> Key:
    """The key of all shares, whatever their order. Raises Unusable where they do not belong together."""
    if len(shares) < 2:
        raise Unusable("a key needs the shares of at least two bodies")
    if len({share.project for share in shares}) > 1:
        names = ", ".join(sorted({f"“{share.project}”" for share in shares}))
        raise Unusable(f"these shares were made for different projects: {names}")
    if len({share.fields for share in shares}) > 1:
        raise Unusable("these shares were made for different fields; agree on the fields and make them again")
    if len({share.secret for share in shares}) < len(shares):
        raise Unusable("one share was given twice: every body makes a share of its own")
    project, fields = shares[0].project, shares[0].fields
    material = b"".join(len(one).to_bytes(2, "big") + one for one in sorted(share.secret for share in shares))
    secret = _expand(_extract(_context(project, fields), material), b"palermo linkage key", SIZE)
    return Key(project, fields, secret, tuple(sorted(share.body for share in shares)))


def from_secret(secret: bytes, project: str, fields: Sequence[str]) -> Key:
    """The key from a plain secret that all bodies hold; white space around it does not count."""
    plain = secret.strip()
    if len(plain) < SHORTEST_SECRET:
        raise Unusable(
            f"this secret has {len(plain)} bytes; it needs at least {SHORTEST_SECRET}, better 32 random ones"
        )
    chosen = fields_of(fields)
    context = _context(project.strip(), chosen)
    made = hashlib.scrypt(plain, salt=hashlib.sha256(context).digest(), dklen=SIZE, **SCRYPT)
    return Key(project.strip(), chosen, made, weak=len(plain) < SHORT_SECRET)


def read(content: bytes, project: str | None = None, fields: Sequence[str] | None = None) -> Key:
    """The key in a file: a joined key, or else a plain secret. A share alone is refused.

    Raises Unusable; also where a joined key is for another project or for other fields than said.
    """
    kind = _kind(content)
    if kind == SHARE:
        raise Unusable("this is the share of one body: join the shares of all bodies to a key first")
    if kind != KEY:
        return from_secret(content, project or "", fields or ())
    key = Key.from_text(content.decode())
    if project is not None and project.strip() != key.project:
        raise Unusable(f"this key was made for the project “{key.project}”, not for “{project}”")
    if fields is not None and fields_of(fields) != key.fields:
        raise Unusable(f"this key was made for the fields {', '.join(key.fields)}")
    return key


def _context(project: str, fields: Sequence[str]) -> bytes:
    said = {"version": VERSION, "project": project, "fields": list(fields)}
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def _extract(salt: bytes, material: bytes) -> bytes:
    return hmac.digest(hashlib.sha256(salt).digest(), material, "sha256")


def _expand(key: bytes, info: bytes, size: int) -> bytes:
    """HKDF-Expand of RFC 5869, section 2.3, with SHA-256."""
    made, block, number = b"", b"", 0
    while len(made) < size:
        number += 1
        block = hmac.digest(key, block + info + bytes([number]), "sha256")
        made += block
    return made[:size]


def _written(
    kind: str, project: str, fields: Sequence[str], secret: bytes, more: Mapping[str, object]
) -> str:
    plain = {"format": kind, "version": VERSION, "project": project, "fields": list(fields), **more}
    return (
        json.dumps({**plain, "secret": base64.b64encode(secret).decode()}, indent=2, ensure_ascii=False)
        + "\n"
    )


def _kind(content: bytes) -> str:
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    return str(found.get("format", "")) if isinstance(found, dict) else ""


def _read(text: str, kind: str) -> dict[str, Any]:
    name = "a share" if kind == SHARE else "a key"
    try:
        found = json.loads(text)
    except ValueError:
        raise Unusable(f"this is not {name}") from None
    if not isinstance(found, dict) or found.get("format") != kind:
        raise Unusable(f"this is not {name}")
    if found.get("version") != VERSION:
        raise Unusable(f"{name} of version {found.get('version')}; this palermo reads version {VERSION}")
    if not isinstance(found.get("project"), str) or not isinstance(found.get("fields"), list):
        raise Unusable(f"{name} without its project or its fields")
    return found


def _secret(found: Mapping[str, Any]) -> bytes:
    try:
        secret = base64.b64decode(str(found.get("secret", "")), validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != SIZE:
        raise Unusable("this file is damaged: the secret in it is not whole")
    return secret
