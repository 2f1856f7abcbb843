"""Chinese and Korean names: one letter, one syllable. Pure.

The family name, where the first letter is one, and the given name in one word, as passports have it. Chinese letters
are read in Mandarin, whoever bears the name: a Cantonese or Japanese bearer's Latin spelling is another one.
"""

from anyascii import anyascii

from palermo.linkage.names.data import words

_ONE, _TWO = words("families"), words("two_letters")
# Korean family names as their bearers spell them; the rest is spelt by the letters.
_KOREAN = {
    "김": "kim", "이": "lee", "박": "park", "최": "choi", "정": "jung", "강": "kang", "조": "cho", "류": "ryu",
    "유": "yoo",
}  # fmt: skip
_LONGEST = 4


def latin(run: str) -> str:
    """Family name, then given name, small Latin letters; one word where no family name is seen.

    Two Korean letters are a given name more often than a whole one.
    """
    family = 2 if run[:2] in _TWO and len(run) > 2 else 1 if run[0] in _ONE else 0
    is_korean = "가" <= run[0] <= "힣"
    if len(run) > _LONGEST or family == 0 or (is_korean and len(run) == 2):
        return "".join(map(_syllable, run))
    first = _KOREAN.get(run[:family]) or "".join(map(_syllable, run[:family]))
    return f"{first} {''.join(map(_syllable, run[family:]))}"


def _syllable(letter: str) -> str:
    return anyascii(letter).lower()
