"""The tables beside this module, read once."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=4)
def table(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """One set of words of words.toml."""
    return frozenset(table("words")[name].split())
