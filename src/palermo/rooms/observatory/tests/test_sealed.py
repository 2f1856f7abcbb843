"""Encrypted records: taken raw, opened with the study's key alone, each failure told and tried again."""

import base64
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from palermo.fieldwork.tests.encryptor import Envelope as Sealed
from palermo.fieldwork.tests.encryptor import encrypted
from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, Invalid
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions import keeping, keys
from palermo.rooms.observatory.actions.demo import CSV, PILOT
from palermo.rooms.observatory.models import (
    AnswerRow,
    Attachment,
    Envelope,
    FormVersion,
    StudyKey,
    Submission,
)
from palermo.rooms.observatory.tests.conftest import VERSION, device, filled, flattened, new_id, opened, post
from palermo.rooms.observatory.tests.test_receiving import PHOTO, WORDS, files, records

pytestmark = pytest.mark.django_db
PASSPHRASE = "correct horse battery staple"


@cache
def _pair() -> Any:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Keys of the tests lie in a folder of their own."""
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "observatory")


@pytest.fixture
def locked(people: Any, unjudged: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A study whose form demands encryption, its key's file, and a device."""
    from types import SimpleNamespace

    monkeypatch.setattr("palermo.rooms.observatory.actions.encrypting.validate", lambda xml: "a test")
    study = opened(people.analyst)
    with acting(people.analyst.viewer) as viewer:
        made = actions.make_key(actor=viewer, study=study, label="Vault", passphrase=PASSPHRASE)
        version = actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
        actions.add_media(actor=viewer, version=version, name="sites.csv", content=CSV.encode())
        version = actions.encrypt_draft(actor=viewer, version=version, key=made.key)
        version = actions.publish_form(actor=viewer, version=version, expected_version=version.version)
    issued = device(people.analyst, study, in_address=True)
    base = f"/o/key/{issued.secret}/{study.code}"
    return SimpleNamespace(
        people=people, study=study, version=version, key=made.key, pem=made.pem, base=base, issued=issued
    )


def sealed(locked: Any, xml: bytes, key: str, media: dict[str, bytes] | None = None, **more: Any) -> Sealed:
    values = {
        "public": locked.key.public,
        "form_id": "pilot_legs",
        "version": VERSION,
        "instance_id": key,
        **more,
    }
    return encrypted(xml, media or {}, **values)


def send(locked: Any, one: Sealed, without: tuple[str, ...] = ()) -> int:
    parts = {name: content for name, content in one.files.items() if name not in without}
    return int(post(locked.base, one.manifest, parts).status_code)


def run(locked: Any, **more: Any) -> Any:
    with acting(locked.people.analyst.viewer) as viewer:
        values = {"passphrase": PASSPHRASE, "pem": locked.pem, **more}
        return actions.open_records(actor=viewer, study=locked.study, **values)


def one_record(locked: Any) -> tuple[Submission, list[Envelope]]:
    (one,) = records(locked)
    with acting(locked.people.analyst.viewer):
        return one, list(one.envelopes.order_by("revision__number"))


def test_it_is_stored_raw_opened_with_the_key_and_laid_out(locked: Any) -> None:
    key = new_id()
    xml = filled(key, age="44", more=f"<remarks>{WORDS}</remarks>{PHOTO}")
    one = sealed(locked, xml, key, {"a.jpg": b"picture"})
    assert send(locked, one) == 201
    assert {name: there[1:] for name, there in files(locked, key).items()} == {
        name: (True, content) for name, content in one.files.items()
    }
    record, (envelope,) = one_record(locked)
    assert (record.flattening, bytes(envelope.sealed_xml)) == ("locked", b"")
    flattened(record)
    assert one_record(locked)[0].flattening == "locked", "without a key the worker leaves it closed"
    assert (run(locked).opened, send(locked, one)) == (1, 202)
    record, (envelope,) = one_record(locked)
    assert (record.flattening, envelope.signed, envelope.problem, record.flags) == ("done", True, "", [])
    with acting(Viewer.operator()) as viewer:
        assert AnswerRow.objects.get().values == {"age": 44}
        revision = record.revisions.get()
        assert keeping.open_answers(viewer, actions_owner(locked), revision) == xml
        assert keeping.open_xml(viewer, actions_owner(locked), revision) == one.manifest
    assert files(locked, key)["a.jpg"] == (True, True, b"picture")
    with acting(Viewer.operator()), connection.cursor() as cursor:
        for table in ("submission", "submissionrevision", "answerrow", "attachment", "envelope"):
            cursor.execute(f"SELECT t::text FROM observatory_{table} t")
            assert not any(WORDS in row for (row,) in cursor.fetchall()), table


