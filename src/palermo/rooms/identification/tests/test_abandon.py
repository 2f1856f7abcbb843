"""abandon_screening: a reason, no decision, nothing lost, and a way back that names it."""

from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid, NotFound, Stale
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Screening

WHY = "The person asked to stop and has our number."


def end(viewer: Any, screening: Screening, **more: Any) -> Screening:
    given = {"reason": WHY, "expected_version": screening.version} | more
    return actions.abandon_screening(actor=viewer, screening=screening, **given)


def test_it_ends_and_keeps_the_answers(as_worker: Any, screening: Screening, answer: Any) -> None:
    answer(as_worker, screening, {"act": {"act.recruited": "yes"}})
    end(as_worker, screening)
    found = queries.screening(as_worker, screening.pk)
    assert found.state == "abandoned"
    assert found.answers.values == {"act.recruited": "yes"}
    assert queries.ended(as_worker, found).reason == WHY
    assert not [due for due in queries.due_for(as_worker) if screening.code in str(due.title)]
    with pytest.raises(Conflict):
        answer(as_worker, found, {"act": {"act.received": "yes"}})
    with pytest.raises(Conflict):
        end(as_worker, found)


def test_it_needs_a_reason_and_the_version_that_was_seen(as_worker: Any, screening: Screening) -> None:
    with pytest.raises(Invalid):
        end(as_worker, screening, reason=" left ")
    with pytest.raises(Stale):
        end(as_worker, screening, expected_version=9)
    assert queries.ended(as_worker, screening) is None


def test_strangers_end_nothing(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.start_screening(actor=viewer)
    for other in (people.other_worker, people.coordinator, people.administrator):
        with acting(other.viewer) as viewer, pytest.raises(NotFound):
            end(viewer, made)


def test_the_page_ends_it_and_leads_back(people: Any, client_for: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.start_screening(actor=viewer)
    client, url = client_for(people.case_worker), reverse("identification:abandon", args=[made.pk])
    summary = reverse("identification:summary", args=[made.pk])
    assert url in client.get(summary).content.decode()
    assert client.post(url, {"reason": "left", "version": "1"}).status_code == 422
    assert client.post(url, {"reason": WHY, "version": str(made.version)}).url == summary
    page = client.get(summary).content.decode()
    assert WHY in page
    assert reverse("identification:again", args=[made.pk]) in page
    assert client.get(url).url == summary, "what is ended is not ended twice"
    again = client.post(reverse("identification:again", args=[made.pk]))
    with acting(people.case_worker.viewer):
        assert Screening.objects.get(previous=made).pk.hex in again.url.replace("-", "")
