"""From the key files to the key of one person: root key, organisation key, data key.

Keys are held in the memory of the process only; `lock` drops them. Nothing here is cached anywhere else.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from palermo.kernel.errors import Conflict, DomainError
from palermo.kernel.vault.blind import BlindKeys
from palermo.kernel.vault.crypto import DataKey, new_key, unwrap, wrap
from palermo.kernel.vault.keys import Keyring, KeysUnusable, open_keyring
from palermo.kernel.vault.models import OrganisationKey, Person

logger = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def _opened(directory: str, stamp: tuple[tuple[str, int], ...]) -> Keyring:
    return open_keyring(settings.PALERMO_KEYS_DIR)


class Locked(DomainError):
    """The keys are missing, open to others or locked. What to do about it stands in the server's log."""

    status = 503


def keyring() -> Keyring:
    """The keys of this instance, or Locked. Read again when a key file changes (a rotation by another process).

    Made on the very first start only: while the database holds organisation keys, missing files are an error.
    """
    try:
        return _keyring()
    except KeysUnusable as error:
        # For the operator's eyes: the sentence names files. Whoever asked over the web learns only that it is locked.
        logger.error("The vault is locked: %s", error)
        raise Locked(_("The vault is locked. Call your administrator."), rule="vault.locked") from error


def _keyring() -> Keyring:
    directory = settings.PALERMO_KEYS_DIR
    if not (directory / "instance.key").exists():
        open_keyring(directory, create=not OrganisationKey.objects.exists())
    stamp = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in directory.glob("*.key")))
    return _opened(str(directory), stamp)


def lock() -> None:
    """Forget every key held in memory."""
    _opened.cache_clear()
    _blind.cache_clear()


@lru_cache(maxsize=4)
def _blind(instance: bytes) -> BlindKeys:
    return BlindKeys.from_ring(Keyring({}, instance))


def blind_keys() -> BlindKeys:
    return _blind(keyring().instance)


@dataclass(frozen=True, slots=True)
class HouseKey:
    """An unlocked organisation key and its number."""

    number: int
    secret: bytes

    def __repr__(self) -> str:
        return f"HouseKey({self.number})"


def house_key(organisation_id: UUID, number: int | None = None) -> HouseKey:
    """The organisation's key with this number, or its newest; the first one is made when there is none."""
    row = _row(organisation_id, number)
    if row is None and number is None:
        make_house_key(organisation_id, 1)
        row = _row(organisation_id, None)
    if row is None:
        raise Conflict(_("The key of this organisation is missing. Restore it."), rule="vault.key")
    return HouseKey(row.number, keyring().unwrap(row.root_version, bytes(row.wrapped)))


def make_house_key(organisation_id: UUID, number: int) -> None:
    """A new random key for the organisation. Whoever comes second finds the first one's key."""
    version, wrapped = keyring().wrap(new_key().secret)
    OrganisationKey.objects.bulk_create(
        [
            OrganisationKey(
                organisation_id=organisation_id, number=number, root_version=version, wrapped=wrapped
            )
        ],
        ignore_conflicts=True,
    )


def _row(organisation_id: UUID, number: int | None) -> OrganisationKey | None:
    rows = OrganisationKey.objects.filter(organisation_id=organisation_id)
    if number is not None:
        rows = rows.filter(number=number)
    return rows.order_by("-number").first()


def new_data_key(house: HouseKey) -> tuple[DataKey, bytes]:
    """A fresh data key and its wrapped form."""
    key = new_key()
    return key, wrap(house.secret, key.secret)


def person_key(person: Person, house: HouseKey | None = None) -> DataKey:
    """The person's data key; Conflict once the person was erased, Tampered when the wrapped key was changed."""
    if person.erased_at is not None or not person.wrapped_key:
        raise Conflict(_("The identity of this person was erased."), rule="vault.erased", state="erased")
    if house is None or house.number != person.key_number:
        house = house_key(person.holder_id, person.key_number)
    return DataKey(unwrap(house.secret, bytes(person.wrapped_key)))
