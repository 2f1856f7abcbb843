"""How well the parts of two names fit, in one word. Pure. For explanations; the model has its own kernels.

likeness(("fatima", "zahra"), ("fatma",)) -> part: one has more, the others fit
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from palermo.linkage.names.forms import formal
from palermo.linkage.names.similarity import similarity
from palermo.linkage.names.sounding import sounds
from palermo.linkage.numbers import one_slip

# How two single parts fit, best first. "differ" does not fit.
KINDS = ("same", "sound", "form", "spelt", "initial", "differ")
ALIKE_FROM = 0.90
# A name cut short (Chukwu for Chukwuemeka) has at least so many letters.
SHORTEST = 3
Part = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """kind: one of KINDS for the worst part that has a partner; "part" where one side has more parts and the others
    fit, "some" where some fit and some do not. all_fit: of the side with fewer parts."""

    kind: str
    any_fit: bool
    all_fit: bool


@lru_cache(maxsize=1 << 16)
def of_parts(a: str, b: str) -> str:
    """How two single parts fit."""
    if a == b:
        return "same"
    if min(len(a), len(b)) == 1:
        return "initial" if a[:1] == b[:1] else "differ"
    if not set(sounds(a)).isdisjoint(sounds(b)):
        return "sound"
    if not formal(a).isdisjoint(formal(b)) or (
        min(len(a), len(b)) >= SHORTEST and (a.startswith(b) or b.startswith(a))
    ):
        return "form"
    if similarity(a, b) >= ALIKE_FROM or (min(len(a), len(b)) >= 4 and one_slip(a, b)):
        return "spelt"
    return "differ"


def likeness(a: Part, b: Part) -> Likeness | None:
    """Each part of the shorter name with its best partner in the longer; None where one of them is empty."""
    if not a or not b:
        return None
    if (len(a), a) > (len(b), b):
        a, b = b, a
    ranked = sorted(
        (KINDS.index(of_parts(one, other)), i, j) for i, one in enumerate(a) for j, other in enumerate(b)
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for rank, i, j in ranked:
        if i not in partner and j not in taken:
            partner[i] = rank
            taken.add(j)
    worst, best = max(partner.values()), min(partner.values())
    differ = KINDS.index("differ")
    if best == differ:
        return Likeness("differ", any_fit=False, all_fit=False)
    if worst == differ:
        return Likeness("some", any_fit=True, all_fit=False)
    return Likeness(KINDS[worst] if len(a) == len(b) else "part", any_fit=True, all_fit=True)


def swapped(
    a: tuple[Part, Part], b: tuple[Part, Part], straight: Likeness | None, family: Likeness | None
) -> bool:
    """Whether given and family name fit crosswise and do not fit straight."""
    if straight is None or family is None or straight.all_fit or family.all_fit:
        return False
    cross, back = likeness(a[0], b[1]), likeness(a[1], b[0])
    return cross is not None and back is not None and cross.all_fit and back.all_fit


def scripts_differ(a: str, b: str) -> str:
    """arabic, cyrillic or script, where exactly one of two texts is in Latin letters; "" otherwise."""
    one, other = _script(a), _script(b)
    if one == other or "latin" not in (one, other):
        return ""
    foreign = other if one == "latin" else one
    return foreign if foreign in ("arabic", "cyrillic") else "script"


def _script(text: str) -> str:
    """The first word of Unicode's name of the first letter: latin, arabic, cyrillic, ethiopic..."""
    letter = next((c for c in text if c.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0].lower() if letter else ""
