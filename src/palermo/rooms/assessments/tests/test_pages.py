"""The pages: from a new assessment to its report, as the three people see it."""

import re
from typing import Any

import pytest

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.assessments import actions, queries
from palermo.rooms.assessments.models import Assessment, Recommendation
from palermo.rooms.assessments.tests.conftest import answer, hand_in
from palermo.rooms.assessments.tests.conftest import fresh as read_again


def fresh(made: Assessment) -> Assessment:
    with acting(Viewer.operator()):
        return read_again(made)


def page(who: Any, path: str) -> str:
    told = signed_in_client(who).get(path)
    assert told.status_code == 200, told.content.decode()[:2000]
    return told.content.decode()


def test_a_new_one_is_begun_and_stands_in_the_lists_of_those_who_take_part(people: Any, db: None) -> None:
    assert "/assessments/new/" in page(people.coordinator, "/assessments/")
    assert "/assessments/new/" not in page(people.analyst, "/assessments/")
    told = signed_in_client(people.coordinator).post("/assessments/new/", {
        "title": "A new one", "toolkit": "nrm", "country": "BLR", "starts": "2025-01-01", "ends": "2025-12-31",
        "assessors": [str(people.analyst.pk), str(people.prosecutor.pk)],
    })  # fmt: skip
    assert told.status_code == 302, told.content.decode()
    for who in (people.coordinator, people.analyst, people.prosecutor):
        assert "A new one" in page(who, "/assessments/")
    assert "A new one" not in page(people.second_analyst, "/assessments/")


def test_a_part_is_filled_and_kept_and_the_other_assessor_sees_nothing_of_it(begun: Any) -> None:
    cast, where = begun.people, f"/assessments/{begun.assessment.pk}/fill/A/"
    form = page(cast.analyst, where)
    stamp = re.search(r'name="stamp" value="(\d+)"', form)
    assert stamp
    sent = {
        "stamp": stamp.group(1), "v:A1.1:law": "met", "n:A1.1:law": "A quite unusual reason.", "go": "next",
        "e:A1.1:law": "https://example.org/law\nGazette 17",
    }  # fmt: skip
    told = signed_in_client(cast.analyst).post(where, sent)
    assert told.status_code == 302
    assert told.url.endswith("/fill/B/")
    mine, theirs = page(cast.analyst, where), page(cast.prosecutor, where)
    assert "A quite unusual reason." in mine
    assert "A quite unusual reason." not in theirs
    assert "Gazette 17" not in page(cast.coordinator, f"/assessments/{begun.assessment.pk}/")
    assert signed_in_client(cast.coordinator).get(where).status_code == 302
    stale = signed_in_client(cast.analyst).post(where, {**sent, "v:A1.1:law": "partly"})
    assert stale.status_code == 412


def test_every_choice_is_a_group_of_radio_buttons_in_a_fieldset_with_a_legend(begun: Any) -> None:
    form = page(begun.people.analyst, f"/assessments/{begun.assessment.pk}/fill/A/")
    fields = re.findall(r"<fieldset.*?</fieldset>", form, re.DOTALL)
    assert len(fields) == 21
    for one in fields:
        assert "<legend" in one
        assert one.count('type="radio"') == 6


def test_a_number_in_words_is_told_beside_its_field_and_nothing_is_kept(begun: Any) -> None:
    where = f"/assessments/{begun.assessment.pk}/fill/C/"
    told = signed_in_client(begun.people.analyst).post(
        where, {"stamp": "0", "v:C2.3:": "many", "v:C1.1:law": "met"}
    )
    assert told.status_code == 200
    assert "Write a number in digits" in told.content.decode()
    with acting(begun.people.analyst.viewer) as viewer:
        assert queries.own(viewer, begun.assessment) == {}


def test_side_by_side_settled_recommended_and_finished(begun: Any) -> None:
    cast, made = begun.people, begun.assessment
    answer(cast.analyst, made, A1_1__law="met", A1_1__practice="not_met")
    answer(cast.prosecutor, made, A1_1__law="partly", A1_1__practice="not_met")
    assert signed_in_client(cast.coordinator).get(f"/assessments/{made.pk}/report/").status_code == 302
    hand_in(cast.analyst, made)
    hand_in(cast.prosecutor, made)
    lead, where = signed_in_client(cast.coordinator), f"/assessments/{made.pk}/"
    side = page(cast.coordinator, f"{where}reconcile/")
    assert "Agreement in percent: 50." in side
    assert "Cohen" in side
    assert lead.post(f"{where}finish/", {"version": fresh(made).version}).status_code == 409
    settled = {"measure": "A1.1", "dimension": "law", "value": "partly", "note": "The draft is not in force."}
    assert lead.post(f"{where}reconcile/", settled).status_code == 302
    assert signed_in_client(cast.analyst).post(f"{where}reconcile/", settled).status_code == 404
    advice = {"text": "Put it in force.", "owner": "Parliament", "due": "2020-01-01", "measure": "A1.1"}
    assert lead.post(f"{where}recommend/", advice).status_code == 302
    assert "overdue" in page(cast.analyst, "/assessments/recommendations/")
    assert lead.post(f"{where}finish/", {"version": fresh(made).version}).status_code == 302
    report = page(cast.prosecutor, f"{where}report/")
    assert "Put it in force." in report
    assert "The draft is not in force." in report
    assert "Not answered" in report
    with acting(cast.coordinator.viewer):
        (one,) = Recommendation.objects.filter(assessment=made)
    kept = lead.post(f"{where}recommendations/{one.pk}/", {"state": "done", "note": "Law 5.", "version": 1})
    assert kept.status_code == 302
    assert "overdue" not in page(cast.analyst, "/assessments/recommendations/")


@pytest.fixture
def shown(db: None, people: Any) -> Any:
    made = actions.demo_assessments(cast=people)
    return people, made


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("path", ["", "reconcile/", "report/"])
def test_the_demonstration_reads_in_three_languages(shown: Any, path: str, language: str) -> None:
    client = signed_in_client(shown[0].coordinator)
    client.cookies["django_language"] = language
    told = client.get(f"/assessments/{shown[1].pk}/{path}")
    assert told.status_code == 200


def test_the_open_one_of_the_demonstration_tells_the_lead_counts_alone(shown: Any) -> None:
    people, made = shown
    with acting(people.coordinator.viewer):
        begun = Assessment.objects.exclude(pk=made.pk).get()
    told = page(people.coordinator, f"/assessments/{begun.pk}/")
    assert "12 of 51 answered" in told.replace("\n", " ")
    assert "invented" not in told.replace("The mechanism as it worked last year (invented).", "")
