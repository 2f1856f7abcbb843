"""The same help, the same answers or the same step for many persons: judged one by one, written together.

Each has an entry of its own in the audit; who cannot go on stays as he was and is named with the reason.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record_many
from palermo.kernel.errors import Conflict, DomainError, FieldProblem, Invalid, NotFound
from palermo.kernel.workflow.many import transition_many
from palermo.rooms.encounters.actions.asking import (
    aid_in_order,
    answers_for,
    check_answers,
    not_in_screening,
)
from palermo.rooms.encounters.actions.moving import move
from palermo.rooms.encounters.models import QUESTIONS, Answers, Event, Migrant

REASON_AT_LEAST = 10
MOST = 500
# Steps after which the members of a family may be in different places or hands.
PARTING = frozenset({"trafficking_indicators", "asylum_claim", "vulnerable", "no_need", "solution", "done"})
# Steps that open something of another room, which may refuse: one person at a time.
OPENING = frozenset({"trafficking_indicators", "vulnerable"})


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a bulk move: how many went on, and (number, sentence) for each who could not."""

    done: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def parted(event: Event, chosen: Sequence[Migrant]) -> list[Migrant]:
    """Who of the chosen belongs to a family with a child, other members of which are not chosen and not gone on."""
    labels = {m.family_group for m in chosen if m.family_group}
    members: dict[str, list[Migrant]] = defaultdict(list)
    for row in Migrant.objects.filter(event_id=event.pk, family_group__in=labels):
        members[row.family_group].append(row)
    keys = {m.pk for m in chosen}
    states = {m.state for m in chosen}
    split = {
        label
        for label, rows in members.items()
        if any(m.child for m in rows) and any(m.pk not in keys and m.state in states for m in rows)
    }
    return [m for m in chosen if m.family_group in split]


@transaction.atomic
def move_many(
    *,
    actor: Viewer,
    event: Event,
    step: str,
    chosen: Mapping[UUID, int],
    reason: str = "",
    inputs: Mapping[str, Any] | None = None,
    apart: str = "",
) -> Moved:
    """Let `step` happen to several persons (id -> version that was seen). Each is a change of its own: who cannot go on
    is named with the reason, the others go. A family with a child is not split without `apart`, a written reason.
    """
    require(actor, "encounters.migrant.move", event.pk)
    rows = _rows(event, chosen)
    split = {m.pk for m in _checked(event, rows, step, apart)}
    reasons = {
        row.pk: " · ".join(w for w in (reason.strip(), apart.strip() if row.pk in split else "") if w)
        for row in rows
    }
    given, versions = dict(inputs or {}), {row.pk: chosen[row.pk] for row in rows}
    if step in OPENING:
        return _told(rows, _one_by_one(actor, rows, step, versions, reasons, given))
    outcome = transition_many(
        actor=actor, model=Migrant, event=step, expected=versions, reasons=reasons, inputs=given
    )
    return _told(rows, outcome.refused)


def _checked(event: Event, rows: Sequence[Migrant], step: str, apart: str) -> list[Migrant]:
    """Who goes apart from a family with a child, with a written reason. Raises Conflict where there is none."""
    together = parted(event, rows) if step in PARTING else []
    if together and len(apart.strip()) < REASON_AT_LEAST:
        numbers = _(", ").join(str(m.number) for m in together)
        raise Conflict(
            _(
                "Children would be separated from their family (numbers %(numbers)s). Choose the whole family, or say "
                "in a sentence why they go apart."
            )
            % {"numbers": numbers},
            rule="encounters.family.apart",
        )
    return together


def _one_by_one(
    actor: Viewer,
    rows: Sequence[Migrant],
    step: str,
    versions: Mapping[UUID, int],
    reasons: Mapping[UUID, str],
    given: Mapping[str, Any],
) -> dict[UUID, DomainError]:
    refused: dict[UUID, DomainError] = {}
    for row in rows:
        try:
            with transaction.atomic():
                move(
                    actor=actor,
                    migrant=row,
                    event=step,
                    expected_version=versions[row.pk],
                    reason=reasons[row.pk],
                    inputs=given,
                )
        except DomainError as error:
            refused[row.pk] = error
    return refused


