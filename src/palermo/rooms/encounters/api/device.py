"""The JSON twin of the intake for a device: persons that were written down where there was no link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema

from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.forms.drafts import PERSONS_DRAFT_VERSION
from palermo.web.api import Text
from palermo.web.drafts import require_form

router = Router(tags=["encounters"])


class DeviceIntakeIn(Schema):
    """Persons as lines. `event`: the key or the code of the event; empty: it is opened from `kind` and `place`."""

    form: Text
    event: Text = ""
    kind: Text = ""
    place: Text = ""
    lines: Text = ""
    begun_at: datetime


@router.post("/intakes")
def take_in_from_device(request: HttpRequest, data: DeviceIntakeIn) -> dict[str, Any]:
    """Add the persons of a device, all or nobody; must be sent with an Idempotency-Key, which is also their form's."""
    require_form(PERSONS_DRAFT_VERSION, data.form)
    if data.event.strip():
        event = queries.event_named(request.viewer, data.event)
        added = actions.add_lines(
            actor=request.viewer, event=event, text=data.lines, key=_key(request), begun_at=data.begun_at
        )
    else:
        event, added = actions.open_from_device(
            actor=request.viewer,
            kind=data.kind,
            place=data.place,
            text=data.lines,
            key=_key(request),
            begun_at=data.begun_at,
        )
    return {"event": event.pk, "added": added, "url": reverse("encounters:event", args=[event.pk])}


def _key(request: HttpRequest) -> UUID:
    """The key of the command. The middleware has looked at its form already, where there is one."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        words = _("Send it with an Idempotency-Key, so that nobody is added twice.")
        raise Invalid(words, problems=[FieldProblem("key", words, "commands.key")])
    return UUID(given)
