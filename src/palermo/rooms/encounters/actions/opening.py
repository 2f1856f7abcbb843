"""Open an event, and let others work in it. Whoever holds the event holds its persons, and only so."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant, revoke
from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import ON_CASES, Membership, Organisation, Unit
from palermo.rooms.encounters.models import Event, Migrant
from palermo.rooms.identification.actions import save_with_code, share_with_team, this_transaction
from palermo.standards import codelist

KINDS = "palermo/encounter_kind"
JOURNEY = {"travelled": "palermo/travel_mode", "border": "palermo/border_met"}
MOST_EXPECTED = 5000
PLACE_LENGTH = 80
SLACK = timedelta(minutes=10)
# (kind, id, until, roles) of somebody who holds an event.
Holder = tuple[str, UUID, datetime | None, tuple[str, ...]]


@transaction.atomic
def open_event(
    *,
    actor: Viewer,
    kind: str,
    place: str,
    happened_at: datetime | None = None,
    expected: int | None = None,
    dead: int = 0,
    missing: int = 0,
    travelled: str = "",
    border: str = "",
    event_id: UUID | None = None,
) -> Event:
    """Open an event of the actor's organisation. `place` is an area, no address. `event_id` makes a form that is
    sent twice open one event only.
    """
    require(actor, "encounters.event.open")
    if actor.organisation_id is None:
        raise Refused(_("You need a place in an organisation to open an event."), rule="organisation")
    assert actor.user_id is not None
    happened_at = happened_at or timezone.now()
    if event_id is not None:
        # Two submissions of the same form queue here, so that the second one finds what the first one made.
        take_turns("encounters", event_id)
        known = Event.objects.filter(pk=event_id, opened_by_id=actor.user_id).first()
        if known is not None:
            return known
        if Grant.objects.filter(object_id=event_id).exists():
            event_id = None
    _check(kind, place, happened_at, expected, dead, missing, travelled=travelled, border=border)
    made = Event(
        id=event_id or uuid.uuid4(),
        kind=kind,
        place=place.strip(),
        happened_at=happened_at,
        expected=expected,
        dead=dead,
        missing=missing,
        travelled=travelled,
        border=border,
        organisation_id=actor.organisation_id,
        unit_id=actor.unit_ids[0] if actor.unit_ids else None,
        opened_by_id=actor.user_id,
    )
    share_with_team(
        actor=actor,
        object_kind="event",
        object_id=made.pk,
        scopes=("case",),
        purpose="assistance",
        organisation_id=made.organisation_id,
    )
    save_with_code("E", lambda code: _save(made, code))
    record(
        actor=actor,
        action="encounters.event.open",
        object_kind="event",
        object_id=made.pk,
        detail={"code": made.code, "kind": kind, "expected": expected or 0},
    )
    return made


def _save(made: Event, code: str) -> None:
    made.code = code
    made.save(force_insert=True)


def _check(
    kind: str,
    place: str,
    happened_at: datetime,
    expected: int | None,
    dead: int,
    missing: int,
    **journey: str,
) -> None:
    problems = [
        FieldProblem(name, _("Choose one of the list."), "choice")
        for name, code in journey.items()
        if code and code not in codelist(JOURNEY[name])
    ]
    if kind not in codelist(KINDS):
        problems.append(FieldProblem("kind", _("Choose what happened."), "choice"))
    if not 2 <= len(place.strip()) <= PLACE_LENGTH:
        problems.append(FieldProblem("place", _("Name the area, in 2 to 80 characters."), "length"))
    if happened_at > timezone.now() + SLACK:
        problems.append(FieldProblem("happened_at", _("This is in the future."), "past"))
    for name, value in (("expected", expected or 0), ("dead", dead), ("missing", missing)):
        if not 0 <= value <= MOST_EXPECTED:
            problems.append(FieldProblem(name, _("Write a number from 0 to 5,000."), "number"))
    if problems:
        raise Invalid(_("The event was not opened."), problems=problems)


@transaction.atomic
def change_event(
    *, actor: Viewer, event: Event, expected: int | None, dead: int, missing: int, expected_version: int,
    travelled: str | None = None, border: str | None = None,
) -> Event:  # fmt: skip
    """Correct how many there were, and what is known of the journey now (None: as it was). The dead and the missing of
    whom nothing else is known are counts.
    """
    require(actor, "encounters.event.change", event.pk)
    journey = {
        "travelled": event.travelled if travelled is None else travelled,
        "border": event.border if border is None else border,
    }
    _check(event.kind, event.place, event.happened_at, expected, dead, missing, **journey)
    values = {"expected": expected, "dead": dead, "missing": missing, **journey}
    base = {name: getattr(event, name) for name in values}
    event.change(values, expected_version=expected_version, base=base)
    record(
        actor=actor,
        action="encounters.event.change",
        object_kind="event",
        object_id=event.pk,
        fields=tuple(values),
    )
    return event


def holders(event_id: UUID) -> list[Holder]:
    """(kind, id, until, roles) of everybody who holds the event for longer than an emergency, the actor's own first."""
    rows = Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [event_id])
    now = timezone.now()
    live = [g for g in rows if g.revoked_at is None and not g.break_glass]
    return [
        (str(g.grantee_kind), g.grantee_id, g.valid_until, tuple(g.roles))
        for g in live
        if g.valid_until is None or g.valid_until > now
    ]


