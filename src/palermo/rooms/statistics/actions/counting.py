"""Counting anew: a new state of every population, protected together with everything that was ever shown of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from palermo.disclosure import Unprotectable
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.database.locks import take_turns
from palermo.kernel.database.patience import be_patient
from palermo.kernel.errors import Conflict
from palermo.rooms.statistics.models import State
from palermo.rooms.statistics.queries.kept import admit, newest
from palermo.rooms.statistics.queries.plan import POPULATIONS
from palermo.rooms.statistics.queries.states import protected_state, unsafe

Told = Callable[[float, str], None]


class Unsafe(Conflict):
    """No choice of cells would be safe beside what was shown before."""

    def __init__(self, population: str, reason: str) -> None:
        super().__init__(f"{unsafe(population)} ({reason})", rule="statistics.states", state="refused")
        self.population = population


@transaction.atomic
def count_states(*, actor: Viewer, told: Told | None = None) -> list[State]:
    """Count every population and keep what may be shown of it. Returns the states that are new; where nothing has
    changed since the last one, there is no new one. `told` hears how far it is: a share and a population.

    Raises Unsafe, and keeps the last states, when no choice of cells would be safe beside what was shown before.
    """
    admit(actor)
    be_patient()
    take_turns("statistics.states")
    made, moment = [], timezone.now()
    for name, start, width in _shares():
        if (state := _count(actor, name, moment, partial(_tell, told, name, start, width))) is not None:
            made.append(state)
    audit(actor=actor, action="statistics.states.count", object_kind="table", detail={"states": len(made)})
    return made


def _shares() -> Iterator[tuple[str, float, float]]:
    """Where each population begins on the way, and how much of it is its own: as much as it has tables."""
    sizes = {name: len(population.tables) for name, population in POPULATIONS.items()}
    start, every = 0.0, sum(sizes.values())
    for name, tables in sizes.items():
        yield name, start, tables / every
        start += tables / every


def _tell(told: Told | None, name: str, start: float, width: float, share: float) -> None:
    if told is not None:
        told(start + width * share, name)


def _count(
    actor: Viewer, name: str, moment: datetime, told: Callable[[float], None] = lambda share: None
) -> State | None:
    told(0.0)
    try:
        found = protected_state(actor, POPULATIONS[name], told)
    except Unprotectable as error:
        raise Unsafe(name, str(error)) from error
    last = newest(actor, name)
    if last is None and not any(count != 0 for table in found.tables for count in table.cells.values()):
        return None
    if last is not None and last.tables == found.tables:
        return None
    number = State.objects.filter(population=name).aggregate(last=Max("number"))["last"] or 0
    return State.objects.create(
        population=name, number=number + 1, as_of=moment, method=found.method, version=found.version,
        threshold=found.rule.threshold, withheld=len(found.primary) + len(found.secondary),
        shown=[table.as_data() for table in found.tables],
    )  # fmt: skip
