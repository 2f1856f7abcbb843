"""The words that names are made of: each in its original script, in several Latin spellings, with short forms.

The spellings come from the tables beside this module. They were written independently of `palermo.linkage.names`, so
that a linker is not measured on its own rules.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from palermo.linkage.generator.drawing import Ints, Texts

SPELLINGS = 10  # kept per word at most
SHORT_FORMS = 6
CULTURES = (
    "arabic", "cyrillic", "lao", "nepali", "urdu", "bengali", "spanish", "nigerian", "vietnamese", "amharic",
    "romanian", "albanian", "francophone", "chinese",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    native: str
    latin: tuple[str, ...]
    short: tuple[
        tuple[str, ...], ...
    ] = ()  # short forms, each in as many spellings as there are ways of writing


@dataclass(frozen=True)
class Slot:
    """One place in a name: from which words, how many persons have it, whether a family shares it."""

    pool: str
    share: float
    shared: bool


@dataclass(frozen=True)
class Culture:
    name: str
    latin: bool  # the original script is Latin
    letters: bool  # spelled by tables of letters, one table a record
    nationalities: tuple[str, ...]
    weights: tuple[float, ...]
    calendar: str
    phone: str
    places: tuple[str, ...]
    female: tuple[Slot | None, ...]
    male: tuple[Slot | None, ...]
    pools: Mapping[str, tuple[Word, ...]] = field(repr=False)


@dataclass(frozen=True)
class Words:
    """Every word of the chosen cultures in one table; a pool is a run of ids in it, commonest first."""

    native: Texts  # (words,)
    latin: Texts  # (words, SPELLINGS): a word's spellings, repeated until the row is full
    spellings: Ints  # (words,): how many there are
    short: Texts  # (words, SHORT_FORMS, SPELLINGS): short forms, empty where none is known
    shorts: Ints  # (words,)
    starts: Mapping[tuple[str, str], int]  # (culture, pool) -> first id


@cache
def culture(name: str) -> Culture:
    """A culture by its name; KeyError where there is none."""
    raw = _tables()[name]
    nations: Mapping[str, float] = raw["nationalities"]
    slots = {sex: tuple(_slot(text) for text in raw[sex]) for sex in ("female", "male")}
    kinds = _kinds(name, raw)
    wanted = {slot.pool for row in slots.values() for slot in row if slot}
    return Culture(
        name=name,
        latin=raw.get("latin", False),
        letters="tables" in raw,
        nationalities=tuple(nations),
        weights=tuple(w / sum(nations.values()) for w in nations.values()),
        calendar=raw.get("calendar", ""),
        phone=raw["phone"],
        places=tuple(raw["places"]),
        female=slots["female"],
        male=slots["male"],
        pools={pool: _pool(pool, kinds) for pool in sorted(wanted)},
    )


@cache
def table(names: tuple[str, ...]) -> Words:
    words: list[Word] = []
    starts = {}
    for name in names:
        for pool, members in culture(name).pools.items():
            starts[name, pool] = len(words)
            words += members
    latin = np.empty((len(words), SPELLINGS), dtype=object)
    short = np.full((len(words), SHORT_FORMS, SPELLINGS), "", dtype=object)
    for at, word in enumerate(words):
        latin[at] = _repeated(word.latin, SPELLINGS)
        for rank, forms in enumerate(word.short[:SHORT_FORMS]):
            short[at, rank] = _repeated(forms, SPELLINGS)
    native = np.array([word.native for word in words], dtype=object)
    counts = np.array([min(len(word.latin), SPELLINGS) for word in words], dtype=np.int64)
    shorts = np.array([min(len(word.short), SHORT_FORMS) for word in words], dtype=np.int64)
    return Words(native, latin, counts, short, shorts, starts)


def _repeated(values: tuple[str, ...], length: int) -> list[str]:
    return [values[at % len(values)] for at in range(length)]


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "data" / "cultures.toml").read_text(encoding="utf-8"))


def _slot(text: str) -> Slot | None:
    if not text:
        return None
    pool, _, share = text.partition(":")
    return Slot(pool.rstrip("!"), float(share or 1), pool.endswith("!"))


def _kinds(name: str, raw: Mapping[str, Any]) -> dict[str, list[Word]]:
    """The rows of the culture's file by kind, with every romanisation that its schemes or tables make."""
    kinds: dict[str, list[Word]] = {}
    with (files(__package__) / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kinds.setdefault(row["kind"], []).append(_word(row, raw))
    if "tables" in raw:
        _endings(kinds, raw)
    return kinds


def _word(row: Mapping[str, str], raw: Mapping[str, Any]) -> Word:
    native, short = row["native"], tuple(filter(None, row["nick"].split("|")))
    if "tables" in raw:
        return Word(native, _lettered(native, raw), tuple(_lettered(form, raw) for form in short))
    listed = row["latin"].split("|") if row["latin"] else [native]
    forms = [*listed, *(_plain(form) for form in listed if raw.get("latin"))]
    made = [_respelled(_plain(listed[0]), scheme) for scheme in raw.get("schemes", ())]
    return Word(native, tuple(dict.fromkeys([*forms, *made]))[:SPELLINGS], tuple((form,) for form in short))


def _plain(text: str) -> str:
    """Without accents."""
    bare = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))


