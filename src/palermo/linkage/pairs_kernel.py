"""Comparing two records, field by field, in loops that can be compiled (palermo/compiling.py).

Each field gives a level (what kind of agreement) and, where a value can be common or rare, the bits that it would take
to meet it by chance among people of the same nationality. Weights are not given here: see model.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = NDArray[Any]

# Words of a name, from the best agreement to none. ABSENT: one side does not have the part.
SAME, FORM, SOUND_NEAR, SOUND, NEAR, INITIAL, DIFFERENT, ABSENT = range(8)
# Dates of birth.
(
    NO_DATE, SAME_DAY, DAY_MONTH_SWAPPED, DAY_SLIP, SAME_MONTH, SAME_YEAR, SAME_YEAR_ESTIMATED, YEAR_SLIP, NEXT_YEAR,
    NEAR_ESTIMATE, OTHER_CALENDAR, OTHER_DAY, NEXT_YEAR_OTHER_DAY, YEARS_APART, FAR_APART,
) = range(15)  # fmt: skip
NOT_BOTH, EQUAL, SLIP, UNEQUAL = range(4)

# Columns of levels and of bits.
GIVEN, FAMILY, MORE, LEFT_OVER, SWAPPED, DATE, DOCUMENT, PHONE, NATION, SEX, PLACE = range(11)
LEVELS = 11
GIVEN_BITS, FAMILY_BITS, MORE_BITS, PHONE_BITS, NATION_BITS, PLACE_BITS = range(6)
BITS = 6

ROLE_GIVEN, ROLE_FAMILY, ROLE_ANY = 0, 1, 2
NEAR_FROM, SOUND_NEAR_FROM = 0.90, 0.86
GAIN = (10, 8, 7, 5, 4, 1, 0)  # how much each level is preferred when words are brought together
MOST = 8


class Dictionary(NamedTuple):
    """The distinct words (prepare.Words): letters, lengths, and their sounds and full forms as codes."""

    letters: Row
    length: Row
    sound_starts: Row
    sound_codes: Row
    form_starts: Row
    form_codes: Row


class Names(NamedTuple):
    """The words of every record's name, their boxes, and the bits of each as written and by its sound."""

    starts: Row
    word: Row
    role: Row
    same_bits: Row
    sound_bits: Row


class Values(NamedTuple):
    """What else is known of every record, with the bits of each distinct value."""

    year: Row
    month: Row
    day: Row
    estimated: Row
    document: Row
    document_letters: Row
    phone: Row
    phone_bits: Row
    nationality: Row
    nation_bits: Row
    sex: Row
    place: Row
    place_bits: Row


