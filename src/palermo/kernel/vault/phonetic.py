"""A key for the sound of a name, the same for its spellings in Arabic, Cyrillic, Greek and several Latin
manners. Pure.

Arabic script writes no short vowels, so the key keeps consonants only, in broad classes:
    P p b      F f v w(Slavic)   T t d   S s z and all hissing sounds (sh zh ch ts ç)   J j dj dzh
    K k q c    G g gh            H h     X kh    L l    M m    N n    R r
A name that begins with a vowel (or y) begins with A. Doubled letters count once; a silent last h falls away.
Some letters cannot be read without knowing the language (ch, j, th, dh, q, w inside a word, al- at the
front). There both readings are keys, at most four; two names sound alike when they share a key. Broad on
purpose: the key finds candidates, the comparison of the whole identity judges them.
"""

import itertools
import re
from functools import lru_cache

from palermo.kernel.vault.letters import FORMS

MOST_KEYS = 4

# Rewritten in this order before letters are read one by one. Capitals are finished classes.
_RULES = tuple(
    (re.compile(pattern), out)
    for pattern, out in (
        (r"(.)\1+", r"\1"),
        (r"ph", "f"),
        (r"ow(?=a|e|i|y|$|sk|cz|sz)", "ov"),
        (r"ew(?=a|i|y|o|$|sk|g)", "ev"),
        (r"iw(?=a|o|$)", "iv"),
        (r"law", "lav"),
        (r"^w(?=l|r)", "v"),
        (r"of+$", "ov"),
        (r"ef+$", "ev"),
        (r"ou|oo|ow", "u"),
        (r"tsch|tch|shch|szcz|sch|tsh|cz|ts|tz|sz|sh|zh|sj", "S"),
        (r"dzh|dsch|dj|dg|xh|gj", "J"),
        (r"x", "ks"),
        (r"gh", "G"),
        (r"kh", "X"),
        (r"ck", "k"),
        (r"c(?=[eiy])", "S"),
        (r"qu", "k"),
        (r"(?<=.)h$", ""),
    )
)

# What a letter may stand for. Vowels vanish; several readings make several keys.
_READINGS: dict[str, tuple[str, ...]] = {
    "p": ("P",), "b": ("P",), "f": ("F",), "v": ("F",), "t": ("T",), "d": ("T",), "s": ("S",), "z": ("S",),
    "S": ("S",), "J": ("J",), "j": ("J", ""), "k": ("K",), "q": ("K", "G"), "c": ("K",), "g": ("G",),
    "G": ("G",), "h": ("H",), "X": ("X", "H"), "l": ("L",), "m": ("M",), "n": ("N",), "r": ("R",),
    "w": ("", "F"), "C": ("S", "X"), "θ": ("T", "S"), "ð": ("T", "S"),
}  # fmt: skip


@lru_cache(maxsize=65536)
def keys(token: str) -> frozenset[str]:
    """The keys of one token of `normalise.tokens`. A token without Latin letters is its own key."""
    if not re.search("[a-z]", token):
        return frozenset((token,))
    token = FORMS.get(token, token)
    found: set[str] = set()
    for variant in _variants(token):
        found |= _keys(variant)
    return frozenset(sorted(found, key=lambda key: (len(key), key))[-MOST_KEYS:])


def _variants(token: str) -> tuple[str, ...]:
    """Alhassan may be al-Hassan: where al- stands before a consonant in a long word, try both."""
    if len(token) > 5 and re.match(r"[ae]l[^aeiouyl]", token):
        return token, token[2:]
    return (token,)


def _keys(token: str) -> set[str]:
    for pattern, out in _RULES:
        token = pattern.sub(out, token)
    token = token.replace("ch", "C").replace("th", "θ").replace("dh", "ð")
    if token.endswith("c"):
        token = token[:-1] + "C"
    begins = "A" if re.match(r"[aeiouy]", token) else ""
    readings = [_reading(letter, place) for place, letter in enumerate(token)]
    made: set[str] = set()
    for combination in itertools.islice(itertools.product(*filter(None, readings)), MOST_KEYS):
        body = "".join(combination)
        first_vanished = token[0] in "j" and not body.startswith("J")
        made.add(("A" if begins or first_vanished else "") + body)
    return made


def _reading(letter: str, place: int) -> tuple[str, ...]:
    if letter == "w" and place == 0:
        return ("F",)
    return _READINGS.get(letter, ())


def alike(one: str, other: str) -> bool:
    """Whether two tokens may be spellings of one name."""
    return not keys(one).isdisjoint(keys(other))
