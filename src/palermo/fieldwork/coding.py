"""Coding of texts: sentences, agreement of coders with its interval, the sample coded twice, saturation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from palermo.fieldwork.estimates import alpha

PUBLISH, TENTATIVE = 0.80, 0.67  # Krippendorff (2004), Content Analysis, 2nd ed., section 11.4.2
LEAST_SHARE = 0.10
# A mark that ends a sentence in the scripts that are used here, then space; or a line of its own.
END = re.compile(r"(?<=[.!?؟。۔])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: characters from `start` up to, not including, `end` (code points, as REFI-QDA counts)."""

    start: int
    end: int

    def touches(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha of one code. units: how many were judged by two coders or more."""

    value: float | None
    low: float | None
    high: float | None
    units: int
    verdict: str

    def explain(self) -> str:
        """In one sentence."""
        if self.value is None:
            return (
                "No alpha: the coders never differed in their own judgments, or too little was coded twice."
            )
        words = {"publish": "reliable", "tentative": "for tentative conclusions only", "no": "not reliable"}
        what = words[self.verdict]
        return f"alpha {self.value:.3f} ({self.low:.3f} to {self.high:.3f}) on {self.units} units: {what}."


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in their order, without the space around them. No character of a word is lost."""
    found, at = [], 0
    for mark in [*END.finditer(text), None]:
        upto = mark.start() if mark else len(text)
        piece = text[at:upto]
        bare = piece.strip()
        if bare:
            begin = at + len(piece) - len(piece.lstrip())
            found.append(Span(begin, begin + len(bare)))
        at = mark.end() if mark else upto
    return tuple(found)


def judged(units: Sequence[Span], marked: Sequence[Span]) -> tuple[str, ...]:
    """For each unit whether one coder gave the code to any part of it: "1" or "0"."""
    return tuple("1" if any(unit.touches(one) for one in marked) else "0" for unit in units)


def verdict(value: float | None) -> str:
    """What may be done with a code of this alpha: publish, tentative or no."""
    if value is None:
        return "none"
    return "publish" if value >= PUBLISH else "tentative" if value >= TENTATIVE else "no"


def agreement(units: Sequence[Sequence[str]], *, rng: np.random.Generator, runs: int = 1000) -> Agreement:
    """Nominal alpha for any number of coders (a missing judgment is ""), with a percentile interval.

    The bootstrap draws units with replacement. A draw in which everybody gave the same code everywhere has no alpha
    and counts as full agreement: nothing in it was disagreed on.
    """
    paired = [tuple(one for one in unit if one) for unit in units]
    paired = [unit for unit in paired if len(unit) > 1]
    value = alpha(paired)
    if value is None:
        return Agreement(None, None, None, len(paired), "none")
    drawn = []
    for _run in range(runs):
        again = alpha([paired[int(n)] for n in rng.integers(0, len(paired), len(paired))])
        drawn.append(1.0 if again is None else again)
    low, high = (float(one) for one in np.quantile(drawn, (0.025, 0.975)))
    return Agreement(float(value), low, high, len(paired), verdict(float(value)))


def drawn_twice(
    keys: Sequence[str], *, rng: np.random.Generator, share: float = LEAST_SHARE
) -> tuple[str, ...]:
    """The sources that a second coder codes: at least `share` of them and at least one, by the seed alone."""
    if not LEAST_SHARE <= share <= 1:
        raise ValueError("At least a tenth is coded twice, and at most everything.")
    ordered = sorted(keys)
    if not ordered:
        return ()
    # A tenth of 30 is 3, whatever binary fractions say.
    many = max(1, ceil(round(share * len(ordered), 9)))
    return tuple(sorted(ordered[int(n)] for n in rng.choice(len(ordered), size=many, replace=False)))


def saturation(coded: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, int, int], ...]:
    """For each source in its order: how many codes it was the first to bring, and how many there are by then."""
    known: set[str] = set()
    told = []
    for source, codes in coded:
        new = set(codes) - known
        known |= new
        told.append((source, len(new), len(known)))
    return tuple(told)


def confidence(actor_types: Mapping[str, str], contradicting: Sequence[str] = ()) -> dict[str, int | bool]:
    """What a finding stands on. actor_types: of each source that bears it out. Two types corroborate (P2)."""
    types = len(set(actor_types.values()))
    return {
        "sources": len(actor_types),
        "types": types,
        "contradicting": len(set(contradicting)),
        "corroborated": types >= 2,
    }
