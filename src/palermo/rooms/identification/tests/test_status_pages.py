"""The pages of the legal status, for the team and for the authority, in three languages and without a script."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Identification
from palermo.rooms.identification.tests.way import CANARY, REASONS, SERVED, Way


def page(client: Any, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"identification:{name}", args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


def test_a_worker_refers_by_the_pages_and_an_authority_decides(way: Way, client_for: Any) -> None:
    found = way.presumed()
    way.consent()
    worker, decider = client_for(way.worker), client_for(way.first)
    assert "Refer for decision" in page(worker, "of-case", way.case.pk)
    step = reverse("identification:step", args=[found.pk, "refer"])
    assert "What happened to you" in worker.get(step).content.decode()
    form = {"version": found.version, "authority": str(way.office), "capacity_clear": "on",
            "text-exploitation": "Worked on a farm, papers taken.", "text-needs": "A safe place."}  # fmt: skip
    assert worker.post(step, form | {"text-needs": ""}).status_code == 200
    assert worker.post(step, form).status_code == 302
    assert found.code in page(decider, "authority")
    shown = page(decider, "status", found.pk)
    assert "Worked on a farm" in shown
    assert "Protected from removal" in shown
    assert decider.get(reverse("cases:case", args=[way.case.pk])).status_code == 404
    step = reverse("identification:step", args=[found.pk, "rg_positive"])
    with acting(way.first.viewer) as viewer:
        version = queries.status(viewer, found.pk).version
    decision = {"version": version, "reasons": REASONS, "sentences": ["indicators"]}
    assert decider.post(step, decision | {"reasons": "short"}).status_code == 200
    assert decider.post(step, decision).status_code == 302
    assert "presumed victim" in page(worker, "certificate", found.pk)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_letter_of_a_no_says_how_to_ask_for_a_review(way: Way, client_for: Any, language: str) -> None:
    found = way.move(way.first, way.referred(), "propose_rg_negative", reasons=REASONS)
    told = SERVED | {"language": language, "sentences": ["not_against"]}
    found = way.move(way.second, found, "rg_negative", reasons=REASONS, **told)
    letter = page(client_for(way.worker), "letter", found.pk, way.ruling(found, "rg_negative").pk)
    words = {
        "en": "ask for a review within 30 days",
        "fr": "demander un réexamen dans les 30 jours",
        "ar": "مراجعة خلال 30",
    }
    assert words[language] in letter
    assert REASONS in letter
    assert "<script>" not in letter


def test_a_detained_person_is_not_punished(way: Way, client_for: Any) -> None:
    found = way.referred()
    client = client_for(way.worker)
    assert "must not be punished" not in page(client, "status", found.pk)
    form = {"version": found.version, "detained": "on"}
    assert client.post(reverse("identification:detention", args=[found.pk]), form).status_code == 302
    assert "must not be punished" in page(client, "status", found.pk)


def test_the_planted_name_is_nowhere_for_an_authority_that_was_not_told(way: Way, client_for: Any) -> None:
    found = way.negative()
    ruling = way.ruling(found, "rg_negative")
    client = client_for(User.objects.get(pk=way.first.pk))
    for name, args in (("status", [found.pk]), ("authority", []), ("letter", [found.pk, ruling.pk]),
                       ("serve", [found.pk, ruling.pk]), ("step", [found.pk, "missing"])):  # fmt: skip
        assert CANARY not in page(client, name, *args), name
    read = reverse("api:read_status", args=[found.pk])
    for url in (read, reverse("api:list_statuses"), "/home/"):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert CANARY not in answer.content.decode(), url


def test_a_rare_notification_asks_once_more(way: Way, client_for: Any) -> None:
    found = way.presumed()
    client, step = client_for(way.worker), reverse("identification:step", args=[found.pk, "refuse"])
    form = {
        "version": found.version,
        "crime": "tip",
        "region": "014",
        "support_offered": "on",
        "reason": "Is afraid.",
    }
    asked = client.post(step, form)
    assert "This combination is rare" in asked.content.decode()
    assert client.post(step, form | {"rare_accepted": "on"}).status_code == 302


def test_the_json_twin_moves_it_too(way: Way, client_for: Any) -> None:
    found = way.referred()
    client = client_for(way.first)
    url = reverse("api:move_status", args=[found.pk])
    version = client.get(reverse("api:read_status", args=[found.pk])).json()["version"]
    sent = {"event": "rg_positive", "expected_version": version, "given": {"reasons": "short"}}
    assert client.post(url, sent, content_type="application/json").status_code == 422
    sent["given"] = {"reasons": REASONS}
    assert client.post(url, sent, content_type="application/json").json()["state"] == "recovery"
    assert client.post(url, sent, content_type="application/json").status_code in (409, 412)


def test_the_invented_country_has_people_in_several_states(way: Way) -> None:
    for _n in range(6):
        with acting(way.worker.viewer):
            way.begin(child=False)
    assert actions.demo_statuses(cast=way.people, second=way.second) == 6
    with acting(way.worker.viewer):
        states = set(Identification.objects.values_list("state", flat=True))
    assert states == {
        "presumed",
        "referred",
        "info_pending",
        "recovery",
        "rg_negative_proposed",
        "negative_rg",
    }
