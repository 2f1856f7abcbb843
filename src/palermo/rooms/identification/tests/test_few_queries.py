"""What the main pages of the room ask the database, with the sign-in and the shell: at most 25 queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.rooms.identification import actions
from palermo.rooms.identification.tests.conftest import TRAFFICKED
from palermo.rooms.identification.tests.way import Way

MOST = 25


def asked(client: Any, name: str, *args: Any) -> int:
    url = reverse(f"identification:{name}", args=args)
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("who", ["worker", "first"])
def test_the_status_and_its_papers(way: Way, client_for: Any, who: str) -> None:
    found = way.negative()
    ruling = way.ruling(found, "rg_negative")
    client = client_for(getattr(way, who))
    counts = {
        "status": asked(client, "status", found.pk),
        "letter": asked(client, "letter", found.pk, ruling.pk),
        "serve": asked(client, "serve", found.pk, ruling.pk),
        "missing": asked(client, "step", found.pk, "missing"),
    }
    if who == "worker":
        counts["of-case"] = asked(client, "of-case", way.case.pk)
    else:
        counts["authority"] = asked(client, "authority")
    assert max(counts.values()) <= MOST, counts


def test_a_status_while_questions_are_open(way: Way, client_for: Any) -> None:
    found = way.move(
        way.first, way.referred(), "request_info", questions=["Since when?", "Where?", "Who paid?"]
    )
    counts = {
        "status": asked(client_for(way.worker), "status", found.pk),
        "answers": asked(client_for(way.worker), "answers", found.pk),
    }
    assert max(counts.values()) <= MOST, counts


def test_a_conversation(people: Any, client_for: Any, answer: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        found = actions.start_screening(actor=viewer, event="Harbour, night shift")
        answer(viewer, found, TRAFFICKED)
        actions.compute_suggestion(actor=viewer, screening=found)
    client = client_for(people.case_worker)
    counts = {
        "list": asked(client, "list"),
        "section": asked(client, "section", found.pk, "act"),
        "summary": asked(client, "summary", found.pk),
        "print": asked(client, "print", found.pk),
    }
    assert max(counts.values()) <= MOST, counts
