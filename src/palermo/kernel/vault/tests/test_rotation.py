"""Keys change and everything still opens; a rotation that was cut goes on where it stopped."""

import io
from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Refused
from palermo.kernel.files.actions import add_file, open_file
from palermo.kernel.vault import unlock
from palermo.kernel.vault.actions import register_person, reveal, rotate
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.keys import open_keyring
from palermo.kernel.vault.models import OrganisationKey, Person

NAMES = [Identity(family_name=f"Zzinvented{number}") for number in range(5)]


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    settings.PALERMO_KEYS_DIR = tmp_path / "keys"
    settings.PALERMO_HOME = tmp_path
    unlock.lock()
    return tmp_path / "keys"


@pytest.fixture
def made(people: Any, keys: Path) -> list[Person]:
    with acting(people.case_worker.viewer) as viewer:
        return [
            register_person(actor=viewer, organisation_id=people.organisation.pk, identity=identity)
            for identity in NAMES
        ]


def all_open(people: Any, made: list[Person]) -> bool:
    with acting(people.case_worker.viewer) as viewer:
        return [
            reveal(actor=viewer, person_id=person.pk, purpose="identify")["family_name"] for person in made
        ] == [identity.family_name for identity in NAMES]


def test_a_rotation_leaves_nothing_under_the_old_keys(people: Any, made: list[Person], keys: Path) -> None:
    before = open_keyring(keys)
    seen: list[tuple[int, int]] = []
    done = rotate(actor=Viewer.operator(), progress=lambda number, total: seen.append((number, total)))
    assert (done.root_version, done.organisations, done.persons, done.retired) == (2, 1, 5, (1,))
    assert seen == [(5, 5)]
    assert set(open_keyring(keys).roots) == {2}
    with acting(Viewer.operator()):
        assert set(OrganisationKey.objects.values_list("root_version", "number")) == {(2, 2)}
        assert set(Person.objects.values_list("key_number", flat=True)) == {2}
        old = {person.pk: bytes(person.wrapped_key) for person in made}
        assert all(bytes(person.wrapped_key) != old[person.pk] for person in Person.objects.all())
    assert all_open(people, made)
    assert unlock.keyring().instance == before.instance, "tokens and signatures stay valid"
    with acting(people.administrator.viewer):
        assert Entry.objects.filter(action="vault.keys.rotate").exists()


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_rotation_cut_at_any_step_is_resumed(
    people: Any, made: list[Person], monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    from palermo.kernel.vault.actions import rotation

    monkeypatch.setattr(rotation, "BATCH", 1)
    left = [steps]
    whole = rotation._move

    def killed(*given: Any) -> int:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return whole(*given)

    monkeypatch.setattr(rotation, "_move", killed)
    with pytest.raises(KeyboardInterrupt):
        rotate(actor=Viewer.operator())
    assert all_open(people, made), "both keys open meanwhile"
    monkeypatch.setattr(rotation, "_move", whole)
    done = rotate(actor=Viewer.operator())
    assert (done.root_version, done.persons, done.retired) == (2, 5 - steps, (1,))
    assert all_open(people, made)


def test_files_move_with_the_rotation(people: Any, made: list[Person]) -> None:
    with acting(people.case_worker.viewer) as viewer:
        file = add_file(
            actor=viewer,
            object_kind="person",
            object_id=made[0].pk,
            scope="identity",
            name="note.txt",
            content=io.BytesIO(b"some words"),
        )
    rotate(actor=Viewer.operator())
    with acting(people.case_worker.viewer) as viewer:
        assert b"".join(open_file(actor=viewer, file_id=file.pk).pieces) == b"some words"


def test_lost_keys_lock_the_vault_and_are_not_replaced(
    people: Any, made: list[Person], keys: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for path in keys.glob("*.key"):
        path.unlink()
    unlock.lock()
    with acting(people.case_worker.viewer) as viewer, pytest.raises(unlock.Locked) as caught:
        reveal(actor=viewer, person_id=made[0].pk, purpose="identify")
    assert list(keys.glob("*.key")) == []
    assert caught.value.status == 503
    assert "Restore" in caplog.text
    assert str(keys) not in caught.value.message


def test_only_the_operator_rotates(people: Any, keys: Path) -> None:
    with pytest.raises(Refused):
        rotate(actor=people.administrator.viewer)
