"""Open a case: the person in the vault, the case by code, the team that may see it, the event in the register."""

import uuid
from uuid import UUID

from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import InsufficientPrivilege

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.vault.actions import register_person
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import Person
from palermo.kernel.workflow.actions import begin
from palermo.rooms.cases.actions.feeding import feed_register
from palermo.rooms.cases.models import Case, Crime, Facts, Status
from palermo.rooms.identification.actions import presume_if_may, save_with_code, share_with_team, team_of
from palermo.rooms.identification.queries import Decided, decided

REASON_AT_LEAST, REASON_AT_MOST = 10, 300
SCOPES = ("case", "identity", "notes")
PURPOSE = "assistance"
# Who was only smuggled is a smuggled migrant; only trafficking makes somebody a presumed victim of it.
STATUS_OF = {
    Crime.TIP: Status.PRESUMED,
    Crime.BOTH: Status.PRESUMED,
    Crime.SOM: Status.SMUGGLED_MIGRANT,
    Crime.AGGRAVATED_SOM: Status.SMUGGLED_MIGRANT,
    Crime.NEITHER_YET: Status.NOT_RECORDED,
}


@transaction.atomic
def open_case(
    *,
    actor: Viewer,
    reason: str,
    identity: Identity | None = None,
    person_id: UUID | None = None,
    screening_id: UUID | None = None,
    crime: str = "",
    child: bool | None = None,
    case_id: UUID | None = None,
) -> Case:
    """Open a case of the actor's organisation, from a decided screening or directly with a reason.

    Give either `identity` (a new person; may be empty where no name is known) or `person_id` (somebody found
    by the search, whom the actor holds). `case_id` makes a form that is sent twice open one case only; Invalid
    when it belongs to anything else, whether the actor may see that or not.
    """
    require(actor, "cases.case.open")
    if actor.organisation_id is None:
        raise Refused(_("You need a place in an organisation to open a case."), rule="organisation")
    if case_id is not None:
        known = Case.objects.filter(pk=case_id).first()
        if known is not None:
            return _sent_twice(known, actor, reason)
    found = _decided(actor, screening_id)
    crime = found.outcome if found else crime
    reason = _checked(reason, crime)
    person = _person(actor, identity, person_id, bool(child or (found and found.child)))
    made = Case(
        id=case_id or uuid.uuid4(),
        organisation_id=actor.organisation_id,
        worker_id=actor.user_id,
        person_id=person.pk,
        person_code=person.code,
        screening_id=screening_id,
        opening_reason=reason,
        crime=crime,
        status=STATUS_OF[Crime(crime)],
        child=found.child if found else child,
    )
    _claim(actor, made)
    facts = Facts.objects.create(case=made, **_facts_from(found))
    feed_register(actor=actor, case=made, facts=facts, kind="case_opened", on=timezone.localdate())
    if made.status == Status.PRESUMED:
        feed_register(actor=actor, case=made, facts=facts, kind="presumed", on=timezone.localdate())
        presume_if_may(
            actor=actor,
            person_id=made.person_id,
            person_code=made.person_code,
            case_id=made.pk,
            screening_id=screening_id,
            child=made.child,
        )
    record(
        actor=actor,
        action="cases.case.open",
        object_kind="case",
        object_id=made.pk,
        detail={"code": made.code, "crime": made.crime, "from_screening": screening_id is not None},
    )
    return made


def _sent_twice(known: Case, actor: Viewer, reason: str) -> Case:
    """The case that this very form has opened already. Raises Invalid when another form did."""
    if known.worker_id != actor.user_id or known.opening_reason != reason.strip():
        raise _search_again()
    return known


def _search_again() -> Invalid:
    """What a form with an outdated search says too: nobody learns which ids are taken."""
    words = _("Please search once more before opening a new case: the last search is too old.")
    return Invalid(_("The case was not opened."), problems=[FieldProblem("", words, "search")])


def _claim(actor: Viewer, made: Case) -> None:
    """Grant the case to the team and store it. Raises Invalid when its id is that of something else."""
    try:
        with transaction.atomic():
            share_with_team(
                actor=actor,
                object_kind="case",
                object_id=made.pk,
                scopes=SCOPES,
                purpose=PURPOSE,
                organisation_id=made.organisation_id,
            )
            save_with_code("C", lambda code: _begin(actor, made, code))
    except (IntegrityError, ProgrammingError) as error:
        if not _is_taken(error):
            raise
        raise _search_again() from None


def _is_taken(error: Exception) -> bool:
    """Whether somebody holds the id already: the database refuses its first grant, or its row."""
    cause = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", "")
    return isinstance(cause, InsufficientPrivilege) or name == "cases_case_pkey"


def _begin(actor: Viewer, made: Case, code: str) -> None:
    made.code = code
    begin(actor=actor, obj=made)


def _decided(actor: Viewer, screening_id: UUID | None) -> Decided | None:
    if screening_id is None:
        return None
    found = decided(actor, screening_id)
    if found is None:
        raise Conflict(
            _("Nobody has decided on this screening yet. Decide first; then open the case."),
            rule="cases.case.screening_decided",
            state="open",
        )
    if Case.objects.filter(screening_id=screening_id).exists():
        raise Conflict(
            _("A case is open from this screening already."),
            rule="one_case_for_one_screening",
            state="decided",
        )
    return found


def _checked(reason: str, crime: str) -> str:
    problems = []
    reason = reason.strip()
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        words = _("Say in a sentence why the case is opened (%(least)s to %(most)s characters).")
        problems.append(
            FieldProblem("reason", words % {"least": REASON_AT_LEAST, "most": REASON_AT_MOST}, "length")
        )
    if crime not in Crime.values:
        problems.append(FieldProblem("crime", _("Choose what the case is about."), "choice"))
    if problems:
        raise Invalid(_("The case was not opened."), problems=problems)
    return reason


def _person(actor: Viewer, identity: Identity | None, person_id: UUID | None, child: bool) -> Person:
    """The person in the vault: the one who was found, or a new one; the team may open the identity."""
    assert actor.organisation_id is not None
    if person_id is not None:
        require(actor, "vault.person.view", person_id)
        found = Person.objects.filter(pk=person_id).first()
        if found is None:
            raise NotFound()
        share_with_team(
            actor=actor,
            object_kind="person",
            object_id=found.pk,
            scopes=("case", "identity"),
            purpose=PURPOSE,
            organisation_id=actor.organisation_id,
        )
        return found
    return register_person(
        actor=actor,
        organisation_id=actor.organisation_id,
        identity=identity or Identity(),
        grantees=team_of(actor, actor.organisation_id),
        is_child=child,
    )


def _facts_from(found: Decided | None) -> dict[str, list[str]]:
    if found is None:
        return {}
    return {
        "forms_yes": list(found.forms_yes),
        "forms_no": [code for code in found.forms_no if code not in found.forms_yes],
        "controls_yes": list(found.controls_yes),
        "controls_no": [code for code in found.controls_no if code not in found.controls_yes],
    }
