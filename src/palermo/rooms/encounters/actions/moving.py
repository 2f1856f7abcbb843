"""Move persons on, one or many: each by `transition`, each with its own line in the audit."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, DomainError, FieldProblem, Invalid, NotFound
from palermo.kernel.workflow.actions import transition
from palermo.rooms.encounters.actions.asking import answer, give_aid, tell_of_consulate
from palermo.rooms.encounters.models import Event, Migrant
from palermo.rooms.identification import queries as identification
from palermo.rooms.identification.actions import start_screening

REASON_AT_LEAST = 10
MOST = 500
# Steps after which the members of a family may be in different places or hands.
PARTING = frozenset({"trafficking_indicators", "asylum_claim", "vulnerable", "no_need", "solution", "done"})


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a bulk move: how many went on, and (number, sentence) for each who could not."""

    done: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def move(
    *,
    actor: Viewer,
    migrant: Migrant,
    event: str,
    expected_version: int,
    reason: str = "",
    inputs: Mapping[str, Any] | None = None,
) -> Migrant:
    """Let `event` of the machine `smuggled_migrant` happen to one person. Indicators begin an identification first."""
    require(actor, "encounters.migrant.move", migrant.event_id)
    if event == "trafficking_indicators":
        _begin_identification(actor, migrant, expected_version)
    transition(
        actor=actor,
        obj=migrant,
        event=event,
        expected_version=expected_version,
        reason=reason,
        inputs=inputs,
    )
    return migrant


def _begin_identification(actor: Viewer, migrant: Migrant, expected_version: int) -> None:
    """Link a screening of the room identification: begun once, and anew only after the old one came to an end.

    Linked by its id, nothing is copied: what was seen here stays here, what is asked there stays there.
    """
    current = Migrant.objects.select_for_update().filter(pk=migrant.pk).first()
    if current is None:
        raise NotFound()
    if current.version != expected_version or current.state != "triaged":
        return  # transition() says what is wrong; nothing is begun in vain.
    if current.screening_id is not None:
        old = identification.screening(actor, current.screening_id)
        if old.state == "open":
            return
        made = start_screening(actor=actor, event=current.event.code, previous=old)
    else:
        made = start_screening(actor=actor, event=current.event.code)
    Migrant.objects.filter(pk=current.pk).update(screening_id=made.pk)
    migrant.screening_id = made.pk
    record(
        actor=actor,
        action="encounters.migrant.identify",
        object_kind="migrant",
        object_id=migrant.pk,
        detail={"screening": str(made.pk)},
    )


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
    together = parted(event, rows) if step in PARTING else []
    if together and len(apart.strip()) < REASON_AT_LEAST:
        numbers = ", ".join(str(m.number) for m in together)
        raise Conflict(
            _(
                "Children would be separated from their family (numbers %(numbers)s). Choose the whole family, or say "
                "in a sentence why they go apart."
            )
            % {"numbers": numbers},
            rule="encounters.family.apart",
        )
    split = {m.pk for m in together}

    def one(row: Migrant) -> None:
        words = " · ".join(w for w in (reason.strip(), apart.strip() if row.pk in split else "") if w)
        given, version = dict(inputs or {}), chosen[row.pk]
        if given.pop("consulate_told", False):
            tell_of_consulate(actor=actor, migrant=row, expected_version=version)
            version = row.version
        move(actor=actor, migrant=row, event=step, expected_version=version, reason=words, inputs=given)

    return _each(rows, one)


def aid_many(*, actor: Viewer, event: Event, chosen: Mapping[UUID, int], given: Sequence[str]) -> Moved:
    """The same first help was given to several persons; what each had before stays."""
    require(actor, "encounters.migrant.change", event.pk)
    return _each(
        _rows(event, chosen),
        lambda row: give_aid(
            actor=actor, migrant=row, given=[*row.aid, *given], expected_version=chosen[row.pk]
        ),
    )


def answer_many(
    *, actor: Viewer, event: Event, chosen: Mapping[UUID, int], answers: Mapping[str, str]
) -> Moved:
    """Several persons gave the same answers; each keeps a round of his own."""
    require(actor, "encounters.migrant.change", event.pk)
    return _each(
        _rows(event, chosen),
        lambda row: answer(actor=actor, migrant=row, answers=answers, expected_version=chosen[row.pk]),
    )


def _rows(event: Event, chosen: Mapping[UUID, int]) -> list[Migrant]:
    if not 1 <= len(chosen) <= MOST:
        words = _("Choose the persons first.")
        raise Invalid(words, problems=[FieldProblem("persons", words, "choice")])
    rows = list(Migrant.objects.filter(event_id=event.pk, pk__in=chosen).order_by("number"))
    if not rows:
        raise NotFound()
    return rows


def _each(rows: Sequence[Migrant], change: Callable[[Migrant], Any]) -> Moved:
    """Make a change for each of many, each by itself: who is refused stays as he was and is named with the reason."""
    refused: list[tuple[int, str]] = []
    for row in rows:
        try:
            with transaction.atomic():
                change(row)
        except DomainError as error:
            refused.append((row.number, str(error)))
    return Moved(len(rows) - len(refused), refused)
