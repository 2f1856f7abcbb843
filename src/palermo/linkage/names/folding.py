"""A name in any script as small Latin letters and single spaces. Pure.

    fold("Al-Ḥassan,  MUHAMMAD")  -> "al hassan muhammad"
    fold("محمد الحسن")             -> "mahmd al hasn"
What is written is brought over; nothing is guessed of unwritten vowels but what keeps letters apart.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from anyascii import anyascii

from palermo.linkage.names import arabic, brahmic, burmese, han, khmer, tai
from palermo.linkage.names.letters import CYRILLIC, GREEK, GREEK_PAIRS, LATIN

# Longer text is no name; it is cut, so that rubbish stays cheap.
MOST_LETTERS = 400
_APOSTROPHES = re.compile("['`´‘’ʼʻʾʿ′ʹ՚＇]")
_NOT_LETTERS = re.compile("[^a-z]+")
# The letter is d in Vietnamese, where it begins a word, and dj in Serbian, Croatian and Bosnian.
_SOUTH_SLAVIC = re.compile("[ćčšž]|\\Bđ")
# Belarusian: after a vowel the letter is what Russian writes as v (Иваноў, Иванов); elsewhere it is Uzbek.
_SHORT_U = re.compile("(?<=[аеиоуыэюяі])ў")
# Marks of direction, joiners, soft hyphens, tatweel, letters that only modify.
_UNHEARD = re.compile(
    "[\u00ad\u061c\u0640\u0f0b\u06e5\u06e6\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u02b0-\u02ba\u02bd\u02bf-\u02ff\u0e46\u0ec6]"
)
_TABLE = CYRILLIC | GREEK | LATIN


@lru_cache(maxsize=1 << 18)
def fold(text: str) -> str:
    """Small Latin letters and single spaces; "" where nothing can be read as a letter."""
    text = text[:MOST_LETTERS]
    if text.isascii() and text.isalpha():
        return text.lower()
    if not text.isascii():
        text = _latin(text)
    text = _APOSTROPHES.sub("", text.lower())
    return _NOT_LETTERS.sub(" ", text).strip()


def _latin(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    if "đ" in text and _SOUTH_SLAVIC.search(text):
        text = text.replace("đ", "dj")
    if "ў" in text:
        text = _SHORT_U.sub("в", text)
    text = _UNHEARD.sub("", text)
    first = _script(text[:1] or " ")
    if all(_script(character) == first for character in text):
        return _run(first, text)
    return "".join(_run(script, "".join(run)) for script, run in groupby(text, _script))


@lru_cache(maxsize=1 << 14)
def _script(character: str) -> str:
    code = ord(character)
    if code < 0x370 or 0x1E00 <= code < 0x1F00:
        return "latin"
    for name, first, last in _BLOCKS:
        if first <= code <= last:
            return name
    return "other"


_BLOCKS = (
    ("greek", 0x370, 0x3FF), ("greek", 0x1F00, 0x1FFF), ("cyrillic", 0x400, 0x52F),
    ("arabic", 0x600, 0x6FF), ("arabic", 0x750, 0x77F), ("arabic", 0x8A0, 0x8FF),
    ("brahmic", 0x900, 0xDFF), ("thai", 0xE00, 0xE7F), ("lao", 0xE80, 0xEFF),
    ("burmese", 0x1000, 0x109F), ("khmer", 0x1780, 0x17FF),
    ("hebrew", 0x590, 0x5FF), ("hangul", 0xAC00, 0xD7AF), ("han", 0x3400, 0x9FFF), ("han", 0x20000, 0x323AF),
)  # fmt: skip


def _run(script: str, run: str) -> str:
    match script:
        case "arabic":
            return arabic.latin(run)
        case "greek":
            return _greek(run)
        case "brahmic":
            return brahmic.latin(run)
        case "hebrew":
            return arabic.latin_of_hebrew(run)
        case "thai" | "lao":
            return tai.latin(run)
        case "burmese":
            return burmese.latin(run)
        case "khmer":
            return khmer.latin(run)
        case "han" | "hangul":
            return f" {han.latin(run)} "
        case _:
            return "".join(map(_letter, run))


@lru_cache(maxsize=1 << 14)
def _letter(character: str) -> str:
    """One letter: by our table, with its marks taken off, or by anyascii. A mark that stands alone vanishes."""
    if character in _TABLE:
        return _TABLE[character]
    category = unicodedata.category(character)
    if category[0] == "M":
        return ""
    if category[0] not in "LN":
        return character if character in "'’" else " "
    bare = unicodedata.normalize("NFKD", character)[0]
    if bare in _TABLE:
        return _TABLE[bare]
    try:
        return anyascii(character).lower()
    except (ValueError, UnicodeError):
        return ""


def _greek(run: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", run) if unicodedata.category(c) != "Mn")
    for pair, (inside, at_start) in GREEK_PAIRS.items():
        bare = re.sub(rf"\b{pair}", at_start, bare).replace(pair, inside)
    return "".join(map(_letter, bare))
