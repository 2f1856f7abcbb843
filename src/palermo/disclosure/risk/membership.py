"""Who was in the data? The attack by the nearest neighbour.

The attacker has a person's record and looks how near the nearest row of the release is. If records of members
lie nearer than those of people held out, the file tells who was in it. AUC is the chance that of a member and a
person held out the member lies nearer (ties count half): 0.5 is a toss of a coin. Its standard error is that of
DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988).

`calibrated` also lets him know other people of the same kind (half of those held out) and compare the
distances: after DOMIAS (van Breugel and others, AISTATS 2023), with distances in place of densities.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo import compiling
from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk import distance_kernels
from palermo.disclosure.risk.comparing import Reals

FALSE_ALARMS = 0.01
MOST_COLUMNS = 254  # distances are kept in one byte
Distances = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Membership:
    """`auc` with its standard error; `caught`: the share of members whom the attacker names while he wrongly
    names one in a hundred of the others; how many people of each side were tried."""

    auc: float
    error: float
    caught: float
    tried: int


def nearest(release: Rows, people: Rows) -> Distances:
    """For each person the number of columns in which the nearest row of the release differs. Exact.

    Rows that are equal are compared once. The files must have the same categories.
    """
    if release.n == 0:
        return np.full(people.n, release.d + 1, dtype=np.int32)
    if release.d > MOST_COLUMNS:
        raise ValueError(f"at most {MOST_COLUMNS} columns can be compared")
    rows, (targets, back) = distinct(release)[0], distinct(people)
    least, times = np.empty(len(targets), np.int32), np.empty(len(targets), np.int32)
    kernel = compiling.of(distance_kernels).nearest
    kernel(targets, np.ascontiguousarray(rows.T), least, times)
    return least[back]


def distinct(rows: Rows) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Each different row once, in the least type that holds its codes; and for every row which of them it is."""
    kind = np.uint8 if max(rows.sizes) <= 256 else np.uint16
    if max(rows.sizes) > 65_536:
        raise ValueError("a column with more than 65,536 categories is no category")
    found, back = np.unique(compact(rows.codes, kind), return_inverse=True)
    return found.view(kind).reshape(len(found), rows.d), back.reshape(-1)


def compact(codes: npt.NDArray[np.int32], kind: type[np.uint8 | np.uint16]) -> npt.NDArray[np.void]:
    """Every row as one value of bytes, which sorts faster than rows do."""
    tight = np.ascontiguousarray(codes.astype(kind))
    return tight.view(np.dtype((np.void, tight.dtype.itemsize * tight.shape[1]))).reshape(-1)


def by_distance(members: Distances, holdout: Distances) -> Membership:
    """The attack on all of them, from what `nearest` said of each: the nearer, the more likely a member."""
    return judged(-members.astype(np.float64), -holdout.astype(np.float64))


def rarest(members: Rows, holdout: Rows, most: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Who stands out most on each side: where the values are rarest, each counted by itself among both sides.

    Their sum of -log(share); at most a quarter of the people.
    """
    surprise = [np.zeros(members.n), np.zeros(holdout.n)]
    for j, size in enumerate(members.sizes):
        counts = np.bincount(members.codes[:, j], minlength=size) + np.bincount(
            holdout.codes[:, j], minlength=size
        )
        rare = -np.log(np.maximum(counts, 1) / (members.n + holdout.n))
        surprise[0] += rare[members.codes[:, j]]
        surprise[1] += rare[holdout.codes[:, j]]
    chosen = [np.argsort(-one, kind="stable")[: max(min(most, len(one) // 4), 1)] for one in surprise]
    return chosen[0], chosen[1]


def calibrated(
    release: Rows,
    members: Rows,
    holdout: Rows,
    *,
    rng: np.random.Generator,
    near: tuple[Distances, Distances] | None = None,
) -> Membership:
    """Half of those held out are the attacker's knowledge; members are tried against the other half.

    Who lies nearer to the release than to people of his kind is taken for a member. `near`: what `nearest` said
    of members and hold-out, where it was asked already.
    """
    ours, theirs = near or (nearest(release, members), nearest(release, holdout))
    order = rng.permutation(holdout.n)
    known, others = holdout.take(order[: holdout.n // 2]), order[holdout.n // 2 :]
    return judged(
        (nearest(known, members) - ours).astype(np.float64),
        (nearest(known, holdout.take(others)) - theirs[others]).astype(np.float64),
    )


def judged(members: Reals, holdout: Reals) -> Membership:
    """AUC, its error and the members caught, from a score a person: the higher, the more likely a member."""
    values, places = np.unique(np.concatenate([members, holdout]), return_inverse=True)
    places = places.reshape(-1)
    ours = np.bincount(places[: members.size], minlength=len(values)) / members.size
    theirs = np.bincount(places[members.size :], minlength=len(values)) / holdout.size
    beaten = np.cumsum(theirs) - theirs / 2  # the chance that a member of this score beats one held out
    beating = 1 - (np.cumsum(ours) - ours / 2)
    auc = float(ours @ beaten)
    spread = ours @ (beaten - auc) ** 2 / members.size + theirs @ (beating - auc) ** 2 / holdout.size
    error = max(math.sqrt(spread), _tossed(ours, theirs, members.size, holdout.size))
    return Membership(auc, error, _caught(ours, theirs), min(members.size, holdout.size))


def _tossed(ours: Reals, theirs: Reals, m: int, n: int) -> float:
    """The standard error if nothing could be told (Mann and Whitney, with ties), and never under one person: of a
    few people who all fell on their side DeLong's would be zero."""
    ties = float(((ours * m + theirs * n) ** 3).sum() - (m + n)) / ((m + n) * (m + n - 1))
    return max(math.sqrt(max(m + n + 1 - ties, 0.0) / (12 * m * n)), 1 / min(m, n))


def _caught(ours: Reals, theirs: Reals) -> float:
    """The share of members named at one in a hundred false alarms; ties are broken by a toss."""
    named = np.concatenate([[0.0], np.cumsum(ours[::-1])])
    alarms = np.concatenate([[0.0], np.cumsum(theirs[::-1])])
    # Where nothing false is named yet, everything true may be.
    start = int(np.searchsorted(alarms, 0.0, side="right")) - 1
    return float(np.interp(FALSE_ALARMS, alarms[start:], named[start:]))
