"""Burmese script in Latin letters as names are commonly spelt (Aung, Kyaw, Myint). Pure.

The spelling follows what passports show rather than a scheme: a final consonant (under an asat) makes one of a few
rhymes. Tones are not told apart.
"""

import re

_CONSONANTS = {
    "က": "k", "ခ": "kh", "ဂ": "g", "ဃ": "g", "င": "ng", "စ": "s", "ဆ": "s", "ဇ": "z", "ဈ": "z", "ည": "ny", "ဉ": "ny",
    "ဋ": "t", "ဌ": "t", "ဍ": "d", "ဎ": "d", "ဏ": "n", "တ": "t", "ထ": "t", "ဒ": "d", "ဓ": "d", "န": "n", "ပ": "p",
    "ဖ": "p", "ဗ": "b", "ဘ": "b", "မ": "m", "ယ": "y", "ရ": "y", "လ": "l", "ဝ": "w", "သ": "th", "ဟ": "h", "ဠ": "l",
    "အ": "", "ဿ": "ths",
}  # fmt: skip
_ALONE = {"ဣ": "i", "ဤ": "i", "ဥ": "u", "ဦ": "u", "ဧ": "e", "ဩ": "aw", "ဪ": "aw"}
_MEDIALS = {"ျ": "y", "ြ": "y", "ွ": "w", "ှ": "h"}
# What follows the consonant, longest first: vowel signs with a final consonant under an asat.
_RHYMES = {
    "ောင်": "aung", "ိုင်": "aing", "ောက်": "auk", "ိုက်": "aik", "ိန်": "ein", "ိမ်": "ein", "ုန်": "on", "ုမ်": "on",
    "ိတ်": "eit", "ိပ်": "eit", "ုတ်": "ot", "ုပ်": "ot", "င်": "in", "င့်": "int", "န်": "an", "န့်": "ant",
    "မ်": "an", "ဏ်": "an", "ံ": "an", "ုံ": "on", "က်": "et", "တ်": "at", "ပ်": "at", "စ်": "it", "ည်": "i", "ဉ်": "in",
    "ယ်": "e", "ော်": "aw", "ော": "aw", "ို": "o", "ေ": "ay", "ဲ": "e", "ာ": "a", "ါ": "a", "ိ": "i", "ီ": "i",
    "ု": "u", "ူ": "u",
}  # fmt: skip
# W before one of these is no w: it makes the vowel u.
_ROUND = {"an": "un", "ant": "unt", "at": "ut"}
_RHYME = "|".join(sorted(map(re.escape, _RHYMES), key=len, reverse=True))
_SYLLABLE = re.compile(f"(?P<first>[က-အဿ])(?P<medials>[ျြွှ]*)(?P<rhyme>{_RHYME})?")
_DOT, _ASAT = "့", "်"


def latin(run: str) -> str:
    """A run of Burmese letters in small Latin letters."""
    text = run.replace("း", "").replace("ါ", "ာ").replace("္", _ASAT).replace(_ASAT + _DOT, _DOT + _ASAT)
    text = re.sub(f"{_DOT}(?!{_ASAT})", "", text)
    found = _SYLLABLE.sub(_syllable, "".join(_ALONE.get(c, c) for c in text))
    return re.sub("[^a-z ]", "", found)


def _syllable(found: re.Match[str]) -> str:
    medials = "".join(_MEDIALS[medial] for medial in found["medials"])
    first = _CONSONANTS[found["first"]]
    rhyme = _RHYMES[found["rhyme"]] if found["rhyme"] else "a"
    if medials.endswith("w") and rhyme in _ROUND:
        medials, rhyme = medials[:-1], _ROUND[rhyme]
    if "h" in medials:
        first, medials = ("sh" if first == "y" else "h" + first), medials.replace("h", "")
    return first + medials + rhyme
