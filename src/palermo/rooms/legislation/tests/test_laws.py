"""Written by one, published by another; read on any day; nothing inferred from absence."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, Refused, Stale
from palermo.kernel.jobs.models import Effect
from palermo.legislation import from_akoma, starter
from palermo.rooms.legislation import actions, queries
from palermo.rooms.legislation.models import Law, Reading, Reviewed, Wording
from palermo.rooms.legislation.queries.offered import about, concept_links
from palermo.rooms.legislation.tests.conftest import brought

pytestmark = pytest.mark.django_db
LAW = {
    "title": "An Act", "language": "en", "country": "XPA", "kind": "act", "used_for": "general", "number": "9",
    "adopted": date(2020, 1, 2),
}  # fmt: skip
NOW = date(2026, 1, 1)


def drafted(by: Any, **more: Any) -> Law:
    with acting(by.viewer) as viewer:
        return actions.write_law(actor=viewer, values={**LAW, **more})


def stepped(by: Any, one: Reviewed, step: Any, **more: Any) -> None:
    with acting(by.viewer) as viewer:
        one.refresh_from_db()
        step(actor=viewer, one=one, expected_version=one.version, **more)


def public_titles(**asked: str) -> list[str]:
    with acting(Viewer.anonymous()) as viewer:
        return [law.title for law in queries.public_laws(viewer, **asked)]


def test_who_wrote_does_not_publish_and_the_database_says_so_too(people: Any) -> None:
    law = drafted(people.editor)
    assert public_titles() == []
    stepped(people.editor, law, actions.submit)
    with pytest.raises(Refused, match="second person"):
        stepped(people.editor, law, actions.publish)
    with acting(people.editor.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Law.objects.filter(pk=law.pk).update(state="published", reviewed_by_id=people.editor.viewer.user_id)
    stepped(people.coordinator, law, actions.publish)
    assert public_titles() == ["An Act"]
    with acting(people.coordinator.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Law.objects.filter(pk=law.pk).update(title="Another Act")
    said = {}
    for who in ("editor", "coordinator"):  # everybody reads his own entries
        with acting(getattr(people, who).viewer):
            said[who] = set(Entry.objects.filter(object_id=law.pk).values_list("action", flat=True))
    assert said["editor"] == {"legislation.law.write", "legislation.law.in_review"}
    assert said["coordinator"] == {"legislation.law.published"}


def test_it_is_sent_back_with_a_reason_and_withdrawn_with_one(people: Any) -> None:
    law = drafted(people.editor)
    stepped(people.editor, law, actions.submit)
    with pytest.raises(Invalid):
        stepped(people.coordinator, law, actions.send_back, why=" ")
    stepped(people.coordinator, law, actions.send_back, why="The number is another.")
    assert (law.state, law.why) == ("draft", "The number is another.")
    stepped(people.editor, law, actions.submit)
    stepped(people.coordinator, law, actions.publish)
    stepped(people.coordinator, law, actions.withdraw, why="It never was in force.")
    answer = Client().get(reverse("legislation:law", args=[law.pk]))
    assert answer.status_code == 410
    assert "It never was in force." in answer.content.decode()


def test_what_is_published_becomes_a_draft_to_be_changed(people: Any) -> None:
    law = drafted(people.editor)
    stepped(people.editor, law, actions.submit)
    stepped(people.coordinator, law, actions.publish)
    stepped(people.coordinator, law, actions.change_again)
    assert public_titles() == []
    stepped(people.coordinator, law, actions.submit)
    with pytest.raises(Refused):  # both have written in it now
        stepped(people.coordinator, law, actions.publish)


def test_of_two_who_change_a_draft_the_second_is_told(people: Any) -> None:
    law = drafted(people.editor)
    for wanted in (None, Stale):
        with acting(people.editor.viewer) as viewer:
            told = {"actor": viewer, "values": {**LAW, "number": "10"}, "law": law, "expected_version": 1}
            if wanted is None:
                actions.write_law(**told)
            else:
                with pytest.raises(wanted):
                    actions.write_law(**told)
    with acting(people.editor.viewer), pytest.raises(Invalid, match="kept"):
        drafted(people.editor, number="10")


def test_only_editors_write(people: Any) -> None:
    for who in (people.analyst, people.case_worker):
        with pytest.raises(Refused):
            drafted(who)


def test_a_law_is_read_as_it_stood_on_a_day(laws: Any) -> None:
    assert (laws.laws, laws.wordings, laws.readings, laws.bad) == (2, 3, 10, ())
    with acting(Viewer.anonymous()) as viewer:
        law = Law.objects.get(uri=starter.FIRST)
        texts = queries.wordings_of(viewer, law)
        early, late = (queries.at(texts, day) for day in (date(2020, 1, 1), NOW))
        assert queries.at(texts, date(2014, 1, 1)) is None
        assert early is not None
        assert late is not None
        told = {one.eid: one.what for one in queries.compared(early, late) if one.what != "same"}
    assert told == {"chp_I__art_2__para_1": "changed", "chp_II__art_3bis": "added"}
    page = Client().get(reverse("legislation:law", args=[law.pk]), {"on": "2020-01-01"}).content.decode()
    assert "Article 3bis" not in page
    assert "Article 3bis" in Client().get(reverse("legislation:law", args=[law.pk])).content.decode()
    told_page = Client().get(reverse("legislation:compare", args=[law.pk])).content.decode()
    assert "<ins>" in told_page
    assert "vulnerability" in told_page


def test_the_search_is_told_once_of_a_whole_file() -> None:
    brought(*starter.laws(), *starter.readings())
    with acting(Viewer.operator()):
        assert Effect.objects.filter(kind="search.index").count() == 1


def test_twice_is_once_and_a_file_with_a_mistake_brings_nothing(laws: Any) -> None:
    again = brought(*starter.laws(), *starter.readings())
    assert (again.laws, again.wordings, again.readings, again.known) == (0, 0, 0, 15)
    bad = [
        {"country": "XPA"},
        {**starter.readings()[0], "standing": "perhaps"},
        "law",
        {**starter.readings()[0], "on": "x"},
    ]
    found = brought({**starter.laws()[0], "number": "77"}, *bad)
    assert [(one.record, one.field) for one in found.bad] == [
        (2, "number"),
        (3, "standing"),
        (4, ""),
        (5, ""),
    ]
    assert found.laws == 0
    assert not Law.objects.filter(number="77").exists()
    trial = brought({**starter.laws()[0], "number": "77"}, dry_run=True)
    assert (trial.laws, trial.bad) == (1, ())
    assert not Law.objects.filter(number="77").exists()


def test_a_reading_needs_reasons_and_what_it_relies_on(people: Any, laws: Any) -> None:
    told = {"country": "XPA", "row": "tip-5-1", "on": NOW, "standing": "met", "reasons": "It is so."}
    there = Wording.objects.filter(law__country="XPB").first()
    assert there is not None
    wrong = [
        ({}, "relied"), ({"reasons": " ", "sources": "x"}, "reasons"), ({"row": "tip-99"}, "row"),
        ({"country": "Nowhere"}, "country"),
        ({"relied": [{"wording": str(there.pk), "eid": "title_I__art_10"}]}, "relied"),  # another State's
    ]  # fmt: skip
    for more, field in wrong:
        with acting(people.editor.viewer) as viewer, pytest.raises(Invalid) as caught:
            actions.write_reading(actor=viewer, values={**told, **more})
        assert [problem.field for problem in caught.value.problems] == [field]
    with acting(people.editor.viewer) as viewer:
        actions.write_reading(actor=viewer, values={**told, "standing": "not_met"})


def lines(country: str, on: date) -> dict[str, str | None]:
    with acting(Viewer.anonymous()) as viewer:
        found = queries.sheet(viewer, country, on)
    return {one.row.code: one.reading.standing if one.reading else None for one in found}


def test_a_later_reading_takes_the_place_of_an_earlier_one_and_the_past_stays(laws: Any) -> None:
    assert lines("XPA", date(2015, 6, 1))["TIP 3(c)"] is None
    assert lines("XPA", date(2020, 1, 1))["TIP 3(c)"] == "not_met"
    assert lines("XPA", NOW)["TIP 3(c)"] == "met"
    assert len(lines("XPA", NOW)) == 176
    with acting(Viewer.anonymous()) as viewer:
        told = queries.changes(viewer, "XPA", date(2020, 1, 1), NOW)
        assert [one.row.code for one, _new in told] == ["TIP 3(b)", "TIP 3(c)"]
        assert len(queries.history(viewer, "XPA", "tip-3-a")) == 2


def test_nothing_is_inferred_from_absence_and_kinds_are_never_added_up(laws: Any) -> None:
    with acting(Viewer.anonymous()) as viewer:
        sheet = queries.sheet(viewer, "XPB", NOW, "TIP")
        counts = dict(queries.coverage(sheet))
        assert sum(sum(one.values()) for one in counts.values()) == 42
        assert set(counts) <= {row.row.obligation for row in sheet}
        nothing = queries.sheet(viewer, "FRA", NOW, "TIP")
        assert {one.reading for one in nothing} == {None}
        assert queries.needs(viewer, "FRA", NOW) == []
    page = Client().get(reverse("legislation:state", args=["FRA"])).content.decode()
    assert page.count("Not assessed") >= 42
    assert "Not met</span>" not in page


def test_a_draft_reading_is_nobodys_but_the_editors(people: Any, laws: Any) -> None:
    with acting(people.editor.viewer) as viewer:
        told = {
            "country": "XPA",
            "row": "tip-9-1",
            "on": NOW,
            "standing": "not_met",
            "reasons": "Planted words.",
        }
        draft = actions.write_reading(actor=viewer, values=told)
    assert lines("XPA", NOW)["TIP 9(1)"] is None
    for client, status in ((Client(), (302, 404)), (signed_in_client(people.analyst), (404,))):
        answer = client.get(reverse("legislation:record", args=["reading", draft.pk]))
        assert answer.status_code in status
        assert b"Planted words" not in answer.content
    stepped(people.editor, draft, actions.submit)
    stepped(people.coordinator, draft, actions.publish)
    assert lines("XPA", NOW)["TIP 9(1)"] == "not_met"


def test_one_row_across_states_and_all_rows_across_states(laws: Any) -> None:
    page = Client().get(reverse("legislation:row", args=["tip-3-b"])).content.decode()
    assert "Le consentement de la victime est sans effet." in page
    assert "The Act is silent on consent." in page
    page = Client().get(reverse("legislation:heat"), {"instrument": "TIP"}).content.decode()
    assert page.count('class="heat heat-met"') == 4
    assert Client().get(reverse("legislation:row", args=["tip-99"])).status_code == 404
    assert Client().get(reverse("legislation:state", args=["ZZZ"])).status_code == 404


def test_needs_leave_as_files_that_no_spreadsheet_runs(people: Any, laws: Any) -> None:
    brought({**starter.readings()[3], "row": "TIP 9(2)", "reasons": "=1+1", "need": "@evil"})
    told = Client().get(reverse("legislation:needs_json", args=["XPA"])).json()["needs"]
    assert {one["provision"] for one in told} == {"3(a)", "3(b)", "9(2)"}
    assert told[-1]["relied_on"] == "" or "/akn/xp" in told[-1]["relied_on"]
    body = Client().get(reverse("legislation:needs_csv", args=["XPA"])).content.decode()
    assert "'=1+1" in body
    assert "'@evil" in body


def test_laws_are_found_by_their_words(laws: Any) -> None:
    assert public_titles(query="huis clos") == ["Loi relative à la lutte contre la traite (inventée)"]
    assert public_titles(query="vulnerability") == ["Act on the Response to Trafficking (invented)"]
    assert public_titles(query="vulnerability nothing") == []
    assert public_titles(query="100%") == []
    assert len(public_titles(country="XPB")) == 1
    page = Client().get(reverse("search:page"), {"q": "abuse of a position of vulnerability"})
    assert b"Act on the Response to Trafficking" in page.content


def test_akoma_ntoso_goes_out_and_comes_in(people: Any, laws: Any) -> None:
    law = Law.objects.get(uri=starter.FIRST)
    answer = Client().get(reverse("legislation:akoma", args=[law.pk]))
    text = from_akoma(answer.content)
    assert (text.uri, text.country, text.valid_from) == (starter.FIRST, "XP", date(2021, 6, 1))
    other = answer.content.replace(b"/2015/12", b"/2016/13").replace(b'value="12"', b'value="13"')
    other = other.replace(b"2015-03-02", b"2016-03-02")
    with acting(people.editor.viewer) as viewer:
        made = actions.take_akoma(actor=viewer, content=other)
    assert (made.law.uri, made.state, made.law.state) == ("/akn/xp/act/2016/13", "draft", "draft")
    assert [p["eid"] for p in made.provisions] == [p.eid for p in text.provisions]
    with acting(people.editor.viewer) as viewer, pytest.raises(Invalid):
        actions.take_akoma(actor=viewer, content=b"<a/>")


def test_through_the_pages_from_a_new_law_to_a_published_reading(people: Any) -> None:
    editor, second = signed_in_client(people.editor), signed_in_client(people.coordinator)
    values = {**LAW, "adopted": "2020-01-02", "amendments": "2021-01-01; Act 3; new article 2"}
    bad = editor.post(reverse("legislation:new_law"), {**values, "amendments": "yesterday; x"})
    assert "does not begin with a day" in bad.content.decode()
    assert editor.post(reverse("legislation:new_law"), values).status_code == 302
    with acting(people.editor.viewer):
        law = Law.objects.get()
    assert law.amendments == [{"on": "2021-01-01", "by": "Act 3", "note": "new article 2"}]
    told = {
        "language": "en",
        "translation": "original",
        "valid_from": "2020-02-01",
        "body": "Article 1. One\nWords.",
    }
    assert editor.post(reverse("legislation:new_wording", args=[law.pk]), told).status_code == 302
    with acting(people.editor.viewer):
        wording = Wording.objects.get()
    form = reverse("legislation:new_reading", args=["XPA", "tip-3-a"])
    page = editor.get(form).content.decode()
    assert "Article 1 One" in page
    read = {
        "on": "2022-01-01", "standing": "met", "reasons": "It is there.", "confidence": "high",
        "relied": f"{wording.pk}|art_1",
    }  # fmt: skip
    assert editor.post(form, read).status_code == 302
    with acting(people.editor.viewer):
        reading = Reading.objects.get()
    for kind, one in (("law", law), ("wording", wording), ("reading", reading)):
        way = reverse("legislation:step", args=[kind, one.pk])
        editor.post(way, {"step": "submit", "version": one.version})
        with acting(people.editor.viewer):
            one.refresh_from_db()
        assert editor.post(way, {"step": "publish", "version": one.version}).status_code == 403
        second.post(way, {"step": "publish", "version": one.version})
        with acting(people.editor.viewer):
            one.refresh_from_db()
        assert one.state == "published"
    assert "It is there." in Client().get(reverse("legislation:row", args=["tip-3-a"])).content.decode()
    edit = reverse("legislation:edit_law", args=[law.pk])
    assert editor.post(edit, {**values, "version": law.version}).status_code == 409


def test_a_step_that_does_not_exist_changes_nothing(people: Any) -> None:
    law = drafted(people.editor)
    answer = signed_in_client(people.editor).post(
        reverse("legislation:step", args=["law", law.pk]), {"step": "erase"}
    )
    assert answer.status_code == 409
    with pytest.raises(Conflict):
        stepped(people.editor, law, actions.send_back, why="x")
    with (
        acting(Viewer.operator()),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM legislation_law")


def test_a_concept_leads_to_the_rows_of_its_article_and_to_what_laws_say(laws: Any) -> None:
    assert [row.code for row in about("residence_permit")] == ["TIP 7(1)", "TIP 7(2)"]
    assert [row.code for row in about("age_assessment")] == ["COE 10"]
    assert [row.code for row in about("mutual_legal_assistance")] == ["UNTOC 18"]
    assert about("hearsay") == about("no such concept") == []
    with acting(Viewer.anonymous()) as viewer:
        links = concept_links(viewer, "act")
    assert str(links[0].heading) == "Checklists"
    assert links[0].title.startswith("TIP 3(a)")
    assert links[0].count == 2
    laws_ = [link for link in links if str(link.heading) == "Provisions"]
    assert laws_
    assert "?text=" in laws_[0].url
    page = Client().get(laws_[0].url).content.decode()
    assert f'id="{laws_[0].url.partition("#")[2]}"' in page
