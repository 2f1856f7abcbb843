"""Guards: what must be true before a referral or transfer moves. Each gives the sentence with which it refuses."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Organisation
from palermo.kernel.workflow.actions import guard
from palermo.kernel.workflow.rules import Guard, Inputs
from palermo.rooms.cases import queries as cases
from palermo.rooms.children import queries as children
from palermo.rooms.consents import queries as consents
from palermo.rooms.referral import queries
from palermo.rooms.referral.models import Arrived, Decline, Outcome, Progress, Sending
from palermo.rooms.referral.queries import pages
from palermo.rooms.referral.queries.targets import answering
from palermo.rooms.referral.queries.words import FROM_VAULT
from palermo.rooms.services import queries as services

MACHINES = ("referral", "transfer")
# What a safe bed, a doctor and the way there need; who the child is and what was done to it waits for the guardian.
SAFETY = frozenset({"needs", "health", "location"})


def both(name: str, *, from_form: bool = False) -> Callable[[Guard], Guard]:
    """Registers one guard for both machines."""

    def register(function: Guard) -> Guard:
        for machine in MACHINES:
            guard(name, machine=machine, from_form=from_form)(function)
        return function

    return register


def half(obj: Any) -> Sending:
    """The sender's half of an envelope, read once for all guards of a page; NotFound for who does not hold the case."""
    found = obj.__dict__.get("its_half") or Sending.objects.filter(pk=obj.pk).first()
    if found is None:
        raise NotFound()
    obj.its_half = found
    return found


@both("consent_or_legal_basis")
def consent_or_legal_basis(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """One live consent, or a confirmed ground in law, covers everything that is told, for this receiver."""
    sent = half(obj)
    basis = consents.basis(
        actor,
        person_id=sent.person_id,
        purpose=queries.purpose_of(obj.transfer),
        categories=sent.categories,
        recipient_id=obj.receiver_id,
    )
    return "" if basis else pages.missing_consent(str(obj.receiver))


@both("packet_is_complete")
def packet_is_complete(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """It says what is needed, and every other category that is told by words has some.

    What happened may be told without words: then it is what the case is about, once that is known.
    """
    sent = half(obj)
    words = queries.texts_of(actor, obj, sent)
    empty = [c for c in sent.categories if c not in FROM_VAULT and not words.get(c, "").strip()]
    if "exploitation" in empty and cases.case(actor, sent.case_id).crime != "neither_yet":
        empty.remove("exploitation")
    if "needs" not in sent.categories or empty:
        return _("Say what is needed, and write or leave out what you chose to tell.")
    if obj.transfer and "identity" not in sent.categories:
        return _("Who takes a case over has to know whom it is about: tell the identity too.")
    return ""


@both("receiver_can_receive")
def receiver_can_receive(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The organisation is open and somebody there can answer; the service is its own and takes people."""
    if obj.receiver_id not in answering([obj.receiver_id]):
        return _("Nobody at this organisation can answer now. Choose another one.")
    if obj.service_id is None:
        return ""
    try:
        service = services.service(actor, obj.service_id)
    except NotFound:
        return _("This service is not in the directory any more. Choose another one.")
    usable = service.organisation_id == obj.receiver_id and service.state == "active"
    return "" if usable else _("This service takes nobody now. Choose another one.")


@both("guardian_first")
def guardian_first(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Before a child has a guardian only what safety needs is told, and the case stays where it is.

    CoE Convention art. 10(4)(a); an unaccompanied child cannot be heard on more without somebody at its side.
    """
    sent = half(obj)
    why = children.before_guardian(actor, case_id=sent.case_id)
    if not why:
        return ""
    if obj.transfer:
        return _("The child has no guardian yet: the case is not handed over before.")
    return why if set(sent.categories) - SAFETY else ""


@both("high_risk_by_supervisor")
def high_risk_by_supervisor(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Where the risk is high, a supervisor sends."""
    high = cases.case(actor, half(obj).case_id).risk == "high"
    return _("The risk is high: a supervisor sends this.") if high and not actor.has("supervisor") else ""


@both("no_open_twin")
def no_open_twin(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """No second open referral of a case to the same service; no second open transfer of a case at all."""
    sent = half(obj)
    others = Sending.objects.filter(case_id=sent.case_id, open=True, transfer=obj.transfer).exclude(pk=obj.pk)
    if obj.transfer:
        return TWIN_TRANSFER() if others.exists() else ""
    twin = others.filter(receiver_id=obj.receiver_id, service_id=obj.service_id)
    return TWIN() if twin.exists() else ""


def TWIN() -> str:
    return _("A referral of this case to this service is open already. Wait for it, or revoke it first.")


def TWIN_TRANSFER() -> str:
    return _("A transfer of this case is open already. Wait for it, or revoke it first.")


@both("capacity_is_there")
def capacity_is_there(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The organisation is open, and the service counts no places or has one."""
    if Organisation.objects.filter(pk=obj.receiver_id).exclude(closed_on=None).exists():
        return _("This organisation is closed.")
    if obj.service_id is None:
        return ""
    row = services.row_of(services.service(actor, obj.service_id), timezone.now())
    if row.service.state != "active":
        return _("This service is suspended. Open it again, redirect, or decline.")
    if row.free == 0:
        return _("No place is free. Correct the free places in the directory, redirect, or decline.")
    return ""


@both("decline_reason_is_coded", from_form=True)
def decline_reason_is_coded(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    return "" if inputs.get("decline") in Decline.values else _("Choose why.")


@both("redirect_is_consented", from_form=True)
def redirect_is_consented(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The receiver names somebody better placed; nothing is told to them.

    The sender asks the person and sends anew: the guard of `send` looks for the consent to that organisation.
    """
    chosen = inputs.get("redirect_to")
    known = chosen not in (obj.receiver_id, obj.organisation_id) and chosen in answering()
    return "" if known else _("Choose another organisation that can answer.")


@guard("feedback_is_given", machine="referral", from_form=True)
def feedback_is_given(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    return "" if inputs.get("progress") in Progress.values else _("Say how it goes.")


@guard("outcome_is_coded", machine="referral", from_form=True)
def outcome_is_coded(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    return "" if inputs.get("outcome") in Outcome.values else _("Choose what came of it.")


@guard("person_was_asked", machine="referral", from_form=True)
def person_was_asked(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The sender asks the person, not the receiver, whether the help arrived."""
    told = inputs.get("arrived") in Arrived.values and inputs.get("arrived") != Arrived.UNCONFIRMED
    return "" if told else _("Ask the person whether the help arrived.")


@guard("child_protection_agrees", machine="transfer")
def child_protection_agrees(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """A child's case changes its owner only with the child-protection authority. Asked before it is sent.

    What counts is what the case says at that moment, not what was known when the draft was begun: whose age comes into
    doubt meanwhile is a child until it is decided (CoE Convention art. 10(3)).
    """
    sent = Sending.objects.filter(pk=obj.pk).first()
    # The receiver sees neither the sender's half nor the case; the database asks it when the case changes its owner.
    if sent is None or sent.agreed_by_id is not None or cases.case(actor, sent.case_id).child is False:
        return ""
    return CHILD_PROTECTION()


def CHILD_PROTECTION() -> str:
    return _("The child-protection authority has to agree first.")
