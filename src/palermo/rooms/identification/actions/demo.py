"""Invented identifications in several states, through the same steps as real ones."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.consents.actions import record_consent
from palermo.rooms.identification.actions.moving import move_status
from palermo.rooms.identification.actions.notifying import write_notification
from palermo.rooms.identification.actions.ruling import serve
from palermo.rooms.identification.models import Identification, Ruling
from palermo.web.room import subject

TEXTS = {
    "exploitation": "Worked in the fields from dawn to dark, papers kept by the employer, paid once.",
    "needs": "A safe place to sleep, a doctor, an interpreter.",
}
REASONS = "The account is consistent and fits what the inspector saw at the farm."
PRESUME = ("worker", "indicators", {"urgent_first": True, "rights_explained": True})
YES = ("first", "rg_positive", {"reasons": REASONS, "sentences": ["indicators", "consistent"], "language": "ar",
                                "bearer": "worker"})  # fmt: skip
NO = ("first", "propose_rg_negative", {"reasons": "Nothing known shows a purpose of exploitation so far."})
CONFIRM = ("second", "rg_negative", {"reasons": "Read again; I come to the same result.", "language": "fr",
                                     "bearer": "worker", "sentences": ["purpose_missing", "not_against"]})  # fmt: skip
ASK = ("first", "request_info", {"questions": ["Who kept the papers?", "Since when was nothing paid?"]})
EARLY = ("first", "early_request", {"asked_in_writing": True})
FINAL = (
    "first",
    "cg_positive",
    {"reasons": REASONS, "options_explained": True, "language": "en", "bearer": "worker"},
)
REFER: tuple[str, str, dict[str, Any]] = ("worker", "refer", {})
STORIES: tuple[tuple[Any, ...], ...] = (
    (PRESUME,), (PRESUME, REFER), (PRESUME, REFER, ASK), (PRESUME, REFER, YES), (PRESUME, REFER, NO),
    (PRESUME, REFER, NO, CONFIRM), (PRESUME, REFER, YES, EARLY), (PRESUME, REFER, YES, EARLY, FINAL), (),
)  # fmt: skip


def demo_statuses(*, cast: Any, second: Any) -> int:
    """Move the statuses that the demonstration's cases began through their stories; how many there are.

    `cast` is `kernel.access.cast.Cast`; `second` another decider of the authority.
    """
    office = cast.competent_authority.viewer.organisation_id
    who = {"worker": cast.case_worker, "first": cast.competent_authority, "second": second}
    with acting(cast.case_worker.viewer) as viewer:
        rows = Identification.objects.filter(child=False, state="screening", begun_by_id=viewer.user_id)
        keys = list(rows.order_by("created_at").values_list("pk", flat=True))
    for number, key in enumerate(keys):
        for person, event, given in STORIES[number % len(STORIES)]:
            if event == "refer":
                _consent(cast.case_worker.viewer, key, office)
                given = {"authority": str(office), "texts": TEXTS, "capacity_clear": True}
            _move(who[person].viewer, key, event, given)
        _served(cast.case_worker.viewer, key)
    for number in range(7):
        with acting(cast.case_worker.viewer) as viewer:
            codes = {"crime": "tip", "sex": ("female", "male")[number % 2], "rare_accepted": True}
            write_notification(actor=viewer, found=Identification(), event="refuse", given=codes)
    return len(keys)


def _move(viewer: Viewer, key: Any, event: str, given: dict[str, Any]) -> None:
    with acting(viewer):
        found = Identification.objects.get(pk=key)
        move_status(
            actor=viewer,
            found=found,
            event=event,
            expected_version=found.version,
            reason="Talked over with the interpreter.",
            given=given,
        )


def _consent(viewer: Viewer, key: Any, office: Any) -> None:
    with acting(viewer):
        found = Identification.objects.get(pk=key)
        record_consent(
            actor=viewer,
            about=subject(viewer, "case", found.case_id),
            purpose="identification",
            categories=list(TEXTS),
            recipients=[office],
            decision="given",
            language="ar",
            interpreting="phone",
            valid_until=timezone.now() + timedelta(days=180),
        )


def _served(viewer: Viewer, key: Any) -> None:
    """A no was explained to the person on the same day."""
    with acting(viewer):
        found = Identification.objects.get(pk=key)
        row = Ruling.objects.filter(identification_id=key, event="rg_negative").first()
        if row is not None:
            now = timezone.now()
            serve(
                actor=viewer,
                found=found,
                ruling=row,
                language="fr",
                way="shared",
                bearer="worker",
                served_at=now,
            )
