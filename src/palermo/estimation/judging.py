"""The verdict that follows from a result alone: its cautions, and how far its interval reaches.

Fuller checks (other methods, lists left out, other beliefs) can only make it harsher.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from palermo.estimation.results import Caution, Level, Result, Verdict, Word
from palermo.saying import phrase

WIDE = 3.0  # upper over lower end: from here on a figure says little without its range
VAGUE = 10.0  # and from here on it says next to nothing
SEVERITY = (Word.PUBLISH, Word.CARE, Word.NOT)


def judged(result: Result) -> Result:
    """The result with a verdict; one that it has already is kept where it is at least as harsh."""
    found = verdict(result)
    if result.verdict and SEVERITY.index(result.verdict.word) >= SEVERITY.index(found.word):
        return result
    return replace(result, verdict=found)


def met(result: Result, table: Any) -> Result:
    """Where nobody was seen by two lists the data say nothing of those unseen, and any number is a belief alone."""
    counts = getattr(table, "counts", None)
    if result.hard or counts is None or counts.ndim != 1:
        return result
    hidden = any(mask.bit_count() > 1 and high for mask, (_low, high) in table.suppressed.items())
    if hidden or any(count and mask.bit_count() > 1 for mask, count in enumerate(counts.tolist())):
        return result
    told = phrase(
        "Nobody was seen by two lists, so that the data say nothing about those never seen. Match the lists "
        "again, or find a list that overlaps with another."
    )
    return result.with_cautions(Caution("no_overlap", Level.HARD, told))


def verdict(result: Result) -> Verdict:
    """One of the three words, with every reason for it."""
    hard = [one.message for one in result.cautions if one.level is Level.HARD]
    care = [one.message for one in result.cautions if one.level is Level.CARE]
    if result.value is None and not hard:
        hard = [phrase("The method has no answer for these data.")]
    never, doubtful = _width(result)
    hard += never
    care += doubtful
    if hard:
        return Verdict(Word.NOT, tuple(hard))
    return Verdict(Word.CARE, tuple(care)) if care else Verdict(Word.PUBLISH)


def _width(result: Result) -> tuple[list[str], list[str]]:
    """What the interval says: reasons against publishing, and reasons for care."""
    if result.value is None:
        return [], []
    if result.interval is None:
        return [], [phrase("No range was computed; a figure is not published without one.")]
    low, high = result.interval.lower, result.interval.upper
    if math.isinf(high):
        return [phrase("The range has no upper end.")], []
    if result.quantity == "share":
        wide = high - low
        return [], [
            phrase("The range spans {points:.0f} percentage points.", points=100 * wide)
        ] if wide > 0.2 else []
    ratio = high / low if low > 0 else math.inf
    if ratio > VAGUE:
        return [phrase("The upper end of the range is {ratio:.0f} times the lower one.", ratio=ratio)], []
    doubt = phrase("The upper end of the range is {ratio:.1f} times the lower one.", ratio=ratio)
    return [], [doubt] if ratio > WIDE else []
