"""What leaves a study: approved interviews that are old enough, nothing on few people, on to a map in a story."""

from datetime import timedelta
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, NotFound
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import ReviewState, Submission
from palermo.rooms.observatory.queries import releasable
from palermo.rooms.observatory.tests.test_indicators import many, sent, survey  # noqa: F401

pytestmark = pytest.mark.django_db


def approved(people: Any, account: Any, number: int) -> None:
    sent(account, many(number))
    with acting(people.analyst.viewer) as viewer:
        for one in Submission.objects.all():
            actions.review(
                actor=viewer,
                submission=one,
                state=ReviewState.APPROVED,
                reason="",
                expected_version=one.version,
            )


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasable, "DELAY", timedelta(0))


def test_a_route_in_use_is_not_released(people: Any, survey: Any) -> None:  # noqa: F811
    study, account = survey
    approved(people, account, 12)
    with acting(people.analyst.viewer) as viewer:
        assert [one.key for one in releasable.offers(viewer)] == [str(study.pk)]
        with pytest.raises(Conflict, match="90 days old"):
            releasable.take(viewer, str(study.pk))


def test_what_is_released_has_no_small_share(people: Any, survey: Any, at_once: None) -> None:  # noqa: F811
    study, account = survey
    approved(people, account, 40)
    with acting(people.analyst.viewer) as viewer:
        taken = releasable.take(viewer, str(study.pk))
    legs = {(row["row"], row["column"]): row["value"] for row in taken.rows if row["part"] == "legs"}
    assert legs == {("NER", "LBY"): 40, ("LBY", "TUN"): 40, ("TUN", "ITA"): 40}
    for row in taken.rows:
        assert set(row) == set(taken.columns)
        if row["status"] == "withheld":
            assert row["value"] is row["lower"] is row["upper"] is None
        elif row["part"] in ("D1", "A1", "F6") and row["persons"]:
            gave = row["value"] * row["persons"] / 100
            assert round(gave) == 0 or round(gave) >= 5, row
    assert any(row["status"] == "withheld" for row in taken.rows)


def test_nobody_else_takes_it(people: Any, survey: Any, at_once: None) -> None:  # noqa: F811
    study, account = survey
    approved(people, account, 12)
    for someone in (people.coordinator, people.supervisor, people.case_worker):
        with acting(someone.viewer) as viewer:
            assert releasable.offers(viewer) == []
            with pytest.raises(NotFound):
                releasable.take(viewer, str(study.pk))
    with acting(people.analyst.viewer) as viewer, pytest.raises(NotFound):
        releasable.take(viewer, "no-study")
