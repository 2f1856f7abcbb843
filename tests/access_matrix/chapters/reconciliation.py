"""Two lists of the day team's house, linked: a pair of their records, a change of links, a hand-over; one more runs.

The linkage itself is not played: what it leaves is written as the worker writes it.
"""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.actions import run_import
from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation import actions
from palermo.rooms.reconciliation.models import Change, Link, Listed, Pair, Person, Run

BASIS = "Act on the national mechanism, article 12"
PURPOSE = "To count each person once and to estimate how many nobody met."
TABLE = {"lists": ["Day", "Night"], "cells": [[1, 3], [2, 4], [3, 2]], "suppressed": [], "cautions": []}


def _project(viewer: Viewer, title: str, people: Any, *names: str) -> tuple[Any, list[Any]]:
    made = actions.open_project(actor=viewer, title=title, crime="trafficking", purpose=PURPOSE)
    lists = [
        actions.declare_list(
            actor=viewer, project=made, name=name, organisation_id=people.organisation.pk, legal_basis=BASIS
        )
        for name in names
    ]
    return made, lists


def _take(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_text(
            ",".join(FIELDS) + "\n1,2024-01-01,Aru,Bel,,female,1990,year,PER,,,\n", encoding="utf-8"
        )
        run_import(actor=Viewer.operator(), path=path, format="people", source=name)


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.coordinator.viewer) as viewer:
        project, lists = _project(viewer, "Two lists", people, "Day", "Night")
        going, _lists = _project(viewer, "Going on", people, "Quay")
    for name in ("Day", "Night", "Quay"):
        _take(name)
    with acting(people.coordinator.viewer) as viewer:
        waiting = actions.start_run(actor=viewer, project=going)
    with acting(Viewer.operator()):
        run = Run.objects.create(
            project=project, state="done", ended_at=timezone.now(), lists=[{"name": "Day", "records": 1}],
            summary={"records": 2, "persons": 1, "pairs": 1, "changed": 2, "years": [2024, 2024], "reviewed": 0.0},
            histories={"": {"tables": {"": TABLE}, "draws": [{"": TABLE}] * 2}},
        )  # fmt: skip
        left, right = sorted(Listed.objects.filter(source__in=lists), key=lambda one: one.pk)
        pair = Pair.objects.create(
            id=uuid.uuid4(), run=run, left=left, right=right, left_code=left.code, right_code=right.code,
            left_source=left.source_id, right_source=right.source_id, left_house=left.house, right_house=right.house,
            probability=0.7, weight=1.0, linked=True, child=False, across=False, band=3,
        )  # fmt: skip
        change = Change.objects.create(
            id=uuid.uuid4(), project=project, kind="run", run=run, at=timezone.now()
        )
        person = Person.objects.create(id=uuid.uuid4(), project=project, code="N-2345-6789")
        for one in (left, right):
            Link.objects.create(project=project, listed=one, person=person, house=one.house, opened=change)
    with acting(people.analyst.viewer) as viewer:
        handover = actions.hand_over(actor=viewer, run=run)
    return {
        "reconciliation": project.pk, "going": going.pk, "linkage": run.pk, "linkage_waiting": waiting.pk,
        "listed_pair": pair.pk, "link_change": change.pk, "handover": handover.pk, "linked_list": lists[0].pk,
    }  # fmt: skip
