"""The directory: brought in from a file, written, looked through again, closed; contacts sealed and opened on record.

A contact is sealed under a key of the instance that lies outside the database, bound to its row and number: a stolen
database opens none, and one pasted into another row does not open.
"""

import json
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.vault.crypto import Context, DataKey, Tampered, seal, unseal
from palermo.kernel.vault.unlock import keyring
from palermo.papers import Problem, read_authorities
from palermo.papers.authorities import CONTACTS, OPEN, read_authority
from palermo.papers.authorities import Authority as Typed
from palermo.papers.reading import Row
from palermo.rooms.library.actions.importing import Imported
from palermo.rooms.library.models import Authority, Contact

WHERE = ("library_contact", "sealed")


@transaction.atomic
def bring_in_authorities(*, actor: Viewer, rows: list[Row], dry_run: bool = False) -> Imported:
    """Lines of a file into the directory: all or none. What a contact says is in no problem, log or audit."""
    require(actor, "library.authority.write")
    lines, problems = read_authorities(rows, localdate())
    if problems:
        return Imported(len(rows), 0, 0, 0, tuple(problems))
    there = {one.ref: one for one in Authority.objects.filter(ref__in=[one.ref for _row, one in lines])}
    counts = {"added": 0, "updated": 0, "unchanged": 0}
    for _row, typed in lines:
        counts[_kept(typed, there.get(typed.ref), dry_run)] += 1
    if not dry_run:
        detail: dict[str, str | int | float | bool | None] = dict(counts)
        record(actor=actor, action="library.authority.import", object_kind="library_authority", detail=detail)
    nothing: tuple[Problem, ...] = ()
    return Imported(len(rows), counts["added"], counts["updated"], counts["unchanged"], nothing)


@transaction.atomic
def keep_authority(
    *,
    actor: Viewer,
    values: dict[str, Any],
    authority: Authority | None = None,
    expected_version: int = 0,
) -> Authority:
    """Write an authority into the directory, or change one. Contacts left empty stay as they were. Raises Invalid."""
    require(actor, "library.authority.write")
    given = values if authority is None else values | {"ref": authority.ref}
    typed, wrong = read_authority(given, localdate())
    problems = [FieldProblem(name, rule, "library.authority") for name, _value, rule in wrong]
    if typed is not None and authority is None and Authority.objects.filter(ref=typed.ref).exists():
        problems.append(FieldProblem("ref", _("This id is taken."), "library.id"))
    if problems or typed is None:
        raise Invalid(_("Nothing was kept."), problems=problems)
    if authority is None:
        authority = Authority.objects.create(**_columns(typed))
    else:
        authority.change(_columns(typed, authority.has_contacts), expected_version=expected_version)
    _seal(authority, typed)
    record(
        actor=actor, action="library.authority.keep", object_kind="library_authority", object_id=authority.pk,
        fields=sorted(typed.contacts),
    )  # fmt: skip
    return authority


@transaction.atomic
def check_again(*, actor: Viewer, authority: Authority, expected_version: int) -> Authority:
    """Somebody looked today, and it still holds."""
    require(actor, "library.authority.write")
    _still_open(authority)
    authority.change({"checked_on": localdate()}, expected_version=expected_version)
    record(
        actor=actor, action="library.authority.check", object_kind="library_authority", object_id=authority.pk
    )
    return authority


@transaction.atomic
def close_authority(*, actor: Viewer, authority: Authority, expected_version: int) -> Authority:
    """The authority does this no longer: it leaves the list, and its contacts are destroyed."""
    require(actor, "library.authority.write")
    _still_open(authority)
    authority.change({"closed_on": localdate(), "has_contacts": False}, expected_version=expected_version)
    Contact.objects.filter(authority=authority).delete()
    record(
        actor=actor, action="library.authority.close", object_kind="library_authority", object_id=authority.pk
    )
    return authority


@transaction.atomic
def open_contacts(*, actor: Viewer, authority: Authority) -> dict[str, str]:
    """How it is reached, after the entry in the audit. Raises NotFound; Conflict where it was changed or moved."""
    require(actor, "library.contact.open")
    row = Contact.objects.filter(authority=authority).first()
    if row is None:
        raise NotFound()
    record(
        actor=actor, action="library.contact.open", object_kind="library_authority", object_id=authority.pk,
        fields=CONTACTS,
    )  # fmt: skip
    return _unsealed(row)


def _still_open(authority: Authority) -> None:
    if authority.closed_on is not None:
        raise Conflict(_("This cannot be done now."), rule="library.authority.closed", state="closed")


def _columns(typed: Typed, had_contacts: bool = False) -> dict[str, Any]:
    values = {name: value for name, value in asdict(typed).items() if name in OPEN}
    return {
        **values, "accepts": list(typed.accepts), "channels": list(typed.channels),
        "has_contacts": had_contacts or bool(typed.contacts),
    }  # fmt: skip


def _kept(typed: Typed, old: Authority | None, dry_run: bool) -> str:
    """What becomes of a line: added, updated or unchanged."""
    if old is None:
        if not dry_run:
            _seal(Authority.objects.create(**_columns(typed)), typed)
        return "added"
    row = Contact.objects.filter(authority=old).first()
    known = _unsealed(row) if row else {}
    values = _columns(typed, old.has_contacts)
    same = all(getattr(old, name) == value for name, value in values.items())
    if same and all(known.get(name) == text for name, text in typed.contacts.items()):
        return "unchanged"
    if not dry_run:
        old.change(values, expected_version=old.version)
        _seal(old, typed)
    return "updated"


def _seal(authority: Authority, typed: Typed) -> None:
    """Seal what is new of the contacts over what was there."""
    if not typed.contacts:
        return
    row = Contact.objects.filter(authority=authority).first()
    told = (_unsealed(row) if row else {}) | typed.contacts
    number = row.number + 1 if row else 1
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    sealed = seal(_key(), Context(*WHERE, authority.pk, number), text)
    Contact(authority=authority, sealed=sealed, number=number).save(
        force_insert=row is None, force_update=row is not None
    )


def _unsealed(row: Contact) -> dict[str, str]:
    try:
        text = unseal(_key(), Context(*WHERE, row.authority_id, row.number), bytes(row.sealed))
    except Tampered:
        raise Conflict(_("This contact does not open: it was changed."), rule="library.tampered") from None
    found: dict[str, str] = json.loads(text)
    return found


def _key() -> DataKey:
    return DataKey(keyring().purpose_key("context", "library-contacts"))
