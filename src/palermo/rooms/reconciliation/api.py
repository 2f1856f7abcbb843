"""The JSON twin of the pages: the same queries, the same refusals. No identity goes through it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.models import Pair, Project, Run
from palermo.web.api import Text

router = Router(tags=["reconciliation"])
NOBODY = UUID(int=0)


class NewProject(Schema):
    """What is linked, and for what."""

    title: Text
    crime: str
    purpose: Text


class NewList(Schema):
    """A list with the name of its holder, its legal basis and its terms."""

    name: Text
    organisation: Text
    legal_basis: Text
    terms: Text = ""
    status: str = ""


class Answer(Schema):
    """same, different or unsure; blind for the sample."""

    verdict: str
    blind: bool = False


class Strata(Schema):
    """By what the histories are parted: sex, age, year, region, or nothing."""

    by: str = ""


class Rule(Schema):
    """By which links people are one in the national register: standing, decided, or empty for not at all."""

    by: str = ""


class Gone(Schema):
    """A record that goes for good, by code, and why: request, unlawful, mistake, term."""

    code: str
    why: str


def _project(found: Project) -> dict[str, Any]:
    return {"id": found.pk, "title": found.title, "crime": found.crime, "purpose": found.purpose}


def _run(found: Run, share: int | None = None) -> dict[str, Any]:
    return {
        "id": found.pk, "state": found.state, "share": share, "lists": found.lists, "summary": found.summary,
        "library": found.library,
    }  # fmt: skip


def _pair(found: Pair, blind: bool = False) -> dict[str, Any]:
    told = {} if blind else {"probability": found.probability, "linked": found.linked}
    return {
        "id": found.pk, "left": found.left_code, "right": found.right_code, "child": found.child,
        "across": found.across, "reasons": found.reasons, "warnings": found.warnings, **told,
    }  # fmt: skip


@router.get("/")
def reconciliations(request: HttpRequest) -> list[dict[str, Any]]:
    """Every reconciliation, the newest first."""
    return [_project(one) for one in queries.projects(request.viewer)[:100]]


@router.post("/")
def open_reconciliation(request: HttpRequest, body: NewProject) -> dict[str, Any]:
    """Open a reconciliation."""
    return _project(actions.open_project(actor=request.viewer, **body.dict()))


@router.get("/{project_id}")
def reconciliation(request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    """A reconciliation with its lists and the ids of its runs."""
    found = queries.project(request.viewer, project_id)
    lists = [
        {
            "id": line.source.pk, "name": line.source.name, "organisation": line.source.organisation_id,
            "legal_basis": line.source.legal_basis, "records": line.records,
        }
        for line in queries.lists(request.viewer, found)
    ]  # fmt: skip
    return {
        **_project(found),
        "lists": lists,
        "runs": [one.pk for one in queries.runs(request.viewer, found)],
    }


@router.post("/{project_id}/lists")
def declare_list(request: HttpRequest, project_id: UUID, body: NewList) -> dict[str, Any]:
    """A list takes part."""
    found = queries.project(request.viewer, project_id)
    holders = {name: UUID(key) for key, name in queries.organisations()}
    made = actions.declare_list(
        actor=request.viewer, project=found, name=body.name, organisation_id=holders.get(body.organisation, NOBODY),
        legal_basis=body.legal_basis, terms=body.terms, status=body.status,
    )  # fmt: skip
    return {"id": made.pk, "name": made.name}


@router.post("/{project_id}/runs")
def link_lists(request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    """Link the lists in the background."""
    found = queries.project(request.viewer, project_id)
    return _run(actions.start_run(actor=request.viewer, project=found))


@router.get("/{project_id}/runs/{run_id}")
def linkage_run(request: HttpRequest, project_id: UUID, run_id: UUID) -> dict[str, Any]:
    """A run: how far it is, or what came out in counts."""
    found, progress = queries.run(request.viewer, queries.project(request.viewer, project_id), run_id)
    return _run(found, progress.share if progress else None)


@router.post("/{project_id}/runs/{run_id}/stop")
def stop_linkage(request: HttpRequest, project_id: UUID, run_id: UUID) -> dict[str, Any]:
    """End a run."""
    found, progress = queries.run(request.viewer, queries.project(request.viewer, project_id), run_id)
    actions.stop_run(actor=request.viewer, run=found)
    return _run(found, progress.share if progress else None)


@router.post("/{project_id}/runs/{run_id}/sample")
def draw_pair_sample(request: HttpRequest, project_id: UUID, run_id: UUID) -> dict[str, int]:
    """Draw the blind sample of a run."""
    found, _progress = queries.run(request.viewer, queries.project(request.viewer, project_id), run_id)
    return {"pairs": actions.draw_sample(actor=request.viewer, run=found)}


@router.post("/{project_id}/runs/{run_id}/histories")
def hand_over_histories(request: HttpRequest, project_id: UUID, run_id: UUID, body: Strata) -> dict[str, Any]:
    """Hand the capture histories of a run over to estimation."""
    found, _progress = queries.run(request.viewer, queries.project(request.viewer, project_id), run_id)
    made = actions.hand_over(actor=request.viewer, run=found, by_stratum=body.by)
    return {"id": made.pk, "lists": made.lists, "tables": made.tables, "draws": len(made.draws)}


@router.get("/histories/{handover_id}")
def capture_histories(request: HttpRequest, handover_id: UUID) -> dict[str, Any]:
    """Capture histories as they were handed over, with every draw."""
    found = queries.handover(request.viewer, handover_id)
    return {
        "id": found.pk, "lists": found.lists, "years": [found.year_from, found.year_to], "strata": found.by_stratum,
        "tables": found.tables, "draws": found.draws,
    }  # fmt: skip


@router.get("/{project_id}/pairs")
def pairs_to_review(request: HttpRequest, project_id: UUID) -> list[dict[str, Any]]:
    """Pairs that wait for this person's word, the most doubtful first: comparisons in codes, never a value."""
    found = queries.project(request.viewer, project_id)
    newest = queries.latest(found)
    return (
        [_pair(one) for one in queries.to_review(request.viewer, newest)[:100]] if newest is not None else []
    )


