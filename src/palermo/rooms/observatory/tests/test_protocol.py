"""What field clients need of a server, call by call (OpenRosa 1.0 as ODK Collect speaks it)."""

import base64
import hashlib
import json
import re
import zlib
from collections import OrderedDict
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions import proofs, signing
from palermo.rooms.observatory.actions.demo import CSV, PILOT
from palermo.rooms.observatory.models import DeviceAccount
from palermo.rooms.observatory.tests.conftest import VERSION, device, filled, opened, post, published
from palermo.rooms.observatory.views import multipart

pytestmark = pytest.mark.django_db
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


def get(url: str, **more: Any) -> Any:
    return Client().get(url, **more)


def entries(answer: Any) -> list[dict[str, str]]:
    return [{str(e.tag).removeprefix(LIST): e.text or "" for e in one} for one in fromstring(answer.content)]


def md5(content: bytes) -> str:
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_the_form_list_says_what_clients_need(field: Any) -> None:
    answer = get(f"{field.base}/formList?deviceID=collect%3Aabc&unknown=1")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer["X-OpenRosa-Version"] == "1.0"
    assert fromstring(answer.content).tag == f"{LIST}xforms"
    (one,) = entries(answer)
    assert (one["formID"], one["name"], one["version"]) == (
        "pilot_legs",
        "Pilot: legs of the journey",
        VERSION,
    )
    form = get(one["downloadUrl"])
    assert form["X-OpenRosa-Version"] == "1.0"
    assert form.content == bytes(field.version.xml)
    assert one["hash"] == md5(form.content)
    assert "descriptionText" not in one
    assert "descriptionText" in entries(get(f"{field.base}/formList?verbose=true"))[0]


def test_the_manifest_names_files_by_their_hash(field: Any) -> None:
    (one,) = entries(get(f"{field.base}/formList"))
    answer = get(one["manifestUrl"])
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert fromstring(answer.content).tag == f"{MANIFEST}manifest"
    (file,) = fromstring(answer.content)
    said = {str(e.tag).removeprefix(MANIFEST): e.text or "" for e in file}
    content = get(said["downloadUrl"]).content
    assert (said["filename"], said["hash"], content) == ("sites.csv", md5(CSV.encode()), CSV.encode())
    with acting(field.people.analyst.viewer) as viewer:
        actions.add_media(actor=viewer, version=field.version, name="sites.csv", content=b"name,label\nx,X\n")
    again = get(one["manifestUrl"]).content
    assert md5(b"name,label\nx,X\n").encode() in again


def test_a_form_without_files_has_no_manifest(people: Any, unjudged: None) -> None:
    study = opened(people.analyst)
    source = PILOT.replace("select_one_from_file sites.csv", "text")
    published(people.analyst, study, source, media=False)
    issued = device(people.analyst, study, in_address=True)
    (one,) = entries(get(f"/o/key/{issued.secret}/{study.code}/formList"))
    assert "manifestUrl" not in one


def test_versions_are_offered_one_at_a_time_and_taken_longer(field: Any) -> None:
    newer = PILOT.replace(VERSION, "2026020101")
    version = published(field.people.analyst, field.study, newer, media=False)
    with acting(field.people.analyst.viewer):
        assert version.media.count() == 1, "the files of the version before go along"
    assert [one["version"] for one in entries(get(f"{field.base}/formList"))] == ["2026020101"]
    every = entries(get(f"{field.base}/formList?listAllVersions=true&formID=pilot_legs"))
    assert {one["version"] for one in every} == {VERSION, "2026020101"}
    assert entries(get(f"{field.base}/formList?formID=other")) == []
    assert post(field.base, filled()).status_code == 201, "a device that was away sends with the old version"
    old = type(version).objects.get
    with acting(field.people.analyst.viewer) as viewer:
        one = old(pk=field.version.pk)
        actions.set_state(actor=viewer, version=one, state="closed", expected_version=one.version)
    assert post(field.base, filled()).status_code == 409


def test_a_draft_is_shown_to_no_device(field: Any) -> None:
    with acting(field.people.analyst.viewer) as viewer:
        source = PILOT.replace(VERSION, "2026030101").encode()
        draft = actions.add_form(actor=viewer, study=field.study, source=source, kind="md")
    assert [one["version"] for one in entries(get(f"{field.base}/formList?listAllVersions=1"))] == [VERSION]
    assert get(f"{field.base}/forms/{draft.pk}.xml").status_code == 404
    assert post(field.base, filled(version="2026030101")).status_code == 404


