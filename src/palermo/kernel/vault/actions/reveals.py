"""Opening an identity: with a purpose, a fresh sign-in, a live grant, and a trace that comes first."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.notices import tell_supervisors
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.vault.identity import FIELDS
from palermo.kernel.vault.models import Person, Purpose, SealedField
from palermo.kernel.vault.sealing import Revealed, opened
from palermo.kernel.vault.unlock import person_key

ACTION = "vault.identity.reveal"
ALARM = "vault.identity.mass_reveal"
WINDOW = timedelta(hours=1)


@transaction.atomic
def reveal(*, actor: Viewer, person_id: UUID, fields: Sequence[str] = FIELDS, purpose: str) -> Revealed:
    """The fields in clear text. The audit entry is written before anything is opened: if it fails, nothing is shown.

    `purpose` is a code of `Purpose`; words of one's own are recorded as "other" (a name in them would get into
    the audit). Refused when the viewer has opened as many persons within an hour as the instance allows.
    """
    require(actor, ACTION, person_id)
    wanted = _checked(fields, purpose)
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound()
    _count(actor, person)
    code = purpose if purpose in Purpose.values else Purpose.OTHER.value
    record(actor=actor, action=ACTION, object_kind="person", object_id=person_id, purpose=code, fields=wanted)
    rows = SealedField.objects.filter(person_id=person_id, field__in=wanted)
    shown = opened(person_key(person), person_id, person.version, rows)
    if shown.tampered:
        record(
            actor=actor,
            action="vault.identity.tampered",
            object_kind="person",
            object_id=person_id,
            fields=shown.tampered,
            result="alarm",
        )
    return shown


def _checked(fields: Sequence[str], purpose: str) -> list[str]:
    problems = []
    if not purpose.strip():
        problems.append(FieldProblem("purpose", _("Say why you need to see this."), "required"))
    if not fields or set(fields) - set(FIELDS):
        problems.append(FieldProblem("fields", _("Choose fields of the identity."), "choice"))
    if problems:
        raise Invalid(_("The identity was not opened."), problems=problems, rule=ACTION)
    return [name for name in FIELDS if name in fields]


def _count(actor: Viewer, person: Person) -> None:
    """Refuse beyond the limit of different persons within an hour; tell the supervisors when it is reached.

    The one that reaches the limit still succeeds, so that the notice is committed with it and cannot be lost to
    the rollback of a refusal.
    """
    limit = settings.PALERMO_REVEALS_PER_HOUR
    recent = Entry.objects.filter(actor=actor.user_id, at__gt=timezone.now() - WINDOW)
    others = recent.filter(action=ACTION).exclude(object_id=person.pk)
    seen = others.values("object_id").distinct().count()
    if seen >= limit:
        raise Refused(
            _("You have opened very many identities within an hour. Speak to your supervisor."),
            rule="vault.reveals_per_hour",
        )
    reached = seen == limit - 1 and not recent.filter(action=ALARM).exists()
    if reached and actor.organisation_id is not None:
        tell_supervisors(actor.organisation_id, kind="mass_reveal", about=actor.user_id)
        record(
            actor=actor,
            action=ALARM,
            object_kind="user",
            object_id=actor.user_id,
            detail={"persons": limit},
            result="alarm",
        )
