"""A longer recovery period: with a coded reason, any number of times, never shorter."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.identification.models import Extension, Identification
from palermo.standards import codelist


def write_extension(
    *, actor: Viewer, found: Identification, event: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """`given`: extension_reason (code) and until (a day later than the present end)."""
    reason, day = str(given.get("extension_reason") or ""), given.get("until")
    problems = []
    if reason not in codelist("palermo/recovery_extension"):
        problems.append(FieldProblem("extension_reason", _("Choose from the list."), "choice"))
    until = _end_of(day)
    if until is None or found.recovery_until is None or until <= found.recovery_until:
        problems.append(FieldProblem("until", _("Choose a day later than the present end."), "range"))
    if problems:
        raise Invalid(_("The period was not extended."), problems=problems)
    assert until is not None
    assert actor.user_id is not None
    made = Extension.objects.create(
        identification_id=found.pk, written_by_id=actor.user_id, reason=reason, until=until
    )
    return {"extension": made}


def _end_of(day: Any) -> datetime | None:
    """The last moment of that day."""
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            return None
    return timezone.make_aware(datetime.combine(day, time(23, 59))) if isinstance(day, date) else None
