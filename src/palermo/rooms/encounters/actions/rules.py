"""Guards and effects of the machine `smuggled_migrant`: what must be true first, and what a step brings about."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.notices import tell_role
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.identity import Identity
from palermo.kernel.workflow.actions import effect, guard, on_enter
from palermo.kernel.workflow.models import Deadline, Transition
from palermo.kernel.workflow.rules import Inputs
from palermo.rooms.cases.actions import open_case
from palermo.rooms.encounters.models import QUESTIONS, Answer, Assessment, Migrant
from palermo.rooms.identification import queries as identification
from palermo.standards import codelist

MACHINE = Migrant.machine
FIRST_AID = ("medical", "food", "water", "interpreter")
SOLUTIONS, OUTCOMES = "palermo/migrant_solution", "palermo/migrant_outcome"
RETURN = "voluntary_return"
# A new look at the risk after somebody was found again: palermo default.
RISK_WITHIN = timedelta(hours=24)
# A child neither returns nor is handed to family by one worker alone (CRC art. 3; UNICEF on best interests).
BY_CHILD_PROTECTION = (RETURN, "family", "resettlement")


@guard("medical_and_food_are_given", machine=MACHINE)
def medical_and_food_are_given(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """Medical care, food and water are given and an interpreter is found (Smuggling Protocol art. 16(1), (3))."""
    missing = [code for code in FIRST_AID if code not in obj.aid]
    if not missing:
        return ""
    words = _(", ").join(
        codelist("palermo/encounter_aid").label(code, get_language() or "en") for code in missing
    )
    return _("First: %(aid)s.") % {"aid": words}


@guard("five_questions_are_answered", machine=MACHINE)
def five_questions_are_answered(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """Each question has an answer, "not clear" included."""
    done = all(getattr(obj, name) for name in QUESTIONS)
    return "" if done else _("Answer the five questions first; “not clear” is an answer.")


@guard("identification_is_linked", machine=MACHINE, from_form=True)
def identification_is_linked(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """A screening of the room identification was begun for this person: `move` begins it with the step itself."""
    return "" if obj.screening_id else _("Begin a screening for trafficking first.")


@guard("vulnerability_is_assessed", machine=MACHINE)
def vulnerability_is_assessed(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """All four levels were looked at, since the person was last screened."""
    last = obj.assessments.filter(kind=Assessment.VULNERABILITY).first()
    top = {code.code for code in codelist("palermo/vulnerability").children()}
    if last is None or top - set(last.levels) or last.at < _entered(obj, "triaged"):
        return _("Look at vulnerability on all four levels first.")
    return ""


def _entered(obj: Migrant, state: str) -> Any:
    """When the person last came into a state; the beginning of the record when never."""
    rows = Transition.objects.filter(object_id=obj.pk, machine=MACHINE, to_state=state)
    return rows.order_by("-object_version").values_list("at", flat=True).first() or obj.created_at


@guard("migrant_rights_are_told", machine=MACHINE)
def migrant_rights_are_told(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """Rights and helpline are told to everybody, the consulate only where nobody wishes asylum (art. 16(5))."""
    if obj.no_consulate:
        return _("There is, or may be, a wish for asylum: refer to asylum. The consulate is not named.")
    if obj.trafficking == Answer.YES:
        return _("There are indicators of trafficking: begin an identification.")
    if obj.child:
        return _("A child, or somebody who may be one, is not only informed: assist.")
    if not (inputs.get("rights_told") and inputs.get("helpline_told")):
        return _("Tell the rights and the helpline, in a language that is understood.")
    told = obj.consulate_told_at or inputs.get("consulate_told")
    return "" if told else _("Tell the right to contact the consulate first.")


def _again(obj: Migrant) -> str:
    """Why the person must be screened again before a solution is planned; empty when not."""
    late = Deadline.objects.filter(
        object_id=obj.pk, rule="som_rescreen", met_at=None, cancelled_at=None, due_at__lt=timezone.now()
    )
    if obj.again:
        return _("Screen again first: %(why)s.") % {"why": obj.get_again_display()}
    return _("Screen again first: the day for it has passed.") if late.exists() else ""


@guard("choice_is_informed", machine=MACHINE, from_form=True)
def choice_is_informed(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """The person chose, knowing every option; for a child the decision is not one worker's."""
    if sentence := _again(obj):
        return sentence
    if inputs.get("solution") not in codelist(SOLUTIONS):
        return _("Choose the solution.")
    if obj.child and inputs["solution"] in BY_CHILD_PROTECTION and not actor.has("child_protection"):
        return _("For a child this is decided with child protection, after a best-interests determination.")
    told = inputs.get("choice_informed")
    return "" if told else _("The choice must be the person's own, with every option explained.")


