"""Arabic script (Arabic, Persian, Urdu, Pashto, Kurdish) in rough Latin letters. Pure.

Short vowels are not written and are not guessed, but: waw and ya between consonants are read as u and i; a word
does not begin with two consonants, and letters that are two sounds are not left standing as if they were one
(s and h are not sh): there an "a" keeps them apart. The article is made a word of its own.
"""

import re
import unicodedata

from palermo.linkage.names.data import words
from palermo.linkage.names.letters import ARABIC, HEBREW_AS_ARABIC, HEBREW_PAIRS

_ALLAH = re.compile("(?:ا|ٱ)?لله?ه(?![\\w])|الله")
_ARTICLE = re.compile("(?:ال|ٱل)(?=\\w{3})")
_NO_ARTICLE = tuple(sorted(words("no_article")))
_VOWELS = frozenset("aeiou")
_HAS_H = frozenset("هحہۂ")
_WAW, _YA = frozenset("وؤ"), frozenset("يیئىۍې")
_LONG = frozenset("اأإآٱىةەےۓۆۇێ")


def latin(run: str) -> str:
    """A run of Arabic script, words apart, in small Latin letters."""
    letters = "".join(c for c in run if unicodedata.category(c) != "Mn" and c != "ـ")
    return re.sub("\\w+", lambda found: _word(found.group()), _ALLAH.sub("الاه", letters).replace("تش", "چ"))


def latin_of_hebrew(run: str) -> str:
    """A run of Hebrew letters by the same rules, without an article."""
    for pair, letter in HEBREW_PAIRS.items():
        run = run.replace(pair, letter)
    letters = "".join(c for c in run.translate(HEBREW_AS_ARABIC) if unicodedata.category(c) != "Mn")
    return re.sub("\\w+", lambda found: _spelt(found.group()), letters)


def _word(word: str) -> str:
    if word in ("أم", "ام"):
        return "umm"
    if not word.startswith(_NO_ARTICLE) and (article := _ARTICLE.match(word)) and word != "الاه":
        return "al " + _spelt(word[article.end() :])
    return _spelt(word)


def _spelt(word: str) -> str:
    out = ""
    for place, letter in enumerate(word):
        after = word[place + 1 : place + 2]
        sound = _half_vowel(letter, word[place - 1 : place] if place else "", after)
        if sound is None:
            sound = ARABIC.get(letter, "")
        if out and sound and _must_part(out, sound, letter, place == 1):
            out += "a"
        out += sound
    return out


def _half_vowel(letter: str, before: str, after: str) -> str | None:
    """u or i for a waw or ya between consonants or at the end; None where it is a consonant (or no such letter)."""
    is_waw, is_ya = letter in _WAW, letter in _YA and letter != "ى"
    if not (is_waw or is_ya) or not before or before in _LONG:
        return None
    if after and (after in _LONG or after in _WAW or after in _YA):
        return None
    return "u" if is_waw else "i"


def _must_part(out: str, sound: str, letter: str, is_second: bool) -> bool:
    """Whether two consonants would run into one sound, or stand at the start of the word."""
    last, first = out[-1], sound[0]
    if last in _VOWELS or first in _VOWELS:
        return False
    if is_second or last == first:
        return True
    return letter in _HAS_H and last in "stkgdzcpbjr"
