"""The JSON twin of the pages: the same queries, the same refusals."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.rooms.estimates import actions, queries
from palermo.rooms.estimates.forms import DEFAULTS
from palermo.rooms.estimates.models import Run, Study

router = Router(tags=["estimates"])


class NewStudy(Schema):
    """A question and its table as CSV text; `by` names a column of strata."""

    title: str
    crime: str
    year_from: int
    year_to: int
    about: str = ""
    table: str
    by: str = ""


class NewRun(Schema):
    """Methods and settings."""

    methods: list[str]
    order: int = DEFAULTS["order"]  # type: ignore[assignment]
    p: float = DEFAULTS["p"]
    bootstrap: int = DEFAULTS["bootstrap"]  # type: ignore[assignment]
    seed: int = DEFAULTS["seed"]  # type: ignore[assignment]
    checks: bool = True


class Proposal(Schema):
    """Why a result is to stand as the answer."""

    why: str
    version: int


class Seen(Schema):
    """The version that the person saw."""

    version: int


def _study(found: Study) -> dict[str, Any]:
    return {
        "id": found.pk, "version": found.version, "title": found.title, "crime": found.crime,
        "years": [found.year_from, found.year_to], "about": found.about, "data_hash": found.data_hash,
        "tables": found.tables, "run": found.headline_run_id, "place": found.headline_place,
        "why": found.headline_why, "proposed": found.proposed_at, "agreed": found.agreed_at,
    }  # fmt: skip


def _run(found: Run, share: int | None = None) -> dict[str, Any]:
    return {
        "id": found.pk, "study": found.study_id, "state": found.state, "share": share, "methods": found.methods,
        "settings": found.options, "library": found.library, "results": found.results, "refused": found.refused,
        "again": found.again_id, "same": found.same,
    }  # fmt: skip


@router.get("/")
def estimate_studies(request: HttpRequest, q: str = "", crime: str = "") -> list[dict[str, Any]]:
    """Every study, the newest first, without its table."""
    found = queries.studies(request.viewer, text=q, crime=crime)[:100]
    return [{name: value for name, value in _study(one).items() if name != "tables"} for one in found]


@router.post("/")
def open_estimate_study(request: HttpRequest, body: NewStudy) -> dict[str, Any]:
    """Ask a question of a table."""
    values = body.dict(exclude={"table", "by"})
    tables = actions.read_tables(body.table.splitlines(), by=body.by)
    return _study(actions.open_study(actor=request.viewer, values=values, tables=tables))


@router.get("/{study_id}")
def estimate_study(request: HttpRequest, study_id: UUID) -> dict[str, Any]:
    """A study with its table and the ids of its runs."""
    found = queries.one(request.viewer, study_id)
    return {**_study(found), "runs": [one.pk for one in queries.runs(request.viewer, found)]}


@router.post("/{study_id}/runs")
def start_estimate_run(request: HttpRequest, study_id: UUID, body: NewRun) -> dict[str, Any]:
    """Run methods in the background."""
    found = queries.one(request.viewer, study_id)
    settings = body.dict(exclude={"methods"})
    return _run(actions.start_run(actor=request.viewer, study=found, methods=body.methods, settings=settings))


@router.get("/{study_id}/runs/{run_id}")
def estimate_run(request: HttpRequest, study_id: UUID, run_id: UUID) -> dict[str, Any]:
    """A run: how far it is, or what came out."""
    found, progress = queries.run(request.viewer, queries.one(request.viewer, study_id), run_id)
    return _run(found, progress.share if progress else None)


@router.post("/{study_id}/runs/{run_id}/stop")
def stop_estimate_run(request: HttpRequest, study_id: UUID, run_id: UUID) -> dict[str, Any]:
    """End a run."""
    found, progress = queries.run(request.viewer, queries.one(request.viewer, study_id), run_id)
    actions.stop_run(actor=request.viewer, run=found)
    return _run(found, progress.share if progress else None)


@router.post("/{study_id}/runs/{run_id}/again")
def repeat_estimate_run(request: HttpRequest, study_id: UUID, run_id: UUID) -> dict[str, Any]:
    """Repeat a run to the last digit."""
    found, _progress = queries.run(request.viewer, queries.one(request.viewer, study_id), run_id)
    return _run(actions.repeat_run(actor=request.viewer, run=found))


@router.post("/{study_id}/runs/{run_id}/{place}/propose")
def propose_estimate(
    request: HttpRequest, study_id: UUID, run_id: UUID, place: int, body: Proposal
) -> dict[str, Any]:
    """Propose one result as the answer."""
    found = queries.one(request.viewer, study_id)
    changed = actions.propose(
        actor=request.viewer,
        study=found,
        run_id=run_id,
        place=place,
        why=body.why,
        expected_version=body.version,
    )
    return _study(changed)


@router.post("/{study_id}/agree")
def agree_to_estimate(request: HttpRequest, study_id: UUID, body: Seen) -> dict[str, Any]:
    """A second person lets the proposed result stand."""
    found = queries.one(request.viewer, study_id)
    return _study(actions.agree(actor=request.viewer, study=found, expected_version=body.version))


@router.post("/{study_id}/take-back")
def take_estimate_back(request: HttpRequest, study_id: UUID, body: Seen) -> dict[str, Any]:
    """Take a proposed or agreed result back."""
    found = queries.one(request.viewer, study_id)
    return _study(actions.take_back(actor=request.viewer, study=found, expected_version=body.version))
