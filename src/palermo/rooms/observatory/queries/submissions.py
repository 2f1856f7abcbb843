"""Records of a study: by organisation, and by the team of their site."""

from uuid import UUID

from django.db.models import Count, QuerySet

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.observatory.models import Attachment, Flattening, ReviewState, Study, Submission


def submissions(
    viewer: Viewer, of: Study, *, state: str = "", form: str = "", failed: bool = False
) -> QuerySet[Submission]:
    """Records that the viewer may see, the newest first."""
    rows = Submission.objects.filter(study=of).select_related("form", "device", "site")
    if state in ReviewState.values:
        rows = rows.filter(state=state)
    if form:
        rows = rows.filter(form__form_id=form)
    if failed:
        rows = rows.filter(flattening=Flattening.FAILED)
    return rows


def submission(viewer: Viewer, of: Study, submission_id: UUID) -> Submission:
    rows = Submission.objects.select_related("study", "form", "form_version", "device", "site")
    found = rows.filter(pk=submission_id, study=of).first()
    if found is None:
        raise NotFound()
    return found


def counts(viewer: Viewer, of: Study) -> dict[str, int]:
    """How many records are in which state, and how many wait for somebody to look at their answers."""
    found = dict.fromkeys(ReviewState.values, 0)
    rows = Submission.objects.filter(study=of)
    found |= dict(rows.order_by().values_list("state").annotate(n=Count("*")))
    found["failed"] = rows.filter(flattening=Flattening.FAILED).count()
    return found


def attachment(viewer: Viewer, of: Submission, attachment_id: UUID) -> Attachment:
    found = Attachment.objects.filter(pk=attachment_id, submission=of).first()
    if found is None:
        raise NotFound()
    return found
