"""What the register learns of a case: an event and coded attributes, under a one-way pseudonym."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.cases.models import Case, Facts
from palermo.rooms.consents.queries import basis
from palermo.rooms.register.actions import pseudonym, record_case_event, withdraw_case_person

AGE_GROUPS = ("child", "adult")


def feed_register(*, actor: Viewer, case: Case, facts: Facts, kind: str, on: date) -> None:
    """Tell the register, in the transaction of the change itself. No identity and no free text goes there.

    Nothing is told of somebody who said no to being counted, or where neither a consent nor a law allows it.
    """
    if basis(actor, person_id=case.person_id, purpose="statistics", categories=()) is None:
        return
    record_case_event(
        actor=actor,
        pseudonym=pseudonym(case.person_id),
        kind=kind,
        on=on,
        attributes=attributes(case, facts),
    )


def consent_ended(*, actor: Viewer, person_id: UUID, purpose: str) -> None:
    """Who does not want to be counted any more is taken out of the register now."""
    if purpose == "statistics":
        withdraw_case_person(actor=actor, pseudonym=pseudonym(person_id), reason="consent")


def identification_decided(*, actor: Viewer, case_id: UUID, person_id: UUID, kind: str, on: date) -> None:
    """The register counts what an authority decided. The case itself learns nothing of it: help does not depend on it.

    The authority does not hold the case: no attributes go along, and who objected is known to the register.
    """
    if basis(actor, person_id=person_id, purpose="statistics", categories=()) is not None:
        record_case_event(actor=actor, pseudonym=pseudonym(person_id), kind=kind, on=on)


def attributes(case: Case, facts: Facts) -> Mapping[str, Any]:
    """The codes of a case as the register takes them. What is not recorded is left out, never sent as "no"."""
    known: dict[str, Any] = {
        "crime": case.crime,
        "status": case.status,
        "source_kind": "case_management",
        "form": _ternary(facts.forms_yes, facts.forms_no),
        "control": _ternary(facts.controls_yes, facts.controls_no),
        "labour": dict.fromkeys(facts.labour, True),
        "sexual": dict.fromkeys(facts.sexual, True),
    }
    optional = {
        "sex": facts.sex,
        "age_group": facts.age_group or ("child" if case.child else ""),
        "majority": facts.age_group if facts.age_group in AGE_GROUPS else "",
        "majority_at_exploitation": facts.age_at_exploitation,
        "citizenship": facts.citizenships[0] if facts.citizenships else "",
        "other_citizenships": " ".join(facts.citizenships[1:]),
        "country": facts.country,
    }
    known |= {name: value for name, value in optional.items() if value}
    if facts.recruiter:
        known["recruiter"] = {facts.recruiter: True}
    return known


def _ternary(yes: list[str], no: list[str]) -> dict[str, bool]:
    return {**dict.fromkeys(no, False), **dict.fromkeys(yes, True)}
