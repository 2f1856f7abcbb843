"""Jaro-Winkler similarity, between 0 and 1. Pure Python.

Winkler's constants: prefix of up to four letters, weight 0.1, no threshold (Winkler 1990).
"""

PREFIX, WEIGHT = 4, 0.1


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


def _jaro(a: str, b: str) -> float:
    reach = max(len(b) // 2 - 1, 0)
    taken = [False] * len(b)
    matched: list[str] = []
    for place, letter in enumerate(a):
        low, high = max(0, place - reach), min(len(b), place + reach + 1)
        for other in range(low, high):
            if not taken[other] and b[other] == letter:
                taken[other] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    twins = [letter for letter, is_taken in zip(b, taken, strict=True) if is_taken]
    moved = sum(x != y for x, y in zip(matched, twins, strict=True)) // 2
    count = len(matched)
    return (count / len(a) + count / len(b) + (count - moved) / count) / 3