@router.post("/{project_id}/pairs/{pair_id}")
def decide_pair(request: HttpRequest, project_id: UUID, pair_id: UUID, body: Answer) -> dict[str, Any]:
    """Say whether two records are one person."""
    one = queries.pair(request.viewer, queries.project(request.viewer, project_id), pair_id)
    actions.decide(actor=request.viewer, pair=one, verdict=body.verdict, blind=body.blind and one.sampled)
    return {**_pair(one, body.blind), "standing": "" if body.blind else queries.standing_of(one).word}


@router.get("/{project_id}/files/{upload_id}")
def file_of_a_list(request: HttpRequest, project_id: UUID, upload_id: UUID) -> dict[str, Any]:
    """What became of a file that this person brought: rows and rules, never a value."""
    one, told = queries.upload(request.viewer, queries.project(request.viewer, project_id), upload_id)
    problems = [{"row": row, "column": column, "rule": rule} for row, column, rule in one.problems]
    return {
        "id": one.pk, "list": one.source_id, "state": one.state, "share": told.share if told else None,
        "counts": one.counts, "problems": problems, "not_listed": one.more,
    }  # fmt: skip


@router.get("/{project_id}/register")
def people_in_the_register(request: HttpRequest, project_id: UUID) -> dict[str, Any]:
    """By which links the people are counted in the national register, and what linking did there."""
    found = queries.project(request.viewer, project_id)
    told = queries.effect(request.viewer, found)
    return {"by": found.counted, "lists": told.lists, "records": told.records, "persons": told.persons}


@router.post("/{project_id}/register")
def count_people(request: HttpRequest, project_id: UUID, body: Rule) -> dict[str, str]:
    """Count the people in the national register: standing, decided, or not (empty)."""
    found = queries.project(request.viewer, project_id)
    actions.count_people(actor=request.viewer, project=found, by=body.by)
    return {"by": body.by}


@router.get("/{project_id}/quality")
def quality_of_lists(request: HttpRequest, project_id: UUID) -> list[dict[str, Any]]:
    """The quality of each list, as counts and shares."""
    found = queries.project(request.viewer, project_id)
    return [
        {
            "list": row.name, "records": row.records, "score": row.score, "filled": dict(row.filled), "days": row.days,
            "duplicates": row.duplicates, "faults": dict(row.faults), "drifts": row.drifts, "years": row.years,
            "parts": dict(zip(("filled", "plausible", "prompt", "once"), row.parts, strict=False)),
            "arrivals": row.arrivals,
        }
        for row in queries.quality(request.viewer, found)
    ]  # fmt: skip


@router.post("/{project_id}/remove")
def remove_record(request: HttpRequest, project_id: UUID, body: Gone) -> dict[str, bool]:
    """A record of one's own organisation goes for good."""
    queries.project(request.viewer, project_id)
    actions.remove_record(actor=request.viewer, code=body.code, why=body.why)
    return {"gone": True}
