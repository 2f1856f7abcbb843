"""The parts of a name that tell people apart, in the order written. Pure.

parts("Sheikh Abd al-Rahman bin Ali al-Masri") -> ("abdrahman", "ali", "masri")
parts("Petrov Ivan Sergeevich")                -> ("petrov", "ivan")
"""

import re
from collections.abc import Callable
from functools import lru_cache

from palermo.linkage.names.data import words
from palermo.linkage.names.folding import fold

MOST_PARTS, MOST_TOKENS = 8, 6

PARTICLES, HONORIFICS = words("particles"), words("honorifics")
SERVANT, FAITH = words("servant"), words("faith")

KUNYA = {"abu": "abu", "abou": "abu", "abo": "abu", "aboo": "abu", "umm": "umm", "oum": "umm", "um": "umm"}
_JOINED_SERVANT = re.compile(r"abd(?:[aeiou]|ou|oo)(?:l|(?P<sun>[rsntdz]|sh)(?=(?P=sun)))(?P<name>[a-z]{3,})")
_JOINED_FAITH = re.compile("(?P<name>[a-z]{3,}?)(?:[aeo]d|o?ud|[aeu]l)?d?(?<=dd|ud|ld)(?:in|een|ine|yn)")
_PATRONYMIC = re.compile(
    r".{2,}(?:ovi?ch|evi?ch|ovych|evych|yovych|iyovych|ovna|evna|ivna|yivna|ichna|inichna|ovic|evic|uly|kyzy|qyzy|gyzy|qizi)"
)


@lru_cache(maxsize=1 << 18)
def parts(text: str) -> tuple[str, ...]:
    """At most eight folded parts in the order written, single letters (initials) too; () where there is no name."""
    written = fold(text).split()
    if all(map(_is_plain, written)):
        return tuple(written[:MOST_PARTS])
    words = _faith(_servant(_parents(written)))
    kept = [word for word in words if word not in PARTICLES] or words
    kept = _without(kept, HONORIFICS.__contains__, at_least=1)
    if len(kept) > 2:
        kept = _without(kept, lambda word: _PATRONYMIC.fullmatch(word) is not None, at_least=2)
    return tuple(kept[:MOST_PARTS])


@lru_cache(maxsize=1 << 18)
def _is_plain(word: str) -> bool:
    """Whether the word is a part as it stands, whatever stands beside it: nothing more is to be read."""
    return not (
        word in KUNYA
        or word in PARTICLES
        or word in HONORIFICS
        or word in SERVANT
        or word in FAITH
        or _one_servant(word) != word
        or _JOINED_FAITH.fullmatch(word)
        or _PATRONYMIC.fullmatch(word)
    )


def tokens(text: str) -> tuple[str, ...]:
    """The sorted different parts without initials (unless there is nothing else), at most six: order falls away."""
    found = parts(text)
    return tuple(sorted({part for part in found if len(part) > 1} or set(found))[:MOST_TOKENS])


def _without(words: list[str], drops: Callable[[str], bool], *, at_least: int) -> list[str]:
    kept = [word for word in words if not drops(word)]
    return kept if sum(len(word) > 1 for word in kept) >= at_least else words


def _parents(words: list[str]) -> list[str]:
    """Abu Bakr, Umm Ahmad (named after a child): one part each, as they are also written."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in KUNYA and word not in KUNYA:
            joined[-1] = KUNYA[joined[-1]] + word
        else:
            joined.append(word)
    return joined


def _servant(words: list[str]) -> list[str]:
    """Abd al-Rahman, Abdul Rahman, Abdurrahman: one part each, abd + rahman. Abdullah stays what it is."""
    joined: list[str] = []
    waiting = False
    for word in words:
        if waiting and word in PARTICLES:
            continue
        if waiting:
            joined.append("abd" + word)
            waiting = False
        elif word in SERVANT:
            waiting = True
        else:
            joined.append(_one_servant(word))
    return joined + (["abd"] if waiting else [])


def _one_servant(word: str) -> str:
    match = _JOINED_SERVANT.fullmatch(word) if word.startswith("abd") else None
    if match is None or match["name"] in ("lah", "lla", "llah"):
        return word
    return "abd" + match["name"]


def _faith(words: list[str]) -> list[str]:
    """Nur al-Din, Nur ad-Din, Nureddine, Nur Uddin: two parts each, nur and din, as the second may be a family name."""
    parted: list[str] = []
    for word in words:
        if word in FAITH:
            parted.append("din")
        elif match := _JOINED_FAITH.fullmatch(word):
            parted += [match["name"], "din"]
        else:
            parted.append(word)
    return parted
