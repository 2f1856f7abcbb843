"""Registering a person, correcting the identity, and erasing it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, NotFound, Refused, Stale
from palermo.kernel.vault.blind import EDITION
from palermo.kernel.vault.codes import new_code
from palermo.kernel.vault.identity import Identity, checked
from palermo.kernel.vault.models import IndexToken, Person, SealedField
from palermo.kernel.vault.sealing import opened, sealed_rows, token_rows
from palermo.kernel.vault.unlock import blind_keys, house_key, new_data_key, person_key

SCOPES = ("case", "identity")


@transaction.atomic
def register_person(
    *,
    actor: Viewer,
    organisation_id: UUID,
    identity: Identity,
    grantees: Sequence[tuple[str, UUID]] = (),
    is_child: bool = False,
    is_witness: bool = False,
) -> Person:
    """Put a person into the vault for one of the actor's organisations. Search first: this does not.

    The actor and each of `grantees` ("person", "unit" or "organisation", id) get the scopes case and identity.
    """
    require(actor, "vault.person.register")
    _refuse_foreign(actor, organisation_id)
    identity = checked(identity)
    house = house_key(organisation_id)
    key, wrapped = new_data_key(house)
    person_id = uuid.uuid4()
    since = transaction_start()
    own = [("person", actor.user_id)] if actor.user_id is not None else []
    for kind, grantee_id in dict.fromkeys([*own, *grantees]):
        grant(
            actor=actor,
            object_kind="person",
            object_id=person_id,
            grantee_kind=kind,
            grantee_id=grantee_id,
            scopes=SCOPES,
            purpose="register",
            valid_from=since,
            house=organisation_id,
        )
    person = Person.objects.create(
        id=person_id,
        code=free_codes(1)[0],
        holder_id=organisation_id,
        wrapped_key=wrapped,
        key_number=house.number,
        is_child=is_child,
        is_witness=is_witness,
        edition=EDITION,
    )
    SealedField.objects.bulk_create(sealed_rows(key, person_id, person.version, identity))
    IndexToken.objects.bulk_create(token_rows(blind_keys(), person_id, identity))
    record(
        actor=actor,
        action="vault.person.register",
        object_kind="person",
        object_id=person_id,
        fields=tuple(identity.filled()),
        detail={"child": is_child, "witness": is_witness},
    )
    return person


@transaction.atomic
def update_identity(
    *,
    actor: Viewer,
    person_id: UUID,
    identity: Identity,
    expected_version: int,
    base: Identity | None = None,
) -> Person:
    """Replace the identity. Everything is sealed anew under the next version, so that no old value can come back.

    A save over somebody else's raises Stale. Its `theirs` names the fields that differ and hides their values:
    showing them is a reveal, which leaves its own trace.
    """
    require(actor, "vault.identity.update", person_id)
    identity = checked(identity)
    person = _locked(person_id)
    key = person_key(person)
    rows = SealedField.objects.filter(person_id=person_id)
    held = opened(key, person_id, person.version, rows)
    if person.version != expected_version:
        raise _stale(person, dict(held), identity, base)
    changed = [
        name for name in {**held, **identity.filled()} if held.get(name) != identity.filled().get(name)
    ]
    person.version += 1
    person.edition = EDITION
    person.save(update_fields=["version", "edition", "updated_at"])
    rows.delete()
    SealedField.objects.bulk_create(sealed_rows(key, person_id, person.version, identity))
    IndexToken.objects.filter(person_id=person_id).delete()
    IndexToken.objects.bulk_create(token_rows(blind_keys(), person_id, identity))
    record(
        actor=actor,
        action="vault.identity.update",
        object_kind="person",
        object_id=person_id,
        fields=sorted(changed),
        detail={"version": person.version, "tampered": len(held.tampered)},
    )
    return person


@transaction.atomic
def erase(*, actor: Viewer, person_id: UUID, reason: str) -> Person:
    """Destroy the person's data key and everything sealed with it. The code stays, as a tombstone.

    `reason` is a code (retention, request, mistake). The erasure is complete once key backups that are older
    than today have been destroyed as well (docs/kernel/vault.md).
    """
    require(actor, "vault.person.erase", person_id)
    person = _locked(person_id)
    if person.erased_at is not None:
        raise Conflict(_("The identity of this person was erased."), rule="vault.erased", state="erased")
    SealedField.objects.filter(person_id=person_id).delete()
    IndexToken.objects.filter(person_id=person_id).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault_pair_erased(%s)", [person_id])
    person.wrapped_key = b""
    person.erased_at = timezone.now()
    person.version += 1
    person.save(update_fields=["wrapped_key", "erased_at", "version", "updated_at"])
    record(
        actor=actor,
        action="vault.person.erase",
        object_kind="person",
        object_id=person_id,
        purpose=reason if reason in ("retention", "request", "mistake") else "other",
    )
    return person


def free_codes(count: int) -> list[str]:
    """New codes that nobody has. One statement, whatever the viewer may see: `code` is unique over all."""
    found: dict[str, None] = {}
    while len(found) < count:
        wanted = [new_code() for _number in range(count - len(found))]
        with connection.cursor() as cursor:
            cursor.execute("SELECT vault_free_codes(%s)", [wanted])
            found |= dict.fromkeys(cursor.fetchone()[0] or ())
    return list(found)


def transaction_start() -> datetime:
    """When this transaction began: a grant from then on shows in the same transaction, for row-level security
    compares with now()."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        started: datetime = cursor.fetchone()[0]
    return started


def _refuse_foreign(actor: Viewer, organisation_id: UUID) -> None:
    if actor.kind != OPERATOR and organisation_id not in actor.organisation_ids:
        raise Refused(_("You register persons for your own organisation."), rule="vault.person.register")


def _locked(person_id: UUID) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound()
    return person


def _stale(person: Person, held: dict[str, str], mine: Identity, base: Identity | None) -> Stale:
    wanted = mine.filled()
    differing = [name for name in sorted({**held, **wanted}) if held.get(name) != wanted.get(name)]
    hidden = _("changed meanwhile; open it again to compare")
    return Stale(
        _("Somebody else has changed this identity since you opened it. Nothing was saved."),
        base=base.filled() if base else None,
        mine=wanted,
        theirs={"version": person.version, **dict.fromkeys(differing, hidden)},
    )
