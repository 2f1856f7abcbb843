"""How the codes of one list read in another.

relation: exact; broader (the target says less: detail is lost); narrower (the target says more than the
source did: use with care); merge (several sources become one target).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from palermo.standards.read import data_rows

RELATIONS = frozenset({"exact", "broader", "narrower", "merge"})


@dataclass(frozen=True, slots=True)
class Link:
    """One pair of a mapping."""

    from_code: str
    to_code: str
    relation: str
    verified: str
    source: str


@dataclass(frozen=True)
class Mapping:
    """All pairs from one list to another, in file order."""

    from_scheme: str
    to_scheme: str
    links: tuple[Link, ...]
    first: MappingProxyType[str, str] = field(repr=False)

    def __iter__(self) -> Iterator[Link]:
        return iter(self.links)

    def __len__(self) -> int:
        return len(self.links)

    def __contains__(self, value: object) -> bool:
        return value in self.first

    def get(self, value: str, default: str = "") -> str:
        """The target code, or `default` where nothing corresponds; the first pair wins."""
        return self.first.get(value, default)

    def all(self, value: str) -> tuple[str, ...]:
        """Every target code of a source code (an ILO indicator may touch two of the eleven)."""
        return tuple(link.to_code for link in self.links if link.from_code == value)

    def back(self, target: str) -> tuple[str, ...]:
        """Every source code that reads as `target`."""
        return tuple(link.from_code for link in self.links if link.to_code == target)


@cache
def _all() -> MappingProxyType[tuple[str, str], tuple[Link, ...]]:
    found: dict[tuple[str, str], list[Link]] = {}
    for r in data_rows("mappings.csv"):
        link = Link(r["from_code"], r["to_code"], r["relation"], r["verified"], r["source"])
        found.setdefault((r["from_scheme"], r["to_scheme"]), []).append(link)
    return MappingProxyType({pair: tuple(links) for pair, links in found.items()})


def pairs() -> tuple[tuple[str, str], ...]:
    """All (from list, to list) pairs that have a mapping."""
    return tuple(_all())


@cache
def mapping(from_scheme: str, to_scheme: str) -> Mapping:
    """The mapping between two lists; raises LookupError when palermo carries none."""
    try:
        links = _all()[from_scheme, to_scheme]
    except KeyError:
        raise LookupError(f"no mapping from “{from_scheme}” to “{to_scheme}”") from None
    first: dict[str, str] = {}
    for link in links:
        first.setdefault(link.from_code, link.to_code)
    return Mapping(from_scheme, to_scheme, links, MappingProxyType(first))
