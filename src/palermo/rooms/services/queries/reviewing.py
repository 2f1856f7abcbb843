"""Reviews of standards: the checklist, what was found, and what waits for an answer."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound, Refused
from palermo.rooms.services.models import Finding, FindingState, Review, Service
from palermo.rooms.services.queries.labels import label, language
from palermo.standards.codes import codelist

LIST = "palermo/shelter_standard"


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the checklist with its standards as (code, words)."""

    title: str
    standards: tuple[tuple[str, str], ...]


def checklist() -> list[Section]:
    """The standards of functioning, by heading."""
    found, words = codelist(LIST), language()
    return [
        Section(
            head.label(words), tuple((code.code, code.label(words)) for code in found.children(head.code))
        )
        for head in found.children()
    ]


def standard_name(code: str) -> str:
    return label(LIST, code)


def answer_name(code: str) -> str:
    return label("palermo/standard_answer", code)


def may_review(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer may review: never a service of his own organisation."""
    return service.organisation_id not in viewer.organisation_ids and can(viewer, "services.review.hold")


def may_read_reviews(viewer: Viewer, service: Service) -> bool:
    """Whether the viewer reads reviews of this service: those who review, and those who keep its entry."""
    own = service.organisation_id in viewer.organisation_ids
    return can(viewer, "services.review.hold") or (own and can(viewer, "services.review.list"))


def reviews(viewer: Viewer, service: Service) -> list[Review]:
    """Reviews of a service that the viewer may read, newest first."""
    if not may_read_reviews(viewer, service):
        raise Refused(
            _("Only those who review and the shelter itself read this."), rule="services.review.list"
        )
    return list(Review.objects.filter(service=service).select_related("reviewer", "reviewing"))


def review(viewer: Viewer, review_id: UUID) -> Review:
    """One review. NotFound unless the viewer reviews, coordinates or runs the shelter."""
    found = (
        Review.objects.filter(pk=review_id)
        .select_related("service", "service__organisation", "reviewer", "reviewing")
        .first()
    )
    if found is None or not may_read_reviews(viewer, found.service):
        raise NotFound()
    return found


def findings(
    viewer: Viewer, *, review: Review | None = None, service: Service | None = None
) -> list[Finding]:
    """Findings of a review, or those of a service that are not confirmed yet."""
    require(viewer, "services.review.list")
    rows = Finding.objects.select_related("review")
    if review is not None:
        return list(rows.filter(review=review))
    return list(rows.filter(service=service).exclude(state=FindingState.CLOSED))


def finding(viewer: Viewer, finding_id: UUID) -> Finding:
    """One finding of a review that the viewer may read. Raises NotFound."""
    found = Finding.objects.filter(pk=finding_id).select_related("review", "service").first()
    if found is None or not may_read_reviews(viewer, found.service):
        raise NotFound()
    return found
