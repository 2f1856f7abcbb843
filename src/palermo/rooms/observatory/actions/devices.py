"""Accounts of devices: made with a secret that is told once, drawn as a settings code, revoked in a moment."""

import base64
import hashlib
import json
import re
import secrets
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import Scalar, record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.vault.texts import Place, seal_text
from palermo.rooms.observatory.actions.opening import KIND, owner_of
from palermo.rooms.observatory.models import DeviceAccount, Site, Study

REALM = "palermo"
MOST_DAYS = 400
SECRET_BYTES = 48


@dataclass(frozen=True, slots=True)
class Issued:
    """A new account with its secret: in memory for one answer only."""

    device: DeviceAccount
    secret: str = field(repr=False)
    in_address: bool


def ha1(username: str, password: str) -> str:
    """What Digest proves knowledge of (RFC 7616, algorithm MD5, which is all that field clients speak)."""
    return hashlib.md5(f"{username}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()


def place_of_ha1(device_id: UUID) -> Place:
    return Place("observatory_deviceaccount", "sealed_ha1", device_id)


@transaction.atomic
def make_device(
    *, actor: Viewer, study: Study, label: str, site: Site | None, days: int, in_address: bool = False
) -> Issued:
    """An account for one enumerator's device, with 48 random bytes as its secret. Raises Invalid.

    in_address: for a client that cannot sign in, the secret is part of the address instead of a password.
    """
    require(actor, "observatory.device.make", study.pk)
    problems = []
    label = label.strip().upper()
    if not re.fullmatch(r"[A-Z]{1,3}-?[0-9]{1,6}", label):
        words = _("A code such as E-07: letters and a number. Never a name.")
        problems.append(FieldProblem("label", words, "code"))
    elif DeviceAccount.objects.filter(study=study, label=label, revoked_at=None).exists():
        words = _("There is an account with this code. Revoke it first.")
        problems.append(FieldProblem("label", words, "unique"))
    if site is not None and site.study_id != study.pk:
        problems.append(FieldProblem("site", _("There is no such site in this study."), "choice"))
    if site is None and not actor.has("analyst"):
        words = _("Choose the site: you give devices to the sites of your team.")
        problems.append(FieldProblem("site", words, "choice"))
    if not 1 <= days <= MOST_DAYS:
        problems.append(FieldProblem("days", _("From 1 to 400 days."), "range"))
    if problems:
        raise Invalid(_("No account was made."), problems=problems, rule="observatory.device")
    device_id, secret = uuid4(), secrets.token_urlsafe(SECRET_BYTES)
    username = "d" + secrets.token_hex(6)
    sealed, token = b"", None
    if in_address:
        token = hashlib.sha256(secret.encode()).digest()
    else:
        place = place_of_ha1(device_id)
        sealed = seal_text(owner=owner_of(study), place=place, text=ha1(username, secret))
    try:
        with transaction.atomic():
            made = DeviceAccount.objects.create(
                id=device_id, study=study, label=label, site=site, username=username, sealed_ha1=sealed,
                token_sha256=token, expires_at=timezone.now() + timedelta(days=days), made_by_id=actor.user_id,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            _("There is an account with this code. Revoke it first."), rule="observatory.device"
        ) from None
    detail: dict[str, Scalar] = {
        "device": str(made.pk),
        "days": days,
        "in_address": in_address,
        "site": str(site.pk) if site else "",
    }
    record(
        actor=actor, action="observatory.device.make", object_kind=KIND, object_id=study.pk, detail=detail,
        purpose="settings code shown once",
    )  # fmt: skip
    return Issued(made, secret, in_address)


@transaction.atomic
def revoke_device(*, actor: Viewer, device: DeviceAccount) -> None:
    """The device's next request is refused; what it sent stays."""
    require(actor, "observatory.device.revoke", device.study_id)
    if device.revoked_at is not None:
        raise Conflict(_("This account was revoked already."), rule="observatory.device", state="revoked")
    device.change({"revoked_at": timezone.now()}, expected_version=device.version)
    record(
        actor=actor, action="observatory.device.revoke", object_kind=KIND, object_id=device.study_id,
        detail={"device": str(device.pk)},
    )  # fmt: skip


def address(issued: Issued, root: str) -> str:
    """What the device stores as its server. root: the address of this instance, without a slash at its end."""
    code = issued.device.study.code
    return f"{root}/o/key/{issued.secret}/{code}" if issued.in_address else f"{root}/o/{code}"


def settings_text(issued: Issued, root: str) -> str:
    """The settings as devices scan them: base64(zlib(JSON)). Forms match the server exactly, what was sent is deleted,
    and the menus that could lead elsewhere are locked."""
    general: dict[str, Any] = {
        "protocol": "odk_default", "server_url": address(issued, root), "form_update_mode": "match_exactly",
        "automatic_update": True, "autosend": "wifi_and_cellular", "delete_send": True, "hide_old_form_versions": True,
        "analytics": False,
    }  # fmt: skip
    if not issued.in_address:
        general |= {"username": issued.device.username, "password": issued.secret}
    admin = {
        "change_server": False, "change_form_metadata": False, "delete_after_send": False, "analytics": False,
        "import_settings": False, "form_update_mode": False,
    }  # fmt: skip
    told = {"general": general, "admin": admin, "project": {"name": issued.device.study.code}}
    return base64.b64encode(zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 9)).decode()


def drawn(text: str) -> str:
    """A QR code as a picture inside the page: it is in no file and no cache."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    buffer = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, error_correction=qrcode.constants.ERROR_CORRECT_L).save(
        buffer
    )
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()
