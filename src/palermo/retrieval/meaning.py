"""Vectors without the accent of their language: centred, steered toward concepts, compared.

A multilingual model puts texts of one language near each other whatever they say. Taking from each vector the centre of
its language undoes that. A centre made of few texts would take their subject away with it, so it is drawn toward one
that was learned beforehand, from sentences that say the same in six languages (data/ground.json).
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.retrieval.embedding import Embedder, Vectors

# So many texts of a collection count as much as the shipped centre.
SHRINK = 100
DIMENSIONS = 384


@dataclass(frozen=True)
class Learned:
    """What was learned of a model beforehand: centres of passages and queries by language, a vector a concept.

    concepts are centred already; `source` is the fingerprint of the thesaurus they were made of.
    """

    model: str
    passages: Mapping[str, Vectors]
    queries: Mapping[str, Vectors]
    concepts: Mapping[str, Vectors]
    source: str


def packed(vectors: npt.NDArray[Any]) -> str:
    return base64.b64encode(vectors.astype("<f2").tobytes()).decode()


def unpacked(text: str) -> Vectors:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)


@cache
def learned(model: str) -> Learned | None:
    """What is shipped for a model; None where nothing is."""
    place = files("palermo.retrieval").joinpath("data", f"{model}.json")
    if not place.is_file():
        return None
    told = json.loads(place.read_text("utf-8"))
    passages, queries, concepts = (
        {key: unpacked(each) for key, each in told[name].items()}
        for name in ("passages", "queries", "concepts")
    )
    return Learned(told["model"], passages, queries, concepts, told["source"])


def unit(vectors: Vectors) -> Vectors:
    """Vectors of length one; one of no length stays as it is."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length == 0, 1, length), np.float32)


def centre_of(centres: Mapping[str, Vectors], language: str) -> Vectors:
    """The centre of a language; of one that was not learned, the middle of all centres."""
    if language in centres:
        return centres[language]
    return np.asarray(np.mean(list(centres.values()), axis=0), np.float32)


def centred(vectors: Vectors, languages: Sequence[str], shipped: Mapping[str, Vectors]) -> Vectors:
    """Passages without the accent of their language: the more texts it has, the more their own centre counts."""
    told = np.asarray(languages)
    out = np.empty_like(vectors, np.float32)
    for language in dict.fromkeys(languages):
        rows = told == language
        n, prior = int(rows.sum()), centre_of(shipped, language)
        centre = (vectors[rows].sum(axis=0, dtype=np.float64) + SHRINK * prior) / (n + SHRINK)
        out[rows] = vectors[rows] - centre
    return unit(out)


def asked(model: Embedder, known: Learned, query: str, language: str) -> Vectors:
    """The vector of a query, without the accent of its language."""
    return unit(model.queries([query])[0] - centre_of(known.queries, language))


def steered(vector: Vectors, known: Learned, codes: Iterable[str], weight: float) -> Vectors:
    """A query's vector drawn toward its concepts."""
    found = [known.concepts[code] for code in codes if code in known.concepts]
    return unit(vector + weight * np.mean(found, axis=0)) if found and weight else vector


def nearest_concept(vector: Vectors, known: Learned, least: float) -> str:
    """The concept that stands nearest to a query, if it stands near enough; empty otherwise."""
    codes = list(known.concepts)
    likeness = np.array([known.concepts[code] for code in codes]) @ vector
    best = int(np.argmax(likeness))
    return codes[best] if likeness[best] >= least else ""


def best(
    matrix: Vectors, vector: Vectors, things: npt.NDArray[np.int64], limit: int
) -> list[tuple[int, float]]:
    """(thing, likeness) of the things nearest to a vector, each by its best passage; equals by their number."""
    if not len(matrix):
        return []
    likeness = np.full(int(things.max()) + 1, -np.inf, np.float32)
    np.maximum.at(likeness, things, matrix @ vector)
    order = np.lexsort((np.arange(len(likeness)), -likeness))[:limit]
    return [(int(one), float(likeness[one])) for one in order]
