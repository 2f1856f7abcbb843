"""Concepts with names in the six languages of the Protocols: what a word means, and how the others call it.

The list is data/thesaurus.csv (VERSION): the first name of a language is the preferred one, the others are separated
by "|". Scope notes are in thesaurus-notes.csv, what an instrument says in thesaurus-definitions.csv.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from palermo.standards.codes import UnknownCode
from palermo.standards.countries import LANGUAGES
from palermo.standards.naming import named_in, plain
from palermo.standards.read import data_rows

VERSION = "2026.2"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an instrument says about a concept; exact: its very words, otherwise what it comes to, in ours."""

    instrument: str
    text: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept: broader is the code of a wider one; mappings lead to codes of other lists, as "list=code".

    labels: the preferred name by language; others: its further names; notes: what it means and what not (en, fr, ar).
    """

    code: str
    broader: str
    labels: Mapping[str, str]
    source: str
    mappings: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    definitions: tuple[Definition, ...]

    def name(self, language: str = "en") -> str:
        return self.labels.get(language[:2]) or self.labels["en"]

    def names(self, language: str) -> tuple[str, ...]:
        """Every name in one language, the preferred one first; none in a language that is not one of the six."""
        return (self.labels[language], *self.others[language]) if language in self.labels else ()


@cache
def concepts() -> MappingProxyType[str, Concept]:
    """Every concept by its code, the wider ones first."""
    notes = {
        row["code"]: {k: row[k] for k in LANGUAGES if row.get(k)} for row in data_rows("thesaurus-notes.csv")
    }
    definitions: dict[str, list[Definition]] = {}
    for row in data_rows("thesaurus-definitions.csv"):
        one = Definition(row["instrument"], row["text"], row["exact"] == "yes")
        definitions.setdefault(row["code"], []).append(one)
    found = {}
    for row in data_rows("thesaurus.csv"):
        code, names = row["code"], {language: row[language].split("|") for language in LANGUAGES}
        found[code] = Concept(
            code, row["broader"], MappingProxyType({k: each[0] for k, each in names.items()}), row["source"],
            tuple(one for one in row["mappings"].split(";") if one),
            MappingProxyType({k: tuple(each[1:]) for k, each in names.items()}),
            MappingProxyType(notes.get(code, {})), tuple(definitions.get(code, ())),
        )  # fmt: skip
    return MappingProxyType(found)


def concept(code: str) -> Concept:
    """The concept of that code."""
    try:
        return concepts()[code]
    except KeyError:
        raise UnknownCode(f"“{code}” is not a concept of the thesaurus") from None


def label(code: str, language: str = "en") -> str:
    """What a concept is called in a language; in English where the language is not one of the six."""
    return concept(code).name(language)


def narrower(code: str) -> tuple[Concept, ...]:
    """The concepts right below one; with an empty code, those at the top."""
    return tuple(one for one in concepts().values() if one.broader == code)


def codes_in(code: str, other: str) -> tuple[str, ...]:
    """The codes of another list that this concept is mapped to: codes_in("consent", "caselaw") is issue:consent."""
    pairs = (one.partition("=") for one in concept(code).mappings)
    return tuple(value for name, _sign, value in pairs if name == other)


@cache
def _names() -> tuple[tuple[Concept, str, str, str], ...]:
    """(concept, language, name, plain name) of every name."""
    return tuple(
        (one, language, name, plain(name, language))
        for one in concepts().values() for language in LANGUAGES for name in one.names(language)
    )  # fmt: skip


def expand(text: str, language: str = "") -> tuple[Concept, ...]:
    """The concepts that a query names, in any language or in one: whole words in any of their usual endings.

    Of two names of which one is part of the other, the longer counts: "forced labour" is not also "labour".
    """
    plains = {k: plain(text, k) for k in ((language,) if language else LANGUAGES)}
    said = [
        (one, tongue, name, stems) for one, tongue, name, stems in _names()
        if stems and tongue in plains and named_in(plains[tongue], stems, tongue)
    ]  # fmt: skip
    longest = {name.casefold() for _one, _tongue, name, _stems in said}
    kept = {one.code for one, tongue, name, stems in said if not _part(name, stems, tongue, longest)}
    return tuple(one for code, one in concepts().items() if code in kept)


def _part(name: str, stems: str, language: str, said: Collection[str]) -> bool:
    """Whether a name is a part of another one that was said too."""
    others = (plain(longer, language) for longer in said if len(longer) > len(name))
    return any(stems != longer and named_in(longer, stems, language) for longer in others)
