"""Two persons answer for a release, neither of whom prepared it: one for the persons in it, one for letting it out."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.workflow.actions import transition
from palermo.rooms.releases.actions.publishing import announce, supersede_earlier
from palermo.rooms.releases.actions.rules import actor_prepared_nothing, nothing_blocks
from palermo.rooms.releases.models import Release, ReleaseTombstone, Review

WHY = (20, 1000)
STAGES = {"checked": "review", "reviewed": "approval"}


@transaction.atomic
def review(*, actor: Viewer, release: Release, reason: str, expected_version: int) -> Release:
    """The first person: nobody is exposed by this, and why he thinks so. Freshly signed in."""
    require(actor, "releases.release.review")
    if release.state != "checked":
        raise Conflict(_("This does not wait for a review."), rule="releases.review", state=release.state)
    _judge(actor, release, "review", "agree", reason)
    transition(
        actor=actor,
        obj=release,
        event="review",
        expected_version=expected_version,
        inputs={"verdict": "agree"},
    )
    return release


@transaction.atomic
def approve(*, actor: Viewer, release: Release, reason: str, expected_version: int) -> Release:
    """The second person lets it out: it gets its number, its metadata and its address, and never changes again.

    Raises Refused for who prepared or reviewed it, Conflict where something blocks it or other tables came out since.
    """
    require(actor, "releases.release.approve")
    if release.state != "reviewed":
        raise Conflict(_("This does not wait for approval."), rule="releases.approve", state=release.state)
    first = Review.objects.filter(release=release, revision=release.revision, stage="review").first()
    if first is not None and first.person_id == actor.user_id:
        words = _("You reviewed this release. A second person has to approve it.")
        raise Refused(words, rule="releases.second_person")
    _judge(actor, release, "approval", "agree", reason)
    announce(actor=actor, release=release)
    transition(
        actor=actor,
        obj=release,
        event="approve",
        expected_version=expected_version,
        inputs={"verdict": "agree"},
    )
    supersede_earlier(actor=actor, release=release)
    return release


@transaction.atomic
def reject(*, actor: Viewer, release: Release, reason: str, expected_version: int) -> Release:
    """Send it back, with the reason. It has to be made anew; what its run has spent stays spent."""
    require(actor, "releases.release.review")
    stage = STAGES.get(release.state)
    if stage is None:
        raise Conflict(
            _("This does not wait for a second person."), rule="releases.review", state=release.state
        )
    _judge(actor, release, stage, "refuse", reason)
    transition(
        actor=actor, obj=release, event="reject", expected_version=expected_version, reason=reason.strip()
    )
    return release


@transaction.atomic
def withdraw(*, actor: Viewer, release: Release, why: str, expected_version: int) -> Release:
    """Take a published release back. A tombstone with the reason stays at its address."""
    require(actor, "releases.release.withdraw")
    why = " ".join(why.split())
    if not why or len(why) > 300:
        problem = FieldProblem("why", _("Say why, in at most 300 characters."), "length")
        raise Invalid(problem.message, problems=[problem], rule="releases.why")
    if actor.user_id is None:
        raise Refused(_("A person answers for a release."), rule="releases.person")
    if (
        not release.public
        or release.identifier is None
        or release.number is None
        or release.published_at is None
    ):
        raise Conflict(_("This is not public."), rule="releases.withdraw", state=release.state)
    ReleaseTombstone.objects.create(
        id=release.pk, identifier=release.identifier, series=release.series, year=release.year, number=release.number,
        title=release.title, published_at=release.published_at, withdrawn_at=timezone.now(),
        withdrawn_by_id=actor.user_id, why=why,
    )  # fmt: skip
    transition(
        actor=actor, obj=release, event="withdraw", expected_version=expected_version, reason=why,
        inputs={"tombstone": True},
    )  # fmt: skip
    return release


def _judge(actor: Viewer, release: Release, stage: str, verdict: str, reason: str) -> Review:
    """What a person answers for, written down. Raises Refused in words before the database would."""
    reason = reason.strip()
    if not WHY[0] <= len(reason) <= WHY[1]:
        words = _("Say in a sentence or two what you looked at and why (at least 20 characters).")
        raise Invalid(words, problems=[FieldProblem("reason", words, "length")], rule="releases.reason")
    if actor.user_id is None:
        raise Refused(_("A person answers for a release."), rule="releases.person")
    if sentence := actor_prepared_nothing(release, actor, {}):
        raise Refused(sentence, rule="releases.second_person")
    if verdict == "agree" and (sentence := nothing_blocks(release, actor, {})):
        raise Conflict(sentence, rule="releases.blocked", state=release.state)
    try:
        with transaction.atomic():
            made = Review.objects.create(
                release=release, revision=release.revision, stage=stage, verdict=verdict, reason=reason,
                person_id=actor.user_id, at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        words = _("Somebody else has judged this meanwhile, or you did before.")
        raise Conflict(words, rule="releases.judged", state=release.state) from error
    record(
        actor=actor, action=f"releases.release.{stage}", object_kind="release", object_id=release.pk,
        detail={"verdict": verdict, "revision": release.revision},
    )  # fmt: skip
    return made
