"""A record written in the browser, section by section: what is kept, who is told, what nobody may."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.judgments.sections import SECTIONS
from palermo.kernel.access.context import acting
from palermo.rooms.caselaw.models import Case
from palermo.rooms.caselaw.tests.conftest import told

pytestmark = pytest.mark.django_db


def begun(client: Any) -> Case:
    given = {
        "title": "State v. D1",
        "language": "en",
        "country": "FRA",
        "facts": "Work without pay.",
        "seen": "-",
    }
    answer = client.post(reverse("caselaw:begin"), given)
    assert answer.status_code == 302, re.findall(r"<li>.*?</li>", answer.content.decode().split("<main")[1])
    return answer.url.strip("/").split("/")[-1]


def form_of(page: bytes) -> dict[str, str]:
    """Every field of the last form on a page with what stands in it, as a browser would send it."""
    text = page.decode().split("<main")[1]
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "radio", "search") or " checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, re.S):
        found[name] = body.strip()
    return found


def save(client: Any, address: str, **values: Any) -> Any:
    return client.post(address, form_of(client.get(address).content) | values)


def read(people: Any, key: str) -> Case:
    with acting(people.editor.viewer):
        return Case.objects.get(pk=key)


def row(key: str, section: str, n: int = 0) -> str:
    return reverse("caselaw:row", args=[key, section, n])


def test_every_section_opens_and_is_saved_as_it_stands(people: Any, client_for: Any) -> None:
    writer = client_for(people.editor)
    key = begun(writer)
    for code, part in SECTIONS.items():
        address = reverse("caselaw:section", args=[key, code])
        assert writer.get(address).status_code == 200
        if part.fields:
            before = read(people, key).record
            assert save(writer, address).status_code == 302, code
            assert read(people, key).record == before
        if part.rows:
            assert writer.get(row(key, code)).status_code == 200


def test_a_whole_record_is_written_and_coded(people: Any, client_for: Any) -> None:
    writer = client_for(people.editor)
    key = begun(writer)
    identification = reverse("caselaw:section", args=[key, "identification"])
    assert (
        save(
            writer, identification, court="Court of Exampleton", decided="2024-05-06", citations="A 1\nB 2"
        ).status_code
        == 302
    )
    party = {"side": "defendant", "entity": "natural_person", "label": "A.B."}
    stated = {
        "age": "31",
        "age__state": "stated",
        "child": "no",
        "child__state": "stated",
        "sex__state": "not_stated",
    }
    assert save(writer, row(key, "parties"), **party, **stated).status_code == 302
    assert (
        save(
            writer, row(key, "parties"), side="victim", entity="group", count_min="3", count_max="5"
        ).status_code
        == 302
    )
    assert save(writer, row(key, "proceedings"), court="First Court", level="first").status_code == 302
    assert save(writer, row(key, "charges"), offence="Trafficking", verdict="convicted").status_code == 302
    assert (
        save(writer, row(key, "verdict"), charge="1", kind="custody", amount="36", unit="months").status_code
        == 302
    )
    assert (
        save(writer, row(key, "elements"), concept="act:recruitment", standing="found_proved").status_code
        == 302
    )
    assert (
        save(writer, row(key, "smuggling"), concept="som_act:documents", standing="alleged").status_code
        == 302
    )
    record = read(people, key).record
    assert record["citations"] == ["A 1", "B 2"]
    assert [one["key"] for one in record["parties"]] == ["D1", "V1"]
    assert record["parties"][0]["age"] == {"state": "stated", "value": 31, "as_stated": ""}
    assert record["parties"][0]["child"]["value"] is False
    assert record["parties"][0]["sex"]["state"] == "not_stated"
    assert record["charges"][0]["defendant"] == record["sentences"][0]["defendant"] == "D1"
    coding = record["codings"][0]
    assert (coding["kind"], coding["concept"], coding["standing"]) == ("act", "recruitment", "found_proved")
    assert coding["coder"].startswith("coder-")
    assert coding["date"]
    assert coding["vocabulary"]
    assert "act:recruitment" in read(people, key).codes
    page = writer.get(reverse("caselaw:draft", args=[key])).content.decode()
    assert "36 months" in page
    assert "3–5" in page
    # A row that is opened and saved stays what it was, and only its own section lists it.
    assert save(writer, row(key, "parties", 1)).status_code == 302
    assert read(people, key).record["parties"] == record["parties"]
    assert writer.get(row(key, "smuggling", 1)).status_code == 404
    assert writer.get(row(key, "smuggling", 2)).status_code == 200


def test_a_value_only_where_it_is_stated(people: Any, client_for: Any) -> None:
    writer = client_for(people.editor)
    key = begun(writer)
    for given in ({"age": "31"}, {"age__state": "stated"}, {"age": "31", "age__state": "not_stated"}):
        assert save(writer, row(key, "parties"), side="victim", **given).status_code == 200
    assert save(writer, row(key, "parties"), side="victim", count_min="3", count_max="2").status_code == 200
    assert read(people, key).record["parties"] == []


def test_who_saves_later_is_told_and_another_section_is_not_in_the_way(people: Any, client_for: Any) -> None:
    one, two = client_for(people.editor), client_for(people.coordinator)
    key = begun(one)
    facts, names = (reverse("caselaw:section", args=[key, code]) for code in ("facts", "identification"))
    mine, theirs = form_of(one.get(facts).content), form_of(two.get(facts).content)
    other = form_of(two.get(names).content)
    assert one.post(facts, mine | {"facts": "Mine."}).status_code == 302
    late = two.post(facts, theirs | {"facts": "Theirs."})
    assert late.status_code == 412
    assert b"Mine." in late.content
    assert b"Theirs." in late.content
    assert two.post(names, other | {"court": "Second Court"}).status_code == 302
    found = read(people, key)
    assert (found.record["facts"], found.record["court"]) == ("Mine.", "Second Court")
    assert len(found.prepared) == 2


def test_what_is_referred_to_is_not_taken_out(people: Any, client_for: Any) -> None:
    writer = client_for(people.editor)
    key = begun(writer)
    assert save(writer, row(key, "parties"), side="defendant").status_code == 302
    for court in ("First", "Second"):
        assert save(writer, row(key, "proceedings"), court=court).status_code == 302
    assert save(writer, row(key, "charges"), offence="Trafficking", stage="2").status_code == 302
    assert save(writer, row(key, "proceedings", 2), remove="1").status_code == 200
    assert save(writer, row(key, "parties", 1), remove="1").status_code == 200
    assert save(writer, row(key, "proceedings", 1), remove="1").status_code == 302
    record = read(people, key).record
    assert [one["court"] for one in record["stages"]] == ["Second"]
    assert record["charges"][0]["stage"] == 1


def test_only_a_draft_is_written_and_only_by_editors(people: Any, client_for: Any) -> None:
    writer = client_for(people.editor)
    key = begun(writer)
    facts = reverse("caselaw:section", args=[key, "facts"])
    opened = form_of(writer.get(facts).content)
    for stranger in (client_for(people.case_worker), client_for(people.analyst), Client()):
        assert stranger.post(facts, opened | {"facts": "Not yours."}).status_code in (302, 404)
    version = read(people, key).version
    assert (
        writer.post(reverse("caselaw:step", args=[key]), {"step": "submit", "version": version}).status_code
        == 302
    )
    assert writer.post(facts, opened | {"facts": "Too late."}).status_code == 409
    assert read(people, key).record["facts"] == "Work without pay."


def test_the_id_tells_nothing_and_what_is_missing_leads_to_its_section(people: Any, client_for: Any) -> None:
    writer = client_for(people.editor)
    key = begun(writer)
    case = read(people, key)
    assert re.fullmatch(r"fra-[0-9a-f]{10}", case.palermo_id)
    page = writer.get(reverse("caselaw:draft", args=[key])).content.decode()
    for code in ("identification", "parties", "sources"):
        assert reverse("caselaw:section", args=[key, code]) in page
    assert told()["title"] not in page