@transaction.atomic
def aid_many(*, actor: Viewer, event: Event, chosen: Mapping[UUID, int], given: Sequence[str]) -> Moved:
    """The same first help was given to several persons; what each had before stays."""
    require(actor, "encounters.migrant.change", event.pk)
    rows = _rows(event, chosen)
    _done, refused = _write(
        actor,
        rows,
        chosen,
        "aid",
        lambda row: {"aid": aid_in_order([*row.aid, *given])},
        lambda row: {"given": len(row.aid)},
    )
    return _told(rows, refused)


@transaction.atomic
def answer_many(
    *, actor: Viewer, event: Event, chosen: Mapping[UUID, int], answers: Mapping[str, str]
) -> Moved:
    """Several persons gave the same answers; each keeps a round of his own."""
    require(actor, "encounters.migrant.change", event.pk)
    assert actor.user_id is not None
    check_answers(answers)
    rows = _rows(event, chosen)
    done, refused = _write(
        actor,
        rows,
        chosen,
        "answer",
        lambda row: not_in_screening(row) or answers_for(row, answers),
        lambda row: {"asked": sum(1 for name in QUESTIONS if getattr(row, name))},
    )
    Answers.objects.bulk_create(
        Answers(
            migrant_id=row.pk, written_by_id=actor.user_id, **{name: getattr(row, name) for name in QUESTIONS}
        )
        for row in done
    )
    return _told(rows, refused)


def _write(
    actor: Viewer,
    rows: Sequence[Migrant],
    versions: Mapping[UUID, int],
    action: str,
    values_of: Callable[[Migrant], DomainError | dict[str, Any]],
    detail_of: Callable[[Migrant], dict[str, Any]],
) -> tuple[list[Migrant], dict[UUID, DomainError]]:
    """Save the values of each row that is as it was seen, one statement for those who get the same; then the audit.

    The rows are locked already (`_rows`). Gives who was written, and for each of the others the error.
    """
    done: list[Migrant] = []
    refused: dict[UUID, DomainError] = {}
    alike: dict[str, tuple[dict[str, Any], list[UUID]]] = {}
    for row in rows:
        values = values_of(row) if row.version == versions[row.pk] else _faster()
        if isinstance(values, DomainError):
            refused[row.pk] = values
            continue
        row.version += 1
        for name, value in values.items():
            setattr(row, name, value)
        whole = {**values, "version": row.version}
        alike.setdefault(repr(sorted(whole.items(), key=lambda pair: pair[0])), (whole, []))[1].append(row.pk)
        done.append(row)
    for whole, keys in alike.values():
        Migrant.objects.filter(pk__in=keys).update(**whole, updated_at=timezone.now())
    record_many(
        actor=actor,
        action=f"encounters.migrant.{action}",
        object_kind="migrant",
        objects=[(row.pk, detail_of(row)) for row in done],
    )
    return done, refused


def _faster() -> DomainError:
    words = _("Somebody else has changed this record since you opened it. Nothing was saved.")
    return Conflict(words, rule="encounters.migrant.stale")


def _rows(event: Event, chosen: Mapping[UUID, int]) -> list[Migrant]:
    """The chosen persons by number, locked in the order of their keys."""
    if not 1 <= len(chosen) <= MOST:
        words = _("Choose the persons first.")
        raise Invalid(words, problems=[FieldProblem("persons", words, "choice")])
    found = Migrant.objects.select_for_update(of=("self",)).filter(event_id=event.pk, pk__in=chosen)
    rows = sorted(found.order_by("pk"), key=lambda row: row.number)
    if not rows:
        raise NotFound()
    return rows


def _told(rows: Sequence[Migrant], refused: Mapping[UUID, DomainError]) -> Moved:
    return Moved(
        len(rows) - len(refused), [(row.number, str(refused[row.pk])) for row in rows if row.pk in refused]
    )
