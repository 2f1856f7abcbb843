"""The password's hash, sealed for its owner on its way into the database and opened on its way out."""

from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import models

from palermo.kernel.access.sealing import Unsealable, open_credential, seal_credential

SEALED = "sealed$"
KIND = "password"


def _opens_nothing(stored: str) -> bool:
    return stored == "" or stored.startswith(UNUSABLE_PASSWORD_PREFIX)


def open_password(stored: str, user_id: Any) -> str:
    """The hash of a stored password. What this instance did not seal for this very user is an unusable password."""
    if _opens_nothing(stored):
        return stored
    try:
        return open_credential(stored.removeprefix(SEALED), kind=KIND, user_id=user_id)
    except Unsealable:
        return make_password(None)


def sealed_password(hashed: str, user_id: Any) -> str:
    """The form of a password's hash that may touch the database."""
    if _opens_nothing(hashed):
        return hashed
    return SEALED + seal_credential(hashed, kind=KIND, user_id=user_id)


class SealedPassword(models.CharField):  # type: ignore[type-arg]
    """Holds the hash in memory and writes it sealed; `User.from_db` opens it, since only a row knows its owner."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        return sealed_password(super().pre_save(model_instance, add), model_instance.pk)
