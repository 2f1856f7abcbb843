"""Concepts and their labels, from vocabulary.json: a small list of our own, versioned, to be mapped to a thesaurus."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _vocabulary() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(__package__).joinpath("vocabulary.json").read_text("utf-8"))
    return found


VERSION: str = _vocabulary()["version"]


@cache
def kinds() -> tuple[str, ...]:
    return tuple(_vocabulary()["concepts"])


def labels(kind: str) -> dict[str, list[str]]:
    """Code -> [en, fr, ar] of one kind; nothing where there is no such kind."""
    found: dict[str, list[str]] = _vocabulary()["concepts"].get(kind, {})
    return found


def label(kind: str, code: str, language: str = "en") -> str:
    """A concept in words; its code where the vocabulary does not know it."""
    words = labels(kind).get(code)
    place = {"fr": 1, "ar": 2}.get(language[:2], 0)
    return words[place] if words else code
