"""The key pair of a study: its public half goes into forms, its private half stays outside of the database."""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.observatory.actions.opening import KIND
from palermo.rooms.observatory.models import Study, StudyKey

BITS, LEAST_PASSPHRASE, MOST_PEM = (
    2048,
    16,
    20_000,
)  # 2048: what the specification names and every client reads
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new pair. pem: the private half under its passphrase, to be handed out now and never again."""

    key: StudyKey
    pem: bytes = field(repr=False)


def fingerprint_of(public: str) -> str:
    """SHA-256 of a public key as forms bring it; empty where it is none that may be used."""
    try:
        der = base64.b64decode(public, validate=True)
        key = serialization.load_der_public_key(der)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return ""
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < BITS:
        return ""
    return hashlib.sha256(key.public_bytes(DER, SPKI)).hexdigest()


def public_text(key: rsa.RSAPrivateKey) -> str:
    """The public half as forms bring it."""
    return base64.b64encode(key.public_key().public_bytes(DER, SPKI)).decode()


@transaction.atomic
def make_key(*, actor: Viewer, study: Study, label: str, passphrase: str, on_server: bool = False) -> MadeKey:
    """A pair for the forms of a study. on_server: leave the locked private half in the key directory as well."""
    require(actor, "observatory.key.make", study.pk)
    label = " ".join(label.split())
    problems = []
    if not 2 <= len(label) <= 80:
        problems.append(FieldProblem("label", _("From 2 to 80 characters."), "length"))
    if not LEAST_PASSPHRASE <= len(passphrase) <= 1000:
        problems.append(
            FieldProblem("passphrase", _("At least 16 characters: five words that nobody guesses."), "length")
        )
    if problems:
        raise Invalid(_("No key was made."), problems=problems, rule="observatory.key")
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    locked = serialization.BestAvailableEncryption(passphrase.encode())
    pem = private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, locked)
    public = public_text(private)
    made = StudyKey.objects.create(
        study=study, label=label, public=public, fingerprint=fingerprint_of(public), on_server=on_server,
        made_by_id=actor.user_id,
    )  # fmt: skip
    if on_server:
        _keep(made.fingerprint, pem)
    detail: dict[str, str | int | float | bool | None] = {
        "fingerprint": made.fingerprint,
        "on_server": on_server,
    }
    record(actor=actor, action="observatory.key.make", object_kind=KIND, object_id=study.pk, detail=detail)
    return MadeKey(made, pem)


def private_key(pem: bytes, passphrase: str) -> rsa.RSAPrivateKey:
    """The key in a file under its passphrase. Raises Invalid with what does not fit, and never with what was given."""
    try:
        if len(pem) > MOST_PEM:
            raise ValueError("too long")
        key = serialization.load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        words = _("The file is no private key, or the passphrase is not the one that locks it.")
        problem = FieldProblem("passphrase", words, "key")
        raise Invalid(_("Nothing was opened."), problems=[problem], rule="observatory.key")
    return key


def folder() -> Path:
    """Where private halves may lie: beside the root key, outside of the database and of its backups."""
    return Path(settings.PALERMO_KEYS_DIR) / "observatory"


def kept_pem(fingerprint: str) -> bytes:
    """The file on this server, locked or not; empty without one."""
    path = folder() / f"{fingerprint}.pem"
    return path.read_bytes() if len(fingerprint) == 64 and fingerprint.isalnum() and path.is_file() else b""


def workers_key(fingerprint: str) -> rsa.RSAPrivateKey | None:
    """The key that an operator has put there without a passphrase, so that the worker opens records by itself."""
    pem = kept_pem(fingerprint)
    try:
        key = serialization.load_pem_private_key(pem, None) if pem else None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPrivateKey) else None


def _keep(fingerprint: str, pem: bytes) -> None:
    folder().mkdir(mode=0o700, exist_ok=True)  # its parent is the key directory, which is there
    handle = os.open(folder() / f"{fingerprint}.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(pem)
        stream.flush()
        os.fsync(stream.fileno())
