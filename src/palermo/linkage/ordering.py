"""The same records in another order must give the same persons, so they are always looked at in one order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from palermo.linkage.people import FIELDS, PersonList


def in_order(lists: Sequence[PersonList]) -> tuple[list[PersonList], NDArray[np.int32], NDArray[np.int64]]:
    """The lists by name, their records by a number made of list and record_id.

    Also, for each record in that order, where it stands in the lists as given; and the numbers, in the order given.
    """
    begins = np.cumsum([0, *map(len, lists)])
    keys = [_keys(one) for one in lists]
    ordered, places = [], [np.empty(0, np.int32)]
    for at in sorted(range(len(lists)), key=lambda at: lists[at].name):
        one, order = lists[at], np.argsort(keys[at], kind="stable")
        rows = order.tolist()
        ordered.append(
            PersonList(one.name, {field: [one.columns[field][row] for row in rows] for field in FIELDS})
        )
        places.append((begins[at] + order).astype(np.int32))
    return ordered, np.concatenate(places), np.concatenate([np.empty(0, np.int64), *keys])


def _keys(one: PersonList) -> NDArray[np.int64]:
    made = np.empty(len(one), np.int64)
    for at, record_id in enumerate(one.columns["record_id"]):
        digest = hashlib.blake2b(
            f"{one.name}\0{record_id}".encode("utf-8", "replace"), digest_size=8
        ).digest()
        made[at] = int.from_bytes(digest, "big", signed=True)
    return made
