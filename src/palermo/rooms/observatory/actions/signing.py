"""Who a device is: Digest, Basic over TLS, or the key in its address. One answer for every wrong one."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from django.utils import timezone

from palermo.kernel.access.context import acting, proof
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import open_texts
from palermo.rooms.observatory.actions.devices import REALM, ha1, place_of_ha1
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import DeviceAccount, DeviceKind

NONCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request proves who sent it."""

    method: str
    path: str
    header: str
    secure: bool


class Unproved(Exception):
    """Nobody we know. stale: the proof was right, but its nonce is too old; the client tries again by itself."""

    def __init__(self, *, stale: bool = False) -> None:
        super().__init__("not proved")
        self.stale = stale


@contextmanager
def proved(*, project: str, token: str, asked: Asked) -> Iterator[tuple[Viewer, DeviceAccount]]:
    """The eyes of the collection server, for a device that has proved itself; raises Unproved.

    A device has no account of a person and no rights of its own: what it may do are the few actions that are given it.
    """
    with acting(Viewer.operator()) as system:
        found = (
            by_key(project=project, token=token)
            if token
            else by_header(actor=system, project=project, asked=asked)
        )
        yield system, found


def by_key(*, project: str, token: str) -> DeviceAccount:
    """The device whose key is in the address. For the operator's eyes; raises Unproved."""
    if not 40 <= len(token) <= 100 or not token.isascii():
        raise Unproved
    digest = hashlib.sha256(token.encode()).digest()
    rows = DeviceAccount.objects.select_related("study", "site")
    rows = rows.filter(kind=DeviceKind.DEVICE, token_sha256=digest, study__code=project)
    return live(rows.first())


def by_header(*, actor: Viewer, project: str, asked: Asked) -> DeviceAccount:
    """The device that the Authorization header proves. For the operator's eyes; raises Unproved."""
    scheme, _space, rest = asked.header.partition(" ")
    if scheme.lower() == "digest":
        return _digest(actor, project, asked, rest)
    if scheme.lower() == "basic" and asked.secure:
        return _basic(actor, project, rest)
    raise Unproved


def live(device: DeviceAccount | None) -> DeviceAccount:
    now = timezone.now()
    if device is None or device.revoked_at is not None or device.expires_at <= now:
        raise Unproved
    if device.seen_at is None or now - device.seen_at > timedelta(hours=1):
        # Not `change`: that somebody was here is no edit, and fifty requests at once must not wait for one another.
        DeviceAccount.objects.filter(pk=device.pk, seen_at=device.seen_at).update(seen_at=now)
    return device


def _known(actor: Viewer, project: str, username: str) -> tuple[DeviceAccount | None, str]:
    """The account and what its password comes to; a stranger gets one that no password comes to."""
    rows = DeviceAccount.objects.select_related("study", "site")
    device = rows.filter(username=username, study__code=project).first() if username.isascii() else None
    if device is None or not device.sealed_ha1:
        return None, "0" * 32
    sealed = [(place_of_ha1(device.pk), bytes(device.sealed_ha1))]
    (found,) = open_texts(actor=actor, owner=owner_of(device.study), sealed=sealed)
    return (device, found) if found else (None, "0" * 32)


def _basic(actor: Viewer, project: str, given: str) -> DeviceAccount:
    try:
        username, _colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Unproved from None
    device, expected = _known(actor, project, username)
    if not hmac.compare_digest(ha1(username, password), expected):
        raise Unproved
    return live(device)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _digest(actor: Viewer, project: str, asked: Asked, given: str) -> DeviceAccount:
    """RFC 7616 section 3.4 with qop=auth and MD5."""
    try:
        said = parse_keqv_list(parse_http_list(given))
    except (ValueError, IndexError):
        raise Unproved from None
    needed = ("username", "nonce", "uri", "response", "cnonce", "nc")
    if any(not said.get(name) for name in needed) or said.get("qop") != "auth" or said.get("realm") != REALM:
        raise Unproved
    if said.get("algorithm", "MD5").upper() != "MD5" or _path(said["uri"]) != asked.path:
        raise Unproved
    device, expected = _known(actor, project, said["username"])
    parts = (
        expected,
        said["nonce"],
        said["nc"],
        said["cnonce"],
        "auth",
        _md5(f"{asked.method}:{said['uri']}"),
    )
    if not hmac.compare_digest(_md5(":".join(parts)), said["response"].lower()) or not _is_ours(
        said["nonce"]
    ):
        raise Unproved
    if _age(said["nonce"]) > NONCE_SECONDS:
        raise Unproved(stale=True)
    return live(device)


def _path(uri: str) -> str:
    parts = urlsplit(uri)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def new_nonce() -> str:
    """The time with our own mark on it: nothing has to be kept to know it again."""
    now = str(int(time.time()))
    return f"{now}-{_mark(now)}"


def _mark(now: str) -> str:
    return proof(f"observatory nonce|{now}").hex()[:32]


def _is_ours(nonce: str) -> bool:
    now, _dash, mark = nonce.partition("-")
    return now.isdigit() and mark.isascii() and hmac.compare_digest(_mark(now), mark)


def _age(nonce: str) -> float:
    return abs(time.time() - int(nonce.partition("-")[0]))


def challenge(*, stale: bool = False, secure: bool) -> str:
    """What WWW-Authenticate says: Digest always, Basic only where nobody can listen."""
    digest = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{new_nonce()}"'
    digest += ", stale=true" if stale else ""
    return f'{digest}, Basic realm="{REALM}", charset="UTF-8"' if secure else digest
