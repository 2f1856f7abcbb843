"""A holder brings a file in over the web: sealed on the way, its columns named, every problem at once, then gone."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.kernel.jobs.models import Effect
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.actions.bringing import path_of_upload
from palermo.rooms.reconciliation.models import Delivery, Listed, Project, Source, Upload
from palermo.rooms.reconciliation.tests.conftest import declared

pytestmark = pytest.mark.django_db
FILE = (
    "Nr;Prénom;Nom;Date de naissance;Sexe;Remarks\n"
    "1;Zorvine;Quillam;1990-04-05;female;x\n2;Adanel;Brist;1985;male;\n2;Twice;Given;;;\n;;;;;only a remark\n"
)


@pytest.fixture
def source(people: Any, project: Project) -> Source:
    return declared(people, project, "Harbour", people.organisation)


def fresh(member: Any) -> Viewer:
    return replace(member.viewer, stepped_up=True)


def brought(people: Any, source: Source, text: str | bytes = FILE) -> Upload:
    raw = text.encode() if isinstance(text, str) else text
    with acting(fresh(people.supervisor)) as viewer:
        return actions.bring_file(actor=viewer, source=source, content=SimpleUploadedFile("names.csv", raw))


def named(people: Any, upload: Upload) -> None:
    with acting(fresh(people.supervisor)) as viewer:
        one, _progress = queries.upload(viewer, upload.source.project, upload.pk)
        header = actions.header_of(actor=viewer, upload=one)
        actions.name_columns(actor=viewer, upload=one, columns=actions.guessed(header))


def read(people: Any, upload: Upload, capture: Any) -> Upload:
    with capture(execute=True), acting(Viewer.operator()) as viewer:
        actions.read_file(viewer, Effect.objects.get(object_id=upload.pk))
    with acting(people.supervisor.viewer):
        return Upload.objects.get(pk=upload.pk)


def in_the_database(*words: str) -> list[str]:
    found = []
    with acting(Viewer.operator()), connection.cursor() as cursor:
        for table in ("upload", "listed", "version", "delivery"):
            cursor.execute(f"SELECT t::text FROM reconciliation_{table} t")
            found += [table for (text,) in cursor.fetchall() for word in words if word in text]
    return found


def test_the_columns_are_guessed_and_the_rows_come_in(
    people: Any, source: Source, django_capture_on_commit_callbacks: Any
) -> None:
    upload = brought(people, source)
    sealed = path_of_upload(upload.pk)
    assert b"Quillam" not in sealed.read_bytes()
    assert sealed.stat().st_mode & 0o077 == 0
    assert in_the_database("Quillam", "Prénom") == []
    with acting(fresh(people.supervisor)) as viewer:
        assert actions.guessed(actions.header_of(actor=viewer, upload=upload)) == {
            "record_id": "Nr", "given_name": "Prénom", "family_name": "Nom", "birth_date": "Date de naissance",
            "sex": "Sexe",
        }  # fmt: skip
    named(people, upload)
    done = read(people, upload, django_capture_on_commit_callbacks)
    assert (done.state, done.counts) == (
        "done", {"read": 4, "added": 2, "updated": 0, "unchanged": 0, "rejected": 2},
    )  # fmt: skip
    assert sorted((row, column) for row, column, _rule in done.problems) == [(4, "record_id"), (5, "")]
    assert not sealed.exists()
    assert (bytes(done.sealed_key), bytes(done.sealed_header)) == (b"", b"")
    with acting(Viewer.operator()):
        assert Listed.objects.filter(source=source).count() == 2
        assert Delivery.objects.get(source=source).by_id == people.supervisor.pk
    assert in_the_database("Quillam") == []
    again = brought(people, source)
    named(people, again)
    assert read(people, again, django_capture_on_commit_callbacks).counts["unchanged"] == 2


def test_a_broken_file_is_refused_with_everything_at_once(
    people: Any, source: Source, django_capture_on_commit_callbacks: Any
) -> None:
    upload = brought(people, source, "given_name,family_name\nAru,Bel,too many\nCor\nDa,Ef\n")
    named(people, upload)
    done = read(people, upload, django_capture_on_commit_callbacks)
    assert done.state == "refused"
    assert [row for row, _column, _rule in done.problems] == [2, 3]
    with acting(Viewer.operator()):
        assert not Listed.objects.filter(source=source).exists()


@pytest.mark.parametrize("raw", [b"", b"\n\n", "Nom;Pr\xe9nom\n".encode("latin-1"), b",".join([b"a"] * 300)])
def test_what_is_no_table_is_refused_at_the_door(people: Any, source: Source, raw: bytes) -> None:
    with pytest.raises(Invalid):
        brought(people, source, raw)
    with acting(people.supervisor.viewer):
        assert not Upload.objects.exists()


def test_the_columns_must_tell_a_person_and_be_there(people: Any, source: Source) -> None:
    upload = brought(people, source)
    with acting(fresh(people.supervisor)) as viewer:
        for wrong in (
            {"sex": "Sexe"},
            {"given_name": "Vorname"},
            {"given_name": "Nom", "family_name": "Nom"},
        ):
            with pytest.raises(Invalid):
                actions.name_columns(actor=viewer, upload=upload, columns=wrong)


def test_a_file_is_taken_back(people: Any, source: Source, django_capture_on_commit_callbacks: Any) -> None:
    upload = brought(people, source)
    with django_capture_on_commit_callbacks(execute=True), acting(fresh(people.supervisor)) as viewer:
        actions.drop_file(actor=viewer, upload=upload)
    assert not path_of_upload(upload.pk).exists()
    with acting(fresh(people.supervisor)) as viewer, pytest.raises(Conflict):
        actions.drop_file(actor=viewer, upload=Upload.objects.get(pk=upload.pk))


def test_only_the_holder_brings_and_only_who_brought_it_sees_it(
    people: Any, project: Project, source: Source
) -> None:
    upload = brought(people, source)
    for name in ("coordinator", "analyst", "administrator", "other_worker"):
        with acting(fresh(getattr(people, name))) as viewer:
            with pytest.raises((Refused, NotFound)):
                actions.bring_file(actor=viewer, source=source, content=SimpleUploadedFile("x", b"a,b\n"))
            assert not Upload.objects.exists()
            with pytest.raises(NotFound):
                queries.upload(viewer, project, upload.pk)
    with acting(people.case_worker.viewer):
        assert not Upload.objects.exists()


def test_the_pages_lead_from_the_file_to_its_columns(
    people: Any, project: Project, source: Source, client_for: Any
) -> None:
    client = client_for(people.supervisor)
    page = client.get(reverse("reconciliation:project", args=[project.pk])).content.decode()
    address = reverse("reconciliation:bring", args=[project.pk, source.pk])
    assert address in page
    answer = client.post(address, {"file": SimpleUploadedFile("l.csv", FILE.encode())}, follow=True)
    assert answer.status_code == 200
    told = answer.content.decode()
    assert "Which column is which" in told
    assert '<option value="Prénom" selected>' in told
    upload = answer.context["upload"]
    data = answer.context["form"].initial
    answer = client.post(reverse("reconciliation:upload", args=[project.pk, upload.pk]), data, follow=True)
    assert "upload-share" in answer.content.decode()
    assert "Brist" not in answer.content.decode()
    told = client_for(people.coordinator).get(reverse("reconciliation:project", args=[project.pk]))
    assert "/bring/" not in told.content.decode()
