"""Decisions with written reasons. A negative one takes two people, a review somebody who had no part in it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.workflow.actions import reckon
from palermo.rooms.identification.actions.rules import FINAL_NEGATIVE
from palermo.rooms.identification.actions.sealing import sealed
from palermo.rooms.identification.models import Identification, Ruling, Service
from palermo.rooms.identification.queries.rulings import FINAL, STEPS_OF_NEGATIVE, proposal_of
from palermo.standards import codelist

RULINGS = (
    "rg_positive", "rg_positive_child", "propose_rg_negative", "rg_negative", "reject_rg_negative",
    "cg_positive", "propose_cg_negative", "cg_negative", "reject_cg_negative",
    "overturn_rg", "overturn_cg", "uphold",
)  # fmt: skip
REVIEWS = ("overturn_rg", "overturn_cg", "uphold")
REASONS_AT_LEAST, REASONS_AT_MOST = 20, 10_000


def write_ruling(
    *, actor: Viewer, found: Identification, event: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """`given`: reasons, sentences (codes), language and bearer (who explains it, needed where it ends in a no)."""
    reasons, sentences = str(given.get("reasons") or "").strip(), list(given.get("sentences") or ())
    language, bearer = str(given.get("language") or ""), str(given.get("bearer") or "")
    _check(event, reasons, sentences, language, bearer)
    rows = Ruling.objects.filter(identification_id=found.pk, event__in=STEPS_OF_NEGATIVE)
    if event in REVIEWS and rows.filter(written_by_id=actor.user_id).exists():
        raise Refused(_("Somebody who had no part in the decision reviews it."), rule="identification.review")
    confirms = proposal_of(found, event)
    if confirms is not None and confirms.written_by_id == actor.user_id:
        raise Refused(
            _("A second person must do this: you did the step before."), rule="identification.second_decider"
        )
    assert actor.user_id is not None
    assert found.authority_id is not None
    made = Ruling(
        id=uuid.uuid4(),
        identification=found,
        written_by_id=actor.user_id,
        event=event,
        at_version=found.version,
        authority_id=found.authority_id,
        sentences=sentences,
        language=language,
        bearer=bearer,
        confirms=confirms,
    )
    made.sealed_reasons = sealed(made, "sealed_reasons", reasons)
    made.save(force_insert=True)
    return {"ruling": made}


def _check(event: str, reasons: str, sentences: list[Any], language: str, bearer: str) -> None:
    problems = []
    if not REASONS_AT_LEAST <= len(reasons) <= REASONS_AT_MOST:
        words = _("Write the reasons in a sentence or more (%(least)s to %(most)s characters).")
        limits = {"least": REASONS_AT_LEAST, "most": REASONS_AT_MOST}
        problems.append(FieldProblem("reasons", words % limits, "length"))
    if any(code not in codelist("palermo/decision_reason") for code in sentences):
        problems.append(FieldProblem("sentences", _("Choose from the list."), "choice"))
    told = event in FINAL_NEGATIVE
    for name, list_id, value in (
        ("language", "palermo/language", language),
        ("bearer", "palermo/decision_bearer", bearer),
    ):
        if (told and not value) or (value and value not in codelist(list_id)):
            words = _("Say in which language the person understands it, and who explains it.")
            problems.append(FieldProblem(name, words, "choice"))
    if problems:
        raise Invalid(_("The decision is not complete."), problems=problems)


@transaction.atomic
def serve(
    *,
    actor: Viewer,
    found: Identification,
    ruling: Ruling,
    language: str,
    way: str,
    bearer: str,
    served_at: datetime,
) -> Service:
    """Write down that the decision reached the person. The time for a review counts from this day, not the decision."""
    require(actor, "identification.decision.serve", found.pk)
    if ruling.event not in FINAL or ruling.identification_id != found.pk:
        raise Conflict(_("This step is not served."), rule="identification.not_final", state=found.state)
    if Service.objects.filter(ruling_id=ruling.pk).exists():
        raise Conflict(
            _("It is written down already that this was served."),
            rule="identification.served",
            state=found.state,
        )
    _check_service(ruling, language, way, bearer, served_at)
    assert actor.user_id is not None
    made = Service.objects.create(
        identification_id=found.pk,
        ruling_id=ruling.pk,
        written_by_id=actor.user_id,
        language=language,
        way=way,
        bearer=bearer,
        served_at=served_at,
    )
    if ruling.event in FINAL_NEGATIVE and found.state in ("negative_rg", "negative_cg", "suspended"):
        rows = Identification.objects.filter(pk=found.pk, version=found.version)
        rows.update(served_at=served_at, version=F("version") + 1)
        found.refresh_from_db()
        reckon(actor=actor, obj=found)
    record(
        actor=actor,
        action="identification.decision.serve",
        object_kind="identification",
        object_id=found.pk,
        detail={"event": ruling.event, "language": language, "bearer": bearer},
    )
    return made


def _check_service(ruling: Ruling, language: str, way: str, bearer: str, served_at: datetime) -> None:
    problems = [
        FieldProblem(name, _("Choose from the list."), "choice")
        for name, list_id, value in (
            ("language", "palermo/language", language),
            ("way", "palermo/service_way", way),
            ("bearer", "palermo/decision_bearer", bearer),
        )
        if value not in codelist(list_id)
    ]
    if served_at > timezone.now() or served_at.date() < timezone.localdate(ruling.written_at):
        problems.append(FieldProblem("served_at", _("A day from the decision until today."), "range"))
    if problems:
        raise Invalid(_("Nothing was written down."), problems=problems)
