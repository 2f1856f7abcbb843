"""Take in many persons at once, and correct them in place."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.workflow.actions import begin
from palermo.rooms.encounters.actions.lines import MOST, Seen, read_lines, seen_from
from palermo.rooms.encounters.actions.opening import holders, open_event, share_persons
from palermo.rooms.encounters.models import Event, Intake, Migrant
from palermo.standards import codelist
from palermo.standards.workflows import machine

TOLD = 20  # tags that are taken: more help nobody
FIELDS = ("tag", "age", "sex", "languages", "family_group", "alone", "urgent")


@transaction.atomic
def add_lines(*, actor: Viewer, event: Event, text: str, key: UUID, begun_at: datetime | None = None) -> int:
    """Add one person for each line of a text (see `lines`). Everything that is wrong is told at once; nothing is saved
    then. Returns how many persons this form has added, also when it is sent again. begun_at: when it was written on a
    device without a link.
    """
    require(actor, "encounters.event.change", event.pk)
    found, problems = read_lines(text)
    if not found and not problems:
        problems = [FieldProblem("lines", _("Write one line for each person."), "empty")]
    if problems:
        raise Invalid(_("Nobody was added."), problems=problems)
    return add_persons(actor=actor, event=event, persons=found, key=key, begun_at=begun_at)


@transaction.atomic
def open_from_device(
    *, actor: Viewer, kind: str, place: str, text: str, key: UUID, begun_at: datetime
) -> tuple[Event, int]:
    """Open an event where nobody could until the link was back, and add its persons: both or neither, and once.

    It happened when its author began to write; a clock that runs ahead is put back to now.
    """
    event = open_event(
        actor=actor, kind=kind, place=place, happened_at=min(begun_at, timezone.now()), event_id=key
    )
    return event, add_lines(actor=actor, event=event, text=text, key=key, begun_at=begun_at)


@transaction.atomic
def add_some(*, actor: Viewer, event: Event, number: int, key: UUID) -> int:
    """Add `number` persons of whom nothing is known yet, to be filled in on the table."""
    require(actor, "encounters.event.change", event.pk)
    if not 1 <= number <= MOST:
        words = _("Add 1 to %(n)s persons at once.") % {"n": MOST}
        raise Invalid(_("Nobody was added."), problems=[FieldProblem("number", words, "number")])
    return add_persons(actor=actor, event=event, persons=[Seen()] * number, key=key)


@transaction.atomic
def add_persons(
    *, actor: Viewer, event: Event, persons: Sequence[Seen], key: UUID, begun_at: datetime | None = None
) -> int:
    """Add persons to an event: rows in bulk, then each one begun in the first state with its clocks.

    `key` is that of the form: whoever taps twice, or tries again on a bad link, adds nobody twice. begun_at: when
    they were written down on a device without a link; the trace tells it, and the clocks run from now.
    """
    require(actor, "encounters.event.change", event.pk)
    assert actor.user_id is not None
    # Two submissions for one event queue here: numbers follow each other, and a double finds the first one done.
    current = Event.objects.select_for_update().get(pk=event.pk)
    before = Intake.objects.filter(pk=key).first()
    if before is not None:
        return _again(before, current)
    if not 1 <= len(persons) <= MOST:
        words = _("Add 1 to %(n)s persons at once.") % {"n": MOST}
        raise Invalid(_("Nobody was added."), problems=[FieldProblem("lines", words, "number")])
    _no_double_tags(current, persons)
    made = _rows(current, persons)
    share_persons(current.pk, [m.pk for m in made], _mine_first(actor, holders(current.pk)))
    try:
        with transaction.atomic():
            Intake.objects.create(id=key, event=current, made_by_id=actor.user_id, persons=len(made))
    except IntegrityError:
        raise Conflict(_("This form was sent for another event. Open it anew."), rule="intake.key") from None
    Migrant.objects.bulk_create(made)
    for row in made:
        begin(actor=actor, obj=row)
    record(
        actor=actor,
        action="encounters.persons.add",
        object_kind="event",
        object_id=current.pk,
        detail={"count": len(made), "from": made[0].number, "to": made[-1].number, **_written(begun_at)},
    )
    return len(made)


def _written(begun_at: datetime | None) -> dict[str, str]:
    if begun_at is None:
        return {}
    return {"written": min(begun_at, timezone.now()).isoformat(timespec="minutes")}


def _again(before: Intake, event: Event) -> int:
    if before.event_id != event.pk:
        raise Conflict(_("This form was sent for another event. Open it anew."), rule="intake.key")
    return before.persons


def _mine_first(actor: Viewer, found: list[Any]) -> list[Any]:
    """Only a holder can pass on what is held: the actor's own grants come first."""
    mine = {actor.user_id, *actor.unit_ids, *actor.organisation_ids}
    return sorted(found, key=lambda row: (row[1] != actor.user_id, row[1] not in mine))


