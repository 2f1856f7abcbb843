"""A figure of an estimate goes out with its range and its doubts, once two persons agreed on it and two let it out."""

import json
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid
from palermo.kernel.jobs.models import Effect
from palermo.rooms.estimates import actions as estimates
from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.tests.conftest import TABLE, carried_out, draft, judged

pytestmark = pytest.mark.django_db
LISTS = "A,B,C,count\n1,0,0,54\n0,1,0,63\n0,0,1,71\n1,1,0,12\n1,0,1,9\n0,1,1,14\n1,1,1,3\n"
STUDY = {"title": "Harbour", "crime": "trafficking", "year_from": 2023, "year_to": 2024, "about": ""}
SETTINGS = {"order": 2, "p": 0.02, "bootstrap": 0, "seed": 1, "checks": True}


def proposed(people: Any) -> Any:
    with acting(people.analyst.viewer) as viewer:
        study = estimates.open_study(
            actor=viewer, values=STUDY, tables=estimates.read_tables(LISTS.splitlines())
        )
        run = estimates.start_run(actor=viewer, study=study, methods=["main"], settings=SETTINGS)
        estimates.carry_out(viewer, Effect.objects.get(object_id=run.pk))
        why = "Lists of bodies that do not refer to each other."
        return estimates.propose(
            actor=viewer, study=study, run_id=run.pk, place=0, why=why, expected_version=1
        )


def test_only_an_agreed_estimate_is_released_with_its_range(people: Any) -> None:
    study = proposed(people)
    values = {
        **TABLE,
        "product": "estimate",
        "source": str(study.pk),
        "series": "ESTIMATE",
        "title": "Never detected",
    }
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid):
        actions.open_release(actor=viewer, values=values)
    with acting(people.coordinator.viewer) as viewer:
        estimates.agree(actor=viewer, study=study, expected_version=study.version)
    made = carried_out(people.analyst, draft(people.analyst, values))
    with acting(people.analyst.viewer):
        levels = {one.code: one.level for one in queries.checks(made)}
    assert set(levels) == {"verdict", "range", "codebook"}
    assert "block" not in levels.values(), levels
    judged(people.second_analyst, made, actions.review)
    out = judged(people.coordinator, made, actions.approve)
    assert out.identifier == "PALERMO-XPA-ESTIMATE-2026.1"
    with acting(Viewer.anonymous()) as anybody:
        told = json.loads(
            actions.public_file(actor=anybody, identifier=out.identifier, name="data.json").content
        )
        metadata = json.loads(
            actions.public_file(actor=anybody, identifier=out.identifier, name="metadata.json").content
        )
    figures = {row["measure"]: row["value"] for row in told["rows"]}
    assert figures["lower"] <= figures["estimate"] <= figures["upper"]
    assert figures["seen_on_any_list"] == 226
    assert told["notes"], "its doubts go with it"
    assert metadata["types"]["resourceType"] == "Estimate"
