"""Beginning an assessment, handing in, closing early, finishing."""

import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.assessments import queries
from palermo.rooms.assessments.models import Assessment, Member, State
from palermo.standards.countries import find_country
from palermo.standards.toolkits import newest

KIND = "assessment"


@transaction.atomic
def open_assessment(*, actor: Viewer, values: Mapping[str, Any]) -> Assessment:
    """Begin an assessment with the newest version of a toolkit. The actor leads it. Raises Invalid."""
    require(actor, "assessments.assessment.open")
    house, person = actor.organisation_id, actor.user_id
    if house is None or person is None:
        raise Refused(_("A person of an organisation begins an assessment."), rule="assessments.assessment")
    chosen = list(dict.fromkeys(str(one) for one in values.get("assessors") or ()))
    given = {key: str(values.get(key) or "").strip() for key in ("title", "toolkit", "country", "scope")}
    if problems := _problems(given, values, chosen, {key for key, _name in queries.people(actor)}):
        raise Invalid(_("Nothing was begun."), problems=problems, rule="assessments.assessment")
    toolkit = newest()[given["toolkit"]]
    key = uuid.uuid4()
    # First the grant: the wall shows an assessment to those who take part, and to nobody else.
    everybody = (person, *map(UUID, chosen))
    for one in everybody:
        grant(
            actor=actor, object_kind=KIND, object_id=key, grantee_kind="person", grantee_id=one, scopes=("case",),
            purpose="assessment",
        )  # fmt: skip
    made = Assessment.objects.create(
        id=key, title=given["title"], toolkit=toolkit.code, toolkit_version=toolkit.version,
        toolkit_sha256=toolkit.sha256, country=given["country"], scope=given["scope"], starts=values["starts"],
        ends=values["ends"], organisation_id=house, lead_id=person,
    )  # fmt: skip
    for number, one in enumerate(everybody):
        Member.objects.create(assessment=made, user_id=one, number=number)
    record(
        actor=actor, action="assessments.assessment.open", object_kind=KIND, object_id=key,
        detail={"toolkit": toolkit.code, "version": toolkit.version, "assessors": len(chosen)},
    )  # fmt: skip
    return made


def _problems(
    given: Mapping[str, str], values: Mapping[str, Any], chosen: list[str], people: set[str]
) -> list[FieldProblem]:
    found = []
    if not 3 <= len(given["title"]) <= 160:
        found.append(FieldProblem("title", _("From 3 to 160 characters."), "length"))
    if given["toolkit"] not in newest():
        found.append(FieldProblem("toolkit", _("Choose a toolkit."), "choice"))
    if (known := find_country(given["country"])) is None or known.alpha3 != given["country"]:
        found.append(FieldProblem("country", _("Choose a State."), "choice"))
    if len(given["scope"]) > 2000:
        found.append(FieldProblem("scope", _("At most 2,000 characters."), "length"))
    if not values.get("starts") or not values.get("ends"):
        found.append(FieldProblem("ends", _("Say from when to when the assessment looks."), "required"))
    elif values["ends"] < values["starts"]:
        found.append(FieldProblem("ends", _("The end lies before the beginning."), "order"))
    if len(chosen) < 2 or not set(chosen) <= people:
        found.append(FieldProblem("assessors", _("Choose at least two people who assess apart."), "choice"))
    return found


def own_place(actor: Viewer, of: Assessment) -> Member:
    """The actor's place as an assessor who still answers. Raises Refused, Conflict."""
    one = queries.member(actor, of)
    if one is None or not one.number:
        raise Refused(_("The assessors answer; the lead reconciles."), rule="assessments.assessor")
    if not queries.answers_now(of, one):
        raise Conflict(
            _("These answers were handed in. They stay as they are."),
            rule="assessments.state",
            state=of.state,
        )
    return one


def leading(actor: Viewer, of: Assessment, *states: str) -> UUID:
    """The actor, who leads this assessment, which is in one of these states. Raises NotFound, Refused, Conflict."""
    require(actor, "assessments.assessment.lead", of.pk)
    person = actor.user_id
    if person is None or not queries.leads(actor, of):
        raise Refused(_("The lead of the assessment does this."), rule="assessments.lead")
    if states and of.state not in states:
        raise Conflict(
            _("This cannot be done in the state of the assessment: %(state)s.") % {"state": of.get_state_display()},
            rule="assessments.state", state=of.state,
        )  # fmt: skip
    return person


@transaction.atomic
def hand_in(*, actor: Viewer, assessment: Assessment) -> Assessment:
    """The actor's answers stay from now on. The last one who hands in opens the reconciliation (the database does)."""
    require(actor, "assessments.answer.write", assessment.pk)
    one = own_place(actor, assessment)
    one.handed_in_at = timezone.now()
    one.save(update_fields=["handed_in_at"])
    record(
        actor=actor, action="assessments.assessment.hand_in", object_kind=KIND, object_id=assessment.pk,
        detail={"assessor": one.number},
    )  # fmt: skip
    assessment.refresh_from_db()
    return assessment


@transaction.atomic
def close(*, actor: Viewer, assessment: Assessment, expected_version: int) -> Assessment:
    """The lead waits no longer: what is answered by now is reconciled. Raises Conflict, Stale."""
    leading(actor, assessment, State.OPEN)
    assessment.change({"state": State.RECONCILING}, expected_version=expected_version)
    record(actor=actor, action="assessments.assessment.close", object_kind=KIND, object_id=assessment.pk)
    return assessment


@transaction.atomic
def finish(*, actor: Viewer, assessment: Assessment, expected_version: int) -> Assessment:
    """Every difference is settled; the answers stay. Raises Conflict, Stale."""
    leading(actor, assessment, State.RECONCILING)
    if left := len(queries.differing(queries.beside(assessment))):
        raise Conflict(
            _("Differences that nobody has settled yet: %(many)d.") % {"many": left}, rule="assessments.differences"
        )  # fmt: skip
    assessment.change({"state": State.FINISHED}, expected_version=expected_version)
    record(actor=actor, action="assessments.assessment.finish", object_kind=KIND, object_id=assessment.pk)
    return assessment
