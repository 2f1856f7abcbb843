"""Files of a case: taken in, opened with a trace, removed and put back; each for those who hold its scope."""

import errno
import io
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, StepUpNeeded
from palermo.kernel.files import places
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Attachment, Case
from palermo.rooms.identification.actions import this_transaction

WORDS = "Letter of the doctor, May"


def kept(viewer: Any, case: Case, **more: Any) -> Attachment:
    given = {"kind": "medical", "description": WORDS, "name": "letter.txt", "shows_identity": False}
    content = io.BytesIO(b"The doctor writes.")
    return actions.add_case_file(actor=viewer, case=case, content=content, **(given | more))


def shared(people: Any, case: Case, *scopes: str) -> None:
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="case", object_id=case.pk, grantee_kind="person",
            grantee_id=people.other_worker.pk, scopes=scopes, purpose="test", valid_from=this_transaction(),
        )  # fmt: skip


def upload(**more: Any) -> dict[str, Any]:
    given = {
        "file": SimpleUploadedFile("letter.txt", b"The doctor writes."),
        "kind": "medical",
        "description": WORDS,
    }
    return given | more


def test_a_file_is_kept_listed_and_opened_with_a_trace(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case)
        (row,) = queries.case_files(viewer, case)
        assert (row.description, row.type, row.size, row.shows_identity) == (WORDS, "TXT", 18, False)
        opened = actions.open_case_file(actor=viewer, case=case, file_id=made.pk)
        assert b"".join(opened.pieces) == b"The doctor writes."
        done = set(Entry.objects.filter(object_id=case.pk).values_list("action", flat=True))
    assert {"files.file.add", "files.file.open"} <= done


def test_neither_name_nor_description_is_in_clear_text(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case)
        actions.remove_case_file(actor=viewer, case=case, file_id=made.pk, reason="It is the wrong letter.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(a) || to_jsonb(f) FROM cases_attachment a, files_file f")
            stored = str(cursor.fetchall())
            cursor.execute("SELECT sealed_description || sealed_removal_reason FROM cases_attachment")
            raw = bytes(cursor.fetchone()[0])
        entries = str([vars(entry) for entry in Entry.objects.filter(object_id=case.pk)])
    for word in ("letter", "doctor", "wrong"):
        assert word not in stored.lower() + entries
        assert word.encode() not in raw.lower()


def test_a_description_pasted_into_another_row_is_refused_with_an_alarm(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        one, other = kept(viewer, case), kept(viewer, case, description="Another letter")
        Attachment.objects.filter(pk=other.pk).update(sealed_description=bytes(one.sealed_description))
        shown = {row.id: row.description for row in queries.case_files(viewer, case)}
        assert shown[one.pk] == WORDS
        assert "not shown" in shown[other.pk]
        assert Entry.objects.filter(object_id=case.pk, action="vault.text.tampered", result="alarm").exists()


def test_what_shows_the_identity_is_for_those_who_hold_it(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        plain = kept(viewer, case)
        passport = kept(viewer, case, kind="identity_document")
        assert passport.scope == "identity", "whatever was ticked"
    shared(people, case, "case", "notes")
    with acting(people.other_worker.viewer) as viewer:
        assert [row.id for row in queries.case_files(viewer, case)] == [plain.pk]
        for act in (
            lambda: actions.open_case_file(actor=viewer, case=case, file_id=passport.pk),
            lambda: actions.remove_case_file(actor=viewer, case=case, file_id=passport.pk, reason="no"),
            lambda: actions.remove_case_file(actor=viewer, case=case, file_id=passport.pk, reason="not mine"),
        ):
            with pytest.raises((NotFound, Invalid)):
                act()
        with pytest.raises(Invalid) as caught:
            kept(viewer, case, shows_identity=True)
        assert [p.field for p in caught.value.problems] == ["shows_identity"]


def test_what_shows_the_identity_asks_for_a_fresh_sign_in(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case, shows_identity=True)
    tired = Viewer(
        "person", viewer.user_id, viewer.roles, viewer.organisation_ids, viewer.unit_ids, viewer.session_ref
    )
    with acting(tired), pytest.raises(StepUpNeeded):
        actions.open_case_file(actor=tired, case=case, file_id=made.pk)


def test_a_share_of_the_case_alone_shows_no_file(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case)
    shared(people, case, "case")
    with acting(people.other_worker.viewer) as viewer:
        assert queries.case_files(viewer, case) == []
        with pytest.raises(NotFound):
            kept(viewer, case)
        with pytest.raises(NotFound):
            actions.open_case_file(actor=viewer, case=case, file_id=made.pk)


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "administrator", "prosecutor"])
def test_strangers_get_nothing(people: Any, case: Case, who: str) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case)
    with acting(getattr(people, who).viewer) as viewer:
        assert not Attachment.objects.exists()
        for act in (
            lambda: queries.case_files(viewer, case),
            lambda: kept(viewer, case),
            lambda: actions.open_case_file(actor=viewer, case=case, file_id=made.pk),
            lambda: actions.remove_case_file(actor=viewer, case=case, file_id=made.pk, reason="Not needed."),
            lambda: actions.restore_case_file(actor=viewer, case=case, file_id=made.pk),
        ):
            with pytest.raises(NotFound):
                act()


