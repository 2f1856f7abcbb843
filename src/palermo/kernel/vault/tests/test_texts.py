"""Texts of a room, sealed where they stand: a stranger, another place, an older version, a changed key, a rotation."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.vault import unlock
from palermo.kernel.vault.actions import rotate
from palermo.kernel.vault.migrating import Sealer
from palermo.kernel.vault.models import OrganisationKey, TextKey
from palermo.kernel.vault.texts import ALARM, Owner, Place, open_texts, seal_text

WORDS = "She is afraid of the man at the harbour. هي خائفة"
HERE = Place("room_note", "sealed", 7)


def held(people: Any, object_id: uuid.UUID | None = None) -> Owner:
    """An object of the case worker's organisation that he holds."""
    owner = Owner("case", object_id or uuid.uuid4(), people.organisation.pk)
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer,
            object_kind="case",
            object_id=owner.id,
            grantee_kind="person",
            grantee_id=viewer.user_id,
            scopes=("case", "notes"),
            purpose="assistance",
        )
    return owner


def sealed(people: Any, owner: Owner, place: Place = HERE, text: str = WORDS) -> bytes:
    with acting(people.case_worker.viewer):
        return seal_text(owner=owner, place=place, text=text)


def opened(people: Any, owner: Owner, *places: tuple[Place, bytes]) -> list[str | None]:
    with acting(people.case_worker.viewer) as viewer:
        return open_texts(actor=viewer, owner=owner, sealed=places)


def alarms(people: Any, owner: Owner) -> list[Entry]:
    with acting(people.case_worker.viewer):
        return list(Entry.objects.filter(object_id=owner.id, action=ALARM))


def test_a_text_opens_in_its_place_and_is_not_in_clear_text(people: Any) -> None:
    owner = held(people)
    value = sealed(people, owner)
    assert b"harbour" not in value
    assert opened(people, owner, (HERE, value)) == [WORDS]
    assert sealed(people, owner, text="") == b""
    assert opened(people, owner, (HERE, b"")) == [""]
    assert alarms(people, owner) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("room_note", "sealed", 8),
        Place("room_note", "other", 7),
        Place("room_draft", "sealed", 7),
        Place("room_note", "sealed", 7, version=2),
        Place("room_note", "sealed", uuid.uuid4()),
    ],
    ids=["row", "column", "table", "version", "uuid"],
)
def test_pasted_into_another_place_it_is_refused_with_an_alarm(people: Any, elsewhere: Place) -> None:
    owner = held(people)
    value = sealed(people, owner)
    assert opened(people, owner, (HERE, value), (elsewhere, value)) == [WORDS, None]
    (alarm,) = alarms(people, owner)
    assert alarm.result == "alarm"
    assert alarm.fields == [f"{elsewhere.table}.{elsewhere.column}"]


def test_pasted_into_another_object_it_is_refused_with_an_alarm(people: Any) -> None:
    one, other = held(people), held(people)
    value = sealed(people, one)
    sealed(people, other)
    assert opened(people, other, (HERE, value)) == [None]
    assert len(alarms(people, other)) == 1


def test_a_changed_or_missing_key_opens_nothing(people: Any) -> None:
    owner, other = held(people), held(people)
    value = sealed(people, owner)
    with acting(Viewer.operator()):
        TextKey.objects.filter(pk=owner.id).update(wrapped_key=bytes(40))
    assert opened(people, owner, (HERE, value)) == [None]
    assert opened(people, other, (HERE, value)) == [None]
    assert (len(alarms(people, owner)), len(alarms(people, other))) == (1, 1)


def test_nobody_else_gets_the_key_row_or_makes_one(people: Any) -> None:
    owner = held(people)
    sealed(people, owner)
    for other in (people.other_worker, people.administrator, people.coordinator):
        with acting(other.viewer), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM vault_textkey")
            assert cursor.fetchone()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic(), acting(other.viewer):
            seal_text(owner=Owner("case", uuid.uuid4(), people.organisation.pk), place=HERE, text="x")
    with acting(people.case_worker.viewer):
        assert TextKey.objects.filter(pk=owner.id).update(key_number=9) == 0


def test_opening_many_texts_takes_two_queries(people: Any, django_assert_num_queries: Any) -> None:
    owner = held(people)
    values = [
        (Place("room_note", "sealed", n), sealed(people, owner, Place("room_note", "sealed", n)))
        for n in range(9)
    ]
    with acting(people.case_worker.viewer) as viewer, django_assert_num_queries(2):
        assert open_texts(actor=viewer, owner=owner, sealed=values) == [WORDS] * 9


def test_the_longest_note_in_the_widest_script_fits(people: Any) -> None:
    owner, text = held(people), "\U0001f6a2" * 20_000
    assert opened(people, owner, (HERE, sealed(people, owner, text=text))) == [text]


def test_texts_open_after_a_rotation(people: Any, settings: Any, tmp_path: Path) -> None:
    settings.PALERMO_KEYS_DIR = tmp_path / "keys"
    unlock.lock()
    owner = held(people)
    value = sealed(people, owner)
    done = rotate(actor=Viewer.operator())
    assert done.persons == 1
    with acting(Viewer.operator()):
        assert list(TextKey.objects.values_list("key_number", flat=True)) == [2]
        assert list(OrganisationKey.objects.values_list("number", "root_version")) == [(2, 2)]
    assert opened(people, owner, (HERE, value)) == [WORDS]


def test_what_a_migration_sealed_opens_afterwards(people: Any) -> None:
    from django.apps import apps

    fresh, known = held(people), held(people)
    sealed(people, known)
    with acting(people.case_worker.viewer):
        sealer = Sealer(apps, "default")
        values = {owner: sealer.seal(owner, HERE, WORDS) for owner in (fresh, known)}
        assert sealer.seal(fresh, HERE, "") == b""
    assert all(opened(people, owner, (HERE, value)) == [WORDS] for owner, value in values.items())
