"""Assessment toolkits: measures by part and tool, in English, French and Arabic; one file is one version, forever.

A file that an assessment was begun with is never changed: another wording is another version. Written by palermo from
the obligations of the Protocols and what is generally known; not copied from any published toolkit.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

LANGUAGES = ("en", "fr", "ar")
MATRIX, CHOICE, SCALE, NUMBER, TEXT = "matrix", "choice", "scale", "number", "text"
DIMENSIONS = ("law", "practice", "resources", "data")
OUTSIDE = ("not_applicable", "not_known")
# What can be answered, by the type of the measure; numbers and texts are written.
VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    MATRIX: ("met", "partly", "not_met", *OUTSIDE),
    CHOICE: ("yes", "partly", "no", *OUTSIDE),
    SCALE: ("0", "1", "2", "3", "4", *OUTSIDE),
    NUMBER: (), TEXT: (),
})  # fmt: skip
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to assess. dimensions: the columns of its matrix; one without a name for every other type."""

    code: str
    text: Words
    guidance: Words
    legal: tuple[str, ...]
    answer: str
    dimensions: tuple[str, ...]

    def said(self, language: str) -> str:
        return spoken(self.text, language)

    def helped(self, language: str) -> str:
        return spoken(self.guidance, language)

    @property
    def values(self) -> tuple[str, ...]:
        return VALUES[self.answer]


@dataclass(frozen=True, slots=True)
class Tool:
    code: str
    title: Words
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Part:
    code: str
    title: Words
    tools: tuple[Tool, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(one for tool in self.tools for one in tool.measures)


@dataclass(frozen=True, slots=True)
class Toolkit:
    """One version of a toolkit. sha256: of the file that it was read from."""

    code: str
    version: str
    title: Words
    about: Words
    parts: tuple[Part, ...]
    sha256: str

    @property
    def measures(self) -> dict[str, Measure]:
        return {one.code: one for part in self.parts for one in part.measures}

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Everything that is answered on its own: (measure, dimension)."""
        return tuple((one.code, dimension) for one in self.measures.values() for dimension in one.dimensions)

    def titled(self, language: str) -> str:
        return spoken(self.title, language)


def spoken(words: Words, language: str) -> str:
    """The words in that language; in English where there are none."""
    return words.get(language.split("-")[0]) or words["en"]


@cache
def toolkits() -> Mapping[tuple[str, str], Toolkit]:
    """Every shipped version of every toolkit, by code and version."""
    found = {(one.code, one.version): one for one in _read()}
    return MappingProxyType(dict(sorted(found.items())))


def newest() -> dict[str, Toolkit]:
    """The newest version of each toolkit."""
    return {
        one.code: one for one in sorted(toolkits().values(), key=lambda one: (one.code, int(one.version)))
    }


def _read() -> Iterator[Toolkit]:
    for file in sorted(files(__package__).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            content = file.read_bytes()
            yield parsed(content, file.name)


def parsed(content: bytes, name: str) -> Toolkit:
    """One file. Raises ValueError that names the file and the measure: a toolkit with a gap must not be used."""
    given = tomllib.loads(content.decode())
    made = Toolkit(
        code=given["code"], version=given["version"], title=_words(given["title"], name),
        about=_words(given["about"], name), parts=tuple(_part(one, name) for one in given["parts"]),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    if name != f"{made.code}-{made.version}.toml":
        raise ValueError(f"{name}: the name of a toolkit's file is its code and its version")
    codes = [one.code for part in made.parts for one in part.measures]
    if twice := {one for one in codes if codes.count(one) > 1}:
        raise ValueError(f"{name}: {', '.join(sorted(twice))} stand there twice")
    return made


def _words(given: Mapping[str, str], where: str) -> Words:
    if missing := [one for one in LANGUAGES if not given.get(one, "").strip()]:
        raise ValueError(f"{where}: no words in {', '.join(missing)}")
    return MappingProxyType({one: given[one].strip() for one in LANGUAGES})


def _part(given: Mapping[str, Any], name: str) -> Part:
    where = f"{name}, {given['code']}"
    return Part(
        given["code"], _words(given["title"], where), tuple(_tool(one, name) for one in given["tools"])
    )


def _tool(given: Mapping[str, Any], name: str) -> Tool:
    where = f"{name}, {given['code']}"
    return Tool(
        given["code"], _words(given["title"], where), tuple(_measure(one, name) for one in given["measures"])
    )


def _measure(given: Mapping[str, Any], name: str) -> Measure:
    where, answer = f"{name}, {given['code']}", given.get("answer", MATRIX)
    if answer not in VALUES:
        raise ValueError(f"{where}: there is no answer “{answer}”")
    dimensions = tuple(given.get("dimensions", DIMENSIONS)) if answer == MATRIX else ("",)
    if not dimensions or (answer == MATRIX and not set(dimensions) <= set(DIMENSIONS)):
        raise ValueError(f"{where}: dimensions are {', '.join(DIMENSIONS)}")
    return Measure(
        code=given["code"], text=_words(given["text"], where), guidance=_words(given["guidance"], where),
        legal=tuple(given.get("legal", ())), answer=answer, dimensions=dimensions,
    )  # fmt: skip
