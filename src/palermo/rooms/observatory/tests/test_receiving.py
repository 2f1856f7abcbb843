"""Records come in whole or not at all: retries, edits, files, and everything that is wrong with what devices send."""

from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import AnswerRow, Attachment, Submission, SubmissionRevision
from palermo.rooms.observatory.tests.conftest import device, filled, flattened, new_id, post

pytestmark = pytest.mark.django_db
PHOTO = "<place>a.jpg</place>"
WORDS = "Zarquella waited at the bridge"


def records(field: Any) -> list[Submission]:
    with acting(field.people.analyst.viewer):
        return list(Submission.objects.order_by("received_at"))


def files(field: Any, instance: str) -> dict[str, tuple[bool, bool, bytes]]:
    """The files of a revision: name -> (expected, present, content)."""
    with acting(Viewer.operator()) as viewer:
        revision = SubmissionRevision.objects.get(instance_id=instance)
        found = {}
        for row, name in keeping.names_of(viewer, owner_of(field.study), revision.attachments.all()):
            content = b""
            if row.present:
                content = b"".join(
                    actions.open_attachment(actor=viewer, study=field.study, attachment=row).pieces
                )
            found[name if name not in found else f"{name} #{row.number}"] = (
                row.expected,
                row.present,
                content,
            )
        return found


def stored(field: Any, instance: str) -> bytes:
    with acting(Viewer.operator()) as viewer:
        revision = SubmissionRevision.objects.get(instance_id=instance)
        return keeping.open_xml(viewer, owner_of(field.study), revision)


def test_what_came_is_kept_byte_for_byte_and_sealed(field: Any) -> None:
    key = new_id()
    xml = b'<?xml version="1.0" ?>\r\n' + filled(key, more=f"<remarks>{WORDS}</remarks>")
    answer = post(field.base, xml)
    assert (answer.status_code, answer["X-OpenRosa-Version"]) == (201, "1.0")
    assert b"OpenRosaResponse" in answer.content
    assert stored(field, key) == xml
    (one,) = records(field)
    flattened(one)
    with acting(Viewer.operator()), connection.cursor() as cursor:
        for table in ("submission", "submissionrevision", "answerrow", "attachment"):
            cursor.execute(f"SELECT t::text FROM observatory_{table} t")
            assert not any(WORDS in row for (row,) in cursor.fetchall()), table


def test_the_same_again_is_taken_and_nothing_is_doubled(field: Any) -> None:
    xml = filled()
    assert [post(field.base, xml).status_code for _n in range(3)] == [201, 202, 202]
    assert len(records(field)) == 1


def test_the_same_id_with_other_words_is_refused(field: Any) -> None:
    key = new_id()
    assert post(field.base, filled(key, age="30")).status_code == 201
    assert post(field.base, filled(key, age="31")).status_code == 409
    assert b">30<" in stored(field, key)


def test_files_may_come_in_several_parts(field: Any) -> None:
    key = new_id()
    xml = filled(key, more=PHOTO)
    assert post(field.base, xml).status_code == 201
    assert files(field, key) == {"a.jpg": (True, False, b"")}
    assert post(field.base, xml, {"a.jpg": b"picture"}).status_code == 202
    assert files(field, key) == {"a.jpg": (True, True, b"picture")}
    assert post(field.base, xml, {"a.jpg": b"picture"}).status_code == 202
    assert files(field, key) == {"a.jpg": (True, True, b"picture")}


def test_a_file_that_differs_is_kept_beside_the_first(field: Any) -> None:
    key = new_id()
    xml = filled(key, more=PHOTO)
    post(field.base, xml, {"a.jpg": b"picture", "unnamed.txt": b"log"})
    post(field.base, xml, {"a.jpg": b"another"})
    assert files(field, key) == {
        "a.jpg": (True, True, b"picture"), "unnamed.txt": (False, True, b"log"), "a.jpg #3": (False, True, b"another"),
    }  # fmt: skip


