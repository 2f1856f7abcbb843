"""Pseudonyms for persons: short, random, sayable over a bad line, with two check characters.

P-7K3Q-M294: six random characters and two check characters from an alphabet of 23 without vowels (no
words) and without look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B, U V Y). 23 is prime, so the two weighted sums
form a Reed-Solomon code of distance 3: every one or two wrong characters, and every swap of two
characters, is noticed.
"""

import re
import secrets

ALPHABET = "23456789CDFGHJKMNPQRTWX"
SIZE = len(ALPHABET)
DATA_CHARACTERS = 6
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_SHAPE = re.compile(rf"P-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{4}})")


def new_code() -> str:
    return format_code("".join(secrets.choice(ALPHABET) for _ in range(DATA_CHARACTERS)))


def format_code(data: str) -> str:
    """Six characters to the whole code."""
    full = data + _check(data)
    return f"P-{full[:4]}-{full[4:]}"


def parse_code(text: str) -> str | None:
    """The code as written in the register, or None if misspelt. Case, spaces and dashes do not matter."""
    match = _SHAPE.fullmatch(re.sub(r"[\s–—_]", "", text.upper()))
    if match is None:
        return None
    full = match[1] + match[2]
    if _check(full[:DATA_CHARACTERS]) != full[DATA_CHARACTERS:]:
        return None
    return f"P-{full[:4]}-{full[4:]}"


def _check(data: str) -> str:
    """Two characters that make sum(v) = 0 and sum(i * v) = 0 mod 23 over the eight, i from 1."""
    values = [_VALUE[character] for character in data]
    first = sum(values)
    second = sum(index * value for index, value in enumerate(values, 1))
    # a + b = -first and 7a + 8b = -second, so b = 7 first - second and a = -first - b.
    b = (7 * first - second) % SIZE
    a = (-first - b) % SIZE
    return ALPHABET[a] + ALPHABET[b]
