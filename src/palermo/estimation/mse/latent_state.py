"""What the moves of a latent class chain hand to one another: the table, where the chain stands, room to work in."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

Row = NDArray[Any]


class Seen(NamedTuple):
    """The table: which lists make each history (histories x lists, bool), how many people have it, how many in all;
    the ladder by which products over lists are made (latent_slides.py)."""

    bits: Row
    counts: Row
    people: int
    into: Row
    out: Row
    by: Row


class Now(NamedTuple):
    """Where a chain stands. Of each class: its odds on each list, its weight nu, the chance of each history in it, that
    of being on no list, its share pi among those seen. `mixed`: the chance of each history among those seen; `order`:
    the classes awake, the heaviest first."""

    odds: Row
    nu: Row
    chance: Row
    none: Row
    pi: Row
    mixed: Row
    order: Row
    alpha: float


class Room(NamedTuple):
    """Room for one number a history (three times), a list, a class (a weight, a count)."""

    moved: Row
    fresh: Row
    wanted: Row
    factor: Row
    weight: Row
    row: Row
