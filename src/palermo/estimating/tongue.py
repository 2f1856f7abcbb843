"""The library's sentences in the language of the person at the terminal.

The catalogues are those of the rooms; no Django is started for them. `PALERMO_LANGUAGE` names the language, else what
the terminal says of itself (LC_ALL, LC_MESSAGES, LANG). `--json` stays in English, a sentence's template and values
beside it where it is stored.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from palermo.saying import ENGLISH, Tongue, share_format, told
from palermo.sheets import isolated

CATALOGUES = Path(__file__).resolve().parent.parent / "locale"
ASKED = ("PALERMO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
NARROW_SPACE = "\u202f"


def language(environment: Mapping[str, str]) -> str:
    """The two letters of the first that is set; "en" for none, and for what has no catalogue."""
    said = next((environment[name] for name in ASKED if environment.get(name)), "en")
    code = said.replace("-", "_").split(".")[0].split("_")[0].lower()
    return code if code.isalpha() and (CATALOGUES / code).is_dir() else "en"


@cache
def tongue(code: str) -> Tongue:
    """How that language says a sentence; a sentence without a translation stays in English."""
    if code == "en":
        return ENGLISH
    words = gettext.translation("django", CATALOGUES, [code], fallback=True)

    def figure(value: float, how: str) -> str:
        share = how.endswith("%")
        plain = ENGLISH.number(100 * value, share_format(how)) if share else ENGLISH.number(value, how)
        written = plain.translate({ord(","): NARROW_SPACE, ord("."): ","})
        return words.gettext("{figure} %").format(figure=written) if share else written

    return Tongue(words.gettext, words.ngettext, figure, isolated if code == "ar" else str)


def here() -> Tongue:
    """The language of this terminal."""
    return tongue(language(os.environ))


def say(text: str) -> str:
    """Any text of the library, in the language of this terminal."""
    return told(text, here())
