"""Three invented lists of two houses, brought in as the command line does, and linked as the worker does."""

from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.actions import Outcome, run_import
from palermo.kernel.jobs.models import Effect
from palermo.linkage.people import FIELDS
from palermo.rooms.reconciliation import actions
from palermo.rooms.reconciliation.models import Pair, Project, Run, Source

BASIS = "Act on the national mechanism, article 12"
PURPOSE = "To count each person once and to estimate how many nobody met."
# Zorvine Quillam is on all three lists, Adanel Brist on two of one house; the twins Fallon are two people.
HARBOUR = """a1,2024-03-01,Zorvine,Quillam,,female,1990-04-05,day,PER,,+999 1111,XP100
a2,2024-03-02,Adanel,Brist,,male,1985-02-03,day,COL,,,
a3,2024-03-03,Mirel,Fallon,,female,2010-06-07,day,PER,,+999 2222,XP300
a4,2024-03-04,Only,Harbour,,male,1970-01-01,day,NPL,,,
"""
NORTH = """b1,2024-05-01,Zorvine,Quillam,,female,1990-04-05,day,PER,,+999 1111,XP100
b2,2024-05-02,Sarel,Fallon,,female,2010-06-07,day,PER,,+999 2222,XP301
b3,2024-05-03,Only,North,,other,1960,year,EGY,,,
"""
HELP = """c1,2024-06-01,Zorvine,Quillam,,female,1990-04-05,day,COL,,+999 1111,XP100
c2,2024-06-02,Adanel,Brist,,male,1985-02-03,day,COL,,,
c3,2024-06-03,,,,,,,,,+999 9,
"""


def take(folder: Path, source: str, rows: str, header: str = ",".join(FIELDS)) -> Outcome:
    path = folder / f"{source}.csv"
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    return run_import(actor=Viewer.operator(), path=path, format="people", source=source)


def declared(people: Any, project: Project, name: str, house: Any) -> Source:
    with acting(people.coordinator.viewer) as viewer:
        return actions.declare_list(
            actor=viewer, project=project, name=name, organisation_id=house.pk, legal_basis=BASIS
        )


@pytest.fixture
def project(people: Any) -> Project:
    with acting(people.coordinator.viewer) as viewer:
        return actions.open_project(actor=viewer, title="Three lists", crime="trafficking", purpose=PURPOSE)


@pytest.fixture
def lists(people: Any, project: Project, tmp_path: Path) -> dict[str, Source]:
    found = {
        "Harbour": declared(people, project, "Harbour", people.organisation),
        "North": declared(people, project, "North", people.other_organisation),
        "Help": declared(people, project, "Help", people.organisation),
    }
    for name, rows in (("Harbour", HARBOUR), ("North", NORTH), ("Help", HELP)):
        take(tmp_path, name, rows)
    return found


def carried_out(people: Any, project: Project) -> Run:
    """A linkage as the worker leaves it."""
    with acting(people.coordinator.viewer) as viewer:
        made = actions.start_run(actor=viewer, project=project)
    with acting(Viewer.operator()) as viewer:
        actions.carry_out(viewer, Effect.objects.get(object_id=made.pk, kind="reconciliation.run"))
        return Run.objects.get(pk=made.pk)


@pytest.fixture
def run(people: Any, project: Project, lists: dict[str, Source]) -> Run:
    return carried_out(people, project)


def pair_of(run: Run, *, across: bool, linked: bool = True) -> Pair:
    with acting(Viewer.operator()):
        return Pair.objects.filter(run=run, across=across, linked=linked).order_by("-probability", "pk")[0]


def say(member: Any, pair: Pair, verdict: str, *, blind: bool = False) -> None:
    with acting(member.viewer) as viewer:
        actions.decide(actor=viewer, pair=Pair.objects.get(pk=pair.pk), verdict=verdict, blind=blind)
