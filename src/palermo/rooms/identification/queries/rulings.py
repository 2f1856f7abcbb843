"""Decisions and their steps, as they are kept."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.identification.models import Identification, Ruling
from palermo.standards.packs import pack
from palermo.standards.workflows import machine

STEPS_OF_NEGATIVE = ("propose_rg_negative", "rg_negative", "propose_cg_negative", "cg_negative")
# What ends a question and is handed over to the person; proposals and refused proposals are not.
POSITIVE = ("rg_positive", "rg_positive_child", "cg_positive", "overturn_rg", "overturn_cg")
FINAL = (*POSITIVE, "rg_negative", "cg_negative", "uphold")


def rulings(viewer: Viewer, found: Identification) -> list[Ruling]:
    """Every ruling, the newest first, with its service where it has one."""
    rows = Ruling.objects.filter(identification_id=found.pk).select_related(
        "written_by", "service", "authority"
    )
    language = get_language() or "en"
    names = {event.code: event.label(language) for event in machine(found.machine).events}
    lines = list(rows.order_by("-at_version"))
    for line in lines:
        line.title = names[line.event]
        if line.event in FINAL and not hasattr(line, "service"):
            line.explain_by = explain_by(line)
    return lines


def explain_by(row: Ruling) -> datetime:
    """By when a decision has to be explained to the person: limit `explain_decision`, from its writing."""
    return pack(settings.PALERMO_PACK).due("explain_decision", timezone.localtime(row.written_at))


def ruling(viewer: Viewer, found: Identification, ruling_id: object) -> Ruling:
    """One ruling of this identification, or NotFound."""
    row = next((r for r in rulings(viewer, found) if r.pk == ruling_id), None)
    if row is None:
        raise NotFound()
    return row


def proposal_of(found: Identification, event: str) -> Ruling | None:
    """The proposal that a confirmation (rg_negative, cg_negative) confirms; None for other events."""
    if event not in ("rg_negative", "cg_negative"):
        return None
    rows = Ruling.objects.filter(identification_id=found.pk, event=f"propose_{event}")
    return rows.order_by("-at_version").first()


def about(row: Ruling) -> tuple[bool, str]:
    """(positive, "rg" or "cg") of a final ruling; an upheld one is negative."""
    stage = "cg" if "cg" in row.event else "rg"
    if row.event == "uphold":
        earlier = Ruling.objects.filter(
            identification_id=row.identification_id,
            event__in=("rg_negative", "cg_negative"),
            at_version__lt=row.at_version,
        )
        last = earlier.order_by("-at_version").first()
        stage = "cg" if last and last.event == "cg_negative" else "rg"
    return row.event in POSITIVE, stage
