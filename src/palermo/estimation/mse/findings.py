"""What a check of an estimate gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palermo.estimation.results import Caution, plain

OTHER_STREAMS = 1 << 40  # so that no check draws the random numbers of a bootstrap


@dataclass(frozen=True)
class Check:
    """What a check found: rows of plain values, and cautions."""

    name: str
    rows: tuple[Mapping[str, Any], ...] = ()
    cautions: tuple[Caution, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "rows": plain(self.rows), "cautions": [one.as_json() for one in self.cautions]
        }  # fmt: skip

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Check:
        """The check that `as_json` wrote."""
        cautions = tuple(Caution.from_json(one) for one in found["cautions"])
        return Check(found["name"], tuple(found["rows"]), cautions)
