"""Events, their boards and their persons, as far as the viewer holds them."""

from collections import Counter
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.codes import parse_code
from palermo.kernel.workflow import queries as workflow
from palermo.rooms.encounters.models import Event, FamilyLink, Migrant
from palermo.rooms.encounters.queries.board import Board, Line, board, state_names, steps_of
from palermo.rooms.encounters.queries.figures import figures
from palermo.rooms.encounters.queries.screened import after_screening, to_take_over
from palermo.rooms.encounters.queries.sharing import shares, whom
from palermo.rooms.encounters.queries.steps import HAPPENINGS, comes_first, moves_of, why_first
from palermo.standards.workflows import machine
from palermo.web.room import Due

__all__ = [
    "HAPPENINGS",
    "Board",
    "Line",
    "after_screening",
    "board",
    "comes_first",
    "due_for",
    "event",
    "event_named",
    "events",
    "figures",
    "link",
    "links",
    "migrant",
    "moves_of",
    "neighbours",
    "persons",
    "shares",
    "state_names",
    "steps_of",
    "to_take_over",
    "whom",
    "why_first",
]

PAGE = 50


def events(viewer: Viewer) -> list[Event]:
    """The viewer's events, newest first, each with its number of persons and of those who are not yet helped."""
    require(viewer, "encounters.event.list")
    grantees = [g for g in (viewer.user_id, *viewer.unit_ids, *viewer.organisation_ids) if g]
    held = Grant.objects.filter(object_kind="event", grantee_id__in=grantees).values("object_id")
    open_states = [s.code for s in machine(Migrant.machine).states.values() if s.kind != "end"]
    rows = Event.objects.filter(pk__in=held).select_related("organisation").annotate(
        persons=Count("migrants"), waiting=Count("migrants", filter=Q(migrants__state__in=open_states))
    )  # fmt: skip
    return list(rows.order_by("-happened_at", "-id")[:PAGE])


def event(viewer: Viewer, event_id: UUID) -> Event:
    """One event; NotFound unless the viewer holds it."""
    require(viewer, "encounters.event.view", event_id)
    row = Event.objects.filter(pk=event_id).select_related("organisation").first()
    if row is None:
        raise NotFound()
    return row


def event_named(viewer: Viewer, name: str) -> Event:
    """One event by its key or by its whole code, as somebody wrote it down; NotFound unless the viewer holds it."""
    wanted = name.strip()
    try:
        return event(viewer, UUID(wanted))
    except ValueError:
        # A code is read as any other of the house: small letters, spaces and dashes do not matter.
        whole = parse_code("P" + wanted[1:]) if wanted[:1].upper() == "E" else None
    key = Event.objects.filter(code="E" + whole[1:]).values_list("pk", flat=True).first() if whole else None
    if key is None:
        raise NotFound()
    return event(viewer, key)


def migrant(viewer: Viewer, migrant_id: UUID) -> Migrant:
    """One person with the event; NotFound unless the viewer holds the event."""
    row = Migrant.objects.filter(pk=migrant_id).select_related("event").first()
    if row is None:
        require(viewer, "encounters.event.view", migrant_id)
        raise NotFound()
    require(viewer, "encounters.event.view", row.event_id)
    return row


def persons(viewer: Viewer, of: Event) -> list[Migrant]:
    """Everybody of an event by number, as on the list that is carried along the quay."""
    require(viewer, "encounters.event.view", of.pk)
    return list(Migrant.objects.filter(event_id=of.pk).order_by("number"))


def links(viewer: Viewer, of: Migrant) -> list[FamilyLink]:
    """Who belongs to a person, as was said or found out."""
    rows = FamilyLink.objects.filter(Q(one_id=of.pk) | Q(other_id=of.pk))
    return list(rows.select_related("one", "other").order_by("written_at"))


def link(viewer: Viewer, of: Migrant, link_id: UUID) -> FamilyLink:
    """One family link of a person, or NotFound."""
    found = next((row for row in links(viewer, of) if row.pk == link_id), None)
    if found is None:
        raise NotFound()
    return found


def neighbours(viewer: Viewer, of: Migrant) -> list[Migrant]:
    """The others of the same family."""
    if not of.family_group:
        return []
    rows = Migrant.objects.filter(event_id=of.event_id, family_group=of.family_group)
    return list(rows.exclude(pk=of.pk).order_by("number"))


def due_for(viewer: Viewer) -> list[Due]:
    """What is due for persons of the viewer's events: one line for a kind of step and event, not 200 lines."""
    if not can(viewer, "encounters.event.list"):
        return []
    rows = workflow.due(viewer, object_kind="migrant", most=1000)
    codes = dict(Migrant.objects.filter(pk__in=[row.object_id for row in rows]).values_list("pk", "event_id"))
    names = dict(Event.objects.filter(pk__in=set(codes.values())).values_list("pk", "code"))
    many = Counter((codes[row.object_id], row.label) for row in rows if row.object_id in codes)
    first = {}
    for row in rows:
        if row.object_id in codes:
            first.setdefault((codes[row.object_id], row.label), row.due_at)
    found = [
        Due(
            title=_("%(code)s: %(step)s (%(n)s persons)") % {"code": names[key], "step": label, "n": count},
            url=reverse("encounters:event", args=[key]),
            due_at=first[key, label],
        )
        for (key, label), count in many.items()
    ]
    late = Migrant.objects.filter(risk_due_at__isnull=False).select_related("event")[:20]
    return found + [
        Due(
            title=_("%(code)s/%(n)s: look at the risk again") % {"code": row.event.code, "n": row.number},
            url=reverse("encounters:migrant", args=[row.pk]),
            due_at=row.risk_due_at,
        )
        for row in late
    ]
