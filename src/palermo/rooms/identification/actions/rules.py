"""What the machine `identification` asks before it moves, and what a move brings about."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict
from palermo.kernel.workflow.actions import effect, guard
from palermo.kernel.workflow.rules import Inputs
from palermo.rooms.consents.queries import basis
from palermo.rooms.identification.actions.holding import tell_overseers
from palermo.rooms.identification.models import (
    Decision,
    Extension,
    Identification,
    Notification,
    Outcome,
    Packet,
    Question,
    Ruling,
)
from palermo.standards.packs import pack

MACHINE = "identification"
TRAFFICKING = (Outcome.TIP, Outcome.BOTH)
# Without these no authority can decide: what happened, and what the person needs.
MINIMUM = frozenset(("exploitation", "needs"))
FINAL_NEGATIVE = ("rg_negative", "cg_negative", "uphold")
FLOOR = "default"  # the pack whose limits are the minimum rules of the Convention


@guard("screening_shows_indicators", machine=MACHINE)
def screening_shows_indicators(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """The decision in force on the screening; a status without screening was begun with a case of trafficking."""
    outcome = _outcome(obj)
    shows = outcome is None or outcome in TRAFFICKING
    return "" if shows else _("The decision on the screening does not point to trafficking.")


@guard("screening_shows_none", machine=MACHINE)
def screening_shows_none(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """A later decision on the same screening went the other way; without a screening the reason stands for it."""
    outcome = _outcome(obj)
    shows = outcome is not None and outcome in TRAFFICKING
    return _("The decision on the screening points to trafficking. Decide anew there first.") if shows else ""


def _outcome(obj: Identification) -> str | None:
    if obj.screening_id is None:
        return None
    rows = Decision.objects.filter(screening_id=obj.screening_id, superseded_by=None)
    return rows.values_list("outcome", flat=True).first()


@guard("consent_matches", machine=MACHINE, from_form=True)
def consent_matches(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """A live consent or legal basis for official identification covers everything in the packet, for its reader."""
    packet = inputs.get("packet")
    if not isinstance(packet, Packet) or packet.identification_id != obj.pk:
        return _("Write the packet for the authority first.")
    found = basis(
        actor,
        person_id=obj.person_id,
        purpose="identification",
        categories=packet.categories,
        recipient_id=packet.recipient_id,
    )
    return "" if found else _("There is no consent for telling this to this authority. Ask the person first.")


@guard("packet_is_complete", machine=MACHINE, from_form=True)
def packet_is_complete(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """Without these nobody can decide."""
    packet = inputs.get("packet")
    complete = isinstance(packet, Packet) and set(packet.categories) >= MINIMUM
    return "" if complete else _("Say at least what happened to the person and what help is needed.")


@guard("notification_is_anonymous", machine=MACHINE, from_form=True)
def notification_is_anonymous(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """It was written with codes alone; the database has said so."""
    written = isinstance(inputs.get("notification"), Notification)
    return "" if written else _("Fill in the anonymous notification.")


@guard("questions_are_itemised", machine=MACHINE, from_form=True)
def questions_are_itemised(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """They were written one by one, in this version, by the one who asks."""
    asked = inputs.get("questions_written") and Question.objects.filter(
        identification_id=obj.pk, written_by_id=actor.user_id
    ).exists()  # fmt: skip
    return "" if asked else _("List the questions one by one.")


def ruling_of(obj: Identification, actor: Viewer) -> Ruling | None:
    """What the actor has written about this very version."""
    return Ruling.objects.filter(
        identification_id=obj.pk, at_version=obj.version, written_by_id=actor.user_id
    ).first()


@guard("decision_is_written", machine=MACHINE, from_form=True)
def decision_is_written(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """The reasons stand, sealed, in the actor's own name."""
    return "" if ruling_of(obj, actor) else _("Write the reasons of the decision.")


@guard("decision_is_served", machine=MACHINE, from_form=True)
def decision_is_served(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """It says in which language the person is told and who does it; the clock of the review waits for that day."""
    ruling = ruling_of(obj, actor)
    arranged = ruling is not None and ruling.language and ruling.bearer
    return "" if arranged else _("Say in which language the person understands it, and who explains it.")


@guard("extension_is_named", machine=MACHINE, from_form=True)
def extension_is_named(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """A coded reason and a later day."""
    found = inputs.get("extension")
    named = isinstance(found, Extension) and obj.recovery_until and found.until > obj.recovery_until
    return "" if named else _("Choose why, and a later day.")


@guard("review_grounds_are_given", machine=MACHINE, from_form=True)
def review_grounds_are_given(obj: Identification, actor: Viewer, inputs: Inputs) -> str:
    """One of the coded grounds."""
    from palermo.standards import codelist

    given = str(inputs.get("review_ground") or "")
    return "" if given in codelist("palermo/review_ground") else _("Choose what the review rests on.")


@effect("open_assistance_case", machine=MACHINE)
def open_assistance_case(obj: Identification, actor: Viewer, inputs: Inputs) -> None:
    """The case was opened with the status: without one nobody is presumed a victim here."""
    if obj.case_id is None:
        raise Conflict(_("Open a case for the person first."), rule="identification.case")


@effect("information_is_late", machine=MACHINE)
def information_is_late(obj: Identification, actor: Viewer, inputs: Inputs) -> None:
    """A mark for the reader, no more: late answers never decide anything."""
    obj.information_late = True
    obj.save(update_fields=["information_late"])


def recovery_from(start: datetime) -> datetime:
    """When a period that begins now ends: by the country's law, and never before the Convention's minimum."""
    country = pack(settings.PALERMO_PACK).due("recovery_period", start)
    return max(country, pack(FLOOR).due("recovery_period", start))


@effect("start_recovery", machine=MACHINE)
def start_recovery(obj: Identification, actor: Viewer, inputs: Inputs) -> None:
    """The period begins by itself, and is never shorter than one that was given before."""
    until = recovery_from(timezone.now())
    obj.recovery_until = max(until, obj.recovery_until) if obj.recovery_until else until
    obj.save(update_fields=["recovery_until"])


@effect("extend_recovery", machine=MACHINE)
def extend_recovery(obj: Identification, actor: Viewer, inputs: Inputs) -> None:
    """The day that was named."""
    obj.recovery_until = inputs["extension"].until
    obj.save(update_fields=["recovery_until"])


@effect("raise_missing_alert", machine=MACHINE)
def raise_missing_alert(obj: Identification, actor: Viewer, inputs: Inputs) -> None:
    """Supervisors of the house and the coordinators are told: a kind and a place, no name."""
    obj.missing_since = timezone.now()
    obj.save(update_fields=["missing_since"])
    kind, place = "identification_missing", {"object_kind": "identification", "object_id": obj.pk}
    tell_overseers(obj, kind=kind, about=actor.user_id)
    Notice.objects.create(kind=kind, role="coordinator", about_id=actor.user_id, **place)


@effect("force_risk_assessment", machine=MACHINE)
def force_risk_assessment(obj: Identification, actor: Viewer, inputs: Inputs) -> None:
    """Who was found is asked about danger anew, within the country's limit."""
    obj.missing_since = None
    obj.risk_due_at = pack(settings.PALERMO_PACK).due("risk_after_found", timezone.now())
    obj.save(update_fields=["missing_since", "risk_due_at"])
