"""A network as one SVG: columns by how far money has come, lines as wide as the amount, arrows. Deterministic.

The table beside it is its twin; `described` is its text for who does not see it. Mirrored for a script from the right.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from palermo.flows.wall import CROWD, Network

MOST = 60
_WIDE, _HIGH, _GAP_X, _GAP_Y, _EDGE = 150, 44, 90, 26, 16
_LETTERS = 20
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """What the picture says: labels by key of an actor, the nameless node, a title, and what it shows in words."""

    title: str
    described: str
    crowd: str
    labels: Mapping[str, str]
    kinds: Mapping[str, str]
    right_to_left: bool = False


def layout(net: Network) -> dict[str, Position]:
    """Column and row of every node, the sixty with most flows where there are more."""
    nodes = _drawn(net)
    columns = _columns(net, nodes)
    rows: dict[int, list[str]] = defaultdict(list)
    before: dict[str, set[str]] = defaultdict(set)
    for flow in net.flows:
        if flow.source in nodes and flow.target in nodes:
            before[flow.target].add(flow.source)
    place: dict[str, Position] = {}
    for key in nodes:
        rows[columns[key]].append(key)
    for column in sorted(rows):
        middle = {key: _middle(key, before[key], place) for key in rows[column]}
        for row, key in enumerate(sorted(rows[column], key=lambda key: (middle[key], nodes.index(key)))):
            place[key] = (column, row)
    return place


def svg(net: Network, words: Words) -> str:
    """The picture as text of one <svg>; everything in it is escaped."""
    place = layout(net)
    if not place:
        return ""
    across, down = 1 + max(x for x, _y in place.values()), 1 + max(y for _x, y in place.values())
    wide = 2 * _EDGE + across * _WIDE + (across - 1) * _GAP_X
    high = 2 * _EDGE + down * _HIGH + (down - 1) * _GAP_Y
    at = {key: _point(spot, wide, words.right_to_left) for key, spot in place.items()}
    return "".join(
        (
            f'<svg class="flows-svg" viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(words.title)}. '
            f'{escape(words.described)}" xmlns="http://www.w3.org/2000/svg">',
            f"<title>{escape(words.title)}</title><desc>{escape(words.described)}</desc>",
            '<defs><marker id="flows-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
            'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="currentColor"/></marker></defs>',  # noqa: E501
            *_lines(net, at, words.right_to_left),
            *(_node(net, key, spot, words) for key, spot in at.items()),
            "</svg>",
        )
    )


def _drawn(net: Network) -> list[str]:
    touched: dict[str, int] = defaultdict(int)
    for flow in net.flows:
        touched[flow.source] += 1
        touched[flow.target] += 1
    order = [*([CROWD] if CROWD in touched else []), *net.actors]
    best = sorted(range(len(order)), key=lambda n: (-touched[order[n]], n))[:MOST]
    return [order[n] for n in sorted(best)]


def _columns(net: Network, nodes: list[str]) -> dict[str, int]:
    """How many steps money has made from where it first shows; whom no money reaches stands in the first column."""
    steps: dict[str, list[str]] = defaultdict(list)
    reached: set[str] = set()
    for flow in net.flows:
        steps[flow.source].append(flow.target)
        if flow.source != CROWD or flow.target != CROWD:
            reached.add(flow.target)
    starts = [key for key in nodes if key not in reached or key == CROWD] or nodes[:1]
    column = dict.fromkeys(starts, 0)
    for start in [*starts, *nodes]:
        column.setdefault(start, 0)
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there in steps[here]:
                if there in nodes and there not in column:
                    column[there] = column[here] + 1
                    queue.append(there)
        if start == (starts or [""])[-1] and len(column) == len(nodes):
            break
    return column


def _middle(key: str, before: set[str], place: Mapping[str, Position]) -> float:
    rows = [place[other][1] for other in before if other in place]
    return sum(rows) / len(rows) if rows else 0.0


def _point(spot: Position, wide: int, mirrored: bool) -> Position:
    x = _EDGE + spot[0] * (_WIDE + _GAP_X)
    return (wide - x - _WIDE if mirrored else x), _EDGE + spot[1] * (_HIGH + _GAP_Y)


def _lines(net: Network, at: Mapping[str, Position], mirrored: bool) -> list[str]:
    """One line for each pair and currency, debts dashed; as wide as its share of the currency's greatest."""
    sums: dict[tuple[str, str, str, bool], Decimal] = defaultdict(Decimal)
    for flow in net.flows:
        if flow.source in at and flow.target in at:
            sums[flow.source, flow.target, flow.currency, flow.moved] += flow.amount
    greatest: dict[str, Decimal] = defaultdict(Decimal)
    for (_source, _target, currency, _moved), amount in sums.items():
        greatest[currency] = max(greatest[currency], amount)
    drawn = []
    for number, ((source, target, currency, moved), amount) in enumerate(sums.items()):
        width = 1 + int(5 * amount / greatest[currency])
        dash = "" if moved else ' stroke-dasharray="5 4"'
        drawn.append(
            f'<path class="flow" d="{_curve(at[source], at[target], mirrored, number)}" fill="none" '
            f'stroke="currentColor" stroke-opacity=".55" stroke-width="{width}"{dash} marker-end="url(#flows-tip)"/>'
        )
    return drawn


def _curve(source: Position, target: Position, mirrored: bool, number: int) -> str:
    sign = -1 if mirrored else 1
    shift = 6 * (number % 3 - 1)
    start = (source[0] + (0 if mirrored else _WIDE), source[1] + _HIGH // 2 + shift)
    end = (target[0] + (_WIDE if mirrored else 0), target[1] + _HIGH // 2 + shift)
    bend = sign * (_GAP_X // 2)
    return f"M{start[0]} {start[1]}C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}"


def _node(net: Network, key: str, spot: Position, words: Words) -> str:
    x, y = spot
    if key == CROWD:
        label, kind = words.crowd, "crowd"
        under = "" if net.persons is None else str(net.persons)
    else:
        label, kind = words.labels.get(key, ""), net.actors[key].kind.value
        under = words.kinds.get(kind, "")
    short = label if len(label) <= _LETTERS else label[: _LETTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"
    middle = x + _WIDE // 2
    return (
        f'<g class="node {kind}"><rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="6" fill="var(--tblr-bg-surface,#fff)"'  # noqa: E501
        f' stroke="currentColor"/><title>{escape(label)}</title>'
        f'<text x="{middle}" y="{y + 19}" text-anchor="middle" font-size="13" fill="currentColor">{escape(short)}</text>'  # noqa: E501
        f'<text x="{middle}" y="{y + 35}" text-anchor="middle" font-size="11" fill="currentColor" opacity=".75">'
        f"{escape(under)}</text></g>"
    )
