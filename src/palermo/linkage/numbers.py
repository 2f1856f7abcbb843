"""Document and telephone numbers as they must look to be compared. Pure; nothing raises on any text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# What stands before the number proper, in the languages that lists come in. Longest first.
_LABEL = re.compile(
    r"(?:PASSPORT|PASSEPORT|PASAPORTE|PASZPORT|ПАСПОРТ|PASS|PPT|PP|CNIC|NID|CIN|IDNO|ID|DOCUMENT|DOC|NUMBER|NUM|NO|NR|№)+(?=.*\d)"
)
_DIGITS_SEEN_AS_LETTERS = str.maketrans("OI", "01")
_SHORTEST_DOCUMENT, _SHORTEST_PHONE, _PHONE_KEPT = 5, 7, 9
_NEXT_NUMBER = re.compile(r"[/;,|]|\b(?:ext|x|or|and|ou|y)\b|\n", re.IGNORECASE)

# ITU-T E.164: codes of one and of two digits; every other country code has three.
_ONE = ("1", "7")
_TWO = re.compile("2[07]|3[0-469]|4[0134-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")


@lru_cache(maxsize=1 << 17)
def document(text: str) -> str:
    """Capital letters and digits, O as 0 and I as 1; "" where it is too short, has no digit, or is plainly made up."""
    if text.isascii():
        kept = "".join(filter(str.isalnum, text[:80].upper()))
    else:
        folded = unicodedata.normalize("NFKC", text[:80]).upper()
        kept = "".join(_digit(c) if c.isdecimal() else c for c in folded if c.isalnum() or c == "№")
    number = _LABEL.sub("", kept, count=1)
    if not any(map(str.isdigit, number)):
        return ""
    number = number.translate(_DIGITS_SEEN_AS_LETTERS)
    return number if len(number) >= _SHORTEST_DOCUMENT and not _made_up(number) else ""


@lru_cache(maxsize=1 << 17)
def phone(text: str) -> str:
    """The national number, at most its last nine digits: the same with and without country code or leading zero."""
    folded = unicodedata.normalize("NFKC", text[:80]).replace("(0)", "").strip()
    first = next((piece for piece in _NEXT_NUMBER.split(folded) if any(map(str.isdecimal, piece))), "")
    digits = "".join(map(_digit, filter(str.isdecimal, first)))
    abroad = first.lstrip("\u200e\u200f\u202a\u202b (").startswith("+") or digits.startswith("00")
    digits = digits.lstrip("0") if not abroad else _without_country(digits.removeprefix("00"))
    if not abroad and len(digits) >= 12:
        digits = _without_country(digits)
    kept = digits[-_PHONE_KEPT:]
    return kept if len(kept) >= _SHORTEST_PHONE and not _made_up(kept) else ""


def _without_country(digits: str) -> str:
    length = 1 if digits.startswith(_ONE) else 2 if _TWO.match(digits) else 3
    return digits[length:].lstrip("0")


def one_slip(a: str, b: str) -> bool:
    """Whether one typing slip makes one of the other: a sign changed, left out, added, or two neighbours swapped."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    place = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        place += 1
    if len(a) < len(b):
        return a[place:] == b[place + 1 :]
    if a[place + 1 :] == b[place + 1 :]:
        return True
    return a[place : place + 2] == b[place : place + 2][::-1] and a[place + 2 :] == b[place + 2 :]


def _made_up(number: str) -> bool:
    """0000000, 123456, 987654321: what is typed to get past a field that must be filled."""
    if not number.isdigit():
        return False
    step = (int(number[1]) - int(number[0])) % 10
    return step in (0, 1, 9) and all((int(y) - int(x)) % 10 == step for x, y in pairwise(number))


def _digit(character: str) -> str:
    return character if character.isascii() else str(unicodedata.decimal(character))
