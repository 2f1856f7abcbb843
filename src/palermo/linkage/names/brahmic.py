"""Scripts of South Asia (Devanagari, Bengali, Gurmukhi, Gujarati, Tamil and their kin) in rough Latin letters. Pure.

anyascii brings over the letters; the vowel that every consonant carries unwritten is put back between two consonants
(ब and ह are b-a-h, not bh) and left out at the end of a word, as it is spoken in Nepali, Hindi and Bengali.
"""

import unicodedata

from anyascii import anyascii

# In each of these blocks of 128 the same place holds the same letter: consonants 15-39, nga (Tamang, Gurung) 19.
_FIRST, _LAST, _NUKTA, _NGA = 0x15, 0x39, 0x3C, 0x19


def latin(run: str) -> str:
    out: list[str] = []
    waits = False
    for character in run:
        place = ord(character) % 0x80
        is_consonant = _FIRST <= place <= _LAST and unicodedata.category(character) == "Lo"
        if is_consonant and waits:
            out.append("a")
        out.append(_sound(character))
        if place != _NUKTA:
            waits = is_consonant
    return "".join(out)


def _sound(character: str) -> str:
    if ord(character) % 0x80 == _NGA:
        return "ng"
    if character.isalpha() or unicodedata.category(character)[0] == "M":
        return anyascii(character).lower()
    return " "
