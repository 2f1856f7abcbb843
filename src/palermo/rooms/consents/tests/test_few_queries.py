"""What the pages of the ledger ask the database, with the sign-in and the shell: at most 25 queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.consents import actions

MOST = 25


@pytest.mark.parametrize("name", ["of-case", "record", "ask"])
def test_a_page_of_the_ledger(people: Any, about: Any, client_for: Any, name: str) -> None:
    with acting(people.case_worker.viewer) as viewer:
        for purpose in ("help", "referral", "justice", "statistics"):
            actions.record_consent(
                actor=viewer, about=about, purpose=purpose, categories=["needs", "identity"], decision="given",
                recipients=[people.other_organisation.pk], language="en", interpreting="shared",
                speaker="person_and_guardian", child_view="agrees", valid_until=timezone.now() + timedelta(days=9),
            )  # fmt: skip
    client, url = client_for(people.case_worker), reverse(f"consents:{name}", args=[about.key])
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    assert len(seen) <= MOST, len(seen)
