"""What all bodies of a project must do alike: fields, segments, weights. Another value of any makes other filters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

VERSION = 3  # of everything that makes a filter; raised when a golden vector changes
FIELDS = ("names", "birth", "sex", "nationality", "place", "document", "phone")
# A filter is made of segments, each a filter of its own for one kind of evidence: how many bits each has.
SEGMENTS = {
    "sounds": 512,
    "spelling": 512,
    "given": 384,
    "family": 384,
    "day": 384,
    "birth": 192,
    "sex": 128,
    "nationality": 128,
    "place": 128,
    "document": 128,
    "phone": 128,
}
BITS = sum(SEGMENTS.values())
SMALLEST_LIST = 200  # rows: in a shorter list a filter hides among too few (Schnell 2021)
FEW_ROWS = 1000  # below this fewer fields are advised


class Unusable(ValueError):
    """A share, key, list or encoded file that cannot be used; the message says why in a sentence."""


def fields_of(names: Iterable[str]) -> tuple[str, ...]:
    """The fields in the order of the house; all of them where none is named. Raises Unusable for unknown ones."""
    said = {name.strip().lower() for name in names if name.strip()}
    unknown = sorted(said - set(FIELDS))
    if unknown:
        raise Unusable(f"there is no field {', '.join(unknown)}; there are {', '.join(FIELDS)}")
    if said and "names" not in said:
        raise Unusable("the field names cannot be left out: everything else is bound to it")
    return tuple(name for name in FIELDS if not said or name in said)


def words_of(segment: str) -> slice:
    """Where a segment stands in a filter, in words of 64 bits."""
    begin = 0
    for name, bits in SEGMENTS.items():
        if name == segment:
            return slice(begin, begin + bits // 64)
        begin += bits // 64
    raise KeyError(segment)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The form of a filter. bits: its length. flips: the share of bits turned over at random. most_rows: a token with
    the sound of a name leaves no mark where it stands in more rows of the list."""

    fields: tuple[str, ...] = FIELDS
    bits: int = BITS
    flips: float = 0.05
    most_rows: int = 8
    version: int = VERSION

    def problems(self) -> tuple[str, ...]:
        found = []
        if self.bits != BITS:
            found.append(f"a filter of version {VERSION} has {BITS} bits")
        if not 0 <= self.flips < 0.5:
            found.append("the share of flipped bits must be at least 0 and under 0.5")
        if self.most_rows < 1:
            found.append("a token must be allowed in one row at least")
        return tuple(found)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits, equal exactly where all parameters are."""
        said = json.dumps(asdict(self) | {"segments": SEGMENTS}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()[:16]
