"""A record goes for good: the sealed identity, every wording, link, pair and decision; only its key stays, so that the
next delivery of the list does not bring it back. Counts that were made with it stay counts."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import OPERATOR, Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.rooms.reconciliation.actions.registering import erased, links_changed
from palermo.rooms.reconciliation.models import (
    Decision,
    Link,
    Listed,
    Pair,
    Person,
    Project,
    Removal,
    Run,
    RunState,
    Version,
    WhyRemoved,
)


@transaction.atomic
def remove_record(*, actor: Viewer, code: str, why: str) -> None:
    """Take a record of one's own organisation out for good, with everything that was made from it.

    Raises Invalid without a reason, NotFound for a foreign or unknown code.
    """
    found = Listed.objects.filter(code=code.strip().upper()).first()
    if found is None or actor.user_id is None:
        raise NotFound()
    require(actor, "reconciliation.record.remove", found.source_id)
    if why not in WhyRemoved.values:
        problems = [FieldProblem("why", _("Choose one of the reasons."), "choice")]
        raise Invalid(_("Nothing was removed."), problems=problems, rule="reconciliation.removal")
    record(
        actor=actor, action="reconciliation.record.remove", object_kind="linkage_list", object_id=found.source_id,
        detail={"code": found.code, "why": why},
    )  # fmt: skip
    erased(actor, found.source, [found.pk])
    Removal.objects.create(
        id=uuid.uuid4(), source_id=found.source_id, house=found.house, key=bytes(found.key), why=why,
        at=timezone.now(), by_id=actor.user_id,
    )  # fmt: skip
    for model, sides in (
        (Decision, ("left", "right")),
        (Pair, ("left", "right")),
        (Link, ("listed",)),
        (Version, ("listed",)),
    ):
        for side in sides:
            model._default_manager.filter(**{side: found})._raw_delete(model._default_manager.db)
    Listed.objects.filter(pk=found.pk)._raw_delete(Listed.objects.db)
    enqueue("reconciliation.tidy", found.source_id)


def tidy(viewer: Viewer, effect: Effect) -> None:
    """The worker's part: a person for whom no record stands or ever stood any more is nobody, and no run keeps capture
    histories in which a count would be another without the record. What was handed over to estimation stays: counts.
    """
    if viewer.kind != OPERATOR:
        return
    Person.objects.filter(links__isnull=True).delete()
    project = Project.objects.filter(sources=effect.object_id).first() if effect.object_id else None
    if project is not None:
        for run in Run.objects.filter(project=project, state=RunState.DONE).exclude(histories={}):
            run.change({"histories": {}}, expected_version=run.version)
        links_changed(project.pk)
