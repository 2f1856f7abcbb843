"""Two persons answer for a report, neither of whom wrote it; the second lets it out, and either may send it back."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.workflow.actions import transition
from palermo.rooms.reports.actions.rules import actor_wrote_nothing, sources_are_public
from palermo.rooms.reports.models import Report, ReportReview, ReportTombstone

WHY = (20, 1000)
STAGES = {"submitted": "review", "reviewed": "approval"}


@transaction.atomic
def review(*, actor: Viewer, report: Report, reason: str, expected_version: int) -> Report:
    """The first person: its words and figures are right and expose nobody. Freshly signed in."""
    require(actor, "reports.report.review")
    if report.state != "submitted":
        raise Conflict(_("This does not wait for a review."), rule="reports.review", state=report.state)
    _judge(actor, report, "review", "agree", reason)
    transition(
        actor=actor,
        obj=report,
        event="review",
        expected_version=expected_version,
        inputs={"verdict": "agree"},
    )
    return report


@transaction.atomic
def approve(*, actor: Viewer, report: Report, reason: str, expected_version: int) -> Report:
    """The second person lets it out, as it was submitted. Earlier editions of the year are superseded.

    Raises Refused for who wrote or reviewed it, Conflict where its figures were withdrawn meanwhile.
    """
    require(actor, "reports.report.approve")
    if report.state != "reviewed":
        raise Conflict(_("This does not wait for approval."), rule="reports.approve", state=report.state)
    first = ReportReview.objects.filter(report=report, revision=report.revision, stage="review").first()
    if first is not None and first.person_id == actor.user_id:
        words = _("You reviewed this report. A second person has to approve it.")
        raise Refused(words, rule="reports.second_person")
    _judge(actor, report, "approval", "agree", reason)
    Report.objects.filter(pk=report.pk).update(published_at=timezone.now())
    transition(
        actor=actor,
        obj=report,
        event="approve",
        expected_version=expected_version,
        inputs={"verdict": "agree"},
    )
    report.refresh_from_db()
    earlier = Report.objects.filter(**report.series, state="published", number__lt=report.number)
    for one in earlier.order_by("number"):
        transition(actor=actor, obj=one, event="supersede", expected_version=one.version)
    return report


@transaction.atomic
def reject(*, actor: Viewer, report: Report, reason: str, expected_version: int) -> Report:
    """Send it back, with the reason."""
    require(actor, "reports.report.review")
    stage = STAGES.get(report.state)
    if stage is None:
        raise Conflict(
            _("This does not wait for a second person."), rule="reports.review", state=report.state
        )
    _judge(actor, report, stage, "refuse", reason)
    transition(
        actor=actor, obj=report, event="reject", expected_version=expected_version, reason=reason.strip()
    )
    return report


@transaction.atomic
def withdraw(*, actor: Viewer, report: Report, why: str, expected_version: int) -> Report:
    """Take a published report back. A tombstone with the reason stays at its address."""
    require(actor, "reports.report.withdraw")
    why = " ".join(why.split())
    if not why or len(why) > 300:
        problem = FieldProblem("why", _("Say why, in at most 300 characters."), "length")
        raise Invalid(problem.message, problems=[problem], rule="reports.why")
    if actor.user_id is None:
        raise Refused(_("A person answers for a report."), rule="reports.person")
    if not report.public or report.published_at is None:
        raise Conflict(_("This is not public."), rule="reports.withdraw", state=report.state)
    ReportTombstone.objects.create(
        id=report.pk, identifier=report.identifier, number=report.number, **report.series,
        published_at=report.published_at, withdrawn_at=timezone.now(), withdrawn_by_id=actor.user_id, why=why,
    )  # fmt: skip
    transition(
        actor=actor, obj=report, event="withdraw", expected_version=expected_version, reason=why,
        inputs={"tombstone": True},
    )  # fmt: skip
    return report


def _judge(actor: Viewer, report: Report, stage: str, verdict: str, reason: str) -> ReportReview:
    """What a person answers for, written down. Raises Refused in words before the database would."""
    reason = reason.strip()
    if not WHY[0] <= len(reason) <= WHY[1]:
        words = _("Say in a sentence or two what you looked at and why (at least 20 characters).")
        raise Invalid(words, problems=[FieldProblem("reason", words, "length")], rule="reports.reason")
    if actor.user_id is None:
        raise Refused(_("A person answers for a report."), rule="reports.person")
    if sentence := actor_wrote_nothing(report, actor, {}):
        raise Refused(sentence, rule="reports.second_person")
    if verdict == "agree" and (sentence := sources_are_public(report, actor, {})):
        raise Conflict(sentence, rule="reports.sources", state=report.state)
    try:
        with transaction.atomic():
            made = ReportReview.objects.create(
                report=report, revision=report.revision, stage=stage, verdict=verdict, reason=reason,
                person_id=actor.user_id, at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        words = _("Somebody else has judged this meanwhile, or you did before.")
        raise Conflict(words, rule="reports.judged", state=report.state) from error
    record(
        actor=actor, action=f"reports.report.{stage}", object_kind="report", object_id=report.pk,
        detail={"verdict": verdict, "revision": report.revision},
    )  # fmt: skip
    return made
