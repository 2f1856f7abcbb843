"""What stands near a query in meaning: vectors of public passages, held in memory until one is added or forgotten."""

import threading
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Count, Max

from palermo.retrieval.embedding import Embedder, Vectors, embedder
from palermo.retrieval.meaning import (
    DIMENSIONS,
    Learned,
    asked,
    best,
    centred,
    learned,
    nearest_concept,
    steered,
)
from palermo.retrieval.tongues import tongue
from palermo.rooms.search.models import Vector

Place = tuple[str, str]
# A query of so few words names something; a longer one tells something.
SHORT, SHORT_CHINESE = 5, 12
STEER, STEER_LONG = 1.5, 0.2
NEAR = 0.4


@dataclass(frozen=True)
class Held:
    """Every passage of one model: centred vectors, and which of the places each belongs to."""

    stamp: tuple[str, int, int, str]
    matrix: Vectors
    things: npt.NDArray[np.int64]
    places: tuple[Place, ...]


_held: Held | None = None
_lock = threading.Lock()


def ready() -> tuple[Embedder, Learned] | None:
    """The model and what was learned of it; None where this installation has none."""
    model = embedder()
    known = learned(model.model) if model else None
    return (model, known) if model and known else None


def is_short(query: str) -> bool:
    """Whether a query names something rather than telling it."""
    return len(query) <= SHORT_CHINESE if tongue(query) == "zh" else len(query.split()) <= SHORT


def vector_of(query: str, language: str) -> Vectors | None:
    """The query's vector; None without a model."""
    found = ready()
    return asked(*found, query, tongue(query, language)) if found else None


def concept_near(query: str, vector: Vectors | None) -> str:
    """The concept that a short query means without naming it; empty where none is near."""
    found = ready()
    return nearest_concept(vector, found[1], NEAR) if found and vector is not None and is_short(query) else ""


def nearest(
    query: str, vector: Vectors | None, codes: Collection[str], limit: int
) -> tuple[str, list[Place]]:
    """Whether meaning is searched ("on", "absent", "empty"), and the places that stand nearest."""
    found = ready()
    if found is None or vector is None:
        return "absent", []
    known = found[1]
    held = _matrix(found[0].model, known)
    if not len(held.matrix):
        return "empty", []
    drawn = steered(vector, known, codes, STEER if is_short(query) else STEER_LONG)
    return "on", [held.places[thing] for thing, _likeness in best(held.matrix, drawn, held.things, limit)]


def _matrix(model: str, known: Learned) -> Held:
    global _held
    row = Vector.objects.filter(model=model).aggregate(n=Count("pk"), last=Max("pk"))
    name = str(connection.settings_dict["NAME"])
    stamp = (model, row["n"], row["last"] or 0, f"{name}:{connection.settings_dict.get('PORT')}")
    with _lock:
        if _held is None or _held.stamp != stamp:
            _held = _read(stamp, known)
        return _held


def _read(stamp: tuple[str, int, int, str], known: Learned) -> Held:
    rows = list(
        Vector.objects.filter(model=stamp[0]).order_by("room", "key", "pk")
        .values_list("room", "key", "language", "vector")
    )  # fmt: skip
    places = {place: n for n, place in enumerate(dict.fromkeys((row[0], row[1]) for row in rows))}
    things = np.array([places[row[0], row[1]] for row in rows], np.int64)
    raw = np.frombuffer(b"".join(row[3] for row in rows), "<f2").astype(np.float32).reshape(-1, DIMENSIONS)
    languages = [row[2].partition("-")[0] for row in rows]
    matrix = centred(raw, languages, known.passages) if rows else raw
    return Held(stamp, matrix, things, tuple(places))