def jaro_winkler(one: Row, one_length: int, other: Row, other_length: int) -> float:
    """Jaro-Winkler similarity of two rows of letters, 0 to 1 (Winkler 1990: a common prefix of at most 4 counts)."""
    if one_length == 0 or other_length == 0:
        return 0.0
    window = max(max(one_length, other_length) // 2 - 1, 0)
    taken = 0  # a bit for each letter of the other that is matched
    order = np.empty(16, np.int8)
    matched = 0
    for i in range(one_length):
        for j in range(max(0, i - window), min(other_length, i + window + 1)):
            if not (taken >> j) & 1 and one[i] == other[j]:
                taken |= 1 << j
                order[matched] = one[i]
                matched += 1
                break
    if matched == 0:
        return 0.0
    crossed, at = 0, 0
    for j in range(other_length):
        if (taken >> j) & 1:
            if other[j] != order[at]:
                crossed += 1
            at += 1
    jaro = (matched / one_length + matched / other_length + (matched - crossed // 2) / matched) / 3
    prefix = 0
    while prefix < min(4, one_length, other_length) and one[prefix] == other[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def share_code(one: int, other: int, starts: Row, codes: Row) -> bool:
    """Whether two words have a code in common."""
    for i in range(starts[one], starts[one + 1]):
        for j in range(starts[other], starts[other + 1]):
            if codes[i] == codes[j]:
                return True
    return False


def word_level(one: int, other: int, known: Dictionary) -> int:
    """How two words of names agree."""
    if one == other:
        return SAME if known.length[one] > 1 else INITIAL
    if known.length[one] <= 1 or known.length[other] <= 1:
        return INITIAL if known.letters[one, 0] == known.letters[other, 0] else DIFFERENT
    if share_code(one, other, known.form_starts, known.form_codes):
        return FORM
    near = jaro_winkler(known.letters[one], known.length[one], known.letters[other], known.length[other])
    if share_code(one, other, known.sound_starts, known.sound_codes):
        return SOUND_NEAR if near >= SOUND_NEAR_FROM else SOUND
    return NEAR if near >= NEAR_FROM else DIFFERENT


def meet(role_one: int, role_other: int, swapped: bool) -> bool:
    """Whether words in these boxes may be one and the same."""
    if role_one == ROLE_ANY or role_other == ROLE_ANY:
        return True
    return (role_one == role_other) != swapped


def aligned(na: int, nb: int, level: Row, role_a: Row, role_b: Row, swapped: bool, partner: Row) -> int:
    """Brings the words of two names together, the best agreement first; partner[i] is the word of the other or -1.

    Returns the gain: higher is better.
    """
    used = 0
    gain = 0
    for i in range(na):
        partner[i] = -1
    for wanted in range(DIFFERENT):
        for i in range(na):
            if partner[i] >= 0:
                continue
            for j in range(nb):
                if level[i, j] == wanted and not (used >> j) & 1 and meet(role_a[i], role_b[j], swapped):
                    partner[i] = j
                    used |= 1 << j
                    gain += GAIN[wanted]
                    break
    return gain


def has_role(role: Row, count: int, wanted: int) -> bool:
    found = False
    for i in range(count):
        found = found or role[i] == wanted or role[i] == ROLE_ANY
    return found


def chance(level: int, a: int, b: int, names: Names) -> float:
    """The bits that an agreement of this level between occurrences a and b of words would take by chance."""
    if level == SAME:
        return 0.5 * float(names.same_bits[a] + names.same_bits[b])
    if level in (FORM, SOUND_NEAR, SOUND):
        return 0.5 * float(names.sound_bits[a] + names.sound_bits[b])
    return 0.0


def names_of(
    a: int,
    b: int,
    names: Names,
    known: Dictionary,
    level: Row,
    partner: Row,
    straight: Row,
    levels: Row,
    bits: Row,
) -> None:
    """The levels and bits of two names: the given name, the family name, and what else they share or do not."""
    first_a, first_b = names.starts[a], names.starts[b]
    na, nb = names.starts[a + 1] - first_a, names.starts[b + 1] - first_b
    role_a, role_b = names.role[first_a : first_a + na], names.role[first_b : first_b + nb]
    for i in range(na):
        for j in range(nb):
            level[i, j] = word_level(names.word[first_a + i], names.word[first_b + j], known)
    gain = aligned(na, nb, level, role_a, role_b, False, straight)
    swapped = aligned(na, nb, level, role_a, role_b, True, partner) > gain + 2
    if not swapped:
        for i in range(na):
            partner[i] = straight[i]
    levels[SWAPPED] = swapped
    given, family = chosen(na, level, role_a, role_b, partner, swapped)
    matched = more = 0
    more_bits = 0.0
    for i in range(na):
        if partner[i] < 0:
            continue
        matched += 1
        how = level[i, partner[i]]
        if i not in (given, family) and how <= NEAR:
            more += 1
            more_bits += chance(how, first_a + i, first_b + partner[i], names)
    has_given = has_role(role_a, na, ROLE_GIVEN) and has_role(role_b, nb, ROLE_GIVEN)
    has_family = has_role(role_a, na, ROLE_FAMILY) and has_role(role_b, nb, ROLE_FAMILY)
    if min(na, nb) < 2:  # one word cannot stand for both
        has_given = has_given and (given >= 0 or family < 0)
        has_family = has_family and (family >= 0 or given < 0) and not (has_given and given < 0)
    one_name(given, has_given, GIVEN, GIVEN_BITS, partner, level, first_a, first_b, names, levels, bits)
    one_name(family, has_family, FAMILY, FAMILY_BITS, partner, level, first_a, first_b, names, levels, bits)
    levels[MORE] = min(more, 3)
    bits[MORE_BITS] = more_bits
    left_over = min(na, nb) - matched - (given < 0 and has_given) - (family < 0 and has_family)
    levels[LEFT_OVER] = max(0, min(left_over, 3))


def chosen(na: int, level: Row, role_a: Row, role_b: Row, partner: Row, swapped: bool) -> tuple[int, int]:
    """The words of the first name that stand for its given name and its family name; -1 where none agrees."""
    given = family = -1
    for wanted in range(DIFFERENT):
        for i in range(na):
            j = partner[i]
            if j < 0 or level[i, j] != wanted:
                continue
            kind = role_a[i]
            if kind == ROLE_ANY:
                kind = role_b[j]
                if swapped and kind != ROLE_ANY:
                    kind = 1 - kind
            if given < 0 and kind != ROLE_FAMILY:
                given = i
            elif family < 0 and kind != ROLE_GIVEN:
                family = i
    return given, family


def one_name(
    at: int, both_have: bool, column: int, bit_column: int, partner: Row, level: Row, first_a: int, first_b: int,
    names: Names, levels: Row, bits: Row,
) -> None:  # fmt: skip
    """Level and bits of the given or of the family name."""
    bits[bit_column] = 0.0
    if at < 0:
        levels[column] = DIFFERENT if both_have else ABSENT
        return
    j = partner[at]
    levels[column] = level[at, j]
    bits[bit_column] = chance(level[at, j], first_a + at, first_b + j, names)


def dates(ya: int, ma: int, da: int, ea: int, yb: int, mb: int, db: int, eb: int) -> int:  # noqa: C901
    """How two dates of birth agree; a month or day of 0 is not known, ea and eb tell an estimated year."""
    if ya == 0 or yb == 0:
        return NO_DATE
    gap = abs(ya - yb)
    full = ma > 0 and mb > 0 and da > 0 and db > 0
    if gap == 0:
        if full:
            if ma == mb and da == db:
                return SAME_DAY
            if ma == db and da == mb:
                return DAY_MONTH_SWAPPED
            return DAY_SLIP if ma == mb or da == db else OTHER_DAY
        if ma > 0 and mb > 0:
            return SAME_MONTH if ma == mb else OTHER_DAY
        return SAME_YEAR_ESTIMATED if ea or eb else SAME_YEAR
    if full and ma == mb and da == db:
        return YEAR_SLIP
    if other_calendar(ya, yb):
        return OTHER_CALENDAR
    if gap == 1:
        return NEXT_YEAR_OTHER_DAY if full and not (ea or eb) else NEXT_YEAR
    if gap <= 3 and (ea or eb):
        return NEAR_ESTIMATE
    return YEARS_APART if gap <= 5 else FAR_APART


def other_calendar(one: int, other: int) -> bool:
    """Years that would be one if one of them were of another calendar: Bikram Sambat (56, 57 ahead), Buddhist (543),
    Ethiopian (7, 8 behind), Hijri (lunar years since 622)."""
    low, high = min(one, other), max(one, other)
    gap = high - low
    if gap in (56, 57, 543) or gap in (7, 8):
        return True
    return low < 1500 and abs((low - 1) * 0.970224 + 621.6 - high) <= 1.0


def one_slip(one: Row, other: Row) -> bool:
    """Whether two numbers differ in one character: replaced, left out, or two neighbours exchanged."""
    la = lb = 0
    while la < len(one) and one[la] > 0:
        la += 1
    while lb < len(other) and other[lb] > 0:
        lb += 1
    if la < 5 or lb < 5 or abs(la - lb) > 1:
        return False
    front = 0
    while front < min(la, lb) and one[front] == other[front]:
        front += 1
    back = 0
    while back < min(la, lb) - front and one[la - 1 - back] == other[lb - 1 - back]:
        back += 1
    ra, rb = la - front - back, lb - front - back
    if max(ra, rb) <= 1:
        return True
    return ra == 2 and rb == 2 and one[front] == other[front + 1] and one[front + 1] == other[front]


def both(one: int, other: int) -> int:
    if one == 0 or other == 0:
        return NOT_BOTH
    return EQUAL if one == other else UNEQUAL


def compare(
    left: Row, right: Row, names: Names, known: Dictionary, values: Values, levels: Row, bits: Row
) -> None:
    """Levels and bits of every pair, a row for each."""
    level = np.empty((MOST, MOST), np.int8)
    partner, straight = np.empty(MOST, np.int8), np.empty(MOST, np.int8)
    for at in range(len(left)):
        a, b = left[at], right[at]
        row, bit = levels[at], bits[at]
        names_of(a, b, names, known, level, partner, straight, row, bit)
        row[DATE] = dates(
            values.year[a], values.month[a], values.day[a], values.estimated[a],
            values.year[b], values.month[b], values.day[b], values.estimated[b],
        )  # fmt: skip
        row[DOCUMENT] = both(values.document[a], values.document[b])
        if row[DOCUMENT] == UNEQUAL and one_slip(
            values.document_letters[values.document[a]], values.document_letters[values.document[b]]
        ):
            row[DOCUMENT] = SLIP
        row[PHONE] = both(values.phone[a], values.phone[b])
        bit[PHONE_BITS] = values.phone_bits[values.phone[a]] if row[PHONE] == EQUAL else 0.0
        row[NATION] = both(values.nationality[a], values.nationality[b])
        bit[NATION_BITS] = values.nation_bits[values.nationality[a]] if row[NATION] == EQUAL else 0.0
        row[SEX] = both(values.sex[a], values.sex[b])
        row[PLACE] = both(values.place[a], values.place[b])
        bit[PLACE_BITS] = values.place_bits[values.place[a]] if row[PLACE] == EQUAL else 0.0
