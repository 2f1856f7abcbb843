"""One case: for everybody where it is published, for the colleagues of the room whatever its state."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.judgments.vocabulary import label
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, NotFound
from palermo.rooms.caselaw.models import Case, CaseTombstone, State
from palermo.web.room import Tile


class Gone(DomainError):
    """The case was public and is not any more (410); where it was merged, `stone.into` is its new address."""

    status = 410

    def __init__(self, stone: CaseTombstone) -> None:
        super().__init__(_("This case was withdrawn: %(why)s") % {"why": stone.why}, rule="caselaw.withdrawn")
        self.stone = stone


def public_case(viewer: Viewer, palermo_id: str) -> Case:
    """A published case by its id. NotFound, or Gone where it was taken back or merged."""
    require(viewer, "caselaw.public.view")
    stone = CaseTombstone.objects.filter(palermo_id=palermo_id).first()
    if stone is not None:
        raise Gone(stone)
    found = Case.objects.filter(palermo_id=palermo_id, state=State.PUBLISHED).first()
    if found is None:
        raise NotFound()
    return found


def published(viewer: Viewer) -> QuerySet[Case]:
    """Every published case, without what the search is made of."""
    require(viewer, "caselaw.public.view")
    return Case.objects.filter(state=State.PUBLISHED).defer("body", "words")


def stones(viewer: Viewer, ids: Iterable[str]) -> dict[str, CaseTombstone]:
    """What stays of those of these cases that were withdrawn or merged."""
    require(viewer, "caselaw.public.view")
    return {one.palermo_id: one for one in CaseTombstone.objects.filter(palermo_id__in=list(ids))}


def colleagues(viewer: Viewer) -> QuerySet[Case]:
    """What is not public: drafts, what waits for a second person, what was withdrawn; the latest change first."""
    require(viewer, "caselaw.case.view")
    rows = Case.objects.exclude(state=State.PUBLISHED).defer("body", "words", "record")
    return rows.order_by("-updated_at", "palermo_id")


def one(viewer: Viewer, case_id: UUID) -> Case:
    """A case for the colleagues of the room; for everybody else there is none."""
    found = Case.objects.filter(pk=case_id).first() if can(viewer, "caselaw.case.view") else None
    if found is None:
        raise NotFound()
    return found


def standings(case: Case, language: str) -> list[tuple[str, str, str, str, str]]:
    """What coders assigned, in words: what it is, the concept, how it stands, by whom and when, which vocabulary."""
    return [
        (
            label("facet", each["kind"], language) if each["kind"] in ("crime", "act", "means", "purpose", "issue") else "",  # noqa: E501
            label(each["kind"], each["concept"], language), label("standing", each["standing"], language),
            " ".join(part for part in (each["coder"], each["date"]) if part), each["vocabulary"],
        )
        for each in case.record["codings"]
    ]  # fmt: skip


def citation(case: Case, address: str) -> str:
    """The case as it is cited: title, court, official citation, ECLI, and where its record stands."""
    told = case.record
    parts = [
        case.title,
        told["court"],
        *told["citations"][:1],
        case.ecli,
        f"palermo {case.palermo_id}",
        address,
    ]
    return ", ".join(part for part in parts if part)


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The way to the case law, for the public home page; nothing while there is none."""
    require(viewer, "caselaw.public.view")
    if not Case.objects.filter(state=State.PUBLISHED).exists():
        return []
    return [Tile(label=_("Case law"), value="", url=reverse("caselaw:public"), icon="scale")]
