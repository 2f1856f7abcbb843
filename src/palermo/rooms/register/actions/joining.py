"""Lists whose people were linked: their records as rows of the register, and which rows stand for one person.

The worker writes both whenever the links of a reconciliation change. Nothing here is an identity: records and persons
come with keys made by `cases.pseudonym`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.errors import Conflict
from palermo.kernel.imports.formats import Counts
from palermo.rooms.register.actions.attributes import Attributes
from palermo.rooms.register.actions.bulk import write_entries
from palermo.rooms.register.actions.cases import signature
from palermo.rooms.register.actions.withdrawing import ask
from palermo.rooms.register.models import Joined, Provenance, RowLink, SourceList, Why

FORMAT = "linked"
TOGETHER = 5_000
Key = bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a list as the register takes it: key (16 bytes), codes, what age, sex and nationality stand on."""

    key: Key
    attributes: Attributes
    basis: str = ""


@transaction.atomic
def enter_list(*, actor: Viewer, name: str, legal_basis: str, terms: str, entries: Sequence[Entry]) -> Counts:
    """The records of a list, as they are now: new ones come in, changed ones change, those that went go.

    Raises Conflict for a name that is not a list of people, such as that of our own cases.
    """
    require(actor, "register.person.record")
    found = _list_named(name, legal_basis, terms)
    delivery, _made = Provenance.objects.get_or_create(source_list=found, import_run=None)
    counts = Counts()
    for part in _parts(entries):
        counts += write_entries([(one.key, one.attributes) for one in part], delivery)
    _say_basis(found, entries)
    gone = _drop(found, {one.key for one in entries})
    audit(
        actor=actor, action="register.list.enter", object_kind="register",
        detail={"list": found.pk, "added": counts.added, "updated": counts.updated, "gone": gone},
    )  # fmt: skip
    return counts


@transaction.atomic
def leave_list(*, actor: Viewer, name: str) -> int:
    """The rows of a list that was entered go, with their links. Returns how many."""
    require(actor, "register.person.record")
    found = SourceList.objects.filter(name=name, members=None).first()
    if found is None:
        return 0
    RowLink.objects.filter(source_list=found, until=None).update(until=timezone.now())
    gone = _drop(found, set())
    if gone:
        audit(
            actor=actor,
            action="register.list.leave",
            object_kind="register",
            detail={"list": found.pk, "gone": gone},
        )
    return gone


@transaction.atomic
def tie(
    *,
    actor: Viewer,
    names: Iterable[str],
    persons: Mapping[Key, Sequence[tuple[str, Key]]],
    why: str = Why.LINKAGE,
) -> int:
    """Which records of these lists stand for one person, by the person's key: just these. Returns how many links moved.

    A link that is no longer meant ends, and stays on record; a person of a single record needs none.
    """
    require(actor, "register.person.record")
    lists = dict(SourceList.objects.filter(name__in=list(names), members=None).values_list("name", "id"))
    meant = {
        (lists[name], key): person
        for person, records in persons.items() if len(records) > 1
        for name, key in records if name in lists
    }  # fmt: skip
    now = timezone.now()
    stands = RowLink.objects.filter(source_list_id__in=lists.values(), until=None).select_related("joined")
    held = {(one.source_list_id, bytes(one.source_key)): one for one in stands}
    over = [one.pk for row, one in held.items() if meant.get(row) != bytes(one.joined.key) or one.why != why]
    for part in _parts(over):
        RowLink.objects.filter(pk__in=part).update(until=now)
    ended = set(over)
    new = {row: person for row, person in meant.items() if row not in held or held[row].pk in ended}
    numbers = _numbers(set(new.values()))
    RowLink.objects.bulk_create(
        [
            RowLink(source_list_id=row[0], source_key=row[1], joined_id=numbers[person], why=why, since=now)
            for row, person in new.items()
        ],
        batch_size=TOGETHER,
    )  # fmt: skip
    if over or new:
        audit(
            actor=actor, action="register.link.move", object_kind="register",
            detail={"ended": len(over), "begun": len(new)},
        )  # fmt: skip
    return len(over) + len(new)


@transaction.atomic
def erase_row(*, actor: Viewer, name: str, key: Key) -> bool:
    """A record's holder takes it out for good: row, events, links; facts and counts follow at once. Only the key stays.

    False where it was never here. Whether it was is not told to anybody.
    """
    require(actor, "register.case_event.record")
    done = bool(ask("register_erase_row", name, key, signature(key, "erase", name)))
    audit(actor=actor, action="register.row.erase", object_kind="register")
    return done


def _list_named(name: str, legal_basis: str, terms: str) -> SourceList:
    values = {"legal_basis": legal_basis, "terms": terms}
    found, made = SourceList.objects.get_or_create(name=name, defaults={"format": FORMAT, **values})
    if found.format == "cases" or found.members is not None:
        words = _("The register has something else under the name “%(name)s”. Give the list another name.")
        raise Conflict(words % {"name": name}, rule="register.list.name", state=found.format)
    if not made and (found.legal_basis, found.terms) != (legal_basis, terms):
        SourceList.objects.filter(pk=found.pk).update(**values)
    return found


def _parts(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER))


def _say_basis(found: SourceList, entries: Sequence[Entry]) -> None:
    """What the statements of a row stand on is no part of what a list delivers in other formats; so it comes apart."""
    with connection.cursor() as cursor:
        for part in _parts(entries):
            cursor.execute(
                "UPDATE register_person p SET basis = v.basis FROM unnest(%s::bytea[], %s::text[]) AS v(key, basis) "
                "WHERE p.source_list_id = %s AND p.source_key = v.key AND p.basis <> v.basis",
                [[one.key for one in part], [one.basis for one in part], found.pk],
            )


def _drop(found: SourceList, keys: set[Key]) -> int:
    """Rows of the list that are not among these keys; rows of a file without names have longer keys and stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM register_person p LEFT JOIN register_joined j ON j.number = p.id "
            "WHERE p.source_list_id = %s AND octet_length(p.source_key) = 16 AND j.number IS NULL "
            "AND NOT p.source_key = ANY(%s::bytea[])",
            [found.pk, list(keys)],
        )
        gone = [row[0] for row in cursor.fetchall()]
        for table, column in (("event", "person_id"), ("correction", "person_id"), ("person", "id")):
            cursor.execute(f"DELETE FROM register_{table} WHERE {column} = ANY(%s)", [gone])  # noqa: S608
    return len(gone)


def _numbers(keys: set[Key]) -> dict[Key, int]:
    """The number of each person; a new person gets the next of the register's own, so that codes are never twice."""
    known = {bytes(one.key): one.number for one in Joined.objects.filter(key__in=list(keys))}
    fresh = sorted(keys - set(known))
    if fresh:
        with connection.cursor() as cursor:
            cursor.execute("SELECT register_numbers(%s)", [len(fresh)])
            taken = [row[0] for row in cursor.fetchall()]
        Joined.objects.bulk_create(
            [Joined(number=number, key=key) for number, key in zip(taken, fresh, strict=True)],
            batch_size=TOGETHER,
        )
        known |= dict(zip(fresh, taken, strict=True))
    return known
