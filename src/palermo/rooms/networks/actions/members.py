"""Belonging to a network: asked by one side, agreed by the other, trained, and ended by either."""

import uuid
from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.notices import tell
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.organisations.models import Membership, Role
from palermo.kernel.workflow.actions import begin, transition
from palermo.rooms.identification.actions import this_transaction
from palermo.rooms.networks import queries
from palermo.rooms.networks.models import Member, Network, Part, Training
from palermo.rooms.networks.queries.networks import ROLES
from palermo.rooms.networks.queries.words import COURSES, ENDS
from palermo.standards import codelist
from palermo.standards.packs import pack

TRAINING_VALID = "network_training_valid"


@transaction.atomic
def invite(
    *, actor: Viewer, network: Network, user_id: UUID, organisation_id: UUID, part: str = Part.MEMBER
) -> Member:
    """Invite somebody, as a member or a focal point: it counts once that person agrees."""
    require(actor, "networks.member.propose")
    queries.led(actor, network.pk)
    if user_id == actor.user_id:
        raise Refused(_("Ask to join instead: somebody else agrees then."), rule="networks.member.invite")
    made = _proposed(actor, network, user_id, organisation_id, part)
    tell(user_id, kind="network_asked")
    return made


@transaction.atomic
def ask_to_join(*, actor: Viewer, network: Network, organisation_id: UUID, part: str = Part.MEMBER) -> Member:
    """Ask to belong to a network, for one of one's own organisations: it counts once a focal point agrees."""
    require(actor, "networks.member.propose")
    assert actor.user_id is not None
    made = _proposed(actor, network, actor.user_id, organisation_id, part)
    for point in queries.focal_points(network):
        tell(point.pk, kind="network_wish")
    return made


def _proposed(actor: Viewer, network: Network, user_id: UUID, organisation_id: UUID, part: str) -> Member:
    """The proposal, held by both sides: the person, and who leads the network."""
    _check(network, user_id, organisation_id, part)
    assert actor.user_id is not None
    made = Member(
        id=uuid.uuid4(),
        network=network,
        organisation_id=organisation_id,
        user_id=user_id,
        part=part,
        by_member=user_id == actor.user_id,
        proposed_by_id=actor.user_id,
    )
    _share(actor, made, "person", actor.user_id)
    if user_id != actor.user_id:
        _share(actor, made, "person", user_id)
    _share(actor, made, "organisation", network.organisation_id)
    try:
        with transaction.atomic():
            begin(actor=actor, obj=made)
    except IntegrityError as error:
        if _constraint(error) != "one_live_membership_of_a_person_in_a_network":
            raise
        words = _("This person is in the network already, or was asked.")
        raise Conflict(words, rule="networks.member.once", state="proposed") from None
    _trace(actor, made, "ask" if made.by_member else "invite", {"part": part})
    return made


def _constraint(error: Exception) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))


def _check(network: Network, user_id: UUID, organisation_id: UUID, part: str) -> None:
    problems = []
    if network.closed_on is not None:
        problems.append(FieldProblem("network", _("This network is closed."), "networks.closed"))
    if part not in Part.values:
        problems.append(FieldProblem("part", _("Choose one of the list."), "choice"))
    belongs = Membership.objects.filter(
        user_id=user_id, organisation_id=organisation_id, ended_at=None, role__in=ROLES, user__is_active=True
    )
    if not belongs.exists():
        problems.append(FieldProblem("who", _("Choose somebody of the list."), "networks.member.house"))
    if part == Part.FOCAL_POINT and organisation_id != network.organisation_id:
        words = _("A focal point belongs to the organisation that coordinates the network.")
        problems.append(FieldProblem("who", words, "networks.focal.house"))
    if problems:
        raise Invalid(_("Nothing was sent."), problems=problems)


def _share(actor: Viewer, made: Member, kind: str, grantee: UUID) -> None:
    """Held by the person and, of the coordinating house, by those who could lead."""
    grant(
        actor=actor,
        object_kind="member",
        object_id=made.pk,
        grantee_kind=kind,
        grantee_id=grantee,
        scopes=("case",),
        purpose="network",
        valid_from=this_transaction(),
        roles=[Role(role) for role in ROLES] if kind == "organisation" else (),
    )


@transaction.atomic
def move_member(*, actor: Viewer, row: Member, event: str, expected_version: int, reason: str = "") -> Member:
    """Agree, refuse, or leave (with a coded reason). Raises Conflict, Stale, Refused, Invalid, NotFound."""
    require(actor, "networks.member.move", row.pk)
    if event == "leave" and reason not in codelist(ENDS):
        problem = FieldProblem("reason", _("Choose why."), "networks.member.end")
        raise Invalid(_("Nothing was changed."), problems=[problem])
    transition(actor=actor, obj=row, event=event, expected_version=expected_version, reason=reason)
    _trace(actor, row, event, {"part": row.part})
    return row


@transaction.atomic
def write_training(
    *,
    actor: Viewer,
    row: Member,
    course: str,
    taken_on: date,
    valid_until: date | None = None,
    expected_version: int,
) -> Training:
    """Write down that a member took a course. Its end moves the reminder; without one, by the pack."""
    require(actor, "networks.member.move", row.pk)
    queries.led(actor, row.network_id)
    until = valid_until or _holds_until(taken_on)
    _check_training(actor, row, course, taken_on, until)
    assert actor.user_id is not None
    try:
        with transaction.atomic():
            made = Training.objects.create(
                member=row, course=course, taken_on=taken_on, valid_until=until, written_by_id=actor.user_id
            )
    except ProgrammingError:
        # The wall: only members are trained, by somebody else who leads the network.
        words = _("A training is written down for a member, by a focal point.")
        raise Conflict(words, rule="networks.training.lead", state=row.state) from None
    transition(
        actor=actor, obj=row, event="train", expected_version=expected_version, inputs={"training": made}
    )
    _trace(actor, row, "train", {"course": course})
    return made


def _holds_until(taken_on: date) -> date:
    start = timezone.make_aware(datetime.combine(taken_on, time(12)))
    return timezone.localdate(pack(settings.PALERMO_PACK).due(TRAINING_VALID, start))


def _check_training(actor: Viewer, row: Member, course: str, taken_on: date, until: date) -> None:
    problems = []
    if course not in codelist(COURSES):
        problems.append(FieldProblem("course", _("Choose the course."), "networks.course"))
    if taken_on > timezone.localdate():
        problems.append(FieldProblem("taken_on", _("The day is not in the future."), "networks.taken"))
    if until <= taken_on:
        problems.append(FieldProblem("valid_until", _("It ends after it was taken."), "networks.until"))
    if row.user_id == actor.user_id:
        problems.append(FieldProblem("course", _("Somebody else writes down your training."), "networks.own"))
    if problems:
        raise Invalid(_("Nothing was saved."), problems=problems)


def _trace(actor: Viewer, row: Member, what: str, detail: dict[str, str]) -> None:
    record(
        actor=actor,
        action=f"networks.member.{what}",
        object_kind="member",
        object_id=row.pk,
        detail={"network": str(row.network_id), **detail},
    )
