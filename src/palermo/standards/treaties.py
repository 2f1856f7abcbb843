"""Treaty status as a fold over actions: what holds on a day follows from the set of actions, never from their order.

A date that is not known to the day says so: `year` counts from the last day of its year, `by` from the day on which
it is known to have happened, `unknown` (no date) always; all three are told beside every count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from palermo.standards.read import toml

DEPOSITS = ("ratification", "acceptance", "approval", "accession", "succession", "formal_confirmation")
KINDS = (
    "signature", *DEPOSITS, "withdrawal", "reservation", "declaration", "objection", "withdrawal_of_reservation",
    "notification", "correction",
)  # fmt: skip
PRECISIONS = ("day", "year", "by", "unknown")
Day = date
ORGANISATIONS = MappingProxyType({"EUE": "European Union"})


@dataclass(frozen=True, slots=True)
class Instrument:
    """One treaty and its own rules (days, months) of entry into force and denunciation. names: what it is called."""

    code: str
    title: str
    reference: str
    rule: str
    parent: str
    adopted: date
    in_force: date
    needed: int
    fortieth: int
    later: int
    leaving: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What a State or a regional organisation did. `ref` names it, `supersedes` the ref that it takes the place of.

    A correction without `supersedes` takes the place of what the same party did of the kind `corrects`.
    """

    instrument: str
    party: str
    kind: str
    date: Day | None = None
    precision: str = "day"
    ref: str = ""
    supersedes: str = ""
    corrects: str = ""
    effective: Day | None = None
    note: str = ""
    source: str = ""

    @property
    def on(self) -> Day:
        """The first day on which it has certainly happened; the beginning of time where no date is known."""
        if self.date is None:
            return date.min
        return date(self.date.year, 12, 31) if self.precision == "year" else self.date

    @property
    def certain(self) -> bool:
        return self.precision == "day" and self.date is not None


@dataclass(frozen=True, slots=True)
class Status:
    """Where one party stands on a day."""

    party: str
    signed: Action | None
    bound: Action | None
    in_force: date | None
    left: date | None
    remarks: tuple[Action, ...] = ()


@cache
def instruments() -> MappingProxyType[str, Instrument]:
    """The instruments by their code."""
    rows = toml("data", "treaties.toml").items()
    return MappingProxyType({k: Instrument(code=k, **{**v, "names": tuple(v["names"])}) for k, v in rows})


def _rank(action: Action) -> tuple[object, ...]:
    """An order that depends on what an action says, not on when it came in."""
    shown = (action.kind, action.ref, action.precision, action.corrects, action.note, action.source)
    return (action.on, shown, action.effective or date.min, action.supersedes)


def standing(actions: Iterable[Action]) -> list[Action]:
    """Those that no correction has taken the place of; a correction stands as what it corrects."""
    every = sorted(set(actions), key=_rank)
    gone = {one.supersedes for one in every if one.supersedes}
    left = [one for one in every if not (one.ref and one.ref in gone)]
    whole: dict[tuple[str, str, str], Action] = {}
    for one in left:
        if one.kind == "correction" and one.corrects:
            whole[one.instrument, one.party, _group(one.corrects)] = one
    kept = []
    for one in left:
        if one.kind == "correction":
            if not one.corrects or whole[one.instrument, one.party, _group(one.corrects)] == one:
                kept.append(replace(one, kind=one.corrects) if one.corrects else one)
        elif (one.instrument, one.party, _group(one.kind)) not in whole:
            kept.append(one)
    return kept


def _group(kind: str) -> str:
    """One consent to be bound is put right by another, whatever each is called."""
    return "deposit" if kind in DEPOSITS else kind


def entry(instrument: Instrument, actions: Iterable[Action]) -> date | None:
    """The day of entry into force by the instrument's own rule, from these actions; None where they do not reach it.

    A regional organisation's deposit does not count as additional to its members' (UNTOC 38(1), TIP 17(1), SOM 22(1)).
    """
    states = [a for a in actions if a.instrument == instrument.code and a.party not in ORGANISATIONS]
    first: dict[str, date] = {}
    for one in states:
        if one.kind in DEPOSITS and one.date is not None:
            first[one.party] = min(one.on, first.get(one.party, date.max))
    days = sorted(first.values())
    if len(days) < instrument.needed:
        return None
    found = days[instrument.needed - 1] + timedelta(days=instrument.fortieth)
    parent = instruments().get(instrument.parent)
    return max(found, parent.in_force) if parent else found


def later(day: date, months: int) -> date:
    """The same day so many whole years of months on; 29 February becomes 1 March."""
    year = day.year + months // 12
    return date(year, 3, 1) if (day.month, day.day) == (2, 29) and year % 4 else day.replace(year=year)


def statuses(instrument: Instrument, actions: Iterable[Action], on: date) -> Mapping[str, Status]:
    """Where everybody stands who has done anything by that day, by the code of the party."""
    by_party: dict[str, list[Action]] = {}
    for one in standing(actions):
        if one.instrument == instrument.code and one.on <= on:
            by_party.setdefault(one.party, []).append(one)
    return {party: _status(instrument, party, done, on) for party, done in sorted(by_party.items())}


def _status(instrument: Instrument, party: str, done: list[Action], on: date) -> Status:
    signed = next((a for a in done if a.kind == "signature"), None)
    leaving = [a for a in done if a.kind == "withdrawal"]
    left = max((a.effective or later(a.on, instrument.leaving) for a in leaving), default=None)
    effect = left if left is not None and left <= on else None
    deposits = [a for a in done if a.kind in DEPOSITS and (effect is None or a.on >= effect)]
    bound = deposits[0] if deposits else None
    in_force = None
    if bound is not None and bound.date is not None and bound.precision == "day":
        in_force = bound.effective or max(bound.on + timedelta(days=instrument.later), instrument.in_force)
    remarks = tuple(a for a in done if a.kind not in (*DEPOSITS, "signature", "withdrawal"))
    return Status(party, signed, bound, in_force, left, remarks)


def count(instrument: Instrument, actions: Iterable[Action], on: date) -> dict[str, int]:
    """Parties (by deposit, as the depositary counts) and signatories, and how many of each have no date to the day."""
    found = statuses(instrument, actions, on).values()
    bound = [s for s in found if s.bound]
    signed = [s for s in found if s.signed]
    return {
        "parties": len(bound),
        "signatories": len(signed),
        "in_force": sum(s.in_force is not None and s.in_force <= on for s in bound),
        "parties_uncertain": sum(s.bound is not None and not s.bound.certain for s in bound),
        "signatories_uncertain": sum(s.signed is not None and not s.signed.certain for s in signed),
    }
