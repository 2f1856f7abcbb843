"""Comparing two records, field by field, in loops that can be compiled (palermo/compiling.py).

Each field gives a level (what kind of agreement) and, where a value can be common or rare, the bits that it would take
to meet it by chance among people of the same nationality. Weights are not given here: see model.py.
"""

from __future__ import annotations

import numpy as np

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


def jaro_winkler(one, one_length: int, other, other_length: int) -> float:
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
    jaro = (matched / one_length + matched / other_length + (matched - crossed / 2) / matched) / 3
    prefix = 0
    while prefix < min(4, one_length, other_length) and one[prefix] == other[prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def share_code(one: int, other: int, starts, codes) -> bool:
    """Whether two words have a code in common."""
    for i in range(starts[one], starts[one + 1]):
        for j in range(starts[other], starts[other + 1]):
            if codes[i] == codes[j]:
                return True
    return False


def word_level(
    one: int, other: int, letters, length, sound_starts, sound_codes, form_starts, form_codes
) -> int:
    """How two words of names agree."""
    if one == other:
        return SAME if length[one] > 1 else INITIAL
    if length[one] <= 1 or length[other] <= 1:
        return INITIAL if letters[one, 0] == letters[other, 0] else DIFFERENT
    if share_code(one, other, form_starts, form_codes):
        return FORM
    near = jaro_winkler(letters[one], length[one], letters[other], length[other])
    if share_code(one, other, sound_starts, sound_codes):
        return SOUND_NEAR if near >= SOUND_NEAR_FROM else SOUND
    return NEAR if near >= NEAR_FROM else DIFFERENT


def meet(role_one: int, role_other: int, swapped: bool) -> bool:
    """Whether words in these boxes may be one and the same."""
    if role_one == ROLE_ANY or role_other == ROLE_ANY:
        return True
    return (role_one == role_other) != swapped


def aligned(na: int, nb: int, level, role_a, role_b, swapped: bool, partner) -> int:
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


def has_role(role, count: int, wanted: int) -> bool:
    for i in range(count):
        if role[i] == wanted or role[i] == ROLE_ANY:
            return True
    return False


def chance(level: int, same_bits: float, sound_bits: float) -> float:
    """The bits that an agreement of this level would take by chance."""
    if level == SAME:
        return same_bits
    if level == FORM or level == SOUND_NEAR or level == SOUND:
        return sound_bits
    return 0.0


def names(
    a: int, b: int, starts, word, role, same_bits, sound_bits, letters, length, sound_starts, sound_codes, form_starts,
    form_codes, level, partner, straight, levels, bits,
) -> None:  # fmt: skip
    """The levels and bits of two names: the given name, the family name, and what else they share or do not."""
    first_a, first_b = starts[a], starts[b]
    na, nb = starts[a + 1] - first_a, starts[b + 1] - first_b
    role_a, role_b = role[first_a : first_a + na], role[first_b : first_b + nb]
    for i in range(na):
        for j in range(nb):
            level[i, j] = word_level(
                word[first_a + i],
                word[first_b + j],
                letters,
                length,
                sound_starts,
                sound_codes,
                form_starts,
                form_codes,
            )
    gain = aligned(na, nb, level, role_a, role_b, False, straight)
    crosswise = aligned(na, nb, level, role_a, role_b, True, partner)
    swapped = crosswise > gain + 2
    if not swapped:
        for i in range(na):
            partner[i] = straight[i]
    levels[SWAPPED] = swapped
    given = family = -1  # the words of a that stand for the two
    more = 0
    more_bits = 0.0
    for wanted in range(DIFFERENT):
        for i in range(na):
            j = partner[i]
            if j < 0 or level[i, j] != wanted:
                continue
            other_role = role_b[j]
            if swapped and other_role != ROLE_ANY:
                other_role = 1 - other_role
            kind = role_a[i] if role_a[i] != ROLE_ANY else other_role
            if given < 0 and kind != ROLE_FAMILY:
                given = i
            elif family < 0 and kind != ROLE_GIVEN:
                family = i
            elif wanted <= NEAR:
                more += 1
                more_bits += max(0.0, chance(
                    wanted,
                    0.5 * (same_bits[first_a + i] + same_bits[first_b + j]),
                    0.5 * (sound_bits[first_a + i] + sound_bits[first_b + j]),
                ))  # fmt: skip
    matched = 0
    for i in range(na):
        matched += partner[i] >= 0
    has_given = has_role(role_a, na, ROLE_GIVEN) and has_role(role_b, nb, ROLE_GIVEN)
    has_family = has_role(role_a, na, ROLE_FAMILY) and has_role(role_b, nb, ROLE_FAMILY)
    if min(na, nb) < 2:  # one word cannot stand for both
        has_given = has_given and (given >= 0 or family < 0)
        has_family = has_family and (family >= 0 or given < 0) and not (has_given and given < 0)
    one_name(
        given,
        has_given,
        GIVEN,
        GIVEN_BITS,
        partner,
        level,
        first_a,
        first_b,
        same_bits,
        sound_bits,
        levels,
        bits,
    )
    one_name(
        family,
        has_family,
        FAMILY,
        FAMILY_BITS,
        partner,
        level,
        first_a,
        first_b,
        same_bits,
        sound_bits,
        levels,
        bits,
    )
    levels[MORE] = min(more, 3)
    bits[MORE_BITS] = more_bits
    left_over = min(na, nb) - matched - (given < 0 and has_given) - (family < 0 and has_family)
    levels[LEFT_OVER] = max(0, min(left_over, 3))


def one_name(
    at: int, both_have: bool, column: int, bit_column: int, partner, level, first_a: int, first_b: int, same_bits, sound_bits,
    levels, bits,
) -> None:  # fmt: skip
    """Level and bits of the given or of the family name."""
    bits[bit_column] = 0.0
    if at < 0:
        levels[column] = DIFFERENT if both_have else ABSENT
        return
    j = partner[at]
    levels[column] = level[at, j]
    bits[bit_column] = chance(
        level[at, j],
        0.5 * (same_bits[first_a + at] + same_bits[first_b + j]),
        0.5 * (sound_bits[first_a + at] + sound_bits[first_b + j]),
    )


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


def one_slip(one, other) -> bool:
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
    left, right, starts, word, role, same_bits, sound_bits, letters, length, sound_starts, sound_codes, form_starts,
    form_codes, year, month, day, estimated, document, document_letters, phone, phone_bits, nationality, nation_bits, sex,
    place, place_bits, levels, bits,
) -> None:  # fmt: skip
    """Levels and bits of every pair, a row for each."""
    level = np.empty((MOST, MOST), np.int8)
    partner, straight = np.empty(MOST, np.int8), np.empty(MOST, np.int8)
    for at in range(len(left)):
        a, b = left[at], right[at]
        row, bit = levels[at], bits[at]
        names(
            a, b, starts, word, role, same_bits, sound_bits, letters, length, sound_starts, sound_codes, form_starts,
            form_codes, level, partner, straight, row, bit,
        )  # fmt: skip
        row[DATE] = dates(year[a], month[a], day[a], estimated[a], year[b], month[b], day[b], estimated[b])
        row[DOCUMENT] = both(document[a], document[b])
        if row[DOCUMENT] == UNEQUAL and one_slip(
            document_letters[document[a]], document_letters[document[b]]
        ):
            row[DOCUMENT] = SLIP
        row[PHONE] = both(phone[a], phone[b])
        bit[PHONE_BITS] = phone_bits[phone[a]] if row[PHONE] == EQUAL else 0.0
        row[NATION] = both(nationality[a], nationality[b])
        bit[NATION_BITS] = nation_bits[nationality[a]] if row[NATION] == EQUAL else 0.0
        row[SEX] = both(sex[a], sex[b])
        row[PLACE] = both(place[a], place[b])
        bit[PLACE_BITS] = place_bits[place[a]] if row[PLACE] == EQUAL else 0.0
