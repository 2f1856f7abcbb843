"""The JSON twin of the pages: the same queries, the same refusals. Devices do not speak this: they speak OpenRosa."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import ReviewState, Study, Submission

router = Router(tags=["observatory"])
MOST = 500


class NewStudy(Schema):
    """A round of a study, with the decision of the ethics board."""

    code: str
    title: str
    kind: str
    round: int = 1
    country: str = ""
    ethics_reference: str


class Verdict(Schema):
    """What somebody found of a record: approved, on_hold or rejected, and the version that the person saw."""

    state: str
    reason: str = ""
    version: int


def told_study(one: Study) -> dict[str, Any]:
    return {
        "id": one.pk, "code": one.code, "title": one.title, "kind": one.kind, "round": one.round,
        "country": one.country,
        "ethics_reference": one.ethics_reference, "organisation": one.organisation_id,
    }  # fmt: skip


def told_record(one: Submission) -> dict[str, Any]:
    return {
        "id": one.pk, "form": one.form.form_id, "root_id": one.root_id, "current_instance": one.current_instance,
        "received_at": one.received_at, "state": one.state, "flags": one.flags, "flattening": one.flattening,
        "problem": one.problem, "device": one.device.label if one.device else "",
        "site": one.site.name if one.site else "", "version": one.version,
    }  # fmt: skip


@router.get("studies", url_name="list_field_studies")
def list_field_studies(request: HttpRequest) -> list[dict[str, Any]]:
    """Studies of the organisations of the asker."""
    return [told_study(one) for one in queries.studies(request.viewer)[:MOST]]


@router.post("studies", url_name="open_field_study")
def open_field_study(request: HttpRequest, given: NewStudy) -> dict[str, Any]:
    """Open a study."""
    return told_study(actions.open_study(actor=request.viewer, values=given.dict()))


@router.get("studies/{uuid:study_id}", url_name="one_field_study")
def one_field_study(request: HttpRequest, study_id: UUID) -> dict[str, Any]:
    """A study: its forms with their versions, and how many records are in which state."""
    found = queries.study(request.viewer, study_id)
    forms = [
        {
            "form_id": form.form_id, "title": form.title,
            "versions": [
                {"id": one.pk, "label": one.label, "state": one.state, "md5": one.md5} for one in form.versions.all()
            ],
        }
        for form in queries.forms(request.viewer, found)
    ]  # fmt: skip
    counts = queries.counts(request.viewer, found)
    return {
        **told_study(found),
        "forms": forms,
        "counts": {state: counts[state] for state in ReviewState.values},
        "failed": counts["failed"],
    }


@router.get("studies/{uuid:study_id}/records", url_name="list_field_records")
def list_field_records(
    request: HttpRequest, study_id: UUID, state: str = "", form: str = "", offset: int = 0
) -> dict[str, Any]:
    """Records without their answers, the newest first, 500 at a time."""
    found = queries.study(request.viewer, study_id)
    rows = queries.submissions(request.viewer, found, state=state, form=form)
    start = max(0, offset)
    return {"total": rows.count(), "records": [told_record(one) for one in rows[start : start + MOST]]}


@router.get("studies/{uuid:study_id}/records/{uuid:submission_id}", url_name="one_field_record")
def one_field_record(request: HttpRequest, study_id: UUID, submission_id: UUID) -> dict[str, Any]:
    """One record with its answers by question; opening it is an entry in the audit."""
    found = queries.study(request.viewer, study_id)
    one = queries.submission(request.viewer, found, submission_id)
    return {**told_record(one), "rows": actions.answer_rows(actor=request.viewer, submission=one)}


@router.post("studies/{uuid:study_id}/records/{uuid:submission_id}/review", url_name="review_field_record")
def review_field_record(
    request: HttpRequest, study_id: UUID, submission_id: UUID, given: Verdict
) -> dict[str, Any]:
    """Approve, reject or put on hold."""
    found = queries.study(request.viewer, study_id)
    one = queries.submission(request.viewer, found, submission_id)
    actions.review(
        actor=request.viewer,
        submission=one,
        state=given.state,
        reason=given.reason,
        expected_version=given.version,
    )
    return told_record(one)
