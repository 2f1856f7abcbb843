"""Jaro-Winkler similarity, between 0 and 1. Pure Python.

Winkler's constants: prefix of up to four letters, weight 0.1, no threshold (Winkler 1990).
"""

PREFIX, WEIGHT = 4, 0.1
TAKEN = "\0"  # stands for a letter that has found its twin; no folded text holds it


def similarity(a: str, b: str) -> float:
    """1 for equal texts, 0 where one is empty or no letter is near its twin. Symmetric."""
    if a == b:
        return 1.0 if a else 0.0
    if not a or not b:
        return 0.0
    if (len(a), a) > (len(b), b):
        a, b = b, a
    jaro = _jaro(a, b)
    same = 0
    for x, y in zip(a[:PREFIX], b[:PREFIX], strict=False):
        if x != y:
            break
        same += 1
    return jaro + same * WEIGHT * (1 - jaro)


def most_similar(a: str, b: str) -> float:
    """What `similarity` cannot exceed, told at a glance: letters that the other has not have no twin there."""
    if not a or not b:
        return 0.0
    letters, others = set(a), set(b)
    both = len(letters & others)
    count = min(len(a) - len(letters) + both, len(b) - len(others) + both)
    jaro = (count / len(a) + count / len(b) + 1) / 3 if count else 0.0
    return jaro + PREFIX * WEIGHT * (1 - jaro) if a[0] == b[0] else jaro


def _jaro(a: str, b: str) -> float:
    reach = max(len(b) // 2 - 1, 0)
    left, matched, places = b, "", []
    for place, letter in enumerate(a):
        other = left.find(letter, max(0, place - reach), place + reach + 1)
        if other >= 0:
            left = left[:other] + TAKEN + left[other + 1 :]
            matched += letter
            places.append(other)
    if not matched:
        return 0.0
    twins = "".join([b[place] for place in sorted(places)])
    moved = sum(x != y for x, y in zip(matched, twins, strict=True)) // 2 if matched != twins else 0
    count = len(matched)
    return (count / len(a) + count / len(b) + (count - moved) / count) / 3