def share_persons(event_id: UUID, persons: Sequence[UUID], to: Iterable[Holder]) -> None:
    """Grant persons of an event to holders of it, so that these see their history and deadlines too.

    One statement for each holder, not for each person. The database refuses what the actor does not hold himself.
    """
    began = this_transaction()
    for kind, grantee, until, roles in to:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(access_make_grant('migrant', p, %s, %s, ARRAY['case'], 'assistance', %s, %s, %s)) "
                "FROM unnest(%s::uuid[]) p",
                [kind, grantee, began, until, [str(r) for r in roles], list(persons)],
            )


@transaction.atomic
def share_event(*, actor: Viewer, event: Event, grantee_kind: str, grantee_id: UUID, purpose: str) -> UUID:
    """Let a colleague, a team or another organisation work in the event: the event and every person of it."""
    require(actor, "encounters.event.share", event.pk)
    known = {
        "person": Membership.objects.filter(user_id=grantee_id, ended_at=None),
        "unit": Unit.objects.filter(pk=grantee_id),
        "organisation": Organisation.objects.filter(pk=grantee_id),
    }
    problems = []
    if grantee_kind not in known or not known[grantee_kind].exists():
        problems.append(FieldProblem("to", _("Choose who shall see it."), "choice"))
    if not 5 <= len(purpose.strip()) <= 200:
        problems.append(FieldProblem("purpose", _("Say in a few words what for."), "length"))
    if problems:
        raise Invalid(_("The event was not shared."), problems=problems)
    Event.objects.select_for_update().get(pk=event.pk)
    # Of another house those who work on cases; whoever else is in it does not see that there is an event.
    roles = ON_CASES if grantee_kind == "organisation" else ()
    made = grant(
        actor=actor,
        object_kind="event",
        object_id=event.pk,
        grantee_kind=grantee_kind,
        grantee_id=grantee_id,
        scopes=("case",),
        purpose=purpose.strip(),
        valid_from=this_transaction(),
        roles=roles,
    )
    persons = list(Migrant.objects.filter(event_id=event.pk).values_list("pk", flat=True))
    share_persons(event.pk, persons, [(grantee_kind, grantee_id, None, roles)])
    return made


@transaction.atomic
def end_share(*, actor: Viewer, event: Event, grant_id: UUID) -> None:
    """End a share of the event now, of all its persons first. The walls of the persons ask for the event anyway."""
    require(actor, "encounters.event.share", event.pk)
    rows = list(Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [event.pk]))
    ended = next((g for g in rows if g.pk == grant_id and g.revoked_at is None), None)
    if ended is None:
        raise NotFound()
    if ended.grantee_id == actor.user_id:
        raise Refused(_("You cannot end your own access."), rule="encounters.share.own")
    for person in Migrant.objects.filter(event_id=event.pk).values_list("pk", flat=True):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT access_revoke(g.id) FROM access_grants_of(%s) g WHERE g.grantee_id = %s "
                "AND g.revoked_at IS NULL AND NOT g.break_glass",
                [person, ended.grantee_id],
            )
    revoke(actor=actor, grant_id=grant_id)
