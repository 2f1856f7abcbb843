"""What people of the study find of a record: approved, rejected, on hold, withdrawn for good."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.files import places
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.vault.texts import Place, seal_text
from palermo.rooms.observatory.actions.facts import JOB
from palermo.rooms.observatory.actions.live import JOB as LIVE
from palermo.rooms.observatory.actions.opening import owner_of
from palermo.rooms.observatory.models import (
    AnswerRow,
    Attachment,
    InterviewFacts,
    Review,
    ReviewState,
    Submission,
)

REVIEW = "observatory_review"
VERDICTS = (ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.ON_HOLD)
LEAST_REASON, MOST_REASON = 5, 2000


@transaction.atomic
def review(
    *, actor: Viewer, submission: Submission, state: str, reason: str, expected_version: int
) -> Submission:
    """Approve, reject or put on hold. All but an approval say why. Raises Invalid, Conflict, Stale."""
    require(actor, "observatory.submission.review", submission.study_id)
    _open(submission)
    reason = reason.strip()
    problems = []
    if state not in VERDICTS:
        problems.append(FieldProblem("state", _("Choose one of the three."), "choice"))
    if state != ReviewState.APPROVED and len(reason) < LEAST_REASON:
        problems.append(FieldProblem("reason", _("Say why, in a few words."), "length"))
    if len(reason) > MOST_REASON:
        problems.append(FieldProblem("reason", _("At most 2000 characters."), "length"))
    if problems:
        raise Invalid(_("Nothing was decided."), problems=problems, rule="observatory.review")
    submission.change({"state": state}, expected_version=expected_version)
    _note(actor, submission, state, reason)
    detail = {"state": state}
    record(
        actor=actor, action="observatory.submission.review", object_kind="submission", object_id=submission.pk,
        detail=detail,
    )  # fmt: skip
    return submission


@transaction.atomic
def withdraw(*, actor: Viewer, submission: Submission, reason: str, expected_version: int) -> Submission:
    """The person interviewed takes the consent back: answers, XML and files go for good; that there was one stays."""
    require(actor, "observatory.submission.withdraw", submission.study_id)
    _open(submission)
    if len(reason.strip()) < LEAST_REASON:
        problem = FieldProblem("reason", _("Say why, in a few words."), "length")
        raise Invalid(_("Nothing was decided."), problems=[problem], rule="observatory.review")
    # First the record, so that a worker who is writing its answers is through before they go.
    Submission.objects.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
    AnswerRow.objects.filter(submission=submission).delete()
    InterviewFacts.objects.filter(submission=submission).delete()
    enqueue(JOB, submission.study_id)
    enqueue(LIVE, submission.study_id)
    submission.revisions.update(sealed_xml=b"")
    submission.envelopes.update(sealed_xml=b"")
    files = Attachment.objects.filter(submission=submission)
    gone = {one for one in files.values_list("content", flat=True) if one}
    files.update(sealed_key=b"", sealed_name=b"", sha256=b"", present=False, content=None, size=0)
    _note(actor, submission, ReviewState.WITHDRAWN, reason.strip()[:MOST_REASON])
    gone_too = {"state": ReviewState.WITHDRAWN, "content_mark": b""}
    submission.change(gone_too, expected_version=expected_version)
    record(
        actor=actor, action="observatory.submission.withdraw", object_kind="submission", object_id=submission.pk,
        detail={"files": len(gone)},
    )  # fmt: skip
    enqueue("observatory.exports_void", submission.form_id)
    transaction.on_commit(lambda: _remove(gone))
    return submission


def _remove(gone: set[UUID]) -> None:
    for one in gone:
        places.remove(one)


def _open(submission: Submission) -> None:
    if submission.state == ReviewState.WITHDRAWN:
        words = _("This record was withdrawn. Nothing is left of it to judge.")
        raise Conflict(words, rule="observatory.submission", state=submission.state)


def _note(actor: Viewer, submission: Submission, state: str, reason: str) -> None:
    if actor.user_id is None:
        raise Refused(_("A person decides."), rule="observatory.review")
    key = uuid4()
    sealed = seal_text(
        owner=owner_of(submission.study), place=Place(REVIEW, "sealed_reason", key), text=reason
    )
    Review.objects.create(
        id=key, submission=submission, state=state, by_id=actor.user_id, sealed_reason=sealed
    )
