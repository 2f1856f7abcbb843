"""What the limit of an event is in a country: amount, unit and source."""

import re
from collections.abc import Iterator
from dataclasses import replace

from palermo.standards.packs import Limit, Pack
from palermo.standards.workflows.machines import Event, LimitRule

_ISO = re.compile(r"P(?:(\d+)([YMWD])|T(\d+)([HM]))")
_UNITS = {"Y": "years", "M": "months", "W": "days", "D": "days", "TH": "hours", "TM": "minutes"}


def resolve(key: str, pack: Pack) -> Limit:
    """The limit of that key in the pack, or that an ISO 8601 duration of one unit says (P3D, PT24H, P1M).

    Raises LookupError for what is neither.
    """
    match = _ISO.fullmatch(key)
    if match is None:
        return pack.limit(key)
    amount, unit = int(match[1] or match[3]), match[2] or f"T{match[4]}"
    return Limit(
        key, amount * (7 if unit == "W" else 1), _UNITS[unit], "ours", "palermo default", "", pack.code
    )


def limits_of(event: Event, pack: Pack) -> Iterator[tuple[str, Limit]]:
    """(case of the attribute, limit) pairs of an event; the case is "" where there is but one."""
    yield from _limits(event.limit, pack)


def timers_of(event: Event, pack: Pack) -> Iterator[tuple[str, Limit]]:
    """The same of the clock after which the timer lets the event happen; `times` is counted in."""
    for case, limit in _limits(event.after, pack):
        yield case, replace(limit, amount=limit.amount * (event.after.times if event.after else 1))


def _limits(rule: LimitRule | None, pack: Pack) -> Iterator[tuple[str, Limit]]:
    if rule is not None:
        for case, key in rule.keys.items():
            yield ("" if not rule.by else case), resolve(key, pack)
