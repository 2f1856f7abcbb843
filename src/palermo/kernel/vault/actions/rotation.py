"""Changing the keys: a new root version, new organisation keys, every data key wrapped anew. Ciphertexts stay."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.crypto import unwrap, wrap
from palermo.kernel.vault.keys import add_root, retire_root
from palermo.kernel.vault.models import OrganisationKey, Person, TextKey
from palermo.kernel.vault.unlock import house_key, keyring, make_house_key

BATCH = 2000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did. `retired` are root versions that no key in the database hangs on any more."""

    root_version: int
    organisations: int
    persons: int
    retired: tuple[int, ...]


def rotate(*, actor: Viewer, progress: Progress = lambda done, all_: None) -> Rotated:
    """Rotate root and organisation keys. Call it outside `acting`: each batch is a transaction of its own.

    Killed halfway, run it again: while an older root version is alive it goes on where it stopped, under the
    root version already made, and begins no new one.
    Writers may work meanwhile; both organisation keys open until the last data key has moved.
    """
    require(actor, "vault.keys.rotate")
    with acting(actor):
        is_unfinished = len(keyring().roots) > 1
    if not is_unfinished:
        add_root(settings.PALERMO_KEYS_DIR)
    root = keyring().current
    with acting(actor):
        organisations = list(OrganisationKey.objects.values_list("organisation_id", flat=True).distinct())
        newest = {organisation_id: _renewed(organisation_id, root) for organisation_id in organisations}
    total, done = _count(actor, newest), 0
    for organisation_id, number in newest.items():
        for model in _keyed():
            while moved := _step(actor, model, organisation_id, number):
                done += moved
                progress(done, total)
        with acting(actor):
            _forget_old(organisation_id, number)
    with acting(actor):
        retired = _retire(root)
        record(
            actor=actor,
            action="vault.keys.rotate",
            detail={"root": root, "organisations": len(organisations), "keys": done},
        )
    return Rotated(root, len(organisations), done, retired)


def _keyed() -> tuple[Any, ...]:
    """Every table whose rows carry a data key: holder, key_number, wrapped_key."""
    from palermo.kernel.files.models import File

    return (Person, TextKey, File)


def _living(model: Any) -> Any:
    """Rows whose key was not destroyed."""
    return model.objects.exclude(wrapped_key=b"")


def _count(actor: Viewer, newest: dict[UUID, int]) -> int:
    """How many data keys hang on older organisation keys."""
    old = Q(pk__in=[])
    for organisation_id, number in newest.items():
        old |= Q(holder_id=organisation_id) & ~Q(key_number=number)
    with acting(actor):
        return sum(_living(model).filter(old).count() for model in _keyed())


def _step(actor: Viewer, model: Any, organisation_id: UUID, number: int) -> int:
    with acting(actor):
        return _move(model, organisation_id, number)


def _renewed(organisation_id: UUID, root: int) -> int:
    """The number of the organisation's key under the newest root; a new key is made where there is none."""
    row = OrganisationKey.objects.filter(organisation_id=organisation_id).order_by("-number")[0]
    if row.root_version == root:
        return row.number
    make_house_key(organisation_id, row.number + 1)
    return row.number + 1


def _move(model: Any, organisation_id: UUID, number: int) -> int:
    """Wrap up to 2,000 data keys under the organisation's key `number`; 0 when none is left."""
    target = house_key(organisation_id, number)
    rows = list(
        _living(model)
        .select_for_update(skip_locked=False)
        .filter(holder_id=organisation_id)
        .exclude(key_number=number)[:BATCH]
    )
    sources = {n: house_key(organisation_id, n) for n in {row.key_number for row in rows}}
    for row in rows:
        row.wrapped_key = wrap(target.secret, unwrap(sources[row.key_number].secret, bytes(row.wrapped_key)))
        row.key_number = number
    model.objects.bulk_update(rows, ["wrapped_key", "key_number"], batch_size=500)
    return len(rows)


def _forget_old(organisation_id: UUID, number: int) -> None:
    """Delete organisation keys that wrap nothing any more."""
    for row in OrganisationKey.objects.filter(organisation_id=organisation_id).exclude(number=number):
        used = {"holder_id": organisation_id, "key_number": row.number}
        if not any(_living(model).filter(**used).exists() for model in _keyed()):
            row.delete()


def _retire(root: int) -> tuple[int, ...]:
    """Take root versions out of use that no organisation key hangs on."""
    used = set(OrganisationKey.objects.values_list("root_version", flat=True))
    idle = tuple(version for version in sorted(keyring().roots) if version != root and version not in used)
    for version in idle:
        retire_root(settings.PALERMO_KEYS_DIR, version)
    return idle
