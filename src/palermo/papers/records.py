"""What is known of a paper: read from a file or a form, checked, and written again.

    palermo_id      small letters, figures and hyphens: its address for ever
    kind            one of KINDS
    titles          language -> title; in CSV title_en, title_fr ...
    summaries       language -> what it is about, in our own words; in CSV summary_en ...
    language        the one in which it was written first
    languages       those in which it exists
    bodies, authors, concepts   lists; in CSV separated by ";"

A field that is not known is left empty: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from palermo.papers.reading import Problem, Row
from palermo.standards.thesaurus import concepts

KINDS = (
    "issue_paper", "guidance", "model_law", "manual", "toolkit", "digest", "report", "strategy", "form",
)  # fmt: skip
ACCESS = ("public", "signed_in")
STATES = ("draft", "published")
LISTS = ("bodies", "authors", "languages", "concepts")
BY_LANGUAGE = {"title": "titles", "summary": "summaries"}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
RESERVED = ("authorities", "feed", "new")
LONG = {"summaries": 4000, "titles": 500, "link": 500, "licence": 500, "publisher": 300}
ONE = 300
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as it is known; verified_in_primary_source: whether somebody has checked this in the paper itself."""

    palermo_id: str
    kind: str
    language: str
    titles: dict[str, str]
    summaries: dict[str, str] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    year: int | None = None
    publisher: str = ""
    symbol: str = ""
    isbn: str = ""
    doi: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    concepts: tuple[str, ...] = ()
    link: str = ""
    access: str = "public"
    verified_in_primary_source: bool = False
    status: str = "draft"

    def title(self, language: str = "") -> tuple[str, str]:
        """(language, title): in that language, else in its own, else in any."""
        for code in (language, self.language, "en", *self.titles):
            if code in self.titles:
                return code, self.titles[code]
        return self.language, self.palermo_id

    def summary(self, language: str = "") -> tuple[str, str]:
        """(language, summary) in the same order; empty where there is none."""
        for code in (language, "en", self.language, *self.summaries):
            if code in self.summaries:
                return code, self.summaries[code]
        return self.language, ""


NAMES = tuple(one.name for one in fields(Paper))


def written(paper: Paper) -> dict[str, Any]:
    """The paper as JSON holds it, and as it can be read again."""
    found = {name: getattr(paper, name) for name in NAMES}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()}


