"""Thai and Lao script in rough Latin letters, near the spelling of passports. Pure.

Vowels that are written before their consonant are put behind it, silent letters fall away (those under a thanthakhat, h
before m, n, l and their like). Vowels that are not written are left out, but where letters would run into one sound.
"""

import re
import unicodedata

_CONSONANTS = {
    "ก": "k", "ข": "kh", "ฃ": "kh", "ค": "kh", "ฅ": "kh", "ฆ": "kh", "ง": "ng", "จ": "ch", "ฉ": "ch", "ช": "ch",
    "ซ": "s", "ฌ": "ch", "ญ": "y", "ฎ": "d", "ฏ": "t", "ฐ": "th", "ฑ": "th", "ฒ": "th", "ณ": "n", "ด": "d",
    "ต": "t", "ถ": "th", "ท": "th", "ธ": "th", "น": "n", "บ": "b", "ป": "p", "ผ": "ph", "ฝ": "f", "พ": "ph",
    "ฟ": "f", "ภ": "ph", "ม": "m", "ย": "y", "ร": "r", "ล": "l", "ว": "w", "ศ": "s", "ษ": "s", "ส": "s",
    "ห": "h", "ฬ": "l", "ฮ": "h", "ฤ": "ri", "อ": "",
    "ກ": "k", "ຂ": "kh", "ຄ": "kh", "ງ": "ng", "ຈ": "ch", "ສ": "s", "ຊ": "s", "ຍ": "ny", "ດ": "d", "ຕ": "t",
    "ຖ": "th", "ທ": "th", "ນ": "n", "ບ": "b", "ປ": "p", "ຜ": "ph", "ຝ": "f", "ພ": "ph", "ຟ": "f", "ມ": "m",
    "ຢ": "y", "ຣ": "r", "ລ": "l", "ວ": "v", "ຫ": "h", "ຮ": "h", "ອ": "", "ຼ": "l",
}  # fmt: skip
_VOWELS = {
    "ะ": "a", "ั": "a", "า": "a", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue", "ุ": "u", "ู": "u", "ๅ": "",
    "เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai", "ํ": "",
    "ະ": "a", "ັ": "a", "າ": "a", "ິ": "i", "ີ": "i", "ຶ": "ue", "ື": "ue", "ຸ": "u", "ູ": "u", "ົ": "o",
    "ຽ": "ia", "ເ": "e", "ແ": "ae", "ໂ": "o", "ໃ": "ai", "ໄ": "ai", "ໍ": "o",
}  # fmt: skip
_MARKS = re.compile("[็่้๊๋๎່້໊໋ຯฯๆໆ]")
_SILENCED = re.compile(".[ิุິຸ]?[์໌]")
_BEFORE = re.compile("([เแโใไເແໂໃໄ])(ຫ[ນມງຍລວຣ]|ห[งญนมยรลว]|[กขคตทปผพ][รลว](?=[ก-ฮาิีึืุูั])|.)")
_REWRITTEN = (
    (re.compile("ํา|ໍາ"), "ัม"),
    (re.compile("เกียรติ"), "เกียต"),
    (_SILENCED, ""),
    (re.compile("รร(?=[ก-ฮ])"), "ั"),
    (re.compile("รร"), "ัน"),
    (re.compile(r"\bทร"), "ซ"),
    (re.compile("(?<=[ะ-ูเ-ไ][กตทชป])ร(?![ะ-ู])"), ""),
    (re.compile("ห(?=[งญนมยรลว][ะ-ูเ-ไก-ฮ])"), ""),
    (re.compile("ຫ(?=[ນມງຍລວຣຼ])"), ""),
    (re.compile("(?<=[ก-ฮ])ร$"), "อรน"),
    (re.compile("(?<=[เแโใไ][ก-ฮ][กตทชป])ร(?![ะ-ู])"), ""),
    (re.compile("ญ(?![ะ-ูอ])"), "น"),
    (_BEFORE, r"\2\1"),
    (re.compile("เีย"), "ีา"),
    (re.compile("เือ|ເຶອ|ເືອ"), "ืา"),
    (re.compile("เา|ເົາ"), "าโ"),
    (re.compile("เิ"), "โเ"),
    (re.compile("ัว"), "ูา"),
)


def latin(run: str) -> str:
    """A run of Thai or Lao letters in small Latin letters."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", run))
    for pattern, out in _REWRITTEN:
        text = pattern.sub(out, text)
    made = ""
    before = ""
    for place, letter in enumerate(text):
        sound = _sound(letter, before, text[place + 1 : place + 2], is_first=not made)
        if made and sound and _runs_together(made, sound, is_second=place == 1):
            made += "a"
        made += sound
        before = letter
    return made


def _sound(letter: str, before: str, after: str, *, is_first: bool) -> str:
    follows_consonant = before in _CONSONANTS
    if letter in "อອ":
        return "o" if follows_consonant else "" if after in _VOWELS else "a" if is_first else ""
    if letter in "วວ" and follows_consonant and after in _CONSONANTS:
        return "ua"
    if letter == "ຍ" and before:
        return "y" if after else "i"
    if letter == "ວ" and before and (not after or after in _CONSONANTS):
        return "w"
    return _CONSONANTS.get(letter) or _VOWELS.get(letter, " " if not letter.isalpha() else "")


def _runs_together(made: str, sound: str, *, is_second: bool) -> bool:
    if made[-1] in "aeiou" or sound[0] in "aeiou":
        return False
    if sound[0] == "h" or (made[-1] in "td" and sound[0] == "s"):
        return True
    return is_second and sound[0] not in "rlwv"
