"""Files of a case: kept encrypted, opened with a grant and a trace, handed out as downloads only."""

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.files import places
from palermo.kernel.files.actions import add_file, erase_file, open_file
from palermo.kernel.files.models import File
from palermo.kernel.files.queries import files_of
from palermo.kernel.files.responses import as_download
from palermo.kernel.vault.actions.persons import transaction_start
from palermo.kernel.vault.crypto import Tampered

WORDS = "Zzinvented saw the van on Tuesday.\n" * 5000


@pytest.fixture
def case(people: Any, settings: Any, tmp_path: Path) -> uuid.UUID:
    settings.PALERMO_HOME = tmp_path
    case_id = uuid.uuid4()
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="case", object_id=case_id, grantee_kind="person",
            grantee_id=people.case_worker.pk, scopes=["case"], purpose="service", valid_from=transaction_start(),
        )  # fmt: skip
    return case_id


def add(people: Any, case: uuid.UUID, words: str = WORDS, name: str = "Zzinvented statement.txt") -> File:
    with acting(people.case_worker.viewer) as viewer:
        return add_file(
            actor=viewer, object_kind="case", object_id=case, scope="case", name=name,
            content=io.BytesIO(words.encode()),
        )  # fmt: skip


def read(people: Any, file: File) -> Any:
    with acting(people.case_worker.viewer) as viewer:
        found = open_file(actor=viewer, file_id=file.pk)
    return found.name, b"".join(found.pieces).decode()


def test_a_file_comes_back_and_lies_encrypted(people: Any, case: uuid.UUID) -> None:
    file = add(people, case)
    assert read(people, file) == ("Zzinvented statement.txt", WORDS)
    on_disk = places.path_of(file.pk).read_bytes()
    assert b"Zzinvented" not in on_disk
    assert oct(places.path_of(file.pk).stat().st_mode)[-3:] == "600"
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT f::text FROM files_file f")
        row = cursor.fetchone()[0]
        assert b"Zzinvented".hex() not in row
        assert "Zzinvented" not in row
        actions = set(Entry.objects.filter(object_id=case).values_list("action", flat=True))
        assert {"files.file.add", "files.file.open"} <= actions
        assert not any("Zzinvented" in str(entry.detail) for entry in Entry.objects.filter(object_id=case))


def test_a_stranger_gets_nothing_not_even_with_raw_sql(people: Any, case: uuid.UUID) -> None:
    file = add(people, case)
    for other in (people.other_worker, people.supervisor, people.administrator, people.stranger):
        with acting(other.viewer) as viewer:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM files_file")
                assert cursor.fetchone() == (0,)
            assert not files_of(viewer, case).exists()
            with pytest.raises(NotFound):
                open_file(actor=viewer, file_id=file.pk)
            with pytest.raises(NotFound):
                add_file(
                    actor=viewer, object_kind="case", object_id=case, scope="case", name="x.txt",
                    content=io.BytesIO(b"x"),
                )  # fmt: skip


def test_two_files_changed_over_on_the_disk_are_refused(people: Any, case: uuid.UUID) -> None:
    one, two = add(people, case), add(people, case, "other words")
    first, second = places.path_of(one.pk), places.path_of(two.pk)
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)
    for file in (one, two):
        with pytest.raises(Tampered):
            read(people, file)


def test_keys_and_files_changed_over_together_are_refused(people: Any, case: uuid.UUID) -> None:
    one, two = add(people, case), add(people, case, "other words")
    places.path_of(one.pk).write_bytes(places.path_of(two.pk).read_bytes())
    with acting(people.case_worker.viewer):
        File.objects.filter(pk=one.pk).update(wrapped_key=two.wrapped_key)
    with pytest.raises(Tampered):
        read(people, one)


@pytest.mark.parametrize("damage", ["cut", "flip", "remove"])
def test_a_damaged_file_gives_no_byte(people: Any, case: uuid.UUID, damage: str) -> None:
    file = add(people, case)
    path = places.path_of(file.pk)
    content = bytearray(path.read_bytes())
    if damage == "remove":
        path.unlink()
    else:
        content[-1] ^= 1
        path.write_bytes(content[:-100] if damage == "cut" else content)
    with pytest.raises(Tampered):
        read(people, file)


def test_a_name_does_not_leave_its_folder(people: Any, case: uuid.UUID, settings: Any) -> None:
    file = add(people, case, name="../../../outside.txt")
    assert read(people, file)[0] == "outside.txt"
    written = [path for path in Path(settings.PALERMO_HOME).rglob("*") if path.is_file()]
    assert written == [places.path_of(file.pk)]


def test_a_refused_file_leaves_nothing_behind(people: Any, case: uuid.UUID, settings: Any) -> None:
    for content, rule in (
        (b"", "files.empty"),
        (b"MZ\x00", "files.type"),
        (b"\xff\xd8\xff", "files.damaged"),
    ):
        with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
            add_file(
                actor=viewer,
                object_kind="case",
                object_id=case,
                scope="case",
                name="x",
                content=io.BytesIO(content),
            )
        assert caught.value.rule == rule
    assert not (Path(settings.PALERMO_HOME) / "files").exists()
    with acting(people.case_worker.viewer):
        assert not File.objects.exists()


def test_an_erased_file_is_gone(
    people: Any, case: uuid.UUID, django_capture_on_commit_callbacks: Any
) -> None:
    file = add(people, case)
    with django_capture_on_commit_callbacks(execute=True), acting(people.case_worker.viewer) as viewer:
        erase_file(actor=viewer, file_id=file.pk)
    assert not places.path_of(file.pk).exists()
    with pytest.raises(Conflict):
        read(people, file)


def test_a_download_is_never_shown_in_a_page(people: Any, case: uuid.UUID) -> None:
    file = add(people, case, name='Zz "شهادة"; x.txt')
    with acting(people.case_worker.viewer) as viewer:
        response = as_download(open_file(actor=viewer, file_id=file.pk))
    assert b"".join(response.streaming_content).decode() == WORDS
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
