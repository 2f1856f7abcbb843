"""Which way a text runs. A telephone number, a code or a date in digits runs left to right also in Arabic."""

import re
from collections.abc import Iterator

from palermo.kernel.exports.documents.blocks import END, ISOLATE

# Strong letters of right-to-left scripts, and of those that run left to right; the rest follows its neighbours.
RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
# What is written in the other script inside a sentence: from its first letter to its last letter or digit.
PIECES = {
    True: re.compile(rf"[^\W_{RTL}\d](?:[^{RTL}\n]*[^\W_{RTL}])?"),
    False: re.compile(rf"[{RTL}](?:[{RTL}\s\d.,:;()\-/]*[{RTL}])?"),
}
LETTER = {True: re.compile(f"[{RTL}]"), False: re.compile(rf"[^\W_{RTL}\d]")}
ISOLATED = re.compile(f"{ISOLATE}(.*?){END}", re.DOTALL)


def runs_rtl(text: str, rtl: bool) -> bool:
    """Whether the text as a whole runs right to left in a document that does (`rtl`) or does not."""
    if LETTER[rtl].search(text):
        return rtl
    if LETTER[not rtl].search(text):
        return not rtl
    return False


def isolated(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut at what was filled in: (part, whether it was filled in)."""
    at = 0
    for found in ISOLATED.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], False
        yield found.group(1), True
        at = found.end()
    if at < len(text):
        yield text[at:], False


def pieces(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    """The text cut where the direction changes: (piece, whether it runs right to left)."""
    for part, filled in isolated(text):
        if (filled or part == text) and runs_rtl(part, rtl) != rtl:
            yield part, not rtl  # A value as a whole: its brackets and full stops are its own.
        else:
            yield from _by_script(part, rtl)


def _by_script(text: str, rtl: bool) -> Iterator[tuple[str, bool]]:
    at = 0
    for found in PIECES[rtl].finditer(text):
        if found.start() > at:
            yield text[at : found.start()], rtl
        yield found.group(), not rtl
        at = found.end()
    if at < len(text):
        yield text[at:], rtl