@guard("return_risk_is_assessed", machine=MACHINE, from_form=True)
def return_risk_is_assessed(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """For a return: every risk was looked at and found to be none (Refugee Convention art. 33)."""
    if inputs.get("solution") != RETURN:
        return ""
    last = obj.assessments.filter(kind=Assessment.RETURN).first()
    if last is None or last.at < _entered(obj, "assisted"):
        return _("Assess the risks of a return first.")
    asked = {c.code for c in codelist("palermo/return_check").codes if obj.child or c.code != "children"}
    return "" if asked <= set(last.found) else _("A return is not safe as things stand: a risk is left.")


@guard("outcome_is_given", machine=MACHINE, from_form=True)
def outcome_is_given(obj: Migrant, actor: Viewer, inputs: Inputs) -> str:
    """How it ended, by code."""
    return "" if inputs.get("outcome") in codelist(OUTCOMES) else _("Say how it ended.")


@on_enter(MACHINE, "screening")
def ask_anew(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """A new screening begins with open questions; a block of the consulate stays until it is answered "no"."""
    if not (obj.again or any(getattr(obj, name) for name in QUESTIONS)):
        return  # The first screening: nothing was asked before.
    for name in QUESTIONS:
        setattr(obj, name, "")
    obj.again = ""
    obj.save(update_fields=[*QUESTIONS, "again"])


@on_enter(MACHINE, "informed")
def keep_consulate(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """The form of the step says that the right to contact the consulate was told; the guard made sure it may be."""
    if inputs.get("consulate_told") and not obj.no_consulate:
        obj.consulate_told_at = timezone.now()
        obj.save(update_fields=["consulate_told_at"])
        record(actor=actor, action="encounters.migrant.consulate", object_kind="migrant", object_id=obj.pk)


@effect("block_consular_contact", machine=MACHINE)
def block_consular_contact(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """From now on nobody contacts the country of origin."""
    now = timezone.now()
    obj.consulate_blocked_at = obj.consulate_blocked_at or now
    obj.asylum_claimed_at = obj.asylum_claimed_at or now
    obj.save(update_fields=["consulate_blocked_at", "asylum_claimed_at"])


@effect("open_assistance_case", machine=MACHINE)
def open_assistance_case(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """Open a case of the room cases, once. The identity may stay empty; then the person is a code in the vault."""
    if obj.case_id is not None:
        return
    identity = inputs.get("identity")
    crime, screening = _from_screening(obj, actor)
    made = open_case(
        actor=actor,
        reason=_("Met in the event %(code)s; in need of assistance.") % {"code": obj.event.code},
        identity=identity if isinstance(identity, Identity) else Identity(),
        crime=crime,
        child=obj.child,
        screening_id=screening,
    )
    obj.case_id, obj.person_id, obj.person_code = made.pk, made.person_id, made.person_code
    obj.save(update_fields=["case_id", "person_id", "person_code"])


def _from_screening(obj: Migrant, actor: Viewer) -> tuple[str, UUID | None]:
    """A decided screening says what the case is about; without one, smuggling, with life in danger if violence."""
    if obj.screening_id and identification.decided(actor, obj.screening_id):
        return "", obj.screening_id
    return ("aggravated_som" if obj.violence == Answer.YES else "som"), None


@effect("raise_missing_alert", machine=MACHINE)
def raise_missing_alert(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """The supervisors are told at once, and for a child the child protection too: look for the person."""
    obj.alert_since = timezone.now()
    obj.save(update_fields=["alert_since"])
    _alert(obj, "migrant_missing", actor)


@effect("force_risk_assessment", machine=MACHINE)
def force_risk_assessment(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """Who was found again is looked at anew within a day."""
    obj.alert_since, obj.risk_due_at = None, timezone.now() + RISK_WITHIN
    obj.save(update_fields=["alert_since", "risk_due_at"])


@effect("raise_death_notice", machine=MACHINE)
def raise_death_notice(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    """The duties that remain: identify the dead, tell the family, give a grave."""
    obj.died_at, obj.alert_since = timezone.now(), None
    obj.save(update_fields=["died_at", "alert_since"])
    _alert(obj, "migrant_died", actor)


def _alert(obj: Migrant, kind: str, actor: Viewer) -> None:
    for role in ("supervisor", "child_protection") if obj.child else ("supervisor",):
        tell_role(
            obj.organisation_id, role, kind=kind, object_kind="migrant", object_id=obj.pk, about=actor.user_id
        )


@on_enter(MACHINE, "solution_planned")
def keep_solution(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    if inputs.get("solution"):
        obj.solution = str(inputs["solution"])
        obj.save(update_fields=["solution"])


@on_enter(MACHINE, "closed")
def keep_outcome(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    outcome = "died" if obj.died_at else str(inputs.get("outcome") or obj.outcome)
    obj.outcome = outcome
    obj.save(update_fields=["outcome"])


@on_enter(MACHINE, "follow_up")
def begin_follow_up(obj: Migrant, actor: Viewer, inputs: Inputs) -> None:
    obj.follow_up_since = timezone.now()
    obj.save(update_fields=["follow_up_since"])
