"""Bytes to text: UTF-8 and UTF-16 as they say themselves, older code pages only where what comes out reads as words.

A name in the wrong code page is another name, which no linkage can mend; so nothing is guessed in silence.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from palermo.estimation import Problem

CODE_PAGES = {
    "cp1256": "Windows-1256 (Arabic)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western European)",
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
WELL_FORMED = 0.9  # of the words with other letters than a-z must read as words
CLEARLY = 0.15  # and so much more of them than under the next code page
SAMPLE = 20_000  # words that are looked at
# UTF-8 that was once read as a Western or Arabic code page and saved again.
TWICE = re.compile("Ã[\u0080-¿]|Ø[\u00a0-¿§©]|Ð[\u0090-¿]|Ñ[\u0080-\u008f]|â€[™œ“]|ط§|Ø§")


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str
    warning: str = ""


class Undecodable(Exception):
    """`problem` says what the file is, or what it is not."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def decoded(raw: bytes, encoding: str = "") -> Decoded:
    """The text of a file. `encoding`: what the person said it is. Raises Undecodable."""
    if raw.startswith(WORKBOOKS):
        raise Undecodable(Problem("file", "this is a workbook, not a CSV file; save it as “CSV UTF-8”"))
    if encoding:
        return Decoded(_as_said(raw, encoding), encoding)
    marked = next((name for mark, name in MARKS if raw.startswith(mark)), "") or _unmarked_utf16(raw)
    try:
        text = raw.decode(marked or "utf-8")
    except UnicodeDecodeError:
        if marked:
            raise Undecodable(_not_utf8()) from None
        return _older(raw)
    if "\0" in text:
        raise Undecodable(Problem("file", "this is not a text file: it holds zero bytes"))
    return Decoded(text, marked or "utf-8", _doubts(text))


def _as_said(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except LookupError:
        problem = Problem("options", "there is no such encoding", column="--encoding", value=encoding)
        raise Undecodable(problem) from None
    except UnicodeDecodeError:
        raise Undecodable(Problem("encoding", f"this is not {encoding} text, as --encoding says")) from None


def _unmarked_utf16(raw: bytes) -> str:
    """UTF-16 without a mark: every other byte of a header in Latin letters is zero."""
    head = raw[:200]
    if len(head) < 20 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    return (
        "utf-16-le" if odd > 0.8 * half and not even else "utf-16-be" if even > 0.8 * half and not odd else ""
    )


def _not_utf8() -> Problem:
    return Problem(
        "encoding",
        "this is not UTF-8 text; save it as “CSV UTF-8”, or say with --encoding which code page it is",
    )


def _older(raw: bytes) -> Decoded:
    """A code page under which the words are words, and clearly more so than under the others."""
    scored = []
    for name in CODE_PAGES:
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        scored.append((_share_of_words(text), name, text))
    scored.sort(key=lambda one: -one[0])
    if (
        not scored
        or scored[0][0] < WELL_FORMED
        or (len(scored) > 1 and scored[0][0] - scored[1][0] < CLEARLY)
    ):
        raise Undecodable(_not_utf8())
    _share, name, text = scored[0]
    told = (
        f"is not UTF-8; it was read as {CODE_PAGES[name]}, under which its names read as words. Look at some of them, "
        "and save the list as “CSV UTF-8”."
    )
    return Decoded(text, name, told)


def _share_of_words(text: str) -> float:
    found = [word for word in re.findall(r"[^\s,;|\"'.()/-]+", text) if not word.isascii()][:SAMPLE]
    return sum(map(_is_word, found)) / len(found) if found else 0.0


def _is_word(word: str) -> bool:
    """Letters of one script, capitals only where a word has them, and accents on some Latin letters only."""
    letters = [c for c in word if c.isalpha()]
    if len(letters) < 0.8 * len(word):
        return False
    scripts = {unicodedata.name(c, "?").split()[0] for c in letters}
    if scripts == {"LATIN"} and 2 * sum(c.isascii() for c in letters) < len(letters):
        return False
    return len(scripts) == 1 and (word[1:] == word[1:].lower() or word == word.upper())


def _doubts(text: str) -> str:
    """Signs that the harm was done before the file was saved."""
    if "\ufffd" in text:
        return (
            "holds the sign � where letters were lost when it was saved. These names cannot be mended here: "
            "export the list again as “CSV UTF-8”."
        )
    many = len(TWICE.findall(text))
    words = sum(1 for word in text.split() if not word.isascii())
    if many >= 3 and many > 0.3 * words:
        return (
            "looks as if it was read in a wrong code page and saved again (signs like Ã© or Ø§): its names will "
            "not be found in other lists. Export it again as “CSV UTF-8”."
        )
    return ""