def _rows(event: Event, persons: Sequence[Seen]) -> list[Migrant]:
    last = Migrant.objects.filter(event_id=event.pk).aggregate(n=Max("number"))["n"] or 0
    first = machine(Migrant.machine).initial
    return [
        Migrant(
            id=uuid.uuid4(),
            event_id=event.pk,
            organisation_id=event.organisation_id,
            number=number,
            state=first,
            **(asdict(seen) | {"languages": list(seen.languages)}),
        )
        for number, seen in enumerate(persons, last + 1)
    ]


def _no_double_tags(event: Event, persons: Sequence[Seen]) -> None:
    """A tag is on one person only. Who has it is told, so that whoever wrote sees whether it is the same one."""
    tags = [seen.tag for seen in persons if seen.tag]
    twice = sorted({tag for tag in tags if tags.count(tag) > 1})
    taken = Migrant.objects.filter(event_id=event.pk, tag__in=tags).order_by("number")[:TOLD]
    problems = [
        FieldProblem("lines", _("The tag %(tag)s stands here more than once.") % {"tag": tag}, "tag")
        for tag in twice[:TOLD]
    ] + [FieldProblem("lines", _taken(row), "tag") for row in taken]
    if problems:
        raise Invalid(_("Nobody was added."), problems=problems)


def _taken(row: Migrant) -> str:
    language = get_language() or "en"
    age, sex = codelist("palermo/encounter_age"), codelist("palermo/sex")
    return _(
        "The tag %(tag)s is on number %(n)s already (%(age)s, %(sex)s; taken in %(at)s). "
        "If it is the same person, take the line out; if not, write another tag."
    ) % {
        "tag": row.tag,
        "n": row.number,
        "age": age.label(row.age, language),
        "sex": sex.label(row.sex, language),
        "at": date_format(timezone.localtime(row.created_at), "SHORT_DATETIME_FORMAT"),
    }


@transaction.atomic
def correct(
    *, actor: Viewer, event: Event, rows: Mapping[UUID, tuple[int, Mapping[str, Any]]]
) -> tuple[int, list[FieldProblem]]:
    """Save what was changed on the table: person -> (version that was seen, values). Returns how many rows changed.

    Rows are saved one by one: one that somebody else changed meanwhile, or that cannot be read, is named and left as
    it is, and the others are saved.
    """
    require(actor, "encounters.migrant.change", event.pk)
    saved: list[int] = []
    problems: list[FieldProblem] = []
    current = {m.pk: m for m in Migrant.objects.select_for_update().filter(event_id=event.pk, pk__in=rows)}
    for key, (version, values) in rows.items():
        if key not in current:
            continue
        fault = _correct(current[key], version, values, saved)
        if fault:
            words = _("Number %(n)s: %(fault)s") % {"n": current[key].number, "fault": fault}
            problems.append(FieldProblem(f"row-{key}", words, "row"))
    if saved:
        record(
            actor=actor,
            action="encounters.persons.correct",
            object_kind="event",
            object_id=event.pk,
            detail={"count": len(saved)},
        )
    return len(saved), problems


def _correct(row: Migrant, version: int, values: Mapping[str, Any], saved: list[int]) -> str:
    """Save one row if anything changed; the sentence of what is wrong, or an empty text."""
    seen, faults = seen_from({name: getattr(row, name) for name in FIELDS} | dict(values))
    wanted = asdict(seen) | {"languages": list(seen.languages)}
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if faults:
        return str(_("; ").join(faults))
    if not changed:
        return ""
    if row.version != version:
        return _("somebody else has changed this row; look at it and change it again")
    try:
        with transaction.atomic():
            row.change(changed, expected_version=version)
    except IntegrityError:
        return _("this tag is on another person of the event")
    saved.append(row.number)
    return ""
