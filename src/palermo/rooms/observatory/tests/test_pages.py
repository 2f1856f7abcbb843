"""The pages and their JSON twin: from an empty room to a judged record."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions.demo import CSV, PILOT
from palermo.rooms.observatory.models import DeviceAccount, Form, Study, Submission
from palermo.rooms.observatory.tests.conftest import VALUES, filled, flattened, post
from palermo.rooms.observatory.tests.test_publishing import workbook

pytestmark = pytest.mark.django_db


def url(name: str, *arguments: Any) -> str:
    return reverse(f"observatory:{name}", args=arguments)


def test_from_nothing_to_a_device(people: Any, unjudged: None) -> None:
    client = signed_in_client(people.analyst)
    assert "There is no study yet" in client.get(url("list")).content.decode()
    assert client.post(url("new"), {**VALUES, "code": "No Good"}).status_code == 200
    answer = client.post(url("new"), VALUES)
    with acting(people.analyst.viewer):
        study = Study.objects.get()
    assert answer["Location"] == url("study", study.pk)
    empty = client.get(url("study", study.pk)).content.decode()
    for words in ("Nothing has come in yet", "No form yet", "No site yet", "No device yet"):
        assert words in empty
    assert client.post(url("add-site", study.pk), {"name": "North"}).status_code == 302
    answer = client.post(url("add-form", study.pk), {"file": SimpleUploadedFile("f.xlsx", b"PK nothing")})
    assert "cannot be read" in answer.content.decode()
    answer = client.post(url("add-form", study.pk), {"file": SimpleUploadedFile("f.xlsx", workbook(PILOT))})
    page = client.get(answer["Location"]).content.decode()
    assert "Age in years" in page
    assert url("publish", study.pk, answer["Location"].split("/")[-2]) not in page, "its file is missing"
    assert (
        client.post(answer["Location"], {"file": SimpleUploadedFile("sites.csv", CSV.encode())}).status_code
        == 302
    )
    with acting(people.analyst.viewer):
        version = Form.objects.get().versions.get()
    client.post(url("publish", study.pk, version.pk), {"version": version.version})
    assert "Published" in client.get(url("version", study.pk, version.pk)).content.decode()
    # The script that keeps typed work takes an answer without a form for a refusal, and would swallow the code.
    assert "data-guard" not in client.get(url("add-device", study.pk)).content.decode()
    answer = client.post(url("add-device", study.pk), {"label": "E-07", "days": 30})
    page = answer.content.decode()
    assert "data:image/svg+xml;base64," in page
    assert "shown once" in page
    with acting(people.analyst.viewer):
        one = DeviceAccount.objects.get()
    assert one.username in page
    assert one.username not in client.get(url("study", study.pk)).content.decode()
    assert client.post(url("revoke", study.pk, one.pk)).status_code == 302
    assert "Revoked" in client.get(url("study", study.pk)).content.decode()
    assert client.get(url("source", study.pk, version.pk)).content == workbook_bytes(people, version)


def workbook_bytes(people: Any, version: Any) -> bytes:
    with acting(people.analyst.viewer):
        return bytes(type(version).objects.get(pk=version.pk).source)


@pytest.fixture
def one(field: Any) -> Submission:
    legs = "<leg><mode>sea</mode><bought>transport papers</bought><fee>150</fee></leg>"
    post(field.base, filled("uuid:page-1", legs=legs, more="<place>a.jpg</place>"), {"a.jpg": b"picture"})
    with acting(field.people.analyst.viewer):
        found = Submission.objects.get()
    flattened(found)
    return found


def test_a_record_is_read_in_words_and_judged(field: Any, one: Submission) -> None:
    client = signed_in_client(field.people.analyst)
    key = (field.study.pk, one.pk)
    assert url("submission", *key) in client.get(url("submissions", field.study.pk)).content.decode()
    assert (
        "No record is like that"
        in client.get(url("submissions", field.study.pk) + "?state=approved").content.decode()
    )
    page = client.get(url("submission", *key)).content.decode()
    for words in ("By sea", "Transport, Documents", "Means of transport", ">150<", "a.jpg", "uuid:page-1"):
        assert words in page
    with acting(field.people.analyst.viewer) as viewer:
        version = Submission.objects.get().version
        ((file, _name),) = actions.read_submission(actor=viewer, submission=one_of(field)).files
    answer = client.get(url("attachment", *key, file.pk))
    assert (b"".join(answer.streaming_content), answer["Content-Disposition"][:10]) == (
        b"picture",
        "attachment",
    )
    form = {"version": version, "state": "rejected", "reason": ""}
    assert "Say why" in client.post(url("submission", *key), form).content.decode()
    assert client.post(url("submission", *key), {**form, "reason": "Not a real one."}).status_code == 302
    assert client.post(url("submission", *key), {**form, "state": "approved"}).status_code == 412, (
        "somebody was first"
    )
    assert "Not a real one." in client.get(url("submission", *key)).content.decode()
    client.cookies["django_language"] = "ar"
    assert "بحرا" in client.get(url("submission", *key)).content.decode()


def one_of(field: Any) -> Submission:
    return Submission.objects.select_related("study", "form_version").get()


def test_a_failed_record_is_shown_for_repair(field: Any) -> None:
    post(field.base, filled(age="thirty"))
    with acting(field.people.analyst.viewer):
        found = Submission.objects.get()
    flattened(found)
    client = signed_in_client(field.people.analyst)
    assert "could not be laid out" in client.get(url("study", field.study.pk)).content.decode()
    page = client.get(url("submission", field.study.pk, found.pk)).content.decode()
    assert "number /age" in page
    assert "thirty" not in page
    assert client.post(url("again", field.study.pk, found.pk)).status_code == 302


def test_a_withdrawn_record_says_so(field: Any, one: Submission) -> None:
    client = signed_in_client(field.people.analyst)
    with acting(field.people.analyst.viewer):
        version = Submission.objects.get().version
    address = url("withdraw", field.study.pk, one.pk)
    assert client.get(address).status_code == 200
    assert client.post(address, {"version": version, "reason": "Asked us to."}).status_code == 302
    page = client.get(url("submission", field.study.pk, one.pk)).content.decode()
    assert "The consent was withdrawn" in page
    assert "By sea" not in page


def test_the_json_twin(field: Any, one: Submission) -> None:
    client = signed_in_client(field.people.analyst)
    base = "/api/observatory/studies"
    assert [s["code"] for s in client.get(base).json()] == ["trial-1"]
    told = client.get(f"{base}/{field.study.pk}").json()
    assert (told["counts"]["received"], told["forms"][0]["versions"][0]["state"]) == (1, "published")
    listed = client.get(f"{base}/{field.study.pk}/records").json()
    assert (listed["total"], listed["records"][0]["root_id"]) == (1, "uuid:page-1")
    record = client.get(f"{base}/{field.study.pk}/records/{one.pk}").json()
    assert record["rows"][1] == {
        "repeat_path": "/leg", "ordinals": [1],
        "values": {"mode": "sea", "bought": ["transport", "papers"], "fee": 150.0},
    }  # fmt: skip
    verdict = json.dumps({"state": "approved", "version": record["version"]})
    answer = client.post(
        f"{base}/{field.study.pk}/records/{one.pk}/review", verdict, content_type="application/json"
    )
    assert answer.json()["state"] == "approved"
