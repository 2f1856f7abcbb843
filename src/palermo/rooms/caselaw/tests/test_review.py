"""Reviewing on pages, and taking a search along: what the second person does, what leaves, what nobody else sees."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw import actions, queries
from palermo.rooms.caselaw.models import Case, SavedSearch
from palermo.rooms.caselaw.tests.conftest import brought, told
from palermo.rooms.caselaw.tests.test_writing import begun, read

pytestmark = pytest.mark.django_db
NAME = "Zorvath Quillmanek"


def step(client: Any, people: Any, key: Any, name: str, **values: Any) -> Any:
    address = reverse(f"caselaw:{name}", args=[key])
    return client.post(address, {"version": read(people, key).version, **values})


def published(people: Any, palermo_id: str) -> Case:
    with acting(people.editor.viewer):
        return Case.objects.get(palermo_id=palermo_id)


def test_sent_back_with_a_reason_then_published(people: Any, client_for: Any) -> None:
    writer, reader = client_for(people.editor), client_for(people.coordinator)
    key = begun(writer)
    assert step(writer, people, key, "step", step="submit").status_code == 302
    assert step(reader, people, key, "remark", text="Which court was it?").status_code == 302
    assert step(reader, people, key, "return", why=" ").status_code == 200
    assert step(reader, people, key, "return", why="The court is missing.").status_code == 302
    page = writer.get(reverse("caselaw:draft", args=[key])).content
    assert b"The court is missing." in page
    assert b"Which court was it?" in page
    assert step(writer, people, key, "step", step="submit").status_code == 302
    assert b'value="publish"' not in writer.get(reverse("caselaw:draft", args=[key])).content
    assert step(writer, people, key, "step", step="publish").status_code == 403
    assert step(reader, people, key, "step", step="publish").status_code == 302
    public = Client().get(reverse("caselaw:case", args=[read(people, key).palermo_id]))
    assert public.status_code == 200
    assert b"The court is missing." not in public.content


def test_merged_and_withdrawn_on_pages(people: Any, client_for: Any) -> None:
    brought(told(), told("two-2"), told("three-3"))
    one, two = published(people, "one-1"), published(people, "two-2")
    client = client_for(people.editor)
    merge = reverse("caselaw:merge", args=[one.pk])
    assert b"?into=two-2" in client.get(merge, {"q": "Brackwater"}).content
    both = client.get(merge, {"into": "two-2"}).content
    assert b"one-1" in both
    assert b"two-2" in both
    assert (
        client.post(f"{merge}?into=two-2", {"version": one.version, "why": "The same case."}).status_code
        == 302
    )
    moved = Client().get(reverse("caselaw:case", args=["one-1"]))
    assert (moved.status_code, moved.url) == (301, reverse("caselaw:case", args=["two-2"]))
    assert step(client, people, two.pk, "withdraw", why="The wrong court.").status_code == 302
    assert Client().get(reverse("caselaw:case", args=["two-2"])).status_code == 410


def test_a_name_is_counted_and_kept_nowhere(people: Any, client_for: Any, caplog: Any) -> None:
    client = client_for(people.editor)
    key = begun(client)
    with acting(people.editor.viewer) as viewer:
        case = Case.objects.get(pk=key)
        made = case.record | {"facts": f"{NAME} came. {NAME.upper()} left.", "title": f"State v. {NAME}"}
        case.change(
            {"record": made, "title": made["title"], "body": made["facts"]}, expected_version=case.version
        )
        actions.remark(actor=viewer, case=case, text=f"Is {NAME} in it?")
    answer = client.post(
        reverse("caselaw:redact", args=[key]),
        {"version": read(people, key).version, "names": NAME},
        follow=True,
    )
    assert "before: 4, now: 0" in answer.content.decode()
    assert "Quillmanek" not in answer.content.decode()
    assert "quillmanek" not in "".join(address for address, _status in answer.redirect_chain).lower()
    assert "quillmanek" not in caplog.text.lower()
    with acting(Viewer.operator()), connection.cursor() as cursor:
        for table in ("caselaw_case", "audit_entry"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            assert "quillmanek" not in cursor.fetchone()[0].lower(), table
    with acting(people.editor.viewer):
        assert not Case.objects.get(pk=key).remarks.filter(text__icontains="quillmanek").exists()


def test_a_search_as_csv_and_json(people: Any) -> None:
    brought(
        told(title="=1+1", citations=["@A", "B"]),
        told("two-2", country="DEU"),
        told("three-3", status="draft"),
    )
    answer = Client().get(reverse("caselaw:csv"), {"country": "FRA"})
    assert answer.streaming
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row["palermo_id"] for row in rows] == ["one-1"]
    assert rows[0]["title"] == "'=1+1"
    assert rows[0]["url"] == "http://testserver" + reverse("caselaw:case", args=["one-1"])
    everything = list(
        csv.DictReader(io.StringIO(b"".join(Client().get(reverse("caselaw:csv"))).decode("utf-8-sig")))
    )
    assert sorted(row["palermo_id"] for row in everything) == ["one-1", "two-2"]
    found = json.loads(b"".join(Client().get(reverse("caselaw:all-json"), {"q": "farm"})))
    assert brought(*found).unchanged == 2
    assert json.loads(b"".join(Client().get(reverse("caselaw:all-json"), {"q": "nothing-of-it"}))) == []


def test_the_feed_holds_the_newest_fifty(people: Any) -> None:
    brought(*(told(f"old-{n:02}", decided="2025-01-01") for n in range(55)))
    brought(told("new-1", decided="1999-01-01"))
    for asked in ({}, {"q": "farm"}, {"country": "FRA"}):
        feed = Client().get(reverse("caselaw:feed"), asked).content.decode()
        assert feed.count("<entry>") == 50
        assert "new-1" in feed.split("</entry>")[0]


def test_kept_searches_are_ones_own_and_count_what_is_new(people: Any, client_for: Any) -> None:
    mine = client_for(people.case_worker)
    brought(told())
    assert (
        mine.post(reverse("caselaw:kept"), {"name": "Farms", "q": "farm", "country": "FRA"}).status_code
        == 302
    )
    with acting(people.case_worker.viewer) as viewer:
        assert [new for _one, new, _asked in queries.kept(viewer)] == [0]
        key = SavedSearch.objects.get().pk
        SavedSearch.objects.update(seen_at=timezone.now() - timedelta(days=1))
        assert [(new, asked) for _one, new, asked in queries.kept(viewer)] == [(1, "q=farm&country=FRA")]
    assert b"Farms" in mine.get(reverse("caselaw:kept")).content
    other = client_for(people.editor)
    assert b"Farms" not in other.get(reverse("caselaw:kept")).content
    for name in ("look-again", "forget"):
        assert other.post(reverse(f"caselaw:{name}", args=[key])).status_code == 404
    with acting(people.editor.viewer):
        assert not SavedSearch.objects.exists()
    assert mine.post(reverse("caselaw:look-again", args=[key])).url.endswith("?q=farm&country=FRA")
    with acting(people.case_worker.viewer) as viewer:
        assert [new for _one, new, _asked in queries.kept(viewer)] == [0]
    assert mine.post(reverse("caselaw:forget", args=[key])).status_code == 302
    with acting(people.case_worker.viewer):
        assert not SavedSearch.objects.exists()