def test_removed_and_put_back(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case)
        with pytest.raises(Conflict):
            actions.restore_case_file(actor=viewer, case=case, file_id=made.pk)
        actions.remove_case_file(actor=viewer, case=case, file_id=made.pk, reason="Belongs elsewhere.")
        (row,) = queries.case_files(viewer, case)
        assert row.removed_at
        assert row.removal_reason == "Belongs elsewhere."
        for act in (actions.open_case_file, actions.remove_case_file):
            more = {"reason": "Once more."} if act is actions.remove_case_file else {}
            with pytest.raises(Conflict):
                act(actor=viewer, case=case, file_id=made.pk, **more)
        actions.restore_case_file(actor=viewer, case=case, file_id=made.pk)
        assert queries.case_files(viewer, case)[0].removed_at is None
        assert b"".join(actions.open_case_file(actor=viewer, case=case, file_id=made.pk).pieces)
        done = list(Entry.objects.filter(object_id=case.pk).values_list("action", flat=True))
    assert "cases.file.remove" in done
    assert "cases.file.restore" in done


def test_a_file_of_another_case_is_not_reached_through_this_one(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = kept(viewer, case)
        other = actions.open_case(actor=viewer, reason="Another person came.", crime="som")
        with pytest.raises(NotFound):
            actions.open_case_file(actor=viewer, case=other, file_id=made.pk)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "gossip"}, "kind"),
        ({"description": " x"}, "description"),
        ({"description": "x" * 301}, "description"),
    ],
)
def test_it_names_the_field(people: Any, case: Case, more: dict[str, str], field: str) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
        kept(viewer, case, **more)
    assert [p.field for p in caught.value.problems] == [field]


def test_the_page_takes_lists_gives_and_puts_back(people: Any, client_for: Any, case: Case) -> None:
    client, url = client_for(people.case_worker), reverse("cases:files", args=[case.pk])
    assert "No file yet" in client.get(url).content.decode()
    page = client.post(url, upload(), follow=True).content.decode()
    assert WORDS in page
    assert "20 MB" in page
    assert "letter.txt" not in page
    with acting(people.case_worker.viewer):
        made = Attachment.objects.get(case=case)
    answer = client.get(reverse("cases:file", args=[case.pk, made.pk]))
    assert b"".join(answer.streaming_content) == b"The doctor writes."
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    client.post(reverse("cases:file-remove", args=[case.pk, made.pk]), {"reason": "Twice in the file."})
    assert "Put back" in client.get(url).content.decode()
    client.post(reverse("cases:file-restore", args=[case.pk, made.pk]))
    assert "Put back" not in client.get(url).content.decode()
    trail = client.get(reverse("cases:trail", args=[case.pk])).content.decode()
    for words in ("added a file", "opened a file", "removed a file", "put a file back"):
        assert words in trail


def test_a_wrong_type_is_said_beside_the_field_and_what_was_typed_stays(
    people: Any, client_for: Any, case: Case
) -> None:
    client, url = client_for(people.case_worker), reverse("cases:files", args=[case.pk])
    answer = client.post(url, upload(file=SimpleUploadedFile("x.pdf", b"\x7fELF\x00\x01")))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Only JPEG, PNG, PDF and plain text" in page
    assert WORDS in page


def test_a_full_disk_is_said_in_words_and_leaves_nothing(
    people: Any, client_for: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(places, "write", full)
    client = client_for(people.case_worker)
    client.raise_request_exception = False
    for url in (reverse("cases:files", args=[case.pk]), f"/api/cases/cases/{case.pk}/files"):
        answer = client.post(url, upload())
        assert answer.status_code == 507, url
    page = client.post(reverse("cases:files", args=[case.pk]), upload()).content.decode()
    assert "disk of the server is full" in page
    with acting(people.case_worker.viewer):
        assert not Attachment.objects.exists()


def test_the_twin_does_the_same(people: Any, client_for: Any, case: Case) -> None:
    client, url = client_for(people.case_worker), f"/api/cases/cases/{case.pk}/files"
    made = client.post(url, upload(shows_identity="false")).json()["id"]
    (row,) = client.get(url).json()
    assert (row["id"], row["description"], row["shows_identity"]) == (made, WORDS, False)
    assert b"".join(client.get(f"{url}/{made}").streaming_content) == b"The doctor writes."
    assert client.post(f"{url}/{made}/remove", {"reason": "Twice."}, content_type="application/json").json()
    assert client.get(f"{url}/{made}").status_code == 409
    assert client.post(f"{url}/{made}/restore").status_code == 200
    assert client.get(f"{url}/{uuid4()}").status_code == 404
    wrong = client.post(url, upload(kind="gossip"))
    assert (wrong.status_code, wrong.json()["problems"][0]["field"]) == (422, "kind")


def test_many_files_take_no_more_queries(
    people: Any, client_for: Any, case: Case, django_assert_max_num_queries: Any
) -> None:
    client, url = client_for(people.case_worker), reverse("cases:files", args=[case.pk])
    with acting(people.case_worker.viewer) as viewer:
        for number in range(12):
            kept(viewer, case, description=f"Letter {number}")
    client.get(url)
    with django_assert_max_num_queries(25):
        client.get(url)
