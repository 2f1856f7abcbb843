"""Counting in the background: one at a time, told how far it is, and nothing lost where it is refused."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound, Refused
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.models import Effect
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions, queries
from palermo.rooms.statistics.actions import background
from palermo.rooms.statistics.actions.counting import Unsafe
from palermo.rooms.statistics.models import Counting, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages are tested without the built front end."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def register(people: Any) -> Any:
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 70)
    return people


def work(someone: Any) -> Counting:
    """As the worker leaves it."""
    with acting(someone.viewer) as viewer:
        counting = Counting.objects.get(state="waiting")
        actions.carry_out(viewer, Effect.objects.get(kind="statistics.count", object_id=counting.pk))
        return Counting.objects.get(pk=counting.pk)


def test_a_count_is_asked_for_waits_and_is_done(register: Any, client_for: Any) -> None:
    client = client_for(register.analyst)
    asked = client.post("/statistics/count/", {"back": "eu-19a"})
    assert asked.status_code == 302
    assert asked["Location"] == "/statistics/count/?back=eu-19a"
    with acting(register.analyst.viewer):
        assert not State.objects.exists(), "nothing is counted in the request"
    page = client.get(asked["Location"]).content.decode()
    assert "Waiting for the worker" in page
    assert "data-poll" in page
    assert "Reload the page" in page
    assert "Count now" not in page
    assert "A count is under way" in client.get("/statistics/eu-19a/").content.decode()
    assert "A count is under way" in client.get("/statistics/free/").content.decode()
    done = work(register.analyst)
    assert done.state == "done"
    assert done.made >= 2
    page = client.get(asked["Location"]).content.decode()
    assert f"{done.made} populations are new" in page
    assert 'href="/statistics/eu-19a/"' in page
    assert "data-poll" not in page
    client.post("/statistics/count/")
    assert work(register.analyst).made == 0
    assert "Nothing had changed" in client.get("/statistics/count/").content.decode()


def test_a_second_count_is_refused_at_once(register: Any, client_for: Any) -> None:
    with acting(register.analyst.viewer) as viewer:
        actions.start_count(actor=viewer)
        with pytest.raises(DatabaseError), transaction.atomic():
            Counting.objects.create(asked_by_id=viewer.user_id)
    with acting(register.coordinator.viewer) as viewer, pytest.raises(Conflict, match="under way already"):
        actions.start_count(actor=viewer)
    page = client_for(register.coordinator).post("/statistics/count/", follow=True).content.decode()
    assert "A count is under way already" in page
    assert client_for(register.coordinator).post("/api/statistics/states").status_code == 409
    with acting(register.analyst.viewer) as viewer:
        assert Counting.objects.count() == 1
        Counting.objects.update(created_at=timezone.now() - timedelta(hours=3))
        actions.start_count(actor=viewer)
        assert sorted(Counting.objects.values_list("state", flat=True)) == ["failed", "waiting"]


def test_what_is_refused_or_fails_is_said_and_the_last_counts_stay(
    register: Any, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(register.analyst)
    for error, state, words in (
        (Unsafe("persons", "reason"), "refused", "would give small counts away"),
        (ValueError("3 persons"), "failed", "The last count failed"),
    ):

        def no(error: Exception = error, **_more: Any) -> None:
            raise error

        monkeypatch.setattr(background, "count_states", no)
        client.post("/statistics/count/")
        assert work(register.analyst).state == state
        page = client.get("/statistics/count/").content.decode()
        assert words in page
        assert "3 persons" not in page
        assert "Count now" in page


def test_the_worker_is_told_how_far_it_is(register: Any, client_for: Any) -> None:
    heard: list[tuple[float, str]] = []
    with acting(register.analyst.viewer) as viewer:
        actions.count_states(actor=viewer, told=lambda share, doing: heard.append((share, doing)))
    assert list(dict.fromkeys(name for _share, name in heard)) == list(queries.POPULATIONS)
    assert [share for share, _name in heard] == sorted(share for share, _name in heard)
    with acting(register.analyst.viewer) as viewer:
        made = actions.start_count(actor=viewer)
        progress.Progress.objects.filter(object_id=made.pk).update(share=40, doing="smuggled")
        last = queries.last_count(viewer)
    assert last is not None
    assert last.share == 40
    assert str(queries.POPULATIONS["smuggled"].title) in last.told
    assert last.told in client_for(register.analyst).get("/statistics/count/").content.decode()


def test_who_may_not_see_tables_counts_nothing(people: Any, client_for: Any) -> None:
    assert client_for(people.case_worker).get("/statistics/count/").status_code == 404
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            actions.start_count(actor=viewer)
        assert not Counting.objects.exists()
    with acting(Viewer.operator()) as viewer, pytest.raises(Refused):
        actions.start_count(actor=viewer)


def test_the_worker_may_call_all_that_is_counted_with(db: None) -> None:
    """Its role is another one than that of requests; without the right, a release of a mechanism would fail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.proname LIKE 'statistics%%' "
            "AND has_function_privilege('palermo_app', p.oid, 'EXECUTE') "
            "AND NOT has_function_privilege('palermo_job', p.oid, 'EXECUTE')"
        )
        assert cursor.fetchall() == []


def test_progress_moves_within_a_population(register: Any) -> None:
    heard: list[tuple[float, str]] = []
    viewer = register.analyst.viewer
    with acting(viewer):
        actions.count_states(actor=viewer, told=lambda share, doing: heard.append((share, doing)))
    shares = [share for share, _doing in heard]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] < 1
    assert len([1 for _share, doing in heard if doing == "persons"]) >= 3
