"""Forty things that clients do, each as one row: what is sent, one after the other, and what is answered and kept.

The list of behaviours follows what field clients and the servers before us agree on; the words and data are our own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.actions import keeping
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import Submission, SubmissionRevision
from palermo.rooms.observatory.tests.conftest import VERSION, filled, post

pytestmark = pytest.mark.django_db
A, B, C, D = (f"uuid:00000000-0000-4000-8000-00000000000{n}" for n in range(1, 5))
PHOTO = "<place>a.jpg</place>"
LOUD = b"".join(bytes([65 + n % 26]) for n in range(50))


@dataclass(frozen=True)
class Case:
    """steps: what is sent, with the status that must come back; then how many records, wordings and files there are."""

    name: str
    steps: tuple[tuple[bytes, dict[str, bytes], int], ...]
    kept: tuple[int, int, tuple[str, ...]] = (0, 0, ())


def sent(xml: bytes, status: int, **files: bytes) -> tuple[bytes, dict[str, bytes], int]:
    return xml, {name.replace("_", "."): content for name, content in files.items()}, status


def meta(inside: str, root: str = "data", more: str = "") -> bytes:
    return f'<{root} id="pilot_legs" version="{VERSION}"{more}><age>30</age>{inside}</{root}>'.encode()


def orx(instance: str, prefix: str = "orx") -> str:
    return (
        f'<{prefix}:meta xmlns:{prefix}="http://openrosa.org/xforms"><{prefix}:instanceID>{instance}</{prefix}:instanceID>'
        f"</{prefix}:meta>"
    )


CASES = [
    # --- one record
    Case("a record alone", (sent(filled(A), 201),), (1, 1, ())),
    Case("a record with a file", (sent(filled(A, more=PHOTO), 201, a_jpg=b"1"),), (1, 1, ("a.jpg",))),
    Case("a file that the record names has not come", (sent(filled(A, more=PHOTO), 201),), (1, 1, ("a.jpg?",))),
    Case("a file that nothing names is kept", (sent(filled(A), 201, b_jpg=b"1"),), (1, 1, ("b.jpg",))),
    Case("an empty file is a file", (sent(filled(A, more=PHOTO), 201, a_jpg=b""),), (1, 1, ("a.jpg",))),
    Case("with a declaration and a line end", (sent(b'<?xml version="1.0"?>\n' + filled(A) + b"\n", 201),), (1, 1, ())),
    Case("with a byte order mark", (sent(b"\xef\xbb\xbf" + filled(A), 201),), (1, 1, ())),
    Case("in UTF-16, as it says", (sent(
        ('<?xml version="1.0" encoding="UTF-16"?>' + filled(A).decode()).encode("utf-16"), 201),), (1, 1, ())),
    Case("the meta of another namespace", (sent(meta(orx(A)), 201),), (1, 1, ())),
    Case("under another prefix", (sent(meta(orx(A, "n")), 201),), (1, 1, ())),
    Case("the root has a name of its own", (sent(meta(orx(A), root="pilot_legs"), 201),), (1, 1, ())),
    Case("an instanceID without uuid:", (sent(filled("record-17"), 201),), (1, 1, ())),
    Case("spaces around the instanceID", (sent(filled(f" {A} "), 201),), (1, 1, ())),
    Case("a question that the form does not know", (sent(filled(A, more="<surprise>x</surprise>"), 201),), (1, 1, ())),
    Case("an answer in Arabic", (sent(filled(A, more="<remarks>على الجسر</remarks>"), 201),), (1, 1, ())),
    Case("signs that XML escapes", (sent(filled(A, more="<remarks>&lt;b&gt; &amp; &#x1F6B6;</remarks>"), 201),),
         (1, 1, ())),
    Case("a CDATA section", (sent(filled(A, more="<remarks><![CDATA[<b>]]></remarks>"), 201),), (1, 1, ())),
    Case("an attribute that we do not know", (sent(meta(orx(A), more=' uiVersion="3"'), 201),), (1, 1, ())),
    Case("encrypted=no is a plain record", (sent(meta(orx(A), more=' encrypted="no"'), 201),), (1, 1, ())),
    # --- again
    Case("the same again", (sent(filled(A), 201), sent(filled(A), 202)), (1, 1, ())),
    Case("the same three times, the file with the last", (
        sent(filled(A, more=PHOTO), 201), sent(filled(A, more=PHOTO), 202),
        sent(filled(A, more=PHOTO), 202, a_jpg=b"1")), (1, 1, ("a.jpg",))),
    Case("files in three parts", (
        sent(filled(A), 201, a_jpg=b"1"), sent(filled(A), 202, b_jpg=b"2"), sent(filled(A), 202, c_jpg=b"3")),
         (1, 1, ("a.jpg", "b.jpg", "c.jpg"))),
    Case("the same file again", (sent(filled(A), 201, a_jpg=LOUD), sent(filled(A), 202, a_jpg=LOUD)),
         (1, 1, ("a.jpg",))),
    Case("another file of the same name", (sent(filled(A), 201, a_jpg=b"1"), sent(filled(A), 202, a_jpg=b"2")),
         (1, 1, ("a.jpg", "a.jpg"))),
    Case("the same id, another answer", (sent(filled(A), 201), sent(filled(A, age="31"), 409)), (1, 1, ())),
    Case("the same id, another answer, a file with it", (
        sent(filled(A), 201), sent(filled(A, age="31"), 409, a_jpg=b"1")), (1, 1, ())),
    Case("the same id, one space more", (sent(filled(A), 201), sent(filled(A) + b" ", 409)), (1, 1, ())),
    Case("the same answers under another id", (sent(filled(A), 201), sent(filled(B), 201)), (2, 2, ())),
    # --- edits
    Case("an edit", (sent(filled(A), 201), sent(filled(B, replaces=A), 201)), (1, 2, ())),
    Case("a chain of edits", (
        sent(filled(A), 201), sent(filled(B, replaces=A), 201), sent(filled(C, replaces=B), 201)), (1, 3, ())),
    Case("an edit of what was edited", (
        sent(filled(A), 201), sent(filled(B, replaces=A), 201), sent(filled(C, replaces=A), 409)), (1, 2, ())),
    Case("an edit of what is not here", (sent(filled(B, replaces=A), 404),)),
    Case("an edit of itself", (sent(filled(A), 201), sent(filled(A, age="31", replaces=A), 400)), (1, 1, ())),
    Case("an edit again", (
        sent(filled(A), 201), sent(filled(B, replaces=A), 201), sent(filled(B, replaces=A), 202)), (1, 2, ())),
    Case("the first wording again, after the edit", (
        sent(filled(A), 201), sent(filled(B, replaces=A), 201), sent(filled(A), 202)), (1, 2, ())),
    Case("an edit under an id that is taken", (
        sent(filled(A), 201), sent(filled(B), 201), sent(filled(B, replaces=A), 409)), (2, 2, ())),
    Case("an edit carries its file", (
        sent(filled(A, more=PHOTO), 201, a_jpg=b"1"), sent(filled(B, more=PHOTO, replaces=A), 201)),
         (1, 2, ("a.jpg", "a.jpg"))),
    Case("an edit drops its file", (
        sent(filled(A, more=PHOTO), 201, a_jpg=b"1"), sent(filled(B, replaces=A), 201)), (1, 2, ("a.jpg",))),
    Case("an edit brings another file", (
        sent(filled(A, more=PHOTO), 201, a_jpg=b"1"),
        sent(filled(B, more="<place>b.jpg</place>", replaces=A), 201, b_jpg=b"2")), (1, 2, ("a.jpg", "b.jpg"))),
    Case("a late file of the wording before", (
        sent(filled(A, more=PHOTO), 201), sent(filled(B, more=PHOTO, replaces=A), 201),
        sent(filled(A, more=PHOTO), 202, a_jpg=b"1")), (1, 2, ("a.jpg", "a.jpg?"))),
    # --- refused
    Case("nothing", (sent(b"", 400),)),
    Case("cut in the middle", (sent(filled(A)[:60], 400),)),
    Case("two roots", (sent(filled(A) + filled(B), 400),)),
    Case("a page of the web", (sent(b"<html><body>Login</body></html>", 400),)),
    Case("JSON", (sent(b'{"age": 30}', 400),)),
    Case("no instanceID", (sent(meta("<meta/>"), 400),)),
    Case("an empty instanceID", (sent(filled(" "), 400),)),
    Case("an instanceID with a path in it", (sent(filled("../../etc"), 400),)),
    Case("no form", (sent(filled(A).replace(b' id="pilot_legs"', b""), 400),)),
    Case("a form of another study", (sent(filled(A, form="elsewhere"), 404),)),
    Case("another form's version", (sent(filled(A, version="1999"), 404),)),
    Case("no version", (sent(filled(A).replace(f' version="{VERSION}"'.encode(), b""), 404),)),
    Case("a document type", (sent(b"<!DOCTYPE data>" + filled(A), 400),)),
    Case("encrypted where nothing is", (sent(meta(
        "<base64EncryptedKey>AA==</base64EncryptedKey><encryptedXmlFile>s.enc</encryptedXmlFile>" + orx(A),
        more=' encrypted="yes"'), 400),)),
    Case("encrypted without a manifest", (sent(meta(orx(A), more=' encrypted="yes"'), 400),)),
    Case("a refused record, then the right one", (
        sent(filled(A, version="1999"), 404), sent(filled(A), 201)), (1, 1, ())),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_what_clients_do(field: Any, case: Case) -> None:
    for place, (xml, files, status) in enumerate(case.steps, 1):
        answer = post(field.base, xml, files)
        assert answer.status_code == status, f"step {place}: {answer.content!r}"
        assert answer["X-OpenRosa-Version"] == "1.0"
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        assert (b"submit_success" in answer.content) == (status < 300)
        assert answer.has_header("Location") == (status < 300)
    with acting(Viewer.operator()) as viewer:
        revisions = list(SubmissionRevision.objects.all())
        names = [
            f"{name}{'' if row.present else '?'}"
            for one in revisions
            for row, name in keeping.names_of(viewer, owner_of(field.study), one.attachments.all())
        ]
        assert (Submission.objects.count(), len(revisions), tuple(sorted(names))) == case.kept


Ask = Callable[[Client, str], Any]
METHODS: list[tuple[str, Ask, int]] = [
    ("GET submission", lambda c, b: c.get(f"{b}/submission"), 405),
    ("PUT submission", lambda c, b: c.put(f"{b}/submission", b"x"), 405),
    ("DELETE submission", lambda c, b: c.delete(f"{b}/submission"), 405),
    ("POST formList", lambda c, b: c.post(f"{b}/formList"), 405),
    ("HEAD submission", lambda c, b: c.head(f"{b}/submission"), 204),
    ("HEAD formList", lambda c, b: c.head(f"{b}/formList"), 200),
    ("a form that is not there", lambda c, b: c.get(f"{b}/forms/00000000-0000-4000-8000-000000000000.xml"), 404),
    ("an unknown key", lambda c, b: c.get(f"/o/key/{'k' * 64}/trial-1/formList"), 403),
    ("no multipart", lambda c, b: c.post(f"{b}/submission", filled(A), content_type="text/xml"), 400),
    ("no part with the XML", lambda c, b: c.post(f"{b}/submission", {"other": "x"}), 400),
    ("the XML as a plain field", lambda c, b: c.post(
        f"{b}/submission", {"xml_submission_file": filled(A).decode()}), 201),
    ("*isIncomplete* beside it", lambda c, b: c.post(
        f"{b}/submission", {"xml_submission_file": filled(A).decode(), "*isIncomplete*": "yes"}), 201),
    ("a deviceID in the address", lambda c, b: c.post(
        f"{b}/submission?deviceID=collect%3Ax", {"xml_submission_file": filled(A).decode()}), 201),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "status"), [row[1:] for row in METHODS], ids=[row[0] for row in METHODS])
def test_how_each_address_is_asked(field: Any, ask: Ask, status: int) -> None:
    answer = ask(Client(), field.base)
    assert (answer.status_code, answer["X-OpenRosa-Version"]) == (status, "1.0")
