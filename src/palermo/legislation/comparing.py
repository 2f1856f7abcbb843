"""Two wordings of a law, provision by provision: what is new, gone, changed, and the words that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from palermo.legislation.provisions import Provision

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one provision. pieces: (same, added or removed, words), in reading order."""

    what: str
    eid: str
    num: str
    heading: str
    pieces: tuple[tuple[str, str], ...]


def compare(old: Sequence[Provision], new: Sequence[Provision]) -> list[Difference]:
    """Every provision of both, in the order of the new wording; what is gone stands where it stood."""
    before, after = {one.eid: one for one in old}, {one.eid: one for one in new}
    found: list[Difference] = []
    matcher = SequenceMatcher(None, [one.eid for one in old], [one.eid for one in new], autojunk=False)
    for _tag, a, b, c, d in matcher.get_opcodes():
        found += [
            Difference(REMOVED, one.eid, one.num, one.heading, ((REMOVED, whole(one)),))
            for one in old[a:b]
            if one.eid not in after
        ]
        found += [_told(before.get(one.eid), one) for one in new[c:d]]
    return found


def whole(one: Provision) -> str:
    """Heading and words of a provision as they are compared."""
    return f"{one.heading}\n{one.text}".strip()


def _told(old: Provision | None, new: Provision) -> Difference:
    if old is None:
        return Difference(ADDED, new.eid, new.num, new.heading, ((ADDED, whole(new)),))
    pieces = tuple(_pieces(whole(old), whole(new)))
    what = CHANGED if any(kind != SAME for kind, _words in pieces) else SAME
    return Difference(what, new.eid, new.num, new.heading, pieces)


def _pieces(old: str, new: str) -> list[tuple[str, str]]:
    one, other = _WORDS.findall(old), _WORDS.findall(new)
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((SAME, "".join(one[a:b])))
            continue
        if a < b:
            found.append((REMOVED, "".join(one[a:b])))
        if c < d:
            found.append((ADDED, "".join(other[c:d])))
    return found
