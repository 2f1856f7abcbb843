"""The wording of letters and forms that are handed to a person, as versioned data in every language of the page.

A signed form points at the version of its wording: it is data of a version, not a translation that changes in time.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from palermo.standards.instruments import Text

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr", "ar")


@dataclass(frozen=True, slots=True)
class Wording:
    """A published version of the texts: each with its languages and, where it states a rule, the source of it."""

    version: str
    texts: Mapping[str, Text]
    sources: Mapping[str, str]

    def __getitem__(self, code: str) -> Text:
        return self.texts[code]


@cache
def letters(name: str = "letters-1") -> Wording:
    """The texts of `<name>.toml`. Raises ValueError where a code stands twice or a language is missing."""
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    texts: dict[str, Text] = {}
    sources: dict[str, str] = {}
    for row in raw["text"]:
        code = row["code"]
        if code in texts or not all(row.get(language) for language in LANGUAGES):
            raise ValueError(f"{name}: {code} stands twice or lacks a language")
        texts[code] = Text(tuple((language, row[language]) for language in LANGUAGES))
        sources[code] = row.get("source", "")
    return Wording(version=raw["version"], texts=texts, sources=sources)
