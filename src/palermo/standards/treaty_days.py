"""Two days of an instrument compared, its remarks as of a day, and how many were parties as the years went by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from palermo.standards.treaties import Action, Instrument, Status, count, standing, statuses

REMARKS = ("reservation", "declaration", "objection", "withdrawal_of_reservation", "notification")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise on the later of two days. Deposits without any date are on both, and so in neither list."""

    earlier: date
    later: date
    joined: tuple[Action, ...]
    left: tuple[Action, ...]
    signed: tuple[Action, ...]
    remarks: tuple[Action, ...]
    parties: tuple[int, int]


def changes(instrument: Instrument, actions: Iterable[Action], one: date, other: date) -> Changes:
    """Who became a party, who is one no longer, who signed, and what was said after the earlier day."""
    every = list(actions)
    first, last = sorted((one, other))
    before, after = statuses(instrument, every, first), statuses(instrument, every, last)
    return Changes(
        first, last,
        joined=_only(after, before, "bound"), left=_only(before, after, "bound"), signed=_only(after, before, "signed"),
        remarks=tuple(a for a in remarks(instrument, every, last) if a.on > first),
        parties=(count(instrument, every, first)["parties"], count(instrument, every, last)["parties"]),
    )  # fmt: skip


def _only(here: Mapping[str, Status], there: Mapping[str, Status], name: str) -> tuple[Action, ...]:
    """What parties have done here and not there."""
    found = []
    for party, status in here.items():
        made: Action | None = getattr(status, name)
        if made and not (party in there and getattr(there[party], name)):
            found.append(made)
    return tuple(found)


def remarks(instrument: Instrument, actions: Iterable[Action], on: date) -> list[Action]:
    """Reservations, declarations, objections, what was withdrawn of them, and notifications, by party and day."""
    found = [
        a for a in standing(actions) if a.instrument == instrument.code and a.kind in REMARKS and a.on <= on
    ]
    return sorted(found, key=lambda a: (a.party, a.on, REMARKS.index(a.kind), a.ref, a.note))


def by_year(instrument: Instrument, actions: Iterable[Action], last: int) -> list[tuple[int, int, int]]:
    """(year, parties, of which without a certain date) at the end of each year from the adoption on."""
    every = list(actions)
    found = []
    for year in range(instrument.adopted.year, last + 1):
        told = count(instrument, every, date(year, 12, 31))
        found.append((year, told["parties"], told["parties_uncertain"]))
    return found