def test_a_hundred_files_at_once(field: Any) -> None:
    answer = post(field.base, filled(more=PHOTO), {f"{n}.jpg": b"x" for n in range(15)} | {"a.jpg": b"1"})
    assert answer.status_code == 201
    many = {f"{n}.jpg": b"x" for n in range(200)}
    assert post(field.base, filled(), many).status_code == 413


# ------------------------------------------------------------------------------------------------- edits


def test_edits_follow_one_another_and_keep_their_files(field: Any) -> None:
    a, b, c = new_id(), new_id(), new_id()
    assert post(field.base, filled(a, age="30", more=PHOTO), {"a.jpg": b"picture"}).status_code == 201
    assert post(field.base, filled(b, age="31", more=PHOTO, replaces=a)).status_code == 201
    assert post(field.base, filled(c, age="32", more=PHOTO, replaces=b)).status_code == 201
    (one,) = records(field)
    assert (one.root_id, one.current_instance) == (a, c)
    with acting(field.people.analyst.viewer):
        assert list(one.revisions.values_list("number", "instance_id", "deprecated_id")) == [
            (1, a, ""), (2, b, a), (3, c, b),
        ]  # fmt: skip
    for each in (a, b, c):
        assert files(field, each) == {"a.jpg": (True, True, b"picture")}
    assert b">30<" in stored(field, a), "what was said first stays readable"
    flattened(one)
    with acting(field.people.analyst.viewer):
        assert AnswerRow.objects.get(submission=one).values == {"age": 32}


def test_an_edit_of_an_old_wording_is_refused(field: Any) -> None:
    a, b = new_id(), new_id()
    post(field.base, filled(a))
    post(field.base, filled(b, replaces=a))
    answer = post(field.base, filled(replaces=a))
    assert answer.status_code == 409
    (one,) = records(field)
    assert one.current_instance == b
    # A repeat of what was taken is no stale edit: the device that lost the answer is told that all is well.
    with acting(Viewer.operator()):
        assert SubmissionRevision.objects.count() == 2


def test_a_retry_of_an_edit_is_taken_after_the_next_one(field: Any) -> None:
    a, b, c = new_id(), new_id(), new_id()
    edit = filled(b, replaces=a)
    statuses = [post(field.base, xml).status_code for xml in (filled(a), edit, filled(c, replaces=b), edit)]
    assert statuses == [201, 201, 201, 202]
    assert records(field)[0].current_instance == c


def test_an_edit_drops_a_file_that_it_names_no_more(field: Any) -> None:
    a, b = new_id(), new_id()
    post(field.base, filled(a, more=PHOTO), {"a.jpg": b"picture"})
    post(field.base, filled(b, more="<place>b.jpg</place>", replaces=a), {"b.jpg": b"other"})
    assert files(field, a) == {"a.jpg": (True, True, b"picture")}
    assert files(field, b) == {"b.jpg": (True, True, b"other")}


def test_an_edit_of_nothing_and_of_another_enumerators_record(field: Any) -> None:
    a = new_id()
    assert post(field.base, filled(replaces=new_id())).status_code == 404
    assert post(field.base, filled(a, replaces=a)).status_code == 400
    post(field.base, filled(a))
    other = device(field.people.analyst, field.study, "E-02", in_address=True)
    base = f"/o/key/{other.secret}/{field.study.code}"
    assert post(base, filled(replaces=a)).status_code == 403
    assert [one.current_instance for one in records(field)] == [a]


def test_an_edit_after_a_verdict_asks_for_another_one(field: Any) -> None:
    a = new_id()
    post(field.base, filled(a))
    (one,) = records(field)
    with acting(field.people.analyst.viewer) as viewer:
        actions.review(
            actor=viewer, submission=one, state="approved", reason="", expected_version=one.version
        )
    post(field.base, filled(replaces=a))
    (one,) = records(field)
    assert (one.state, one.flags) == ("flagged", ["edited_after_review"])


# --------------------------------------------------------------------------------------------- bad input

BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    b'<data id="pilot_legs" version="2026010101"><age>&c;</age><meta><instanceID>uuid:1</instanceID></meta></data>'
)
OUTSIDE = BOMB.partition(b"[")[0] + b'[<!ENTITY c SYSTEM "file:///etc/hostname">]>' + BOMB.partition(b"]>")[2]


@pytest.mark.parametrize(
    ("xml", "status"),
    [
        (b"", 400),
        (b"<data", 400),
        (b"not xml at all", 400),
        (BOMB, 400),
        (OUTSIDE, 400),
        (b"<data>" + b"<a>" * 200 + b"</a>" * 200 + b"</data>", 400),
        (b"<a>" * 100_000, 400),
        (filled().replace(b"<instanceID>", b"<other>").replace(b"</instanceID>", b"</other>"), 400),
        (filled("uuid:with space"), 400),
        (filled("uuid:" + "a" * 200), 400),
        (filled().replace(b' id="pilot_legs"', b""), 400),
        (filled().replace(b"<data ", b'<data encrypted="yes" '), 400),
        (filled(form="unknown"), 404),
        (filled(version="1"), 404),
        (filled().replace(b"<age>", b"<age>\xff\xfe"), 400),
        (filled(more="<remarks>" + "x" * 2_100_000 + "</remarks>"), 413),
    ],
    ids=[
        "empty", "cut", "no-xml", "entity-bomb", "outside-entity", "deep", "deep-and-cut", "no-id", "id-with-space",
        "long-id", "no-form", "encrypted-without-manifest", "unknown-form", "unknown-version", "not-utf8", "huge-xml",
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_a_reason(field: Any, xml: bytes, status: int) -> None:
    answer = post(field.base, xml)
    assert (answer.status_code, answer["X-OpenRosa-Version"]) == (status, "1.0")
    assert b"submit_error" in answer.content
    assert records(field) == []
    with acting(Viewer.operator()):
        assert Attachment.objects.count() == SubmissionRevision.objects.count() == 0


def test_the_wrong_kind_of_body(field: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"{field.base}/submission"
    assert client.post(url, filled(), content_type="text/xml").status_code == 400
    assert client.post(url, {"other": "x"}).status_code == 400
    assert client.post(url, b"no parts", content_type="multipart/form-data; boundary=x").status_code == 400
    assert client.post(url, b"no boundary", content_type="multipart/form-data").status_code == 400
    monkeypatch.setattr("palermo.rooms.observatory.views.multipart.MOST_BODY", 5000)
    assert post(field.base, filled(more=PHOTO), {"a.jpg": b"x" * 6000}).status_code == 413
    assert records(field) == []


def test_random_bytes_are_sealed_whole_or_refused_whole(field: Any) -> None:
    """What does not compress may not fit under one seal: it is refused, and nothing of it stays."""
    import random

    noise = "".join(
        random.Random(7).choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=900_000)
    )
    assert post(field.base, filled(more=f"<remarks>{noise}</remarks>")).status_code == 413
    assert records(field) == []
    key = new_id()
    xml = filled(key, more=f"<remarks>{noise[:300_000]}</remarks>")
    assert post(field.base, xml).status_code == 201
    assert stored(field, key) == xml


@pytest.mark.parametrize("when", ["1970-01-01T00:00:11.000+00:00", "2090-05-05T10:00:00.000Z", "yesterday"])
def test_a_clock_that_was_set_wrong_is_flagged_and_nothing_else(field: Any, when: str) -> None:
    assert post(field.base, filled(more=f"<start>{when}</start>")).status_code == 201
    (one,) = records(field)
    assert (one.state, one.flags) == ("flagged", ["clock"])


def test_names_in_other_namespaces_are_read(field: Any) -> None:
    key = new_id()
    xml = (
        '<h:data xmlns:h="http://openrosa.org/xforms" xmlns:orx="http://openrosa.org/xforms" id="pilot_legs" '
        f'version="2026010101"><age>40</age><orx:meta><orx:instanceID>{key}</orx:instanceID></orx:meta></h:data>'
    )
    assert post(field.base, xml.encode()).status_code == 201
    assert records(field)[0].root_id == key