def _respelled(text: str, scheme: Iterable[tuple[str, str]]) -> str:
    made = text.lower()
    for pattern, new in scheme:
        made = re.sub(pattern, new, made)
    return "".join(part.capitalize() if text[:1].isupper() else part for part in re.split(r"(\s|-)", made))


def _lettered(native: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """A Cyrillic word by each table of letters."""
    tables = _tables()["tables"]
    spelled = []
    for name in raw["tables"]:
        letters = tables["bgn"] | tables[name]
        word = "".join(letters.get(letter, letter) for letter in native.lower())
        spelled.append(word.capitalize() if native[:1].isupper() else word)
    return tuple(spelled)


def _endings(kinds: dict[str, list[Word]], raw: Mapping[str, Any]) -> None:
    """Family names and patronymics in both genders, in the same order, so that brothers and sisters share one."""
    feminine = {"ов": "ова", "ев": "ева", "ин": "ина", "ский": "ская"}
    male, female = [], []
    for stem in kinds["stem"]:
        for ending in kinds["ending"]:
            male.append(stem.native + ending.native)
            female.append(stem.native + feminine.get(ending.native, ending.native))
    fathers = [word.native for word in kinds["m"]]
    made = {
        "family_m": male,
        "family_f": female,
        "patronymic_m": [_patronymic(name, "ич") for name in fathers],
        "patronymic_f": [_patronymic(name, "на") for name in fathers],
    }
    for kind, names in made.items():
        order = _order(len(names), "family") if kind.startswith("family") else range(len(names))
        kinds[kind] = [Word(names[at], _lettered(names[at], raw)) for at in order]


def _patronymic(father: str, ending: str) -> str:
    if father.endswith(("й", "ь")):
        return father[:-1] + "ев" + ending
    return father.rstrip("оа") + "ов" + ending


def _order(count: int, key: str) -> list[int]:
    """A fixed shuffle: which of the composed names are common is nobody's choice."""
    seed = int.from_bytes(key.encode(), "big") % 2**63
    return [int(at) for at in np.random.default_rng(seed).permutation(count)]


def _pool(pool: str, kinds: Mapping[str, list[Word]]) -> tuple[Word, ...]:
    found: list[Word] = []
    for part in pool.split("+"):
        first, _, second = part.partition("*")
        if not second:
            found += [_alone(word) for word in kinds[first]]
            continue
        pairs = [_joined(a, b) for a in kinds[first] for b in kinds[second]]
        found += [pairs[at] for at in _order(len(pairs), part)]
    return tuple({word.native: word for word in reversed(found)}.values())[::-1]


def _alone(word: Word) -> Word:
    """A word that stands for itself begins with a capital, also where it is the second half of others."""
    return Word(word.native, tuple(form[:1].upper() + form[1:] for form in word.latin), word.short)


def _joined(first: Word, second: Word) -> Word:
    most = max(len(first.latin), len(second.latin))
    straight = [first.latin[k % len(first.latin)] + second.latin[k % len(second.latin)] for k in range(most)]
    crossed = [first.latin[0] + b for b in second.latin[1:]] + [a + second.latin[0] for a in first.latin[1:]]
    forms = [form[:1].upper() + form[1:] for form in straight + crossed]
    short = ((second.latin[0].capitalize(),), (first.latin[0].capitalize(),))
    return Word(first.native + second.native, tuple(dict.fromkeys(forms))[:SPELLINGS], short)
