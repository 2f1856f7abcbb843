"""Guides for first responders: what one may see in each kind of work, tied to the screening instrument.

>>> from palermo.standards.instruments.guides import guides
>>> guides()["labour_inspection"].lines[0].question.code
'there.documents'
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from palermo.standards.codes import codelist
from palermo.standards.instruments import Question, Text, instrument

FOLDER = Path(__file__).parent
CURRENT = "guides-1"
LANGUAGES = ("en", "fr", "ar")
SECTORS = "palermo/network_sector"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that may be seen or heard; a tick is a "yes" to `question`. `kind`: the help that it asks for."""

    question: Question
    say: Text
    kind: str = ""

    @property
    def source(self) -> str:
        """The ILO indicator and the HTCDS means of control behind it; else the element of the definition."""
        named = [f"ILO {self.question.ilo}" if self.question.ilo else "", self.question.control]
        found = [part for part in named if part]
        found += [self.question.element] if not found and self.question.element else []
        return ", ".join(found)


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide of one sector: how to look, and the lines in the order in which they are most often met."""

    sector: str
    version: str
    source: str
    look: Text
    lines: tuple[Line, ...]


@cache
def guides(name: str = CURRENT) -> Mapping[str, Guide]:
    """Sector -> guide. Raises ValueError where a language, a question or a sector is unknown or stands twice."""
    raw = _raw(name)
    found = {}
    for row in raw["sector"]:
        if row["code"] in found or row["code"] not in codelist(SECTORS):
            raise ValueError(f"{name}: sector {row['code']} stands twice or is on no list")
        lines = _lines(raw, row["seen"], row["code"])
        found[row["code"]] = Guide(
            row["code"], raw["version"], raw["source"], _text(row["look"], row["code"]), lines
        )
    return MappingProxyType(found)


@cache
def urgent(name: str = CURRENT) -> tuple[Line, ...]:
    """What cannot wait, whatever the sector, with the kind of help that each asks for."""
    raw = _raw(name)
    lines = _lines(raw, raw["urgent"], "urgent")
    unknown = [line.kind for line in lines if line.kind not in codelist("palermo/service_kind")]
    if unknown:
        raise ValueError(f"{name}: unknown kinds of help {unknown}")
    return lines


@cache
def _raw(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _lines(raw: Mapping[str, Any], rows: list[dict[str, Any]], where: str) -> tuple[Line, ...]:
    screening = instrument(raw["screening"])
    codes = [row["question"] for row in rows]
    if len(codes) != len(set(codes)):
        raise ValueError(f"{where}: a question stands twice")
    try:
        return tuple(
            Line(screening.question(row["question"]), _text(row["say"], row["question"]), row.get("kind", ""))
            for row in rows
        )
    except KeyError as error:
        raise ValueError(f"{where}: the screening has no question {error}") from None


def _text(value: Mapping[str, str], where: str) -> Text:
    if not all(value.get(language) for language in LANGUAGES):
        raise ValueError(f"{where}: a language is missing")
    return Text(tuple((language, value[language]) for language in LANGUAGES))