def test_head_says_204_and_how_much(field: Any) -> None:
    answer = Client().head(f"{field.base}/submission")
    assert answer.status_code == 204
    assert answer.content == b""
    assert int(answer["X-OpenRosa-Accept-Content-Length"]) == multipart.MOST_BODY
    assert answer["Location"].endswith("/submission")
    assert get(f"{field.base}/submission").status_code == 405


# ---------------------------------------------------------------------------------------------- signing in


@pytest.fixture
def signed(people: Any, unjudged: None) -> Any:
    study = opened(people.analyst)
    published(people.analyst, study)
    return device(people.analyst, study)


def answered(challenge: str, issued: Any, method: str, uri: str, password: str = "") -> str:
    """What a client makes of a challenge, written from RFC 7616 and not from our own code."""

    def h(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    asked = dict(re.findall(r'(\w+)="([^"]*)"', challenge.partition(", Basic")[0]))
    first = h(f"{issued.device.username}:{asked['realm']}:{password or issued.secret}")
    response = h(f"{first}:{asked['nonce']}:00000001:0a4f113b:auth:{h(f'{method}:{uri}')}")
    return (
        f'Digest username="{issued.device.username}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
        f'algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b", response="{response}"'
    )


def asked(issued: Any, uri: str, **more: Any) -> str:
    answer = get(uri, **more)
    assert answer.status_code == 401
    assert answer["X-OpenRosa-Version"] == "1.0"
    return str(answer["WWW-Authenticate"])


def test_digest_opens_and_a_wrong_password_does_not(signed: Any) -> None:
    uri = f"/o/{signed.device.study.code}/formList?formID=pilot_legs"
    challenge = asked(signed, uri)
    assert 'qop="auth"' in challenge
    assert "Basic" not in challenge
    good = answered(challenge, signed, "GET", uri)
    assert get(uri, headers={"authorization": good}).status_code == 200
    wrong = answered(challenge, signed, "GET", uri, password="guessed")
    assert get(uri, headers={"authorization": wrong}).status_code == 401
    # A proof is of one method at one address.
    elsewhere = uri.partition("?")[0]
    assert get(elsewhere, headers={"authorization": good}).status_code == 401
    assert Client().head(f"/o/{signed.device.study.code}/submission").status_code == 401


def test_an_old_nonce_is_stale_and_a_made_up_one_is_nothing(
    signed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = f"/o/{signed.device.study.code}/formList"
    good = answered(asked(signed, uri), signed, "GET", uri)
    later = timezone.now() + timedelta(seconds=signing.NONCE_SECONDS + 5)
    monkeypatch.setattr(signing.time, "time", later.timestamp)
    answer = get(uri, headers={"authorization": good})
    assert (answer.status_code, "stale=true" in answer["WWW-Authenticate"]) == (401, True)
    made_up = answered('Digest realm="palermo", nonce="1900000000-abc"', signed, "GET", uri)
    answer = get(uri, headers={"authorization": made_up})
    assert (answer.status_code, "stale=true" in answer["WWW-Authenticate"]) == (401, False)


def test_basic_opens_over_tls_alone(signed: Any) -> None:
    uri = f"/o/{signed.device.study.code}/formList"
    proof = base64.b64encode(f"{signed.device.username}:{signed.secret}".encode()).decode()
    headers = {"authorization": f"Basic {proof}"}
    assert get(uri, headers=headers).status_code == 401
    assert get(uri, headers=headers, secure=True).status_code == 200
    assert "Basic realm" in asked(signed, uri, secure=True)
    wrong = base64.b64encode(f"{signed.device.username}:x".encode()).decode()
    assert get(uri, headers={"authorization": f"Basic {wrong}"}, secure=True).status_code == 401


def test_wrong_proofs_end_the_challenges_and_lock_nobody_out(
    signed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "_wrong", OrderedDict())
    uri = f"/o/{signed.device.study.code}/formList"
    challenge = asked(signed, uri)
    wrong = {"authorization": answered(challenge, signed, "GET", uri, password="guessed")}
    answers = [get(uri, headers=wrong) for _n in range(proofs.MOST_WRONG + 3)]
    assert {one.status_code for one in answers} == {401}
    assert [one.has_header("WWW-Authenticate") for one in answers] == [True] * proofs.MOST_WRONG + [False] * 3
    # The team under the same account and address goes on; so does whoever asks without a proof.
    good = answered(asked(signed, uri), signed, "GET", uri)
    assert get(uri, headers={"authorization": good}).status_code == 200
    assert get(uri, headers=wrong, REMOTE_ADDR="192.0.2.7").has_header("WWW-Authenticate")


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic %%%", "Digest", "Digest x", 'Digest username="a"', "Bearer abc"]
)
def test_no_header_breaks_the_server(signed: Any, header: str) -> None:
    answer = get(f"/o/{signed.device.study.code}/formList", headers={"authorization": header}, secure=True)
    assert answer.status_code == 401


def test_a_study_that_is_not_there_asks_like_one_that_is(signed: Any) -> None:
    there, nowhere = get(f"/o/{signed.device.study.code}/formList"), get("/o/nothing-here/formList")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)


