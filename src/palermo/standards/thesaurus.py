"""Concepts with labels in the six languages of the Protocols: what a word means, and how the others call it.

The list (data/thesaurus.csv, VERSION) holds the terms of article 3(a) of the Trafficking Protocol alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from palermo.standards.codes import UnknownCode
from palermo.standards.countries import LANGUAGES, fold
from palermo.standards.read import data_rows

VERSION = "2026.1"


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept: broader is the code of a wider one; mappings lead to codes of other lists, as "list=code"."""

    code: str
    broader: str
    labels: Mapping[str, str]
    source: str
    mappings: tuple[str, ...]


@cache
def concepts() -> MappingProxyType[str, Concept]:
    """Every concept by its code, the wider ones first."""
    found = {}
    for row in data_rows("thesaurus.csv"):
        labels = MappingProxyType({language: row[language] for language in LANGUAGES})
        mappings = tuple(one for one in row["mappings"].split(";") if one)
        found[row["code"]] = Concept(row["code"], row["broader"], labels, row["source"], mappings)
    return MappingProxyType(found)


def label(code: str, language: str = "en") -> str:
    """What a concept is called in a language; in English where the language is not one of the six."""
    try:
        labels = concepts()[code].labels
    except KeyError:
        raise UnknownCode(f"“{code}” is not a concept of the thesaurus") from None
    return labels.get(language) or labels["en"]


def narrower(code: str) -> tuple[Concept, ...]:
    """The concepts right below one."""
    return tuple(one for one in concepts().values() if one.broader == code)


def expand(text: str, language: str = "") -> tuple[Concept, ...]:
    """The concepts that a query names, in any language or in one: by whole words, and Chinese anywhere in the text."""
    words = f" {fold(text)} "
    languages = (language,) if language else LANGUAGES
    return tuple(
        one for one in concepts().values() if any(_named(words, one.labels.get(k, ""), k) for k in languages)
    )


def _named(words: str, name: str, language: str) -> bool:
    told = fold(name)
    return bool(told) and (told in words if language == "zh" else f" {told} " in words)
