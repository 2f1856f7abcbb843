"""What people decide about pairs, the merges that follow, and how both are taken back. Nothing is overwritten."""

import uuid
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.rooms.reconciliation.actions.registering import links_changed
from palermo.rooms.reconciliation.models import (
    Change,
    Counted,
    Decision,
    Kind,
    Link,
    Pair,
    Project,
    Verdict,
)
from palermo.rooms.reconciliation.queries.standing import settled_pairs


@transaction.atomic
def decide(*, actor: Viewer, pair: Pair, verdict: str, blind: bool = False) -> Decision:
    """Say whether two records are one person. An earlier answer of the same person ends, and stays on record.

    Raises Invalid, and NotFound for whoever holds neither record. Merges follow in the background, once everybody
    whose word is needed has spoken (`queries.standing`).
    """
    require(actor, "reconciliation.pair.review")
    if verdict not in Verdict.values:
        problems = [FieldProblem("verdict", _("The same, different, or cannot tell."), "choice")]
        raise Invalid(_("Nothing was decided."), problems=problems, rule="reconciliation.verdict")
    house = next((h for h in (pair.left_house, pair.right_house) if h in actor.organisation_ids), None)
    if house is None or actor.user_id is None:
        raise NotFound()
    project_id = pair.run.project_id
    now = timezone.now()
    Decision.objects.filter(
        project_id=project_id, left_id=pair.left_id, right_id=pair.right_id, by_id=actor.user_id, until=None
    ).update(until=now)
    made = Decision.objects.create(
        id=uuid.uuid4(), project_id=project_id, left_id=pair.left_id, right_id=pair.right_id,
        left_house=pair.left_house, right_house=pair.right_house, verdict=verdict, blind=blind, by_id=actor.user_id,
        house=house, at=now,
    )  # fmt: skip
    _audit(actor, "decide", pair, verdict)
    enqueue("reconciliation.settle", project_id)
    return made


@transaction.atomic
def take_back(*, actor: Viewer, pair: Pair) -> None:
    """One's own answer about a pair ends. A merge that followed stays until it is undone."""
    require(actor, "reconciliation.pair.review")
    ended = Decision.objects.filter(
        project_id=pair.run.project_id,
        left_id=pair.left_id,
        right_id=pair.right_id,
        by_id=actor.user_id,
        until=None,
    ).update(until=timezone.now())
    if not ended:
        raise Conflict(
            _("You have not decided about this pair."), rule="reconciliation.decision", state="none"
        )
    links_changed(pair.run.project_id)
    _audit(actor, "take_back", pair, "")


def settle(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: records that people settled to be one stand for one person from now on."""
    if effect.object_id is None or viewer.kind != OPERATOR:
        return
    project = Project.objects.filter(pk=effect.object_id).first()
    if project is not None:
        merge_settled(viewer, project)


@transaction.atomic
def merge_settled(actor: Viewer, project: Project) -> int:
    """Merge people whose records were settled to be the same, unless somebody took exactly that back. How many."""
    take_turns("reconciliation.links", project.pk)
    standing = dict(Link.objects.filter(project=project, closed=None).values_list("listed_id", "person_id"))
    same = [
        (a, b)
        for a, b, word in settled_pairs(project.pk)
        if word == "same" and a in standing and b in standing
    ]
    apart = {frozenset((a, b)) for a, b, word in settled_pairs(project.pk) if word == "different"}
    merged = 0
    for left, right in same:
        one, other = standing[left], standing[right]
        if one == other or _refused(standing, one, other, apart) or _undone_before(project, left, right):
            continue
        _merge(project, one, other)
        standing = {key: one if person == other else person for key, person in standing.items()}
        merged += 1
    if merged or project.counted == Counted.DECIDED:
        links_changed(project.pk)
    if merged:
        record(
            actor=actor, action="reconciliation.person.merge", object_kind="reconciliation", object_id=project.pk,
            detail={"count": merged},
        )  # fmt: skip
    return merged


def _refused(standing: dict[UUID, UUID], one: UUID, other: UUID, apart: set[frozenset[UUID]]) -> bool:
    """Whether the merge would join two records that people settled to be different."""
    ones = [key for key, person in standing.items() if person == one]
    others = [key for key, person in standing.items() if person == other]
    return any(frozenset((a, b)) in apart for a in ones for b in others)


def _undone_before(project: Project, left: UUID, right: UUID) -> bool:
    """Whether a merge of these two was taken back after the last word on them: then it waits for a new word."""
    last = (
        Decision.objects.filter(project=project, left_id=left, right_id=right, until=None)
        .order_by("-at")
        .first()
    )
    undone = Change.objects.filter(
        project=project, kind=Kind.UNDO, undoes__kind=Kind.MERGE, undoes__closed__listed__in=(left, right)
    )
    return last is not None and undone.filter(at__gt=last.at).exists()


def _merge(project: Project, one: UUID, other: UUID) -> Change:
    change = Change.objects.create(id=uuid.uuid4(), project=project, kind=Kind.MERGE, at=timezone.now())
    _move(change, Link.objects.filter(project=project, person_id=other, closed=None), one)
    return change


def _move(change: Change, links: object, person: UUID) -> None:
    """Close these links with `change` and open the same records for `person`."""
    rows = list(links)  # type: ignore[call-overload]
    Link.objects.filter(pk__in=[row.pk for row in rows]).update(closed=change)
    Link.objects.bulk_create(
        [
            Link(project_id=row.project_id, listed_id=row.listed_id, person_id=person, house=row.house,
                 probability=row.probability, opened=change)
            for row in rows
        ]
    )  # fmt: skip
    Change.objects.filter(pk=change.pk).update(records=len(rows))


@transaction.atomic
def undo(*, actor: Viewer, change: Change) -> Change:
    """Everything that a change of links did is taken back: each record stands for whom it stood before.

    Refused where later changes moved some of these records on: those are taken back first.
    """
    require(actor, "reconciliation.change.undo")
    take_turns("reconciliation.links", change.project_id)
    if change.kind == Kind.UNDO or Change.objects.filter(undoes=change).exists():
        raise Conflict(_("This was taken back already."), rule="reconciliation.undo", state="undone")
    opened = list(Link.objects.filter(opened=change).select_related("listed"))
    if any(link.closed_id is not None for link in opened):
        words = _("Later changes stand on this one. Take those back first.")
        raise Conflict(words, rule="reconciliation.undo", state="changed since")
    before = {link.listed_id: link for link in Link.objects.filter(closed=change)}
    made = Change.objects.create(
        id=uuid.uuid4(), project_id=change.project_id, kind=Kind.UNDO, undoes=change, by_id=actor.user_id,
        at=timezone.now(), records=len(before),
    )  # fmt: skip
    Link.objects.filter(pk__in=[link.pk for link in opened]).update(closed=made)
    Link.objects.bulk_create(
        [
            Link(project_id=old.project_id, listed_id=old.listed_id, person_id=old.person_id, house=old.house,
                 probability=old.probability, opened=made)
            for old in before.values()
        ]
    )  # fmt: skip
    links_changed(change.project_id)
    record(
        actor=actor, action="reconciliation.change.undo", object_kind="reconciliation", object_id=change.project_id,
        detail={"change": str(change.pk), "records": len(before)},
    )  # fmt: skip
    return made


def _audit(actor: Viewer, what: str, pair: Pair, verdict: str) -> None:
    record(
        actor=actor, action=f"reconciliation.pair.{what}", object_kind="pair", object_id=pair.pk,
        detail={"verdict": verdict, "left": pair.left_code, "right": pair.right_code},
    )  # fmt: skip
