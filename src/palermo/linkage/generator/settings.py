"""What may go wrong when a person is written down, how often, and what the five lists are like.

The rates are those of the measurements that palermo's bars were set from, at noise 1.0; they are assumptions that
no register was calibrated on. Rates marked "ours" were not stated there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Errors:
    """Rates at noise 1.0, per record unless said otherwise; `at(noise)` multiplies every one of them."""

    respelled: float = 0.62  # per word: another romanisation than the usual one
    respelled_cyrillic: float = 1.0  # per record: one of the five ways, the usual one among them
    original_script: float = 1.0  # times the list's own share, 3 to 10 %
    initial: float = 0.04  # one word of the name is an initial only
    slip: float = 0.055  # per word: a letter lost, doubled, exchanged or wrong
    swapped: float = 1.0  # times the list's own share, 5 to 11 %: given name and family name change places
    one_box: float = 0.05  # the whole name in one column
    nickname: float = 0.06  # nothing but what the person is called
    no_family: float = 0.07
    left_out: float = 0.30  # ours; per word: a father's, second given or second family name is not written
    no_birth: float = 0.17
    age_stated: float = 0.16  # a year reckoned from an age that was stated
    year_only: float = 0.12
    false_january: float = (
        1 / 3
    )  # of these: written as the first of January, and said to be exact. Not scaled.
    month_only: float = 0.04
    day_month: float = 0.025
    foreign_calendar: float = 0.015  # per culture with a calendar of its own: not converted
    claims_majority: float = 0.25  # of minors: says to be eighteen or more. The share is ours.
    other_document: float = 0.10  # of documents: a second one, or a forged one
    document_slip: float = 0.03  # ours; of documents: one character wrong
    other_phone: float = 0.15  # ours; of phones: another number than in the other lists
    no_sex: float = 0.03  # ours
    wrong_sex: float = 0.004  # ours
    no_nationality: float = 0.06  # ours
    other_nationality: float = 0.015  # ours: a neighbour's, or the one of a false passport
    twice: float = 0.012  # ours: written twice in the same list

    def at(self, noise: float) -> Errors:
        """The same errors, each `noise` times as often (never more often than always)."""
        if noise < 0:
            raise ValueError(
                "The noise of invented lists is 0 or more; 1.0 is the full noise of the benchmarks."
            )
        scaled = {f.name: min(1.0, getattr(self, f.name) * noise) for f in fields(self)}
        shares = {name: getattr(self, name) * noise for name in ("original_script", "swapped")}
        return replace(self, **scaled | shares | {"false_january": self.false_january})


@dataclass(frozen=True)
class Source:
    """One list: whom it reaches, and how its clerks write."""

    name: str
    visible: float  # the share of persons of the visible kind that it holds
    hidden: float
    documents: float  # of records: with the number of a document
    phones: float
    original: float  # of records: the name in its original script, before noise
    swaps: float
    style: str = "as said"  # "as said", "family in capitals", "capitals"


FIVE = (
    Source("police", 0.35, 0.05, 0.35, 0.26, 0.04, 0.05, "family in capitals"),
    Source("ngo", 0.33, 0.08, 0.07, 0.26, 0.10, 0.08),
    Source("shelter", 0.25, 0.04, 0.12, 0.26, 0.08, 0.07),
    Source("labour", 0.20, 0.05, 0.20, 0.26, 0.05, 0.11),
    Source("border", 0.27, 0.04, 0.50, 0.26, 0.03, 0.06, "capitals"),
)
VISIBLE = 0.5  # the share of persons whom the lists find easily; the others are seldom in any


def expected(lists: tuple[Source, ...]) -> float:
    """Records per person of the population, before any are written twice."""
    return sum(VISIBLE * s.visible + (1 - VISIBLE) * s.hidden for s in lists)
