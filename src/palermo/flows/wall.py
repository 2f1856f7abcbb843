"""The wall: from a file that knows shielded persons to a network that cannot hold one.

What goes through is copied, not filtered away afterwards: an actor enters a `Network` only as an `Actor` whose key,
holder and values are of nobody shielded, a flow only between two such actors. What persons exploited paid or got goes
in as sums of a year at one nameless node; what a protected witness paid or got does not go in at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from unicodedata import normalize

from palermo.flows.actors import Actor, Kind, Shielded, ShieldedRole, Tie
from palermo.flows.flows import Certainty, Flow, FlowKind, Stage

CROWD = "persons-exploited"
LEAST = 5
_SHORTEST = 4  # letters of a value that is looked for inside other values
_HELD = frozenset((Kind.ACCOUNT, Kind.WALLET, Kind.VEHICLE, Kind.PLACE))


@dataclass(frozen=True, slots=True)
class Chain:
    """All that is known of one scheme, shielded persons too. Only `network` reads it."""

    actors: tuple[Actor, ...] = ()
    shielded: tuple[Shielded, ...] = ()
    flows: tuple[Flow, ...] = ()
    ties: tuple[Tie, ...] = ()

    def __repr__(self) -> str:
        return f"Chain({len(self.actors)} actors, {len(self.flows)} flows)"


@dataclass(frozen=True, slots=True)
class Network:
    """What may be counted, drawn and exported. persons: how many stand behind the nameless node, None where none does.

    left_out: flows of a protected witness, between two shielded persons, or of too few persons. withheld: names and
    numbers of actors that were kept back because they are those of somebody shielded.
    """

    actors: Mapping[str, Actor]
    flows: tuple[Flow, ...]
    ties: tuple[Tie, ...]
    persons: int | None = None
    left_out: int = 0
    withheld: int = field(default=0)

    def __post_init__(self) -> None:
        """Raises TypeError or ValueError where anything but actors, and flows and ties between them, is put in."""
        if any(not isinstance(actor, Actor) for actor in self.actors.values()):
            raise TypeError("a network holds actors only")
        known = {*self.actors, CROWD}
        if any(end not in known for flow in self.flows for end in (flow.source, flow.target)):
            raise ValueError("a flow of a network stands between two of its actors")
        if any(end not in self.actors for tie in self.ties for end in (tie.source, tie.target)):
            raise ValueError("a tie of a network stands between two of its actors")
        object.__setattr__(self, "actors", MappingProxyType(dict(self.actors)))


def network(chain: Chain, *, least: int = LEAST) -> Network:
    """The chain without anybody who is shielded. least: persons behind each sum that persons exploited paid or got."""
    if least < 2:
        raise ValueError("at least two persons stand behind a count")
    roles = _shielded(chain)
    guard = _Guard(chain, roles)
    actors = {actor.key: guard.shown(actor) for actor in chain.actors if actor.key not in roles}
    kept, crowd, left_out = _sorted(chain.flows, actors, roles)
    sums, persons, too_few = _summed(crowd, guard, roles, least)
    ties = tuple(tie for tie in chain.ties if tie.source in actors and tie.target in actors)
    return Network(
        actors=actors,
        flows=(*kept, *sums),
        ties=ties,
        persons=len(persons) or None,
        left_out=left_out + too_few,
        withheld=guard.withheld,
    )


def _shielded(chain: Chain) -> dict[str, ShieldedRole]:
    """Every key that is shielded: the persons, and whatever they hold, however far down."""
    roles: dict[str, ShieldedRole] = {}
    for one in chain.shielded:
        if roles.get(one.key) is not ShieldedRole.PROTECTED_WITNESS:
            roles[one.key] = one.role
    found = True
    while found:
        found = False
        for actor in chain.actors:
            if actor.key not in roles and actor.kind in _HELD and actor.holder in roles:
                roles[actor.key] = roles[actor.holder]
                found = True
    return roles


def _fold(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in normalize("NFKC", text).casefold()).split())


class _Guard:
    """Knows what belongs to shielded persons, and keeps it back."""

    def __init__(self, chain: Chain, roles: Mapping[str, ShieldedRole]) -> None:
        held = [actor for actor in chain.actors if actor.key in roles]
        self.holder = {actor.key: actor.holder for actor in held if actor.holder in roles}
        said = [value for one in chain.shielded for value in one.values]
        said += [value for actor in held for value in actor.values]
        self.values = frozenset(_fold(value) for value in said) - {""}
        self.keys = frozenset(roles)
        self.withheld = 0

    def person(self, key: str) -> str:
        """Who stands behind an account that is held."""
        seen = {key}
        while (above := self.holder.get(key)) is not None and above not in seen:
            seen.add(above)
            key = above
        return key

    def shown(self, actor: Actor) -> Actor:
        """The actor with only what is its own."""
        name, number = self._own(actor.name), self._own(actor.number)
        self.withheld += (name != actor.name) + (number != actor.number)
        return replace(actor, name=name, number=number)

    def _own(self, value: str) -> str:
        folded = _fold(value)
        joined = folded.replace(" ", "")
        for other in self.values:
            bare = other.replace(" ", "")
            inside = len(bare) >= _SHORTEST and (f" {other} " in f" {folded} " or bare in joined)
            if folded == other or joined == bare or inside:
                return ""
        return value


def _sorted(
    flows: Iterable[Flow], actors: Mapping[str, Actor], roles: Mapping[str, ShieldedRole]
) -> tuple[list[Flow], list[Flow], int]:
    """Flows between actors; those of persons exploited; how many were left out."""
    kept: list[Flow] = []
    crowd: list[Flow] = []
    left_out = 0
    for flow in flows:
        ends = [roles[end] for end in (flow.source, flow.target) if end in roles]
        if any(end not in roles and end not in actors for end in (flow.source, flow.target)):
            raise ValueError("a flow names somebody whom the chain does not know")
        if not ends:
            kept.append(replace(flow, said_by=""))
        elif len(ends) == 2 or ShieldedRole.PROTECTED_WITNESS in ends:
            left_out += 1
        else:
            crowd.append(flow)
    return kept, crowd, left_out


_Sum = tuple[str, str, FlowKind, Stage, str, Certainty, int]


def _summed(
    crowd: Iterable[Flow], guard: _Guard, roles: Mapping[str, ShieldedRole], least: int
) -> tuple[list[Flow], frozenset[str], int]:
    """One flow for each other end, kind, stage, currency, certainty and year: no single payment, no day.

    With whoever stands behind them, and how many flows were left out: the sum of too few tells what one person paid.
    """
    groups: dict[_Sum, list[Flow]] = defaultdict(list)
    for flow in crowd:
        source, target = (CROWD if end in roles else end for end in (flow.source, flow.target))
        key = source, target, flow.kind, flow.stage, flow.currency, flow.certainty, flow.last.year
        groups[key].append(flow)
    made: list[Flow] = []
    behind: set[str] = set()
    too_few = 0
    for key, flows in sorted(groups.items()):
        persons = {guard.person(end) for one in flows for end in (one.source, one.target) if end in roles}
        if len(persons) < least:
            too_few += len(flows)
            continue
        behind |= persons
        source, target, kind, stage, currency, certainty, year = key
        made.append(Flow(
            key=f"{CROWD}-{len(made)}", kind=kind, source=source, target=target,
            amount=sum((one.amount for one in flows), Decimal(0)), currency=currency, stage=stage,
            start=date(year, 1, 1), end=date(year, 12, 31), certainty=certainty,
        ))  # fmt: skip
    return made, frozenset(behind), too_few
