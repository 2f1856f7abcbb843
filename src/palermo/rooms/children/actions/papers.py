"""The papers that steps and records leave: each is made once, with its words sealed in its own row."""

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.children.actions.refusing import check, in_words
from palermo.rooms.children.models import (
    AgeAssessment,
    Assessment,
    ChildProtection,
    Depth,
    Determination,
    Guardian,
    GuardianName,
    Kept,
    Opinion,
    Panel,
    PanelMember,
    Placement,
    Tracing,
    View,
)
from palermo.rooms.children.queries import codes
from palermo.rooms.children.queries.texts import owner_of, place

Given = Mapping[str, Any]
TEXT_AT_MOST = 10_000


def sealed(child: ChildProtection, table: str, row: UUID, text: str, column: str = "sealed") -> bytes:
    """The words for that row alone; empty for no words. Raises Invalid where there are too many."""
    words = (text or "").replace("\r\n", "\n").strip()
    check((len(words) > TEXT_AT_MOST, "text", _("Up to %(n)s characters.") % {"n": TEXT_AT_MOST}))
    return seal_text(owner=owner_of(child), place=place(table, row, column), text=words)


def _entry(actor: Viewer, child: ChildProtection) -> dict[str, Any]:
    return {"id": uuid.uuid4(), "child": child, "written_by_id": actor.user_id}


def hear(actor: Viewer, child: ChildProtection, occasion: str, given: Given) -> View:
    """What the child thinks and wishes, at this step. Raises Invalid when nothing is written down."""
    text = str(given.get("view_text") or "").strip()
    check(
        (
            given.get("view_manner") not in codes.codes(codes.MANNER),
            "view_manner",
            _("Say how the child was heard."),
        ),
        (
            given.get("view_language") not in codes.codes(codes.LANGUAGE),
            "view_language",
            _("Choose the language."),
        ),
        (not text, "view_text", _("Write down what the child said or showed.")),
    )
    entry = _entry(actor, child)
    return View.objects.create(
        **entry,
        occasion=occasion,
        manner=given["view_manner"],
        language=given["view_language"],
        sealed=sealed(child, "view", entry["id"], text),
    )


def assess_age(actor: Viewer, child: ChildProtection, given: Given) -> AgeAssessment:
    """An age assessment, with its margin. The database keeps the benefit of the doubt."""
    entry = _entry(actor, child)
    with in_words():
        return AgeAssessment.objects.create(
            **entry,
            method=given["method"],
            assessor_id=UUID(str(given["assessor"])),
            done_on=given["done_on"],
            lowest=given["lowest"],
            highest=given["highest"],
            informed=bool(given.get("informed")),
            conclusion=given["conclusion"],
            sealed=sealed(child, "ageassessment", entry["id"], given.get("text", "")),
        )


def place_in(actor: Viewer, child: ChildProtection, given: Given) -> Placement:
    """A safe place by the id of its service."""
    with in_words():
        return Placement.objects.create(
            **_entry(actor, child),
            setting=given["setting"],
            service_id=given.get("service") or None,
            away=bool(given.get("away")),
            family_checked=bool(given.get("family_checked")),
        )


def appoint(actor: Viewer, child: ChildProtection, given: Given) -> Guardian:
    """A guardian takes over; the one before ends in the same moment. The name is sealed apart."""
    assert actor.user_id is not None
    name = str(given.get("name") or "").strip()
    check(
        (not name, "name", _("Write the name of the guardian.")),
        (given["appointed_on"] > timezone.localdate(), "appointed_on", _("The day is not in the future.")),
    )
    with in_words():
        for before in Guardian.objects.filter(child=child, ended_at=None):
            before.change({"ended_at": timezone.now()}, expected_version=before.version)
        made = Guardian.objects.create(
            child=child,
            kind=given["kind"],
            organisation_id=given.get("organisation") or None,
            appointed_on=given["appointed_on"],
            independent=bool(given.get("independent")),
            no_conflict=bool(given.get("no_conflict")),
            written_by_id=actor.user_id,
        )
    GuardianName(
        guardian=made,
        sealed_name=sealed(child, "guardianname", made.pk, name, "sealed_name"),
        sealed_reach=sealed(child, "guardianname", made.pk, str(given.get("reach") or ""), "sealed_reach"),
    ).save(force_insert=True)
    return made


