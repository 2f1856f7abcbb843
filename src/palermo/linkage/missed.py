"""How many true pairs were never compared: told by the pairs that another key would have found anyhow.

Two records with the same document number are found by it, whatever was made of the names. How many of them would have
been found without it is the share found among those who have no document.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palermo.linkage import pairs_kernel
from palermo.linkage.blocking import Candidates, Index, found_again
from palermo.linkage.keys_kernel import DOCUMENT, DOCUMENT_SLIP

LIKELY = 0.9
MOST_ASKED = 20_000
PRIOR_FOUND, PRIOR_MISSED = 18.0, 2.0  # without a single document: nine in ten, and not sure of it


def share_compared(
    index: Index, pairs: Candidates, documents: NDArray[np.int8], probability: NDArray[np.float32]
) -> tuple[float, float]:
    """The share of true pairs that are candidates, as estimated, and its standard error.

    documents: for each pair how its documents compare (pairs_kernel.EQUAL, SLIP, ...).
    """
    by_document = np.isin(documents, (pairs_kernel.EQUAL, pairs_kernel.SLIP))
    anchors = np.nonzero((documents == pairs_kernel.EQUAL) & (probability > LIKELY))[0]
    anchors = anchors[:: max(1, len(anchors) // MOST_ASKED)]
    again = found_again(index.without((DOCUMENT, DOCUMENT_SLIP)), pairs.left[anchors], pairs.right[anchors])
    found, asked = PRIOR_FOUND + again.sum(), PRIOR_FOUND + PRIOR_MISSED + len(anchors)
    share = found / asked
    others = float(probability[~by_document].sum(dtype=float))
    known = float(probability[by_document].sum(dtype=float))
    total = known + others / share
    whole = (known + others) / total if total > 0 else 1.0
    return float(whole), float(np.sqrt(share * (1 - share) / asked))