def test_revoked_and_expired_accounts_open_nothing(field: Any) -> None:
    with acting(field.people.analyst.viewer) as viewer:
        one = DeviceAccount.objects.get(pk=field.issued.device.pk)
        one.change({"expires_at": timezone.now()}, expected_version=one.version)
    assert get(f"{field.base}/formList").status_code == 403
    with acting(field.people.analyst.viewer) as viewer:
        one.change({"expires_at": timezone.now() + timedelta(days=1)}, expected_version=one.version)
    assert get(f"{field.base}/formList").status_code == 200
    with acting(field.people.analyst.viewer) as viewer:
        actions.revoke_device(actor=viewer, device=one)
    assert get(f"{field.base}/formList").status_code == 403
    assert post(field.base, filled()).status_code == 403


def test_an_account_opens_its_own_study_alone(field: Any) -> None:
    other = opened(field.people.analyst, code="trial-2")
    assert get(f"/o/key/{field.issued.secret}/{other.code}/formList").status_code == 403


def test_no_key_reaches_the_log_or_the_database(field: Any, caplog: pytest.LogCaptureFixture) -> None:
    from django.db import connection

    with caplog.at_level("DEBUG"):
        get(f"{field.base}/forms/00000000-0000-0000-0000-000000000000.xml")
        get(f"/o/key/{'x' * 64}/trial-1/formList")
        post(field.base, b"<broken")
    assert field.issued.secret not in caplog.text
    assert "x" * 64 not in caplog.text
    with acting(field.people.analyst.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM observatory_deviceaccount d")
        kept = str(cursor.fetchall())
        assert field.issued.secret not in kept
        cursor.execute("SELECT a::text FROM audit_entry a WHERE action LIKE 'observatory.device%%'")
        trail = str(cursor.fetchall())
    assert field.issued.secret not in trail


def test_the_settings_code_holds_what_a_device_needs(signed: Any) -> None:
    text = actions.settings_text(signed, "https://palermo.example")
    told = json.loads(zlib.decompress(base64.b64decode(text)))
    assert set(told) == {"general", "admin", "project"}
    general = told["general"]
    assert general["server_url"] == f"https://palermo.example/o/{signed.device.study.code}"
    assert (general["username"], general["password"]) == (signed.device.username, signed.secret)
    assert (general["form_update_mode"], general["delete_send"]) == ("match_exactly", True)
    assert told["admin"]["change_server"] is False
    assert actions.drawn(text).startswith("data:image/svg+xml;base64,")
    assert len(signed.secret) >= 64


def test_a_body_in_pieces_is_read(field: Any) -> None:
    """Chunked transfer: no length is told, the web server marks the end. Django alone would read nothing."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\n\r\n'
        + filled()
    )
    body += b"\r\n--x--\r\n"
    from io import BytesIO

    request = RequestFactory().post("/", content_type="multipart/form-data; boundary=x")
    request.META |= {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": True,
        "wsgi.input": BytesIO(body),
    }
    request.META.pop("CONTENT_LENGTH", None)
    xml, files = multipart.read_parts(request)
    assert (xml.startswith(b"<data"), files) == (True, [])