def read_all(rows: Iterable[Row]) -> tuple[list[tuple[Row, Paper]], list[Problem]]:
    """Every paper of a file, and everything that is wrong with it; two of one id are wrong."""
    found: list[tuple[Row, Paper]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for row in rows:
        paper, wrong = read(row.values)
        problems += [Problem(row.number, row.line, name, shown, rule) for name, shown, rule in wrong]
        if paper is None:
            continue
        if paper.palermo_id in seen:
            rule = "This file has this id twice."
            problems.append(Problem(row.number, row.line, "palermo_id", paper.palermo_id, rule))
        seen.add(paper.palermo_id)
        found.append((row, paper))
    return found, problems


def read(values: dict[str, Any]) -> tuple[Paper | None, list[tuple[str, str, str]]]:
    """The paper, or what is wrong as (field, value, rule); where something is, there is no paper."""
    wrong: list[tuple[str, str, str]] = []
    given = _gathered(values, wrong)
    made: dict[str, Any] = {}
    for name, value in given.items():
        if name not in NAMES:
            wrong.append((name, _shown(value), "There is no such field."))
        else:
            made[name] = _typed(name, value, wrong)
    for name in ("palermo_id", "kind", "language", "titles"):
        if not made.get(name):
            wrong.append((name, "", "This is needed."))
    for name, rule in CHECKS.items():
        for one in _each(made.get(name)):
            if said := rule(one):
                wrong.append((name, _shown(one), said))
    wrong = list(dict.fromkeys(wrong))
    return (None, wrong) if wrong else (Paper(**made), [])


def _gathered(values: dict[str, Any], wrong: list[tuple[str, str, str]]) -> dict[str, Any]:
    """Columns such as title_fr become titles; None is as nothing."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        stem, _line, language = name.partition("_")
        if stem in BY_LANGUAGE and (language or name == stem):
            into = found.setdefault(BY_LANGUAGE[stem], {})
            if isinstance(into, dict):
                into[language or str(values.get("language") or "en")] = value
        elif value is not None and isinstance(value, dict) and name in BY_LANGUAGE.values():
            found.setdefault(name, {}).update(value)
        elif value is not None:
            found[name] = value
    return found


def _typed(name: str, value: Any, wrong: list[tuple[str, str, str]]) -> Any:
    """The value as its field holds it."""
    if name in LISTS:
        parts = value if isinstance(value, list | tuple) else str(value).split(";")
        return tuple(dict.fromkeys(text for one in parts if (text := _text(name, one, wrong))))
    if name in BY_LANGUAGE.values():
        if not isinstance(value, dict):
            wrong.append((name, _shown(value), "This is told by language."))
            return {}
        return {str(k): text for k, v in value.items() if (text := _text(name, v, wrong))}
    if name == "year":
        return _year(value, wrong)
    if name == "verified_in_primary_source":
        known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
        said = known.get(str(value).strip().casefold())
        if said is None:
            wrong.append((name, _shown(value), "This is yes or no."))
        return bool(said)
    return _text(name, value, wrong)


def _text(name: str, value: Any, wrong: list[tuple[str, str, str]]) -> str:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        wrong.append((name, _shown(value), "This is a text."))
        return ""
    text = " ".join(str(value).replace("\x00", " ").translate(TURNING).split())
    most = LONG.get(name, ONE)
    if len(text) > most:
        wrong.append((name, _shown(text), f"This is longer than {most} characters."))
    return text


def _year(value: Any, wrong: list[tuple[str, str, str]]) -> int | None:
    text = str(value).strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text) or not 1900 <= int(text) <= 2100:
        wrong.append(("year", _shown(value), "A year has four figures, from 1900 to 2100."))
        return None
    return int(text)


def _each(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(value) if isinstance(value, tuple) else [value] if value else []


def _shown(value: Any) -> str:
    return str(value)[:60]


def isbn_is_right(text: str) -> bool:
    """Whether the last figure of an ISBN follows from the others (ISO 2108)."""
    plain = text.replace("-", "").replace(" ", "").upper()
    if re.fullmatch(r"[0-9]{13}", plain):
        return sum(int(c) * (1, 3)[i % 2] for i, c in enumerate(plain)) % 10 == 0
    if re.fullmatch(r"[0-9]{9}[0-9X]", plain):
        return sum((10 if c == "X" else int(c)) * (10 - i) for i, c in enumerate(plain)) % 11 == 0
    return False


def link_is_right(text: str) -> bool:
    """Whether this is an address of the web and of nothing else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username and " " not in text
    )


def _one_of(codes: Iterable[str]) -> Callable[[str], str]:
    known = tuple(codes)
    return lambda text: "" if text in known else f"One of: {', '.join(known)}."


def _id(text: str) -> str:
    if not ID.fullmatch(text) or len(text) > 80 or text in RESERVED:
        return "An id has small letters, figures and hyphens, at most 80."
    return ""


def _language(text: str) -> str:
    return "" if LANGUAGE.fullmatch(text) else "A language is a code such as en, fr or ar."


CHECKS: dict[str, Callable[[str], str]] = {
    "palermo_id": _id,
    "kind": _one_of(KINDS),
    "access": _one_of(ACCESS),
    "status": _one_of(STATES),
    "language": _language,
    "languages": _language,
    "titles": _language,
    "summaries": _language,
    "concepts": lambda text: "" if text in concepts() else "The thesaurus has no such concept.",
    "isbn": lambda text: "" if isbn_is_right(text) else "The check figure of this ISBN is wrong.",
    "doi": lambda text: "" if DOI.fullmatch(text) else "A DOI begins with 10. and has a slash.",
    "link": lambda text: "" if link_is_right(text) else "An address begins with https:// or http://.",
}
