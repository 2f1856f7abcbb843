"""The pages, from an empty room to an approved finding, and files out and in."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.fieldwork import refi
from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.rooms.fieldstudies.models import Code, Double, FieldStudy, Finding, Segment, Source
from palermo.rooms.fieldstudies.tests.conftest import SOURCE, TEXT

pytestmark = pytest.mark.django_db
STUDY = {
    "title": "Waiting", "code": "waiting-1", "country": "XPA", "starts": "2026-02-01", "ethics_reference": "Board 1",
    "questions": "Why do they wait?", "methods": ["interview"], "languages": "English",
}  # fmt: skip


def url(name: str, *arguments: Any) -> str:
    return reverse(f"fieldstudies:{name}", args=arguments)


def page(client: Any, name: str, *arguments: Any) -> str:
    answer = client.get(url(name, *arguments))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_nothing_to_an_approved_finding(people: Any) -> None:
    one, other = signed_in_client(people.analyst), signed_in_client(people.second_analyst)
    assert "There is no field study yet" in page(one, "list")
    assert one.post(url("new"), {**STUDY, "ends": "2025-01-01"}).status_code == 200
    assert one.post(url("new"), STUDY).status_code == 302
    with acting(people.analyst.viewer):
        study = FieldStudy.objects.get().pk
    for words in ("No source yet", "No finding yet", "No source was coded twice yet"):
        assert words in page(one, "study", study)
    assert "Nothing is coded yet" in page(one, "add-finding", study)
    assert one.post(url("add-source", study), {**SOURCE, "audio": "", "text": TEXT}).status_code == 302
    with acting(people.analyst.viewer):
        source = Source.objects.get().pk
    assert "Alicante" in page(one, "source", study, source)
    assert "Alicante" not in page(other, "source", study, source)
    step = {"version": 1, "words": "Ali", "mark": "NAME", "everywhere": "1"}
    assert one.post(url("redact", study, source), step).status_code == 302
    again = one.post(url("redact", study, source), {**step, "words": "waited"})
    assert again.status_code == 412, "somebody was first"
    assert one.post(url("approve", study, source), {"version": 2}).status_code == 403
    assert "[NAME] paid" in page(other, "source", study, source)
    assert other.post(url("approve", study, source), {"version": 2}).status_code == 302
    with acting(people.analyst.viewer):
        code = Code.objects.get(name="Fee of a leg").pk
    # Without a script: sentences by their numbers. With one: characters.
    assert one.post(url("give", study, source), {"units": ["1", "2"], "code": code}).status_code == 302
    assert one.post(url("give", study, source), {"start": "7", "end": "15", "code": code}).status_code == 302
    one.post(url("give", study, source), {"units": "77", "code": code})
    text = page(one, "source", study, source)
    assert "Choose at least one sentence" in text
    assert '<blockquote class="mb-1" dir="auto">paid 400</blockquote>' in text
    with acting(people.analyst.viewer):
        segment = Segment.objects.order_by("start").first()
    claim = {"claim": "A leg costs about 400.", "bearing": [str(segment.pk)], "indicators": ["F1"]}
    assert one.post(url("add-finding", study), {**claim, "bearing": []}).status_code == 200
    assert one.post(url("add-finding", study), claim).status_code == 302
    with acting(people.analyst.viewer):
        finding = Finding.objects.get().pk
    assert "Fee of a leg" in page(one, "finding", study, finding)
    assert one.post(url("approve-finding", study, finding), {"version": 1}).status_code == 403
    assert other.post(url("approve-finding", study, finding), {"version": 1}).status_code == 302
    assert "one type alone" in page(other, "finding", study, finding)


def test_a_source_is_coded_twice_on_the_pages(coded: Any) -> None:
    one, other = signed_in_client(coded.people.analyst), signed_in_client(coded.people.second_analyst)
    study = coded.study.pk
    seed = {"second": str(coded.people.second_analyst.pk), "seed": "4"}
    assert one.post(url("draw", study), seed).status_code == 302
    with acting(coded.people.analyst.viewer):
        double = Double.objects.get()
    assert "Nothing is coded yet" in page(other, "source", study, double.source_id)
    assert "I am done" not in page(one, "double", study, double.pk)
    assert "I am done" in page(other, "double", study, double.pk)
    assert other.post(url("close", study, double.pk), {"version": 1}).status_code == 302
    assert "only the first coder gave it" in page(one, "double", study, double.pk)
    assert "not reliable" in page(one, "study", study)


def test_files_go_out_and_come_back(coded: Any) -> None:
    client, study = signed_in_client(coded.people.analyst), coded.study.pk
    sent = client.get(url("project-file", study)).content
    project = refi.read_project(sent)
    assert [one.name for one in project.texts] == ["M-01", "M-02", "O-01"]
    assert b"Amara" not in b"".join(
        zipfile.ZipFile(io.BytesIO(sent)).read(name) for name in zipfile.ZipFile(io.BytesIO(sent)).namelist()
    )
    assert set(project.users.values()) == {"Coder 1"}
    text = project.texts[1]
    assert any(
        text.text[s.start : s.end] == "We waited three weeks for another boat." for s in text.selections
    )
    codes = refi.read_codebook(client.get(url("codebook-file", study, "qdc")).content)
    assert {one.guid for one in codes} == {one.guid for one in project.codes}
    header, *rows = client.get(url("codebook-file", study, "csv")).content.decode().splitlines()
    assert header.startswith("name,description,"), "the columns that Taguette documents"
    assert len(rows) >= len(codes)
    assert client.get(url("codebook-file", study, "exe")).status_code == 404
    # Coded elsewhere: one selection more, one text that nobody here redacted.
    more = refi.Selection("00000000-0000-0000-0000-0000000000a0", 0, 5, codes[0].guid, "", "", "from outside")
    stranger = refi.Text("00000000-0000-0000-0000-0000000000b0", "X", "Unknown words.")
    changed = refi.Project(
        "back", project.users, project.codes,
        (refi.Text(text.guid, text.name, text.text, (*text.selections, more)), stranger),
    )  # fmt: skip
    answer = take_in(client, study, "back.qdpx", refi.project(changed))
    assert "New codes: 0. New coded pieces: 1. Texts left out: 1." in answer
    assert "ZIP file" in take_in(client, study, "bad.qdpx", b"no archive")
    bomb = b'<!DOCTYPE a [<!ENTITY b "b">]><CodeBook xmlns="urn:QDA-XML:codebook:1.0">&b;</CodeBook>'
    assert "entities" in take_in(client, study, "bad.qdc", bomb)
    assert "New codes: 1." in take_in(client, study, "tags.csv", b"tag,description\nShame,What one hides\n")
    assert "needs a column" in take_in(client, study, "tags.csv", b"a,b\n1,2\n")


def take_in(client: Any, study: Any, name: str, content: bytes) -> str:
    answer = client.post(url("take-in", study), {"file": SimpleUploadedFile(name, content)}, follow=True)
    return str(answer.content.decode())
