"""Screening instruments and information sheets as versioned data, read with the standard library alone.

>>> from palermo.standards.instruments import instrument
>>> instrument().question("urgent.danger").act_on
'yes'
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from palermo.standards.codes import codelist
from palermo.standards.instruments.rule import ELEMENTS, WEIGHTS, Indicator

FOLDER = Path(__file__).parent
CURRENT = "screening-1"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in several languages; a language that is missing falls back to English."""

    by_language: tuple[tuple[str, str], ...]

    def __getitem__(self, language: str) -> str:
        texts = dict(self.by_language)
        return texts.get(language) or texts.get(language.split("-")[0]) or texts["en"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an instrument. See the head of screening-1.toml for the meaning of each field."""

    code: str
    ask: Text
    element: str = ""
    weight: str = ""
    ilo: str = ""
    control: str = ""
    form: str = ""
    act_on: str = ""
    do: Text | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that are asked together, with what to say before them."""

    code: str
    title: Text
    intro: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published version of a screening instrument."""

    code: str
    version: str
    title: Text
    sections: tuple[Section, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in the order of asking."""
        for section in self.sections:
            yield from section.questions

    def question(self, code: str) -> Question:
        """The question with this code. Raises KeyError."""
        return _by_code(self)[code]

    def section(self, code: str) -> Section:
        """The section with this code. Raises KeyError."""
        return {section.code: section for section in self.sections}[code]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An information sheet: a title and its points, each with its source."""

    title: Text
    version: str
    points: tuple[tuple[Text, str], ...]


@cache
def _by_code(instrument: Instrument) -> dict[str, Question]:
    return {question.code: question for question in instrument.questions()}


def _text(value: Mapping[str, str]) -> Text:
    if "en" not in value:
        raise ValueError(f"a text without English: {dict(value)}")
    return Text(tuple(value.items()))


def _question(row: Mapping[str, Any]) -> Question:
    question = Question(
        **{name: value for name, value in row.items() if name not in ("ask", "do")},
        ask=_text(row["ask"]),
        do=_text(row["do"]) if "do" in row else None,
    )
    if question.element and question.element not in ELEMENTS:
        raise ValueError(f"{question.code}: unknown element {question.element}")
    if question.weight and question.weight not in WEIGHTS:
        raise ValueError(f"{question.code}: unknown weight {question.weight}")
    if bool(question.act_on) != bool(question.do) or question.act_on not in ("", "yes", "no"):
        raise ValueError(f"{question.code}: `act_on` (yes or no) and `do` belong together")
    return question


@cache
def instrument(name: str = CURRENT) -> Instrument:
    """The instrument in `<name>.toml`. Raises ValueError where the data break a rule of the format."""
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    sections = tuple(
        Section(
            code=section["code"],
            title=_text(section["title"]),
            intro=_text(section["intro"]),
            questions=tuple(_question(row) for row in section["question"]),
        )
        for section in raw["section"]
    )
    codes = [question.code for section in sections for question in section.questions]
    if len(codes) != len(set(codes)):
        raise ValueError(f"{name}: a question code is used twice")
    return Instrument(code=raw["code"], version=raw["version"], title=_text(raw["title"]), sections=sections)


@cache
def indicators() -> Mapping[str, Indicator]:
    """The ILO operational indicators by code, with the weights for adults and children in labour."""
    return {
        code.code: Indicator(code.parent, code.extra["adult_labour"], code.extra["child_labour"])
        for code in codelist("ilo-2009/indicator")
    }


@cache
def version(number: str) -> Instrument:
    """The published screening instrument of this version number. Raises KeyError when there is none."""
    for path in sorted(FOLDER.glob("screening-*.toml")):
        found = instrument(path.stem)
        if found.version == number:
            return found
    raise KeyError(number)


@cache
def rights(name: str = "rights-1") -> Sheet:
    """The rights information sheet."""
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return Sheet(
        title=_text(raw["title"]),
        version=raw["version"],
        points=tuple((_text(point["text"]), point["source"]) for point in raw["right"]),
    )
