"""Names, numbers and dates as they must look to be compared. Pure.

    tokens("Al-Hassan, Mohammed")   -> ("hassan", "mohammed")
    tokens("محمد الحسن")             -> ("hsn", "mhmd")
Order, case, marks, punctuation, script, articles and descent words fall away. `phonetic.keys` then brings
spellings of one sound together.
"""

import re
import unicodedata
from functools import lru_cache

from palermo.kernel.vault.letters import ARABIC, FAITH, GREEK_PAIRS, PARTICLES, SERVANT, TO_LATIN

MOST_TOKENS = 6
_BETWEEN = re.compile(r"[\s\-_.,;/\\()\[\]\"«»]+")
_ALLAH = re.compile(r"(ا|ٱ)?لله?ه\b|الله")
_PATRONYMIC = re.compile(r"(ovi?ch|evi?ch|ovyc?h|evyc?h|ovna|evna|ivna|yivna|ichna|ovic|evic|inichna)$")
# An abbreviated birth date is a year, a year and month, or a day, ISO 8601.
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@lru_cache(maxsize=65536)
def latin(text: str) -> str:
    """Small Latin letters and spaces; letters of scripts that are not covered stay as they are."""
    text = _ALLAH.sub("الاه", unicodedata.normalize("NFKC", text)).casefold()
    for pair, letter in GREEK_PAIRS.items():
        text = text.replace(pair, letter)
    out: list[str] = []
    before = ""
    for character in text:
        if character in TO_LATIN:
            # Arabic writes a doubled sound once; two equal letters have a vowel between them.
            if character == before and character in ARABIC:
                out.append("a")
            out.append(TO_LATIN[character])
        else:
            out.append(_plain(character))
        before = character
    return "".join(out)


def _plain(character: str) -> str:
    """The letter without its marks; a separator becomes a space; anything else vanishes."""
    if _BETWEEN.fullmatch(character):
        return " "
    kept = ""
    for part in unicodedata.normalize("NFKD", character):
        if part in TO_LATIN:
            kept += TO_LATIN[part]
        elif part.isalpha():
            kept += part
    return kept


@lru_cache(maxsize=65536)
def tokens(name: str) -> tuple[str, ...]:
    """The sorted different parts of a name, at most six, without particles and (where others stay) patronymics."""
    parts = [_without_article(part) for part in _words(name)]
    parts = _join_faith(_join_servant(parts))
    kept = [part for part in parts if part not in PARTICLES and len(part) > 1]
    if len(kept) > 2:
        kept = [part for part in kept if not _PATRONYMIC.search(part)] or kept
    return tuple(sorted(set(kept or [part for part in parts if part]))[:MOST_TOKENS])


def _words(name: str) -> list[str]:
    return latin(name).split()


def _without_article(part: str) -> str:
    """Arabic script writes the article together with its word: الحسن, alhsn. In Latin letters that is a guess
    (Albert), so there only `phonetic` tries both."""
    is_consonantal = len(part) > 4 and part.startswith("al") and not re.search(r"[eiou]", part)
    return part[2:] if is_consonantal and part[2] != "a" else part


def _join_servant(parts: list[str]) -> list[str]:
    """Abd al-Rahman, Abdul Rahman, Abdurrahman: one name each, abd + rahman."""
    joined: list[str] = []
    waiting = False
    for part in parts:
        if waiting and part in PARTICLES:
            continue
        if waiting:
            joined.append("abd" + part)
            waiting = False
        elif part in SERVANT:
            waiting = True
        else:
            joined.append(_servant(part))
    return joined + (["abd"] if waiting else [])


def _servant(part: str) -> str:
    """Abdulkarim, Abdelkarim, Abdurrahman, Abdessalam to abd + name; Abdullah stays."""
    match = re.fullmatch(r"abd(?:[aeiou]|ou|oo)(?:l|(?P<sun>[rsntdz]|sh)(?=(?P=sun)))(?P<name>\w{3,})", part)
    if match is None or match["name"] in ("lah", "lla", "llah"):
        return part
    return "abd" + match["name"]


def _join_faith(parts: list[str]) -> list[str]:
    """Nur al-Din, Nur ad-Din, Nureddin: one name each, nur + din."""
    joined: list[str] = []
    for part in parts:
        if part in FAITH and joined:
            while len(joined) > 1 and joined[-1] in PARTICLES:
                joined.pop()
            joined[-1] += "din"
        else:
            joined.append(part)
    return joined


def document(number: str) -> str:
    """A document number: capital letters and digits, digits of any script as 0-9; empty if shorter than 5."""
    folded = unicodedata.normalize("NFKC", number).upper()
    kept = "".join(_digit(c) if c.isdecimal() else c for c in folded if c.isalnum())
    return kept if len(kept) >= 5 and any(c.isdigit() for c in kept) else ""


def phone(number: str) -> str:
    """The last nine digits of a telephone number: the same with and without country code or leading zero.

    Nine is the shortest national number in wide use without its zero; a number under seven digits gives
    nothing.
    """
    digits = "".join(_digit(c) for c in unicodedata.normalize("NFKC", number) if c.isdecimal())
    digits = digits.removeprefix("00").lstrip("0")
    return digits[-9:] if len(digits) >= 7 else ""


def birth_year(date: str) -> int | None:
    """The year of an ISO date that may be partial: 1998, 1998-05, 1998-05-17."""
    match = _DATE.fullmatch(date.strip())
    return int(match[1]) if match else None


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character))
