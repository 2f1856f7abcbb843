"""Very many cases at once, for measurements: rows and grants as real ones have, without persons in the vault."""

import uuid
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.codes import new_code
from palermo.rooms.cases.actions.opening import SCOPES
from palermo.rooms.cases.models import Case, Crime, Facts, Risk, Status
from palermo.standards.workflows import machine

# Each grant takes a lock of its own until the commit; the server's lock table is finite.
BATCH = 2000
WHY = "An invented case, made to measure."


def bulk_cases(n: int, *, actor: Viewer) -> list[uuid.UUID]:
    """Make `n` cases of the actor's organisation, held by his team (by himself where he has none).

    Opens transactions of its own, one for a batch, with one audit entry each. Returns the ids.
    """
    states = list(machine(Case.machine).states)
    made: list[uuid.UUID] = []
    while len(made) < n:
        with acting(actor):
            made += _batch(min(BATCH, n - len(made)), len(made), actor, states)
    return made


def _batch(size: int, first: int, actor: Viewer, states: list[str]) -> list[uuid.UUID]:
    require(actor, "cases.case.open")
    assert actor.organisation_id is not None
    ids = [uuid.uuid4() for _number in range(size)]
    _hold(ids, actor)
    now = timezone.now()
    cases = [_case(case_id, first + place, actor, states) for place, case_id in enumerate(ids)]
    for place, case in enumerate(cases):
        case.opened_at = now - timedelta(minutes=7 * (first + place))
    _insert(cases)
    Facts.objects.bulk_create([Facts(case=case) for case in cases])
    record(actor=actor, action="cases.case.open_batch", object_kind="case", detail={"count": size})
    return ids


def _insert(cases: list[Case]) -> None:
    """Insert with codes that nobody has. Foreign rows cannot be seen: the database leaves out a row whose code is
    taken, and that case draws again. (A whole batch would hardly ever go in beside 250,000 others.)
    """
    waiting = cases
    while waiting:
        codes: set[str] = set()
        while len(codes) < len(waiting):
            codes.add("C" + new_code()[1:])
        for case, code in zip(waiting, codes, strict=True):
            case.code = code
        Case.objects.bulk_create(waiting, ignore_conflicts=True)
        there = set(Case.objects.filter(pk__in=[case.pk for case in waiting]).values_list("pk", flat=True))
        waiting = [case for case in waiting if case.pk not in there]


def _case(case_id: uuid.UUID, number: int, actor: Viewer, states: list[str]) -> Case:
    state = states[number % len(states)]
    assert actor.organisation_id is not None
    return Case(
        id=case_id,
        state=state,
        organisation_id=actor.organisation_id,
        worker_id=actor.user_id,
        person_id=uuid.uuid4(),
        person_code=new_code(),
        opening_reason=WHY,
        crime=Crime.TIP if number % 3 else Crime.SOM,
        status=Status.PRESUMED if number % 3 else Status.SMUGGLED_MIGRANT,
        child=number % 5 == 0,
        risk=Risk.values[number % len(Risk.values)],
        closed_at=timezone.now() if state == "closed" else None,
    )


def _hold(ids: list[uuid.UUID], actor: Viewer) -> None:
    kind, grantee = ("unit", actor.unit_ids[0]) if actor.unit_ids else ("person", actor.user_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(access_make_grant('case', id, %s, %s, %s, 'assistance', now(), NULL)) FROM unnest(%s) id",
            [kind, grantee, list(SCOPES), ids],
        )
