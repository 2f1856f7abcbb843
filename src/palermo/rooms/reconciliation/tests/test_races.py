"""A linkage and the decisions of people at the same moment: neither breaks the other, and a word of people stays."""

import threading
from typing import Any

import pytest
from django.db import connections

from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.models import Effect
from palermo.linkage import engine
from palermo.rooms.reconciliation import actions
from palermo.rooms.reconciliation.actions import keeping
from palermo.rooms.reconciliation.models import Link, Listed, Pair, Project

from . import conftest as given

pytestmark = pytest.mark.django_db(transaction=True)


def merge(project: Project) -> None:
    with acting(Viewer.operator()) as viewer:
        actions.settle(viewer, Effect(kind="reconciliation.settle", object_id=project.pk))


def apart(found: Any) -> Any:
    """The same linkage, had it linked nobody."""
    found.cluster[:] = range(len(found.cluster))
    return found


def people_of(*records: Any) -> set[Any]:
    with acting(Viewer.operator()):
        return set(Link.objects.filter(listed__in=records, closed=None).values_list("person_id", flat=True))


def decided_pair(people: Any, project: Project, monkeypatch: pytest.MonkeyPatch) -> Pair:
    """Two records whom a linkage kept apart, and of whom a person has said that they are one."""
    link = engine.link
    monkeypatch.setattr(engine, "link", lambda *args, **named: apart(link(*args, **named)))
    first = given.carried_out(people, project)
    monkeypatch.setattr(engine, "link", link)
    assert first.state == "done", first.why_failed
    with acting(Viewer.operator()):
        twice = Listed.objects.filter(source__name__in=("Harbour", "Help"))
        pair = Pair.objects.filter(run=first, left__in=twice, right__in=twice, across=False)[0]
    given.say(people.case_worker, pair, "same")
    assert len(people_of(pair.left_id, pair.right_id)) == 2
    return pair


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> tuple[Any, Project, Pair]:
    people = make_cast()
    project = given.project.__wrapped__(people)
    given.lists.__wrapped__(people, project, tmp_path)
    return people, project, decided_pair(people, project, monkeypatch)


def test_a_merge_waits_while_a_run_writes_its_links(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    people, project, pair = scene
    fresh, others = keeping._persons, []

    def meanwhile(*args: Any) -> Any:
        def run() -> None:
            try:
                merge(project)
            finally:
                connections.close_all()

        others.append(threading.Thread(target=run))
        others[0].start()
        others[0].join(2)  # it ends within this time unless it waits its turn
        return fresh(*args)

    monkeypatch.setattr(keeping, "_persons", meanwhile)
    again = given.carried_out(people, project)
    others[0].join(60)
    assert again.state == "done", again.why_failed
    assert len(people_of(pair.left_id, pair.right_id)) == 1


def test_a_run_that_did_not_know_a_decision_does_not_undo_it(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, project, pair = scene
    monkeypatch.setattr(engine, "link", lambda *args, link=engine.link, **named: apart(link(*args)))
    again = given.carried_out(people, project)
    assert again.state == "done", again.why_failed
    assert len(people_of(pair.left_id, pair.right_id)) == 1
