"""The pages, as the worker, child protection, the coordinator and a stranger meet them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.children import queries
from palermo.rooms.children.actions.demo import HEARD, demo_children
from palermo.rooms.children.models import ChildProtection
from palermo.rooms.children.tests.conftest import Way


def url(way: Way, name: str, *more: Any) -> str:
    return reverse(f"children:{name}", args=[way.about.key, *more])


def test_the_worker_begins_reports_and_sees_first_what_is_due(way: Way) -> None:
    client = signed_in_client(way.people.case_worker)
    page = client.get(url(way, "of-case")).content.decode()
    assert "Nobody has to agree first" in page
    assert client.post(url(way, "of-case"), {"age": "not_sure"}).status_code == 422
    begun = {"age": "not_sure", "situation": "unaccompanied", "language": "ar", "birth_month": "2012-04"}
    assert client.post(url(way, "of-case"), begun).status_code == 302
    page = client.get(url(way, "of-case")).content.decode()
    assert page.index("What is due now") < page.index("Checklist")
    assert "Notify the three bodies" in page
    assert "no guardian yet" in page
    form = client.get(url(way, "step", "notify")).content.decode()
    assert "Coast Police" in form
    # The page is in English; the child speaks Arabic, and that is what would be written down.
    assert '<option value="ar" selected' in form
    assert '<option value="en" selected' not in form
    sent = {**{k: str(v) for k, v in way.answers["notify"].items()}, "version": way_version(way)}
    assert client.post(url(way, "step", "notify"), {**sent, "view_text": ""}).status_code == 422
    assert client.post(url(way, "step", "notify"), sent).status_code == 302
    assert "Interim protection" in client.get(url(way, "of-case")).content.decode()
    listed = client.get("/children/?only=no_guardian").content.decode()
    assert way.about.code in listed
    assert "Of the children" in client.get("/children/?only=missing").content.decode()
    assert way.about.code in client.get("/home/").content.decode()


def way_version(way: Way) -> int:
    with acting(way.people.case_worker.viewer):
        return way.child().version


def test_who_was_slower_keeps_what_was_typed(way: Way) -> None:
    way.begin()
    client = signed_in_client(way.people.case_worker)
    words = "Wants to stay with the brother."
    sent = {**HEARD, "view_text": words, "version": 1}
    answer = client.post(url(way, "record", "view"), sent)
    assert answer.status_code == 412
    assert words in answer.content.decode()
    again = {**sent, "version": way_version(way)}
    assert client.post(url(way, "record", "view"), again).status_code == 302


def test_each_role_is_offered_its_own_steps_and_a_stranger_gets_nothing(way: Way) -> None:
    way.walk("notify")
    worker, protector = signed_in_client(way.people.case_worker), signed_in_client(way.protector)
    assert "This is for" in worker.get(url(way, "step", "appoint_guardian")).content.decode()
    assert worker.get(url(way, "record", "guardian")).status_code == 403
    assert "<form" in protector.get(url(way, "step", "appoint_guardian")).content.decode()
    assert worker.get(url(way, "step", "close")).status_code == 404
    for member in (way.people.other_worker, way.people.coordinator):
        client = signed_in_client(member)
        for address in (url(way, "of-case"), url(way, "print"), url(way, "step", "place_safely")):
            assert client.get(address).status_code == 404


def test_the_forms_of_every_step_and_record_open_and_the_panel_can_be_sent(way: Way) -> None:
    way.walk("complete_bia")
    protector = signed_in_client(way.protector)
    for what in ("age", "view", "birth", "situation", "family", "risk", "guardian", "contact"):
        assert protector.get(url(way, "record", what)).status_code == 200
    page = protector.get(url(way, "step", "decide_panel")).content.decode()
    assert "Police" in page
    sent = {k: str(v) for k, v in way.answers["decide_panel"].items()}
    sent |= {"version": str(way_version(way)), "reason": "Decided in one meeting."}
    assert protector.post(url(way, "step", "decide_panel"), sent).status_code == 302
    shown = protector.get(url(way, "of-case")).content.decode()
    assert "Would rather have waited" in shown


def test_the_guardian_is_shown_once_to_who_asks_with_a_purpose(way: Way) -> None:
    way.walk("appoint_guardian")
    client = signed_in_client(way.people.case_worker)
    assert "Wimbolda" not in client.get(url(way, "reveal")).content.decode()
    assert "Wimbolda" in client.post(url(way, "reveal"), {"purpose": "protect"}).content.decode()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_pages_open_in_every_language(way: Way, language: str) -> None:
    way.walk("assess_provisionally")
    client = signed_in_client(way.protector)
    client.cookies["django_language"] = language
    for address in (url(way, "of-case"), url(way, "print"), url(way, "step", "complete_bia"), "/children/"):
        assert client.get(address).status_code == 200


def test_the_json_twin_begins_steps_and_refuses_with_fields(way: Way) -> None:
    client = signed_in_client(way.people.case_worker)
    root = f"/api/children/cases/{way.about.key}/child"
    begun = client.post(root, {"situation": "separated", "age": "under_18"}, content_type="application/json")
    version = begun.json()["version"]
    answers = {k: str(v) for k, v in way.answers["notify"].items()}
    bad = {"expected_version": version, "answers": {**answers, "police": "nobody"}}
    refused = client.post(f"{root}/steps/notify", bad, content_type="application/json")
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["field"] == "police"
    done = client.post(
        f"{root}/steps/notify",
        {"expected_version": version, "answers": answers},
        content_type="application/json",
    )
    assert done.json()["state"] == "interim_protection"
    assert client.get(root).json()["before_guardian"]


def test_the_page_asks_the_database_a_bounded_number_of_times(
    way: Way, django_assert_max_num_queries: Any
) -> None:
    way.walk()
    for _n in range(4):
        way.record(way.people.case_worker, "view", **HEARD)
    client = signed_in_client(way.people.case_worker)
    client.get(url(way, "of-case"))
    with django_assert_max_num_queries(25):
        assert client.get(url(way, "of-case")).status_code == 200


def test_figures_are_for_the_coordinator_and_small_counts_are_withheld(way: Way) -> None:
    way.walk("appoint_guardian")
    today = timezone.localdate()
    with acting(way.people.coordinator.viewer) as viewer:
        found = queries.figures(viewer, since=today - timedelta(days=2), until=today)
        assert found.cells["child_guardian", "in_time"] is None  # one child: withheld
        assert Deadline.objects.filter(rule="child_guardian").exclude(met_at=None).count() == 1
        assert not ChildProtection.objects.exists()
    assert signed_in_client(way.people.coordinator).get("/children/figures/").status_code == 200
    assert signed_in_client(way.people.case_worker).get("/children/figures/").status_code == 403


def test_the_demonstration_has_children_at_several_steps(way: Way) -> None:
    made = demo_children(way.people, way.staff)
    with acting(way.people.case_worker.viewer) as viewer:
        states = {row.child.state for row in queries.children(viewer)}
    assert made == 5
    assert {"notify", "interim_protection", "guardian_appointed", "bia_done", "protection"} <= states
