"""Versioned, translatable code lists.

`codelist("palermo/sex")` gives the list, `code("palermo/sex", "female").label("ar")` one label. A list
belongs to a scheme (`htcds-2.0`, `palermo`, ...), whose header in data/schemes.toml says who publishes it and
on what terms. `verified` is kept row by row: yes (read in a source), partial, secondary (third-party copy),
doubtful (source and recollection differ), header-only, no (general knowledge), ours (palermo's own proposal).
"""

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from palermo.standards.read import data_rows, toml

VERIFIED = frozenset({"yes", "partial", "secondary", "doubtful", "header-only", "no", "ours"})
COLUMNS = (
    "scheme", "version", "code", "parent", "order", "label_en", "label_fr", "label_ar",
    "definition", "verified", "source",
)  # fmt: skip
LABELS = {"label_en": "en", "label_fr": "fr", "label_ar": "ar"}
MORE_LABELS = {"name_es": "es", "name_ru": "ru", "name_zh": "zh"}


class UnknownScheme(LookupError):
    """No code list of that name."""


class UnknownCode(LookupError):
    """The code is not in the list."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """Where a family of code lists comes from and on what terms palermo carries it."""

    id: str
    title: str
    version: str
    publisher: str
    licence: str
    attribution: str
    source: str
    retrieved: str
    status: str
    translation: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list. `extra` holds the columns that only its own scheme has."""

    scheme: str
    version: str
    code: str
    parent: str
    order: int
    labels: AbstractMapping[str, str]
    definition: str
    verified: str
    source: str
    extra: AbstractMapping[str, str]

    def label(self, language: str = "en") -> str:
        """The label in that language ("fr", "fr-ca"), else in English: a screen never shows an empty cell."""
        return self.labels.get(language) or self.labels.get(language[:2]) or self.labels["en"]


@dataclass(frozen=True)
class CodeList:
    """The codes of one list in their published order."""

    id: str
    scheme: Scheme
    codes: tuple[Code, ...]
    by_code: AbstractMapping[str, Code] = field(repr=False)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, value: object) -> bool:
        return value in self.by_code

    def __getitem__(self, value: str) -> Code:
        try:
            return self.by_code[value]
        except KeyError:
            raise UnknownCode(f"“{value}” is not a code of {self.id}") from None

    def get(self, value: str) -> Code | None:
        return self.by_code.get(value)

    def label(self, value: str, language: str = "en") -> str:
        """Label of a code; a code that the list no longer has is shown as it is rather than hidden."""
        found = self.by_code.get(value)
        return found.label(language) if found else value

    def children(self, parent: str = "") -> tuple[Code, ...]:
        """The codes directly under `parent` (of the top level when empty)."""
        return tuple(c for c in self.codes if c.parent == parent)

    def choices(self, language: str = "en") -> list[tuple[str, str]]:
        """(code, label) pairs for a form field."""
        return [(c.code, c.label(language)) for c in self.codes]


@cache
def schemes() -> AbstractMapping[str, Scheme]:
    """All scheme headers by id."""
    found = {}
    for head in toml("data", "schemes.toml")["scheme"]:
        found[head["id"]] = Scheme(**{**head, "files": tuple(head["files"])})
    return MappingProxyType(found)


@cache
def scheme_of(list_id: str) -> Scheme:
    """The scheme that a list belongs to: "htcds-2.0/prs_Gender" -> htcds-2.0."""
    try:
        return schemes()[list_id.split("/", 1)[0]]
    except KeyError:
        raise UnknownScheme(f"no code list “{list_id}”") from None


def _code(row: dict[str, str]) -> Code:
    labels = {lang: row[col] for col, lang in LABELS.items() if row[col]}
    labels.update({lang: row[col] for col, lang in MORE_LABELS.items() if row.get(col)})
    extra = {k: v for k, v in row.items() if k not in COLUMNS and k not in MORE_LABELS}
    return Code(
        row["scheme"], row["version"], row["code"], row["parent"], int(row["order"]),
        MappingProxyType(labels), row["definition"], row["verified"], row["source"], MappingProxyType(extra),
    )  # fmt: skip


@cache
def _file(name: str) -> AbstractMapping[str, tuple[Code, ...]]:
    found: dict[str, list[Code]] = {}
    for row in data_rows(name):
        found.setdefault(row["scheme"], []).append(_code(row))
    return MappingProxyType({k: tuple(sorted(v, key=lambda c: c.order)) for k, v in found.items()})


@cache
def codelist(list_id: str) -> CodeList:
    """The list of that id; raises UnknownScheme."""
    head = scheme_of(list_id)
    for name in head.files:
        codes = _file(name).get(list_id)
        if codes:
            return CodeList(list_id, head, codes, MappingProxyType({c.code: c for c in codes}))
    raise UnknownScheme(f"no code list “{list_id}”")


def code(list_id: str, value: str) -> Code:
    """One code; raises UnknownScheme or UnknownCode."""
    return codelist(list_id)[value]


@cache
def lists() -> tuple[str, ...]:
    """Ids of all code lists, in the order of the scheme headers."""
    found: list[str] = []
    for head in schemes().values():
        for name in head.files:
            found.extend(i for i in _file(name) if i.split("/", 1)[0] == head.id and i not in found)
    return tuple(found)
