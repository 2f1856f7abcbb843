"""The regression set: 24 statements and 24 short queries in six languages, written by us; how many are found across."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import palermo.retrieval.tests

SET = json.loads(
    (Path(next(iter(palermo.retrieval.tests.__path__))) / "data" / "crossing.json").read_text("utf-8")
)
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
Ask = Callable[[str, str], Sequence[str]]


def record(name: str, language: str, facts: str) -> dict[str, Any]:
    return {
        "palermo_id": f"x-{name}-{language}", "title": f"Case {name}-{language}", "language": language,
        "country": "FRA", "facts": facts, "status": "published",
    }  # fmt: skip


def mixed() -> Iterator[dict[str, Any]]:
    """Every statement in every language."""
    for number, told in enumerate(SET["statements"].values()):
        for language in LANGUAGES:
            yield record(str(number), language, told[language])


def single(seed: int) -> Iterator[dict[str, Any]]:
    """Every statement in one language, drawn."""
    draw = random.Random(seed)
    for number, told in enumerate(SET["statements"].values()):
        language = draw.choice(LANGUAGES)
        yield record(str(number), language, told[language])


def found_first(
    ask: Ask, kind: str, language: str, first: int, every: int = 1, own_too: bool = False
) -> tuple[float, list[str]]:
    """Which share of the queries of one language has the right case among the `first`, its own text left out.

    own_too: it is left in, where a case stands in one language alone.
    """
    queries = list(enumerate(SET[kind].items()))[::every]
    missed = []
    for number, (name, told) in queries:
        own = "" if own_too else f"x-{number}-{language}"
        keys = [key for key in ask(told[language], language) if key != own][:first]
        if not any(key.startswith(f"x-{number}-") for key in keys):
            missed.append(name)
    return 1 - len(missed) / len(queries), missed
