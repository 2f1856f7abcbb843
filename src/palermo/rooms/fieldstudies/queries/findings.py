"""Findings with what they stand on; and the one way by which other rooms come to them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from palermo.fieldwork.coding import confidence
from palermo.fieldwork.others import corroboration
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.texts import Place, open_texts
from palermo.rooms.fieldstudies.models import Evidence, FieldStudy, Finding, FindingState, Segment, Wording
from palermo.rooms.fieldstudies.queries.studies import owner_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its claim in words and what it stands on."""

    finding: Finding
    claim: str
    basis: dict[str, int | bool]


@dataclass(frozen=True, slots=True)
class Approved:
    """What a story may use. quotes: only those that were released, each with the type of who said it."""

    id: UUID
    study: str
    country: str
    claim: str
    indicators: tuple[str, ...]
    reference: str
    sources: int
    types: int
    contradicting: int
    corroborated: bool
    quotes: tuple[tuple[str, str], ...]


def claim_place(key: UUID) -> Place:
    """Where the claim of a finding stands."""
    return Place("fieldstudies_finding", "sealed_claim", key)


def findings(viewer: Viewer, of: FieldStudy) -> list[Shown]:
    """Findings of a study in their order."""
    rows = list(Finding.objects.filter(study=of).select_related("written_by", "approved_by"))
    sealed = [(claim_place(one.pk), bytes(one.sealed_claim)) for one in rows]
    said = open_texts(actor=viewer, owner=owner_of(of), sealed=sealed)
    return [Shown(one, text or "", basis(one)) for one, text in zip(rows, said, strict=True)]


def finding(viewer: Viewer, of: FieldStudy, finding_id: UUID) -> Shown:
    found = next((one for one in findings(viewer, of) if one.finding.pk == finding_id), None)
    if found is None:
        raise NotFound()
    return found


def evidence(of: Finding) -> QuerySet[Evidence]:
    return Evidence.objects.filter(finding=of).select_related("segment__source", "segment__code")


def basis(of: Finding) -> dict[str, int | bool]:
    """How many sources of how many types bear a finding out, and how many contradict it."""
    rows = list(evidence(of))
    bearing = {str(r.segment.source_id): r.segment.source.actor_type for r in rows if not r.contradicts}
    return confidence(bearing, [str(r.segment.source_id) for r in rows if r.contradicts])


def corroborated(viewer: Viewer, of: FieldStudy) -> float | None:
    """P2 of the study: approved findings that two types of source bear out, among all approved ones."""
    rows = Finding.objects.filter(study=of, state=FindingState.APPROVED)
    kinds = [[r.segment.source.actor_type for r in evidence(one) if not r.contradicts] for one in rows]
    return corroboration(kinds)


def quotes(viewer: Viewer, of: FieldStudy, rows: list[Segment]) -> dict[UUID, str]:
    """The words of segments, each cut out of the approved wording of its source."""
    wanted = {one.source_id: one.source.current for one in rows}
    found = [
        one for one in Wording.objects.filter(source_id__in=wanted) if one.number == wanted[one.source_id]
    ]
    sealed = [(Place("fieldstudies_wording", "sealed_text", one.pk), bytes(one.sealed_text)) for one in found]
    texts = open_texts(actor=viewer, owner=owner_of(of), sealed=sealed)
    by_source = {one.source_id: text or "" for one, text in zip(found, texts, strict=True)}
    return {one.pk: by_source.get(one.source_id, "")[one.start : one.end] for one in rows}


def approved_findings(viewer: Viewer, *, country: str = "") -> list[Approved]:
    """What may go into a story: approved findings of the studies that the viewer holds, with released quotes alone."""
    require(viewer, "fieldstudies.study.list")
    studies = FieldStudy.objects.all()
    if country:
        studies = studies.filter(country=country)
    return [one for study in studies for one in _approved(viewer, study)]


def _approved(viewer: Viewer, of: FieldStudy) -> list[Approved]:
    told = []
    for one in findings(viewer, of):
        if one.finding.state != FindingState.APPROVED:
            continue
        rows = [r.segment for r in evidence(one.finding) if not r.contradicts and r.segment.released]
        words = quotes(viewer, of, rows)
        said = tuple((str(row.source.get_actor_type_display()), words[row.pk]) for row in rows)
        told.append(
            Approved(
                one.finding.pk, of.title, of.country, one.claim, tuple(one.finding.indicators), one.finding.reference,
                int(one.basis["sources"]), int(one.basis["types"]), int(one.basis["contradicting"]),
                bool(one.basis["corroborated"]), said,
            )
        )  # fmt: skip
    return told
