"""What agreement and difference weigh when candidates are put in order, in bits. Data, no logic.

Learnt where the truth is known: 900 probes of the generator's lists (`palermo.linkage.generator`, 250,000 records, seed
7, noise 0.5), each with its 240 candidates, by conditional logit (McFadden 1974: how likely the right one stands out),
and rounded to half a bit; on 400 other probes the right one was first in 85 % and among twenty in 95 %. Benchmarks use
another seed. Rarity of names was tried and left out: it moved the first place by 0.3 of a hundred, and would have to be
told by how often tags occur. The generator's rates are assumptions and no register was counted: whoever has one should
count again. "By hand" marks what was too rare there to be learnt.
"""

from enum import Enum

from palermo.linkage.dates import BirthLevel


class Part(Enum):
    """How a part of a name that was asked fits a part that is held. Candidates share a sound already, or a number."""

    SAME = "same"  # letter by letter, in small Latin letters
    ALIKE = "alike"  # sounds alike, and is spelt nearly so
    SOUND = "sound"  # sounds alike, spelt otherwise
    SPELT = "spelt"  # spelt nearly so, sounds otherwise: a slip of the pen
    SHORT = "short"  # a short form (Sasha, Aleksandr)
    BEGUN = "begun"  # one is the beginning of the other
    NEAR = "near"  # spelt somewhat alike
    INITIAL = "initial"  # one is the initial of the other


PART = {
    Part.SAME: 2.5,
    Part.ALIKE: 1.5,
    Part.SOUND: 0.5,
    Part.SPELT: 1.0,
    Part.SHORT: 0.5,
    Part.BEGUN: 0.5,
    Part.NEAR: -1.0,
    Part.INITIAL: 0.5,
}
ROLE = 1.0  # a given name fits a given name, a family name a family name
CONTRADICTS = -6.0  # each has a part that the other has not
SURPLUS = -2.5  # one has a part more

BIRTH = {
    BirthLevel.SAME_DAY: 10.0,
    BirthLevel.SWAPPED: 6.0,  # by hand
    BirthLevel.ONE_SLIP: 1.0,
    BirthLevel.SAME_MONTH: 3.5,
    BirthLevel.SAME_YEAR: 2.0,
    BirthLevel.OTHER_DAY: -3.5,
    BirthLevel.ESTIMATE_FITS: 1.0,  # by hand: the vault keeps no estimates
    BirthLevel.NEAR_YEAR: -0.5,
    BirthLevel.CALENDAR: -3.0,
    BirthLevel.FEW_YEARS: -1.5,
    BirthLevel.APART: -5.0,
    BirthLevel.UNKNOWN: -1.5,
}

# A false passport, a second one, or a border that moved.
SAME_NATIONALITY, OTHER_NATIONALITY = 2.5, -4.0


class Number(Enum):
    """Documents and telephones. A telephone is often the family's, or the recruiter's: it weighs less."""

    SAME_DOCUMENT = 14.0  # by hand: nothing outweighs a whole document number
    NEAR_DOCUMENT = 8.0  # by hand: one slip
    OTHER_DOCUMENT = -2.0
    SAME_PHONE = 5.0
    NEAR_PHONE = 3.0  # by hand
    OTHER_PHONE = -1.5
