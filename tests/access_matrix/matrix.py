"""The access matrix as data, and the addresses that really exist, to be held against each other."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ROLES = (
    "first_responder", "case_worker", "supervisor", "other_worker", "child_protection", "competent_authority",
    "prosecutor", "coordinator", "analyst", "editor", "programme_officer", "administrator", "stranger",
)  # fmt: skip
PERSONAS = ("anonymous", "password_only", *ROLES)


@dataclass(frozen=True)
class Cell:
    """One route and method: for whom it opens, and with which address and form."""

    route: str
    method: str
    open: frozenset[str]
    args: dict[str, Any] = field(default_factory=dict)
    object: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    absent: bool = False
    holders: frozenset[str] = frozenset()
    query: str = ""
    upload: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route} {' '.join(self.args)}".strip()


def read() -> list[Cell]:
    """Every cell of matrix.toml, with groups spelt out. Unknown words stop the test."""
    content = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
    groups = content["groups"] | {"everybody": list(PERSONAS), "signed_in": list(ROLES)}
    groups["public"] = ["anonymous", *ROLES]
    cells = []
    for route, methods in content["routes"].items():
        for method, row in methods.items():
            named = {key: _personas(row.get(key, []), groups, route) for key in ("open", "holders")}
            # "api:read of a case": words after the name tell two addresses of one name apart.
            cells.append(Cell(route=route.split(" ")[0], method=method, **{**row, **named}))
    return cells


def _personas(words: list[str], groups: dict[str, list[str]], route: str) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        name = word.removeprefix("@")
        found.update(name for name in groups.get(name, [name]))
    while spelt := found & set(groups):
        found = (found - spelt).union(*(groups[name] for name in spelt))
    if unknown := found - set(PERSONAS):
        raise ValueError(f"{route}: nobody is called {sorted(unknown)}")
    return frozenset(found)


def routes() -> set[tuple[str, frozenset[str]]]:
    """Every address of the URL map as (name, names of its arguments): rooms may use one name for two addresses."""
    return set(_walk(get_resolver().url_patterns, "", frozenset()))


def _walk(patterns: list[Any], namespace: str, above: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in patterns:
        args = above | set(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, inside, args)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else f"(no name) {entry.pattern}", args
