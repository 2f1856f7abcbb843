"""Findings: a claim, the segments that bear it out or contradict it, and a second person who approves."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.fieldwork.catalogue import catalogue
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.fieldstudies.models import Evidence, FieldStudy, Finding, FindingState, Segment
from palermo.rooms.fieldstudies.queries import claim_place, owner_of


@transaction.atomic
def write_finding(
    *, actor: Viewer, study: FieldStudy, claim: str, bearing: Sequence[str], contradicting: Sequence[str] = (),
    indicators: Sequence[str] = (), reference: str = "",
) -> Finding:  # fmt: skip
    """A claim with at least one segment that bears it out. Raises Invalid."""
    require(actor, "fieldstudies.finding.write", study.pk)
    if actor.user_id is None:
        raise Refused(_("A person does this."), rule="fieldstudies.person")
    claim, problems = claim.strip(), []
    if not 10 <= len(claim) <= 2000:
        problems.append(FieldProblem("claim", _("From 10 to 2000 characters."), "length"))
    live = {str(one.pk): one for one in Segment.objects.filter(study=study, removed=False)}
    if not bearing or not set(bearing) | set(contradicting) <= set(live):
        problems.append(
            FieldProblem("bearing", _("Choose at least one coded piece that bears it out."), "choice")
        )
    if set(bearing) & set(contradicting):
        problems.append(FieldProblem("contradicting", _("A piece cannot do both."), "choice"))
    if not set(indicators) <= set(catalogue()):
        problems.append(FieldProblem("indicators", _("There is no such indicator."), "choice"))
    if problems:
        raise Invalid(_("Nothing was saved."), problems=problems, rule="fieldstudies.finding")
    numbers = Finding.objects.filter(study=study).values_list("number", flat=True)
    made = Finding(
        id=uuid.uuid4(), study=study, number=1 + max(numbers, default=0), indicators=sorted(set(indicators)),
        reference=reference.strip()[:300], written_by_id=actor.user_id,
    )  # fmt: skip
    made.sealed_claim = seal_text(owner=owner_of(study), place=claim_place(made.pk), text=claim)
    made.save(force_insert=True)
    rows = [(key, False) for key in bearing] + [(key, True) for key in contradicting]
    Evidence.objects.bulk_create(
        Evidence(study=study, finding=made, segment=live[key], contradicts=against) for key, against in rows
    )
    record(actor=actor, action="fieldstudies.finding.write", object_kind="finding", object_id=made.pk)
    return made


@transaction.atomic
def approve_finding(*, actor: Viewer, finding: Finding, expected_version: int) -> Finding:
    """A second person finds that the pieces bear the claim out. Only then it is offered to stories."""
    require(actor, "fieldstudies.finding.write", finding.study_id)
    if finding.state != FindingState.DRAFT:
        raise Conflict(_("This finding was approved."), rule="fieldstudies.finding", state=finding.state)
    if finding.written_by_id == actor.user_id:
        raise Refused(_("Whoever wrote a finding does not approve it."), rule="two_people")
    finding.change(
        {"state": FindingState.APPROVED, "approved_by_id": actor.user_id}, expected_version=expected_version
    )
    record(actor=actor, action="fieldstudies.finding.approve", object_kind="finding", object_id=finding.pk)
    return finding


@transaction.atomic
def release_quote(*, actor: Viewer, segment: Segment, released: bool, expected_version: int) -> Segment:
    """Whether the words themselves may be shown in a story, or only that they were said."""
    require(actor, "fieldstudies.finding.write", segment.study_id)
    segment.change({"released": released}, expected_version=expected_version)
    record(
        actor=actor, action="fieldstudies.quote.release", object_kind="source", object_id=segment.source_id,
        detail={"released": released},
    )  # fmt: skip
    return segment