def actions_owner(locked: Any) -> Any:
    from palermo.rooms.observatory.actions.opening import owner_of

    return owner_of(locked.study)


def test_plain_records_are_refused_where_encryption_is_demanded_and_the_other_way(
    locked: Any, field_of_another: Any
) -> None:
    answer = post(locked.base, filled())
    assert (answer.status_code, b"encrypted" in answer.content) == (400, True)
    key = new_id()
    one = sealed(locked, filled(key), key)
    answer = post(field_of_another, one.manifest, one.files)
    assert (answer.status_code, b"not encrypted" in answer.content) == (400, True)
    assert records(locked) == []


@pytest.fixture
def field_of_another(locked: Any) -> str:
    from palermo.rooms.observatory.tests.conftest import published

    study = opened(locked.people.analyst, code="trial-9")
    published(locked.people.analyst, study)
    issued = device(locked.people.analyst, study, "E-09", in_address=True)
    return f"/o/key/{issued.secret}/{study.code}"


def test_each_failure_is_told_per_record_and_tried_again(locked: Any) -> None:
    """Five records, four of them spoilt in four ways: one run opens the good one and tells each of the others."""
    media = {"a.jpg": b"A picture of the bridge, long enough.", "b.jpg": b"Another picture, long enough too."}
    spoilt = {}
    for kind in ("good", "key", "cut", "order", "altered", "missing"):
        key = new_id()
        more: dict[str, Any] = {"listed": ["b.jpg", "a.jpg"]} if kind == "order" else {}
        if kind == "key":
            more["public"] = keys.public_text(_pair())
        one = sealed(locked, filled(key, more=PHOTO), key, media, **more)
        if kind == "cut":
            one.files["b.jpg.enc"] = one.files["b.jpg.enc"][:21]
        if kind == "altered":
            content = one.files["submission.xml.enc"]
            one.files["submission.xml.enc"] = bytes([content[0] ^ 1]) + content[1:]
        assert send(locked, one, without=("a.jpg.enc",) if kind == "missing" else ()) == 201
        spoilt[key] = (kind, one)
    first = run(locked)
    assert (first.opened, first.failed, first.left) == (1, 5, 0)
    with acting(locked.people.analyst.viewer):
        told = {
            spoilt[one.revision.instance_id][0]: one.problem
            for one in Envelope.objects.select_related("revision")
        }
    assert told == {
        "good": "", "key": "key", "cut": "cut 2", "order": "order", "altered": "altered", "missing": "missing 1",
    }  # fmt: skip
    for kind, one in spoilt.values():
        if kind == "missing":
            assert send(locked, one) == 202, "the rest of the files comes"
    again = run(locked)
    assert (again.opened, again.failed) == (1, 4)
    with acting(locked.people.analyst.viewer):
        assert Submission.objects.filter(flattening="done").count() == 2
        assert Attachment.objects.filter(present=True).count() == 2 * 5 + 4 * 3, (
            "what came is all there still"
        )


