"""What agreement and difference weigh, in bits. Data, no logic.

A weight is log2(m / u): m, how often two records of one person look like this; u, how often two records of different
persons do. Set by hand, in half bits, on what the generator's lists show (`palermo.linkage.generator`, seed 7, noise
0.5; benchmarks use another seed). The generator's rates are assumptions and no register was counted: whoever has one
should count again.
"""

from enum import Enum

from palermo.linkage.dates import BirthLevel


class Part(Enum):
    """How a part of a name that was asked fits a part that is held: bits beside those of its rarity."""

    SAME = 0.0  # letter by letter, in small Latin letters
    ALIKE = -1.0  # sounds alike, and is spelt nearly so
    SOUND = -3.0  # sounds alike, spelt otherwise
    SPELT = -2.0  # spelt nearly so, sounds otherwise: a slip of the pen
    SHORT = -2.5  # a short form (Sasha, Aleksandr)
    BEGUN = -4.01  # one is the beginning of the other
    NEAR = -5.0  # spelt somewhat alike
    INITIAL = -9.0  # one is the initial of the other: see INITIAL_BITS


# The bits of a part that agrees, where nothing is known of its rarity, and the bounds of what rarity can make of it.
RARITY = 9.0
LEAST_RARE, MOST_RARE = 3.0, 13.0
INITIAL = 2.0
LEAST_PART = 1.0
# Both give a part that the other does not bear.
CONTRADICTS = -2.5

BIRTH = {
    BirthLevel.SAME_DAY: 12.0,
    BirthLevel.SWAPPED: 9.0,
    BirthLevel.ONE_SLIP: 6.0,
    BirthLevel.SAME_MONTH: 7.0,
    BirthLevel.SAME_YEAR: 4.5,
    BirthLevel.OTHER_DAY: 0.0,
    BirthLevel.ESTIMATE_FITS: 3.0,
    BirthLevel.NEAR_YEAR: 0.5,
    BirthLevel.CALENDAR: 1.0,
    BirthLevel.FEW_YEARS: -1.0,
    BirthLevel.APART: -3.5,
    BirthLevel.UNKNOWN: 0.0,
}


class Number(Enum):
    """Documents and telephones. A telephone is often the family's, or the recruiter's: it weighs less."""

    SAME_DOCUMENT = 20.0
    NEAR_DOCUMENT = 12.0  # one slip
    OTHER_DOCUMENT = -3.0
    SAME_PHONE = 9.0
    NEAR_PHONE = 5.0


# A false passport, a second one, or a border that moved: less than lists would suggest.
SAME_NATIONALITY, OTHER_NATIONALITY = 3.5, -4.0
