"""A table of the published kind, a study of it, and a second reader of national tables."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.jobs.models import Effect
from palermo.rooms.estimates import actions
from palermo.rooms.estimates.models import Run, Study

TABLE = """A,B,C,count
1,0,0,54
0,1,0,63
0,0,1,71
1,1,0,12
1,0,1,9
0,1,1,14
1,1,1,3
"""
VALUES = {
    "title": "Harbour district",
    "crime": "trafficking",
    "year_from": 2023,
    "year_to": 2024,
    "about": "Invented.",
}
SETTINGS = {"order": 2, "p": 0.02, "bootstrap": 50, "seed": 7, "checks": True}


def study_of(someone: Any, text: str = TABLE, by: str = "") -> Study:
    with acting(someone.viewer) as viewer:
        return actions.open_study(
            actor=viewer, values=VALUES, tables=actions.read_tables(text.splitlines(), by=by)
        )


def carried_out(someone: Any, study: Study, methods: Any = ("main", "chao"), **more: Any) -> Run:
    """A run as the worker leaves it."""
    with acting(someone.viewer) as viewer:
        made = actions.start_run(actor=viewer, study=study, methods=methods, settings={**SETTINGS, **more})
        actions.carry_out(viewer, Effect.objects.get(object_id=made.pk))
        return Run.objects.select_related("study", "again").get(pk=made.pk)


@pytest.fixture
def study(people: Any) -> Study:
    return study_of(people.analyst)
