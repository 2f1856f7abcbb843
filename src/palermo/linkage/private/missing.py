"""How many true pairs were never looked at closely: told by those that their document would have found anyhow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from palermo.linkage.missed import LIKELY, PRIOR_FOUND, PRIOR_MISSED
from palermo.linkage.private.comparing import BITS, EDGES, Nearest, marks_of, pulls
from palermo.linkage.private.parameters import SEGMENTS

SAME_DOCUMENT = 0.55  # likeness of two document segments from which they hold one number
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]


def share_compared(
    filters: npt.NDArray[np.uint64],
    near: Nearest,
    left: Places,
    right: Places,
    documents: Floats,
    probability: npt.NDArray[np.float64],
) -> tuple[float, float]:
    """The share of true pairs that are among the nearest, as estimated, and its standard error.

    documents: for each pair the likeness of its document segments. A pair that is surely right and has one document
    would have been found without it where it stays ahead of the last partner kept of either record.
    """
    by_document = documents >= SAME_DOCUMENT
    anchors = np.nonzero(by_document & (probability > LIKELY))[0]
    again = _ahead_without(filters, near, left[anchors], right[anchors])
    found, asked = PRIOR_FOUND + again.sum(), PRIOR_FOUND + PRIOR_MISSED + len(anchors)
    share = float(found / asked)
    others, known = float(probability[~by_document].sum()), float(probability[by_document].sum())
    total = known + others / share
    return (known + others) / total if total > 0 else 1.0, float(np.sqrt(share * (1 - share) / asked))


def _ahead_without(
    filters: npt.NDArray[np.uint64], near: Nearest, left: Places, right: Places
) -> npt.NDArray[np.bool_]:
    """Whether each pair would be among the nearest of one of its records if no document had been recorded."""
    marks = marks_of(filters)
    pull = pulls(marks, blind="document")
    total = np.zeros(len(left))
    for s in range(len(SEGMENTS)):
        words = slice(int(EDGES[s]), int(EDGES[s + 1]))
        shared = np.bitwise_count(filters[left, words] & filters[right, words]).sum(axis=1)
        beyond = shared - marks[s, left] * marks[s, right] / BITS[s]
        total += beyond * pull[s, left] * pull[s, right]
    floor = near.score[:, -1]
    return np.asarray((total >= floor[left]) | (total >= floor[right]))
