"""Three versions of one record side by side: as it was read, as I wanted it, as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One field in its three versions; `clash`: both sides changed it, and differently."""

    field: str
    base: Any
    mine: Any
    theirs: Any

    @property
    def by_me(self) -> bool:
        return bool(self.mine != self.base)

    @property
    def by_them(self) -> bool:
        return bool(self.theirs != self.base)

    @property
    def clash(self) -> bool:
        return self.by_me and self.by_them and bool(self.mine != self.theirs)


def changes_of(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[Change, ...]:
    """The fields that somebody changed, in the order read. A side without a field kept it."""
    names = dict.fromkeys([*base, *theirs, *mine])
    rows = (Change(n, base.get(n), mine.get(n, base.get(n)), theirs.get(n, base.get(n))) for n in names)
    return tuple(row for row in rows if row.by_me or row.by_them)
