"""The JSON twin of the pages: the same queries, the same refusals."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.rooms.releases import actions, queries
from palermo.rooms.releases.models import Release

router = Router(tags=["releases"])


class Draft(Schema):
    """What is to be released."""

    product: str
    source: str
    title: str
    series: str
    year: int
    year_from: int
    year_to: int
    purpose: str
    changes: str = ""
    columns: list[str] = []
    parameters: dict[str, float] = {}


class Change(Draft):
    """A changed draft, and the version that the person saw."""

    version: int


class Seen(Schema):
    """The version that the person saw."""

    version: int


class Verdict(Schema):
    """What a person answers for."""

    version: int
    reason: str


class Rise(Schema):
    """A higher cap, and why."""

    cap: str
    reason: str


def _open(found: Release) -> dict[str, Any]:
    """What everybody may know of a public release."""
    return {
        "identifier": found.identifier, "title": found.title, "series": found.series, "year": found.year,
        "number": found.number, "years": [found.year_from, found.year_to], "product": found.product,
        "purpose": found.purpose, "changes": found.changes, "published": found.published_at, "state": found.state,
    }  # fmt: skip


def _whole(found: Release) -> dict[str, Any]:
    return {
        **_open(found), "id": found.pk, "version": found.version, "source": found.source, "columns": found.columns,
        "parameters": found.parameters, "revision": found.revision, "run_at": found.run_at,
        "checks": [{"code": one.code, "level": one.level, "text": one.text} for one in queries.checks(found)],
        "reviews": [
            {"stage": one.stage, "verdict": one.verdict, "revision": one.revision, "reason": one.reason, "at": one.at}
            for one in queries.reviews(found)
        ],
        "files": _files(found),
    }  # fmt: skip


def _files(found: Release) -> list[dict[str, Any]]:
    kept = queries.files(found)
    return [{"name": one.name, "kind": one.kind, "bytes": one.size, "sha256": one.sha256} for one in kept]


@router.get("/public")
def public_releases(request: HttpRequest, q: str = "") -> list[dict[str, Any]]:
    """What is public, the newest version of each."""
    return [_open(one) for one in queries.catalogue(request.viewer, text=q)[:200]]


@router.get("/public/{identifier}")
def public_release(request: HttpRequest, identifier: str) -> dict[str, Any]:
    """One public release with the fingerprints of its files; 410 where it was withdrawn."""
    found = queries.landing(request.viewer, identifier)
    files = [{"name": one.name, "bytes": one.size, "sha256": one.sha256} for one in found.files]
    return {
        **_open(found.release), "citation": found.citation, "notes": found.notes, "files": files,
        "newest": found.newest,
    }  # fmt: skip


@router.get("/ledger")
def privacy_ledger(request: HttpRequest) -> list[dict[str, Any]]:
    """What each population has spent and what is left."""
    return [
        {
            "population": one.population.key, "cap": one.cap, "spent": one.spent, "left": one.left,
            "epsilon": round(one.epsilon, 4),
            "entries": [
                {
                    "kind": e.kind, "rho": str(e.rho), "delta": e.delta, "result": e.result, "sha256": e.sha256,
                    "at": e.at,
                }
                for e in one.entries
            ],
        }
        for one in queries.purses(request.viewer)
    ]  # fmt: skip


@router.post("/ledger/{population_id}/cap")
def ask_for_higher_cap(request: HttpRequest, population_id: UUID, body: Rise) -> dict[str, Any]:
    """Ask that a cap rises."""
    made = actions.ask_for_cap(actor=request.viewer, population_id=population_id, **body.dict())
    return {"id": made.pk, "cap": str(made.cap)}


@router.post("/ledger/caps/{decision_id}/agree")
def agree_to_higher_cap(request: HttpRequest, decision_id: UUID) -> dict[str, Any]:
    """A second person agrees."""
    made = actions.agree_to_cap(actor=request.viewer, decision_id=decision_id)
    return {"id": made.pk, "cap": str(made.cap)}


@router.get("/")
def list_releases(request: HttpRequest, q: str = "", state: str = "") -> list[dict[str, Any]]:
    """Every release, the newest first."""
    found = queries.releases(request.viewer, text=q, state=state)[:100]
    return [{**_open(one), "id": one.pk, "version": one.version, "revision": one.revision} for one in found]


@router.post("/")
def open_new_release(request: HttpRequest, body: Draft) -> dict[str, Any]:
    """Begin a release as a draft."""
    return _whole(actions.open_release(actor=request.viewer, values=body.dict()))


@router.get("/{release_id}")
def one_release(request: HttpRequest, release_id: UUID) -> dict[str, Any]:
    """A release with its checks and reviews."""
    return _whole(queries.one(request.viewer, release_id))


@router.post("/{release_id}/change")
def change_a_release(request: HttpRequest, release_id: UUID, body: Change) -> dict[str, Any]:
    """Change a draft."""
    found = queries.one(request.viewer, release_id)
    values = body.dict(exclude={"version"})
    changed = actions.change_release(
        actor=request.viewer, release=found, values=values, expected_version=body.version
    )
    return _whole(changed)


@router.post("/{release_id}/run")
def run_a_release(request: HttpRequest, release_id: UUID, body: Seen) -> dict[str, Any]:
    """Make it in the background."""
    found = queries.one(request.viewer, release_id)
    return _whole(actions.start_run(actor=request.viewer, release=found, expected_version=body.version))


@router.post("/{release_id}/review")
def review_a_release(request: HttpRequest, release_id: UUID, body: Verdict) -> dict[str, Any]:
    """The first person answers for the persons in it."""
    found = queries.one(request.viewer, release_id)
    return _whole(_judged(actions.review, request, found, body))


@router.post("/{release_id}/approve")
def approve_a_release(request: HttpRequest, release_id: UUID, body: Verdict) -> dict[str, Any]:
    """The second person lets it out."""
    found = queries.one(request.viewer, release_id)
    return _whole(_judged(actions.approve, request, found, body))


@router.post("/{release_id}/reject")
def reject_a_release(request: HttpRequest, release_id: UUID, body: Verdict) -> dict[str, Any]:
    """Send it back."""
    found = queries.one(request.viewer, release_id)
    return _whole(_judged(actions.reject, request, found, body))


@router.post("/{release_id}/withdraw")
def withdraw_a_release(request: HttpRequest, release_id: UUID, body: Verdict) -> dict[str, Any]:
    """Take it back; the reason is public."""
    found = queries.one(request.viewer, release_id)
    actions.withdraw(actor=request.viewer, release=found, why=body.reason, expected_version=body.version)
    return _whole(found)


def _judged(act: Any, request: HttpRequest, found: Release, body: Verdict) -> Release:
    made: Release = act(
        actor=request.viewer, release=found, reason=body.reason, expected_version=body.version
    )
    return made
