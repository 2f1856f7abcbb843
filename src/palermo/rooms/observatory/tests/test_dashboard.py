"""The dashboard of a round: what came in, alerts with their reasons, who has seen them, and who may look."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict
from palermo.kernel.jobs.models import Effect
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.actions.live import JOB, ask_for_all_behind
from palermo.rooms.observatory.models import Alert, Live, Submission
from palermo.rooms.observatory.tests.test_indicators import many, sent, survey  # noqa: F401

pytestmark = pytest.mark.django_db


def looked(study: Any) -> None:
    """What the worker does."""
    with acting(Viewer.operator()) as system:
        actions.make_live(system, Effect.objects.filter(kind=JOB, object_id=study.pk).latest("created_at"))


def before(study: Any, account: Any, told: list[Any], days: int = 40, first: int = 0) -> None:
    """Interviews that came in so many days ago."""
    then = timezone.now() - timedelta(days=days)
    with patch("django.utils.timezone.now", lambda: then):
        sent(account, told, first)


def turned(study: Any, account: Any) -> None:
    """Sixty interviews, and forty a month later of which thirty tell of detention and of a leg that is new."""
    told = many(100)
    for one in told[60:90]:
        one["interview"]["abuse_part"]["abuses"] = [
            {"abuse_type": "detention", "abuse_whom": "self", "abuse_by": "police", "abuse_where": "LBY"}
        ]
        one["interview"]["legs"][2]["leg_to"] = "MLT"
    before(study, account, told[:60])
    sent(account, told[60:], 60)
    looked(study)


def told_of(people: Any, study: Any) -> list[Alert]:
    with acting(people.analyst.viewer) as viewer:
        return queries.alerts(viewer, study)


def test_changes_are_told_with_their_reason_and_can_be_looked_into(
    people: Any,
    survey: Any,  # noqa: F811
    client_for: Any,
) -> None:
    study, account = survey
    turned(study, account)
    rows = told_of(people, study)
    assert {(one.kind, one.key) for one in rows} == {
        ("route", '["TUN", "MLT"]'), ("harm", '["detention"]')
    }  # fmt: skip
    client = client_for(people.analyst)
    page = client.get(reverse("observatory:live", args=[study.pk])).content.decode()
    assert "A new leg: <bdi>Tunisia → Malta" in page
    assert "20 of 20 persons since" in page  # found at the first look, and told with its numbers
    assert "none of 60 before" in page
    assert "with 4 comparisons at look 1" in page
    assert (
        "2 changes of this round wait"
        in client.get(reverse("observatory:study", args=[study.pk])).content.decode()
    )

    one = rows[0]
    address = reverse("observatory:alert", args=[study.pk, one.pk])
    assert client.post(address, {"reason": "no"}).status_code == 200
    assert client.post(address, {"reason": "A team began at the port."}).status_code == 302
    with acting(people.analyst.viewer) as viewer:
        seen = Alert.objects.get(pk=one.pk)
        assert seen.seen_by_id == people.analyst.viewer.user_id
        assert b"port" not in bytes(seen.sealed_reason)
        assert len(queries.alerts(viewer, study)) == 1
        with pytest.raises(Conflict):
            actions.see_alert(actor=viewer, alert=seen, reason="Once more.")
    assert "A team began at the port." in client.get(address).content.decode()
    with acting(people.administrator.viewer):
        done = set(Entry.objects.filter(object_id=study.pk).values_list("action", flat=True))
    assert {"observatory.alert.see", "observatory.alert.open"} <= done
    looked(study)
    assert len(told_of(people, study)) == 1  # what was seen is not told again


def test_no_change_no_alert_and_what_is_withdrawn_alerts_no_more(people: Any, survey: Any) -> None:  # noqa: F811
    study, account = survey
    turned(study, account)
    with acting(people.analyst.viewer) as viewer:
        for one in Submission.objects.order_by("-received_at")[:40]:
            actions.review(
                actor=viewer, submission=one, state="rejected", reason="Not one of ours.",
                expected_version=one.version,
            )  # fmt: skip
    looked(study)
    assert told_of(people, study) == []


def test_thresholds_are_the_studys_own(people: Any, survey: Any, client_for: Any) -> None:  # noqa: F811
    study, account = survey
    turned(study, account)
    client = client_for(people.analyst)
    address = reverse("observatory:thresholds", args=[study.pk])
    given = {"days": 28, "persons": 35, "fee": 1.25, "rise": 0.05, "error": 0.05}
    assert client.post(address, {**given, "persons": 9}).status_code == 200
    assert client.post(address, given).status_code == 302
    looked(study)
    assert told_of(people, study) == []
    with acting(people.analyst.viewer), pytest.raises(IntegrityError), transaction.atomic():
        study.thresholds.__class__.objects.filter(study=study).update(persons=9)


def test_the_dashboard_counts_what_came_in_and_asks_as_often_for_a_thousand(
    people: Any,
    survey: Any,  # noqa: F811
    client_for: Any,
) -> None:
    study, account = survey
    sent(account, many(12))
    looked(study)
    with acting(people.analyst.viewer) as viewer, CaptureQueriesContext(connection) as asked:
        found = queries.dashboard(viewer, study)
    assert (found.records, found.states["waiting"], found.states["approved"]) == (12, 12, 0)
    assert sum(n for _day, n in found.days) == 12
    assert [(row["name"], row["n"]) for row in found.enumerators] == [("E-01", 12)]
    assert len(asked) <= 8
    with acting(people.analyst.viewer):
        assert Live.objects.get(study=study).interviews == 12
    page = client_for(people.analyst).get(reverse("observatory:live", args=[study.pk])).content.decode()
    assert 'data-poll="5"' in page
    assert "Look again" in page  # without a script
    assert "It cannot be judged yet" in page


def test_the_worker_is_asked_once_and_the_clock_asks_for_what_was_left(people: Any, survey: Any) -> None:  # noqa: F811
    study, account = survey
    sent(account, many(5))
    with acting(Viewer.operator()):
        assert Effect.objects.filter(kind=JOB, object_id=study.pk).count() == 1
        looked(study)
        Effect.objects.filter(kind=JOB).update(done_at=timezone.now())
        Live.objects.update(made_at=timezone.now() - timedelta(hours=1))
        ask_for_all_behind()
        ask_for_all_behind()
        assert Effect.objects.filter(kind=JOB, object_id=study.pk, done_at=None).count() == 1


def test_nobody_but_who_leads_the_study_sees_alerts(people: Any, survey: Any, client_for: Any) -> None:  # noqa: F811
    study, account = survey
    turned(study, account)
    one = told_of(people, study)[0]
    for someone in (people.supervisor, people.coordinator, people.case_worker):
        client = client_for(someone)
        for name, more in (("live", []), ("thresholds", []), ("alert", [one.pk])):
            assert client.get(reverse(f"observatory:{name}", args=[study.pk, *more])).status_code in (
                403,
                404,
            )
        with acting(someone.viewer):
            assert not Alert.objects.exists()
            assert not Live.objects.exists()
            assert Alert.objects.update(seen_at=timezone.now()) == 0
    with acting(people.analyst.viewer), pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=one.pk).update(kind="fee")
