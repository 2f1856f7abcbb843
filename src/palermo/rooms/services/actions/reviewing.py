"""The yearly review of a shelter: held by others than its staff, findings with a day, answered and confirmed."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.services.models import Finding, FindingState, Review, Service
from palermo.rooms.services.queries.clock import review_due_of
from palermo.standards.codes import codelist

SHORT = ("partly", "not_met")
WORDS_AT_LEAST = 5
LONGEST_FOLLOW_UP = timedelta(days=366)


def standards() -> list[str]:
    """Codes of the checklist: the entries under the headings of palermo/shelter_standard."""
    return [code.code for code in codelist("palermo/shelter_standard") if code.parent]


@transaction.atomic
def begin_review(*, actor: Viewer, service: Service, visited_on: date) -> Review:
    """Begin a review. Nobody reviews a service of his own organisation; one review at a time."""
    require(actor, "services.review.hold")
    if service.organisation_id in actor.organisation_ids or actor.organisation_id is None:
        raise Refused(
            _("Your own organisation runs this service: others review it."), rule="services.review.own"
        )
    if visited_on > timezone.localdate():
        raise Invalid(
            _("The review was not begun."),
            problems=[FieldProblem("visited_on", _("This day has not come yet."), "past")],
        )
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            made = Review.objects.create(
                service=service,
                reviewer_id=actor.user_id,
                reviewing_id=actor.organisation_id,
                visited_on=visited_on,
            )
    except IntegrityError as error:
        words = _("A review of this service is under way.")
        raise Conflict(words, rule="one_unfinished_review_of_a_service", state="open") from error
    record(actor=actor, action="services.review.begin", object_kind="service", object_id=service.pk)
    return made


def _mine(actor: Viewer, review_id: UUID) -> Review:
    require(actor, "services.review.hold")
    review = Review.objects.filter(pk=review_id).select_related("service").first()
    if review is None or review.reviewing_id not in actor.organisation_ids:
        raise NotFound()
    if review.finished_at is not None:
        raise Conflict(_("This review is finished."), rule="services.review.open", state="finished")
    return review


@transaction.atomic
def save_review(
    *, actor: Viewer, review_id: UUID, answers: Mapping[str, str], summary: str, expected_version: int
) -> Review:
    """Keep what was seen so far; nothing of it is final."""
    review = _mine(actor, review_id)
    known = set(standards())
    problems = [
        FieldProblem(code, _("Choose from the list."), "choice")
        for code, answer in answers.items()
        if code not in known or answer not in codelist("palermo/standard_answer")
    ]
    if len(summary.strip()) > 1000:
        problems.append(FieldProblem("summary", _("At most %(n)s characters.") % {"n": 1000}, "length"))
    if problems:
        raise Invalid(_("The review was not saved."), problems=problems)
    review.change({"answers": dict(answers), "summary": summary.strip()}, expected_version=expected_version)
    record(actor=actor, action="services.review.save", object_kind="service", object_id=review.service_id)
    return review


@transaction.atomic
def finish_review(
    *, actor: Viewer, review_id: UUID, findings: Mapping[str, tuple[str, date | None]], expected_version: int
) -> Review:
    """End the review: every standard answered, and for each that is not met what was found and by when it is put
    right: `findings` is standard -> (words, day). Sets the day of the next review.
    """
    review = _mine(actor, review_id)
    problems = _unfinished(review, findings)
    if problems:
        raise Invalid(_("The review is not finished yet."), problems=problems)
    for code in _short_of(review):
        words, due_on = findings[code]
        Finding.objects.create(
            review=review,
            service_id=review.service_id,
            standard=code,
            words=words.strip(),
            due_on=due_on or timezone.localdate(),
        )
    review.change(
        {"finished_at": timezone.now(), "next_due": review_due_of(review.visited_on)},
        expected_version=expected_version,
    )
    record(
        actor=actor,
        action="services.review.finish",
        object_kind="service",
        object_id=review.service_id,
        detail={"findings": len(_short_of(review))},
    )
    return review


def _short_of(review: Review) -> list[str]:
    return [code for code in standards() if review.answers.get(code) in SHORT]


def _unfinished(review: Review, findings: Mapping[str, tuple[str, date | None]]) -> list[FieldProblem]:
    today = timezone.localdate()
    problems = [
        FieldProblem(code, _("This standard is not answered."), "required")
        for code in standards()
        if code not in review.answers
    ]
    for code in _short_of(review):
        words, due_on = findings.get(code, ("", None))
        if not WORDS_AT_LEAST <= len(words.strip()) <= 600:
            problems.append(FieldProblem(f"words-{code}", _("Say what was found."), "length"))
        if due_on is None or not today <= due_on <= today + LONGEST_FOLLOW_UP:
            problems.append(FieldProblem(f"due-{code}", _("Give a day within a year."), "range"))
    return problems


def _finding(finding_id: UUID) -> Finding:
    found = Finding.objects.filter(pk=finding_id).select_related("service", "review").first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def answer_finding(*, actor: Viewer, finding_id: UUID, answer: str, expected_version: int) -> Finding:
    """The shelter says what it did about a finding."""
    require(actor, "services.finding.answer")
    found = _finding(finding_id)
    if found.service.organisation_id not in actor.organisation_ids:
        raise NotFound()
    if found.state == FindingState.CLOSED:
        raise Conflict(
            _("This finding is confirmed already."), rule="services.finding.open", state=found.state
        )
    if not WORDS_AT_LEAST <= len(answer.strip()) <= 600:
        problems = [FieldProblem("answer", _("Say what was done."), "length")]
        raise Invalid(_("The answer was not kept."), problems=problems)
    found.change(
        {"answer": answer.strip(), "state": FindingState.ANSWERED, "answered_at": timezone.now()},
        expected_version=expected_version,
    )
    record(actor=actor, action="services.finding.answer", object_kind="service", object_id=found.service_id)
    return found


@transaction.atomic
def close_finding(*, actor: Viewer, finding_id: UUID, confirmed: bool, expected_version: int) -> Finding:
    """Those who review confirm that a finding is put right, or send it back."""
    require(actor, "services.review.hold")
    found = _finding(finding_id)
    if found.review.reviewing_id not in actor.organisation_ids:
        raise NotFound()
    if found.state != FindingState.ANSWERED:
        raise Conflict(
            _("The shelter has not answered yet."), rule="services.finding.answered", state=found.state
        )
    values = (
        {"state": FindingState.CLOSED, "closed_at": timezone.now()}
        if confirmed
        else {"state": FindingState.OPEN}
    )
    found.change(values, expected_version=expected_version)
    record(
        actor=actor,
        action="services.finding.close",
        object_kind="service",
        object_id=found.service_id,
        detail={"confirmed": confirmed},
    )
    return found
