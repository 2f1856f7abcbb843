"""The people of a reconciliation in the national register: each once, however many lists he stands on.

The coordinator decides that they are counted, and by which links; from then on the register follows every change of
links: a linkage, a merge, an undoing, a correction, a removal. What goes there are codes under keys of one way.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.rooms.reconciliation.models import Counted, Crime, Link, Listed, Project, Source
from palermo.rooms.reconciliation.queries.standing import settled_pairs
from palermo.rooms.register.actions import (
    Attributes,
    Dated,
    Entry,
    enter_list,
    erase_row,
    leave_list,
    pseudonym,
    tie,
)

JOB = "reconciliation.register"
CRIMES = {Crime.TRAFFICKING: "tip", Crime.SMUGGLING: "som"}
STATUSES = {Crime.TRAFFICKING: "", Crime.SMUGGLING: "smuggled_migrant"}  # of a list that does not say


@transaction.atomic
def count_people(*, actor: Viewer, project: Project, by: str) -> None:
    """Count the people of a reconciliation in the national register, or (empty) no more. The worker does it.

    Raises Invalid for another rule than the two, Conflict where nothing was linked yet.
    """
    require(actor, "reconciliation.register.count")
    if by not in Counted.values:
        problems = [FieldProblem("by", _("Choose by which links."), "choice")]
        raise Invalid(_("Nothing was changed."), problems=problems, rule="reconciliation.counted")
    if by and not Link.objects.filter(project=project, closed=None).exists():
        words = _("Link the lists first: until then nobody knows who stands on several.")
        raise Conflict(words, rule="reconciliation.counted", state="not linked")
    project.change({"counted": by}, expected_version=project.version)
    record(
        actor=actor, action="reconciliation.register.count", object_kind="reconciliation", object_id=project.pk,
        detail={"by": by or "none"},
    )  # fmt: skip
    enqueue(JOB, project.pk)


def links_changed(project_id: UUID | None) -> None:
    """In the transaction of the change: the register follows, where the people are counted there."""
    if project_id is not None and Project.objects.filter(pk=project_id).exclude(counted=Counted.NOT).exists():
        enqueue(JOB, project_id)


def follow(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: the register holds just what the links say now."""
    if effect.object_id is None or viewer.kind != OPERATOR:
        return
    project = Project.objects.filter(pk=effect.object_id).first()
    if project is not None:
        follow_links(viewer, project)


def left(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: a list that takes no part any more leaves the register, too."""
    if effect.object_id is None or viewer.kind != OPERATOR:
        return
    source = Source.objects.filter(pk=effect.object_id).first()
    if source is not None and (source.project is None or not source.project.counted):
        leave_list(actor=viewer, name=source.name)


@transaction.atomic
def follow_links(actor: Viewer, project: Project) -> int:
    """Bring the register up to the links of a reconciliation. Returns how many links of rows moved."""
    sources = list(Source.objects.filter(project=project).exclude(legal_basis=""))
    if not project.counted:
        for source in sources:
            leave_list(actor=actor, name=source.name)
        return 0
    stands: dict[UUID, UUID] = dict(
        Link.objects.filter(project=project, closed=None).values_list("listed_id", "person_id")
    )
    rows = {
        one.pk: one
        for one in Listed.objects.filter(source__in=sources).select_related("source")
        if one.pk in stands
    }
    by_list: dict[UUID, list[Listed]] = defaultdict(list)
    for row in rows.values():
        by_list[row.source_id].append(row)
    for source in sources:
        entries = [_entry(project, source, row) for row in by_list[source.pk]]
        enter_list(
            actor=actor, name=source.name, legal_basis=source.legal_basis, terms=source.terms, entries=entries
        )
    groups = _decided(project, stands) if project.counted == Counted.DECIDED else _standing(stands)
    persons = {
        key: [(rows[one].source.name, pseudonym(one)) for one in records if one in rows]
        for key, records in groups.items()
    }
    why = "decided" if project.counted == Counted.DECIDED else "linkage"
    return tie(actor=actor, names=[source.name for source in sources], persons=persons, why=why)


def _standing(stands: Mapping[UUID, UUID]) -> dict[bytes, list[UUID]]:
    """The records of each person as the links stand."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for listed, person in stands.items():
        found[person].append(listed)
    return {pseudonym(person): records for person, records in found.items() if len(records) > 1}


def _decided(project: Project, stands: Mapping[UUID, UUID]) -> dict[bytes, list[UUID]]:
    """The same, but only records that people's own decisions join; a cluster may fall into several parts."""
    part: dict[UUID, UUID] = {key: key for key in stands}
    for left, right, word in settled_pairs(project.pk):
        if word == "same" and left in stands and stands[left] == stands.get(right):
            part[_root(part, left)] = _root(part, right)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for listed in stands:
        found[_root(part, listed)].append(listed)
    groups = [sorted(records) for records in found.values() if len(records) > 1]
    whole: dict[UUID, list[list[UUID]]] = defaultdict(list)
    for records in sorted(groups):
        whole[stands[records[0]]].append(records)
    # The first part keeps the person's key, so that a person whose records are all decided has one code either way.
    return {
        pseudonym(person if place == 0 else records[0]): records
        for person, parts in whole.items()
        for place, records in enumerate(parts)
    }


def _root(part: dict[UUID, UUID], key: UUID) -> UUID:
    while part[key] != key:
        part[key] = part[part[key]]
        key = part[key]
    return key


def _entry(project: Project, source: Source, row: Listed) -> Entry:
    """A record as the register takes it. The list gives no place of exploitation and no forms of it."""
    age = "" if row.child is None else "child" if row.child else "adult"
    recorded = row.recorded_on
    return Entry(
        pseudonym(row.pk),
        Attributes(
            year=recorded.year if recorded and 1900 <= recorded.year <= 2200 else None,
            crime=CRIMES[Crime(project.crime)], status=source.status or STATUSES[Crime(project.crime)], sex=row.sex,
            age_group=age, majority=age, citizenship=row.nationality,
            events=(Dated("registered", recorded),) if recorded else (),
        ),
        row.basis,
    )  # fmt: skip


def erased(actor: Viewer, source: Source, records: Sequence[UUID]) -> None:
    """Records that were taken out for good go from the register in the same transaction."""
    for key in records:
        erase_row(actor=actor, name=source.name, key=pseudonym(key))
