"""A study of the analyst with a run that waits, one that is done, and its result proposed as the answer."""

from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.jobs.models import Effect
from palermo.rooms.estimates import actions

TABLE = "A,B,C,count\n1,0,0,54\n0,1,0,63\n0,0,1,71\n1,1,0,12\n1,0,1,9\n0,1,1,14\n1,1,1,3\n"
VALUES = {"title": "Harbour", "crime": "trafficking", "year_from": 2023, "year_to": 2024, "about": ""}
SETTINGS = {"order": 2, "p": 0.02, "bootstrap": 0, "seed": 1, "checks": True}


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    with acting(people.analyst.viewer) as viewer:
        study = actions.open_study(
            actor=viewer, values=VALUES, tables=actions.read_tables(TABLE.splitlines())
        )
        done = actions.start_run(actor=viewer, study=study, methods=["main"], settings=SETTINGS)
        actions.carry_out(viewer, Effect.objects.get(object_id=done.pk))
        why = "Lists of bodies that do not refer to each other."
        actions.propose(actor=viewer, study=study, run_id=done.pk, place=0, why=why, expected_version=1)
        waiting = actions.start_run(actor=viewer, study=study, methods=["main"], settings=SETTINGS)
    return {"study": study.pk, "run_done": done.pk, "run_waiting": waiting.pk}
