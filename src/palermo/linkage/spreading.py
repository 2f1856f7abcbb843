"""Work that is the same for every part of the records or pairs: done here one after the other, or by other machines.

What each part needs to know (`shared`) is only read, so the answer does not depend on who does which part, or when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

Known = TypeVar("Known")
Done = TypeVar("Done")


class Spread(Protocol):
    """Does `work(shared, first, last)` for all parts of `total`, and gives the results in the order of the parts.

    at_once: how much a part should hold where nothing is gained by larger or smaller ones. `work` is a function of a
    module, and `shared` and the results can be pickled.
    """

    def __call__(
        self, work: Callable[[Any, int, int], Any], shared: Any, total: int, at_once: int
    ) -> Iterator[tuple[int, Any]]: ...


def here(
    work: Callable[[Known, int, int], Done], shared: Known, total: int, at_once: int
) -> Iterator[tuple[int, Done]]:
    """One part after the other, in this process; with each result how far the work has come."""
    for first, last in parts(total, at_once):
        yield last, work(shared, first, last)


def parts(total: int, at_once: int) -> list[tuple[int, int]]:
    """Where each part begins and ends."""
    return [(first, min(first + at_once, total)) for first in range(0, total, at_once)]