def test_a_worker_with_the_key_opens_as_soon_as_all_is_there(locked: Any) -> None:
    private = keys.private_key(locked.pem, PASSPHRASE)
    keys.folder().mkdir(parents=True)
    clear = private.private_bytes(keys.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (keys.folder() / f"{locked.key.fingerprint}.pem").write_bytes(clear)
    key = new_id()
    one = sealed(locked, filled(key, more=PHOTO), key, {"a.jpg": b"picture"})
    assert send(locked, one, without=("a.jpg.enc",)) == 201
    record, _envelopes = one_record(locked)
    flattened(record)
    record, (envelope,) = one_record(locked)
    assert (record.flattening, envelope.problem) == ("locked", "missing 1")
    assert send(locked, one) == 202
    flattened(record)
    assert one_record(locked)[0].flattening == "done"


def test_edits_follow_one_another_as_plain_ones_do(locked: Any) -> None:
    a, b, c = new_id(), new_id(), new_id()
    first = sealed(locked, filled(a, age="30", more=PHOTO), a, {"a.jpg": b"picture"})
    # The edit keeps the picture, and the device sends it no more.
    second = sealed(locked, filled(b, age="31", more=PHOTO, replaces=a), b, replaces=a, seed=2)
    third = sealed(
        locked, filled(c, age="32", more=PHOTO, replaces=b), c, {"a.jpg": b"new"}, replaces=b, seed=3
    )
    stale = sealed(locked, filled(new_id(), replaces=a), new_id(), replaces=a, seed=4)
    assert [send(locked, one) for one in (first, second, second, third, stale)] == [201, 201, 202, 201, 409]
    assert run(locked).opened == 1
    record, envelopes = one_record(locked)
    assert (record.root_id, record.current_instance, record.flattening, record.flags) == (a, c, "done", [])
    assert [bool(one.sealed_xml) for one in envelopes] == [True, True, True]
    assert [files(locked, each)["a.jpg"][2] for each in (a, b, c)] == [b"picture", b"picture", b"new"]
    with acting(Viewer.operator()):
        assert AnswerRow.objects.get().values == {"age": 32}


def test_the_same_id_with_another_envelope_is_refused(locked: Any) -> None:
    key = new_id()
    assert send(locked, sealed(locked, filled(key), key)) == 201
    assert send(locked, sealed(locked, filled(key), key, seed=2)) == 409


def test_what_is_inside_must_be_what_stands_outside(locked: Any) -> None:
    key = new_id()
    assert send(locked, sealed(locked, filled(new_id()), key)) == 201
    assert run(locked).failed == 1
    assert one_record(locked)[1][0].problem == "other 0"
    key = new_id()
    assert send(locked, sealed(locked, b"<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>", key)) == 201
    run(locked)
    with acting(locked.people.analyst.viewer):
        assert Envelope.objects.get(revision__instance_id=key).problem == "unreadable 0"


def test_an_unsigned_record_opens_and_is_flagged(locked: Any) -> None:
    key = new_id()
    assert send(locked, sealed(locked, filled(key), key, signed=False)) == 201
    assert run(locked).opened == 1
    assert one_record(locked)[0].flags == ["unsigned"]


def test_an_answer_that_does_not_fit_keeps_the_record_open(locked: Any) -> None:
    key = new_id()
    assert send(locked, sealed(locked, filled(key, age="thirty"), key)) == 201
    assert run(locked).opened == 1
    record, (envelope,) = one_record(locked)
    assert (record.flattening, record.problem, bool(envelope.sealed_xml)) == ("failed", "number /age", True)


def test_the_private_key_is_nowhere_in_the_database_and_locked_on_the_disk(locked: Any) -> None:
    with acting(locked.people.analyst.viewer) as viewer:
        made = actions.make_key(
            actor=viewer, study=locked.study, label="Here", passphrase=PASSPHRASE, on_server=True
        )
    path = keys.folder() / f"{made.key.fingerprint}.pem"
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (made.pem, 0o600)
    assert b"ENCRYPTED PRIVATE KEY" in made.pem
    assert keys.workers_key(made.key.fingerprint) is None, "a locked file opens nothing by itself"
    inside = made.pem.splitlines()[3].decode()
    with acting(Viewer.operator()), connection.cursor() as cursor:
        for table in ("observatory_studykey", "audit_entry"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = str(cursor.fetchall())
            assert inside not in text
            assert PASSPHRASE not in text
    with pytest.raises(Invalid):
        run(locked, passphrase="another passphrase")
    with pytest.raises(Invalid):
        run(locked, pem=made.pem)


def test_the_kept_file_opens_with_its_passphrase(locked: Any) -> None:
    keys.folder().mkdir(parents=True)
    (keys.folder() / f"{locked.key.fingerprint}.pem").write_bytes(locked.pem)
    key = new_id()
    send(locked, sealed(locked, filled(key), key))
    assert run(locked, pem=b"", key=locked.key).opened == 1


def test_a_withdrawal_empties_the_envelope(locked: Any) -> None:
    key = new_id()
    send(locked, sealed(locked, filled(key), key))
    run(locked)
    record, _envelopes = one_record(locked)
    with acting(locked.people.analyst.viewer) as viewer:
        actions.withdraw(
            actor=viewer, submission=record, reason="Asked us to.", expected_version=record.version
        )
    assert bytes(one_record(locked)[1][0].sealed_xml) == b""


@pytest.mark.parametrize("cut", [b"base64EncryptedKey", b"encryptedXmlFile"])
def test_a_manifest_without_its_parts_is_refused(locked: Any, cut: bytes) -> None:
    key = new_id()
    text = sealed(locked, filled(key), key).manifest.replace(cut, b"other")
    answer = post(locked.base, text)
    assert (answer.status_code, cut in answer.content) == (400, True)
    path = sealed(locked, filled(key), key).manifest.replace(
        b">submission.xml.enc", b">../submission.xml.enc"
    )
    assert post(locked.base, path).status_code == 400


def test_a_form_may_bring_a_key_of_its_own(people: Any, unjudged: None) -> None:
    study = opened(people.analyst)
    public = keys.public_text(_pair())

    def source(key: str) -> bytes:
        return (
            PILOT.replace("form_title | version |", "form_title | version | public_key | submission_url |")
            .replace("| 2026010101 |", f"| 2026010101 | {key} | https://palermo.example/submission |")
            .encode()
        )

    with acting(people.analyst.viewer) as viewer:
        version = actions.add_form(actor=viewer, study=study, source=source(public), kind="md")
        assert (version.schema["encrypted"], version.schema["key"]) == (True, public)
        wrong = source(base64.b64encode(b"no key").decode()).replace(b"2026010101", b"2026010102")
        with pytest.raises(Invalid):
            actions.add_form(actor=viewer, study=study, source=wrong, kind="md")


def test_the_injected_key_is_what_validate_reads(people: Any) -> None:
    """The validator of the devices judges the form with the key in it."""
    from palermo.rooms.observatory.actions.converting import java, validate
    from palermo.rooms.observatory.actions.encrypting import with_key

    if not java():
        pytest.skip("there is no Java here")
    from pyxform.xls2xform import convert

    found = convert(xlsform=PILOT, file_type=".md", validate=False, warnings=[])
    assert validate(with_key(str(found.xform).encode(), keys.public_text(_pair()))) == "ODK Validate"


def test_a_version_that_demands_encryption_says_so_in_its_text(locked: Any) -> None:
    with acting(locked.people.analyst.viewer):
        version = FormVersion.objects.get()
        assert (version.schema["encrypted"], version.media.count()) == (True, 1)
        assert f'base64RsaPublicKey="{locked.key.public}"'.encode() in bytes(version.xml)


def test_the_pages_from_a_key_to_an_opened_record(locked: Any) -> None:
    client = signed_in_client(locked.people.analyst)

    def url(name: str, *more: Any) -> str:
        return reverse(f"observatory:{name}", args=[locked.study.pk, *more])

    assert "No record waits" in client.get(url("encryption")).content.decode()
    values = {"label": "Second", "passphrase": "short"}
    assert "At least 16 characters" in client.post(url("make-key"), values).content.decode()
    answer = client.post(url("make-key"), {**values, "passphrase": PASSPHRASE, "on_server": "on"})
    assert answer["Content-Disposition"].startswith('attachment; filename="palermo-trial-1-')
    assert answer.content.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with acting(locked.people.analyst.viewer) as viewer:
        source = PILOT.replace(VERSION, "2026020202").encode()
        draft = actions.add_form(actor=viewer, study=locked.study, source=source, kind="md")
        second = StudyKey.objects.get(label="Second")
    page = client.get(url("version", draft.pk)).content.decode()
    assert "it does not prove who wrote one" in page
    assert client.post(url("encrypt", draft.pk), {})["Location"] == url("encryption")
    answer = client.post(url("encrypt", draft.pk), {"key": second.pk})
    assert "private key alone" in client.get(answer["Location"]).content.decode()
    key = new_id()
    send(locked, sealed(locked, filled(key, age="44"), key))
    record, _envelopes = one_record(locked)
    page = client.get(url("submission", record.pk)).content.decode()
    assert "The newest wording is encrypted" in page
    assert "Waits for its key." in client.get(url("encryption")).content.decode()
    given = {"pem": SimpleUploadedFile("k.pem", locked.pem), "passphrase": "not this one, sorry"}
    assert "not the one that locks it" in client.post(url("open-records"), given).content.decode()
    given = {"pem": SimpleUploadedFile("k.pem", locked.pem), "passphrase": PASSPHRASE}
    assert client.post(url("open-records"), given)["Location"] == url("encryption")
    assert ">44<" in client.get(url("submission", record.pk)).content.decode()


def test_keys_are_the_analysts_alone(locked: Any) -> None:
    with acting(locked.people.supervisor.viewer) as viewer:
        with pytest.raises(DomainError):
            actions.make_key(actor=viewer, study=locked.study, label="Mine", passphrase=PASSPHRASE)
        with pytest.raises(DomainError):
            actions.open_records(actor=viewer, study=locked.study, passphrase=PASSPHRASE, pem=locked.pem)
