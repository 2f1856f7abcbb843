"""What an investigator asks of a network: who got how much, who profits, which way money went, who holds it together.

No measure takes anything but a `Network`. Debts are owed, not moved: they are in none of these.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from palermo.flows.actors import Kind
from palermo.flows.flows import Flow, Stage
from palermo.flows.wall import CROWD, Network

MOST_WAYS = 20
_HELD = frozenset((Kind.ACCOUNT, Kind.WALLET))


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one actor in one currency."""

    key: str
    currency: str
    came: Decimal
    went: Decimal

    @property
    def net(self) -> Decimal:
        return self.came - self.went


def balances(net: Network, *, stage: Stage | None = None, by_holder: bool = False) -> list[Balance]:
    """In and out of every actor, the greatest net first within a currency; the nameless persons too.

    by_holder: an account or wallet counts as whoever holds it; what moves between one's own accounts is then nothing.
    """
    came: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    went: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for flow in net.flows:
        if not flow.moved or (stage is not None and flow.stage is not stage):
            continue
        source, target = (_who(net, end) if by_holder else end for end in (flow.source, flow.target))
        if source != target:
            went[source, flow.currency] += flow.amount
            came[target, flow.currency] += flow.amount
    found = [Balance(*pair, came[pair], went[pair]) for pair in {*came, *went}]
    return sorted(found, key=lambda one: (one.currency, -one.net, one.key))


def profits(net: Network) -> dict[Stage, list[Balance]]:
    """Who keeps money at each stage: those with more in than out, by holder, the greatest first in each currency."""
    return {
        stage: [one for one in balances(net, stage=stage, by_holder=True) if one.net > 0 and one.key != CROWD]
        for stage in Stage
    }


def shortest(net: Network, source: str, target: str) -> list[tuple[str, ...]]:
    """The shortest ways money went from one to the other, by keys; at most twenty, in the order of their keys.

    The nameless persons are no way between two actors: they are many.
    """
    steps = _steps(net.flows)
    back: dict[str, list[str]] = {source: []}
    depth = {source: 0}
    queue = deque([source])
    while queue:
        here = queue.popleft()
        if here == target or (here == CROWD and here != source):
            continue
        for there in sorted(steps.get(here, ())):
            if there not in depth:
                depth[there] = depth[here] + 1
                back[there] = []
                queue.append(there)
            if depth[there] == depth[here] + 1:
                back[there].append(here)
    return sorted(_ways(back, source, target)) if target in depth and source != target else []


def bridges(net: Network) -> list[str]:
    """Actors without whom the network falls apart (articulation points; Tarjan 1972), flows and ties alike.

    The nameless persons do not hold a network together: they are left out first.
    """
    beside: dict[str, set[str]] = {key: set() for key in net.actors}
    pairs = [(flow.source, flow.target) for flow in net.flows] + [
        (tie.source, tie.target) for tie in net.ties
    ]
    pairs += [(actor.key, actor.holder) for actor in net.actors.values() if actor.holder]
    for one, other in pairs:
        if one in beside and other in beside and one != other:
            beside[one].add(other)
            beside[other].add(one)
    return sorted(_cuts({key: sorted(value) for key, value in beside.items()}))


def _who(net: Network, key: str) -> str:
    """Whoever holds an account or wallet, as far up as is known."""
    seen: set[str] = set()
    while key not in seen and (actor := net.actors.get(key)) is not None and actor.kind in _HELD:
        seen.add(key)
        if actor.holder not in net.actors:
            break
        key = actor.holder
    return key


def _steps(flows: Iterable[Flow]) -> dict[str, set[str]]:
    steps: dict[str, set[str]] = defaultdict(set)
    for flow in flows:
        if flow.moved:
            steps[flow.source].add(flow.target)
    return steps


def _ways(back: Mapping[str, list[str]], source: str, target: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[str, ...]] = [(target,)]
    while waiting and len(found) < MOST_WAYS:
        way = waiting.pop()
        if way[0] == source:
            found.append(way)
        else:
            waiting.extend((before, *way) for before in sorted(back[way[0]], reverse=True))
    return found


def _cuts(beside: Mapping[str, list[str]]) -> set[str]:
    """Articulation points without recursion: a chain of thousands is no deeper than any other."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    cuts: set[str] = set()
    for root in sorted(beside):
        if root in number:
            continue
        number[root] = low[root] = len(number)
        children = 0
        stack = [(root, "", iter(beside[root]))]
        while stack:
            here, above, rest = stack[-1]
            there = next(rest, None)
            if there is None:
                stack.pop()
                if above:
                    low[above] = min(low[above], low[here])
                    if above != root and low[here] >= number[above]:
                        cuts.add(above)
            elif there not in number:
                number[there] = low[there] = len(number)
                children += here == root
                stack.append((there, here, iter(beside[there])))
            elif there != above:
                low[here] = min(low[here], number[there])
        if children > 1:
            cuts.add(root)
    return cuts