def trace_family(actor: Viewer, child: ChildProtection, given: Given) -> Tracing:
    """What is known of one relative now."""
    entry = _entry(actor, child)
    with in_words():
        return Tracing.objects.create(
            **entry,
            relation=given["relation"],
            safety=given["safety"],
            child_wishes=given.get("child_wishes"),
            contact=given["contact"],
            sealed=sealed(child, "tracing", entry["id"], given.get("text", "")),
        )


def weigh(actor: Viewer, child: ChildProtection, depth: str, view: View, given: Given) -> Assessment:
    """A best-interests assessment: the elements, the guardian, the balance."""
    findings = {code: given[f"on_{code}"] for code in codes.codes(codes.ELEMENT) if given.get(f"on_{code}")}
    check(
        (
            not str(given.get("text") or "").strip(),
            "text",
            _("Write the balance: what weighs most, and why."),
        ),
        (
            not str(given.get("guardian_text") or "").strip(),
            "guardian_text",
            _("Hear the guardian first, and write down what was said."),
        ),
        (
            depth == Depth.UPDATE and not given.get("turning_point"),
            "turning_point",
            _("Choose the turning point."),
        ),
    )
    entry = _entry(actor, child)
    with in_words():
        return Assessment.objects.create(
            **entry,
            depth=depth,
            turning_point=given.get("turning_point") or "",
            findings=findings,
            view=view,
            guardian_agrees=given.get("guardian_agrees"),
            sealed_guardian=sealed(
                child, "assessment", entry["id"], given["guardian_text"], "sealed_guardian"
            ),
            sealed=sealed(child, "assessment", entry["id"], given["text"]),
        )


def meet(
    actor: Viewer, child: ChildProtection, lead_worker: UUID | None, answer: str, view: View, given: Given
) -> Panel:
    """A panel with its members, each with a view. The database judges it once more as a whole."""
    entry = _entry(actor, child)
    chair = given.get("chair") or None
    seats = {s: given.get(f"sits_{s}") for s in codes.codes(codes.SECTOR)}
    in_chair = given.get("chair_sector")
    check(
        (not str(given.get("text") or "").strip(), "text", _("Write the minutes.")),
        (not seats.get(in_chair or ""), "chair_sector", _("The sector in the chair sits at the table.")),
        (given["met_on"] > timezone.localdate(), "met_on", _("The day is not in the future.")),
        *(
            (
                opinion == Opinion.DISSENTS and not str(given.get(f"why_{sector}") or "").strip(),
                f"why_{sector}",
                _("Write down why somebody disagrees."),
            )
            for sector, opinion in seats.items()
        ),
    )
    with in_words():
        panel = Panel.objects.create(
            **entry,
            met_on=given["met_on"],
            answer=answer,
            chair_id=UUID(str(chair)) if chair else None,
            lead_worker_id=lead_worker,
            view=view,
            sealed=sealed(child, "panel", entry["id"], given["text"]),
        )
        for sector, opinion in seats.items():
            if opinion:
                _seat(
                    child, panel, sector, opinion, sector == in_chair, str(given.get(f"why_{sector}") or "")
                )
    return panel


def _seat(
    child: ChildProtection, panel: Panel, sector: str, opinion: str, chairs: bool, reasons: str
) -> None:
    row = uuid.uuid4()
    PanelMember.objects.create(
        id=row,
        panel=panel,
        sector=sector,
        chairs=chairs,
        opinion=opinion,
        sealed=sealed(child, "panelmember", row, reasons),
    )


def determine(
    actor: Viewer, child: ChildProtection, lead_worker: UUID | None, panel: Panel, given: Given
) -> Determination:
    """The determination for a durable solution. Raises Invalid for the lead worker, or against the guardian."""
    entry = _entry(actor, child)
    with in_words():
        return Determination.objects.create(
            **entry,
            panel=panel,
            lead_worker_id=lead_worker,
            solution=given["solution"],
            guardian_agrees=bool(given.get("guardian_agrees")),
            safety_checked=bool(given.get("safety_checked")),
            sealed=sealed(child, "determination", entry["id"], given.get("options", "")),
        )


def keep(
    actor: Viewer,
    child: ChildProtection,
    kind: str,
    said: list[str],
    text: str = "",
    organisation: UUID | None = None,
) -> Kept:
    """A smaller paper."""
    entry = _entry(actor, child)
    return Kept.objects.create(
        **entry,
        kind=kind,
        codes=said,
        organisation_id=organisation,
        sealed=sealed(child, "kept", entry["id"], text),
    )
