"""The demonstration's reconciliation: three invented lists, linked once, with pairs that wait for a word."""

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.imports.actions import run_import
from palermo.linkage.people import FIELDS, PersonList
from palermo.rooms.reconciliation.actions.declaring import declare_list, open_project
from palermo.rooms.reconciliation.actions.running import start_run

PERSONS, ROWS = 700, 120
NAMES = ("Harbour House", "Northern Shelter", "Helpline")
BASIS = "National mechanism agreement of Palermia, article 12 (invented)"


def demo_reconciliation(*, cast: Any, seed: int = 1) -> None:
    """Lists of the two houses and of the helpline that the first one runs; the worker links them when it starts."""
    holders = (cast.organisation, cast.other_organisation, cast.organisation)
    with acting(cast.coordinator.viewer) as viewer:
        project = open_project(
            actor=viewer, title="Palermia: people whom three bodies met", crime="trafficking",
            purpose="To count each person once and to estimate how many nobody met. Invented from beginning to end.",
        )  # fmt: skip
        for name, holder in zip(NAMES, holders, strict=True):
            declare_list(
                actor=viewer, project=project, name=name, organisation_id=holder.pk, legal_basis=BASIS,
                terms="Kept for two years. Not to be used against anybody whom it names.",
            )  # fmt: skip
    for name, one in zip(NAMES, _invented(seed), strict=True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "list.csv"
            path.write_text(written(one), encoding="utf-8")
            run_import(actor=Viewer.operator(), path=path, format="people", source=name)
    with acting(cast.coordinator.viewer) as viewer:
        start_run(actor=viewer, project=project)


def _invented(seed: int) -> list[PersonList]:
    from palermo.linkage import generator  # of no use to a process that answers requests

    found = generator.invent(PERSONS, noise=0.5, seed=seed, lists=generator.FIVE[:3])
    return [
        PersonList(one.name, {name: list(one.columns[name][:ROWS]) for name in FIELDS}) for one in found.lists
    ]


def written(one: PersonList) -> str:
    """A list in the people format."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    writer.writerows(zip(*(one.columns[name] for name in FIELDS), strict=True))
    return text.getvalue()
