"""Moves a legal status along in tests, each step by the person who may make it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.consents import actions as consents
from palermo.rooms.identification import actions
from palermo.rooms.identification.models import Identification, Ruling
from palermo.web.room import subject

CANARY = "Vibbletonova"
REASONS = "The account is consistent and supported by what the inspector saw."
TEXTS = {"exploitation": "Worked on a farm, papers taken, not paid.", "needs": "A safe place; a doctor."}
PRESUMED = {"urgent_first": True, "rights_explained": True}
SERVED = {"language": "ar", "bearer": "worker"}


class Way:
    def __init__(self, people: Any, second: Any, third: Any) -> None:
        self.people, self.second, self.third = people, second, third
        self.worker, self.first = people.case_worker, people.competent_authority
        self.office = people.competent_authority.viewer.organisation_id
        self.case: Any = None
        self.child = False

    def begin(self, *, child: bool = False) -> Identification:
        with acting(self.worker.viewer) as viewer:
            identity = Identity(family_name=CANARY, given_names="Zarquella")
            self.case = cases.open_case(
                actor=viewer,
                reason="Asked for help at the desk.",
                identity=identity,
                crime="tip",
                child=child,
            )
            return actions.presume(
                actor=viewer,
                person_id=self.case.person_id,
                person_code=self.case.person_code,
                case_id=self.case.pk,
                track="child" if child else "adult",
            )

    def consent(self, *categories: str, decision: str = "given") -> Any:
        with acting(self.worker.viewer) as viewer:
            return consents.record_consent(
                actor=viewer,
                about=subject(viewer, "case", self.case.pk),
                purpose="identification",
                categories=list(categories or ("exploitation", "needs")),
                recipients=[self.office],
                decision=decision,
                language="ar",
                interpreting="phone",
                valid_until=timezone.now() + timedelta(days=90),
            )

    def move(self, who: Any, found: Identification, event: str, **given: Any) -> Identification:
        reason = given.pop("reason", "Seen and talked over.")
        with acting(who.viewer) as viewer:
            found = Identification.objects.get(pk=found.pk)
            return actions.move_status(
                actor=viewer,
                found=found,
                event=event,
                expected_version=found.version,
                reason=reason,
                given=given,
            )

    def presumed(self) -> Identification:
        return self.move(self.worker, self.begin(), "indicators", **PRESUMED)

    def referred(self, **more: Any) -> Identification:
        found = self.presumed()
        self.consent(*more.pop("covers", ()))
        return self.refer(found, **more)

    def refer(self, found: Identification, event: str = "refer", **more: Any) -> Identification:
        given = {"authority": str(self.office), "texts": dict(TEXTS), "capacity_clear": True} | more
        return self.move(self.worker, found, event, **given)

    def recovery(self) -> Identification:
        return self.move(self.first, self.referred(), "rg_positive", reasons=REASONS)

    def negative(self) -> Identification:
        found = self.move(self.first, self.referred(), "propose_rg_negative", reasons=REASONS)
        return self.move(self.second, found, "rg_negative", reasons=REASONS, **SERVED)

    def ruling(self, found: Identification, event: str) -> Ruling:
        with acting(self.first.viewer):
            return Ruling.objects.get(identification_id=found.pk, event=event)
