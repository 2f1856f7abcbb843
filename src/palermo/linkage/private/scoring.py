"""What the likeness of each segment weighs: an additive model over filters, learnt as that for names is.

    score = intercept + for each segment the weight of its level + slope times its bits of rarity
          + weights for what two segments say together                                        (natural log odds)

Levels are steps of likeness (0: one of the two has no such segment). Bits say how seldom a stranger is as like this
record: two Mohammeds agree less than two Zulaikhas, and a filter shows that without showing the name. Weights are
learnt on invented lists (tools/train_private.py) and shipped; what the lists at hand hold is learnt by calibration.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
from scipy import sparse

from palermo import compiling
from palermo.linkage.private.comparing import EDGES, STRANGERS, Nearest, forms_of, marks_of
from palermo.linkage.private.parameters import SEGMENTS

Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
Codes = npt.NDArray[np.intp]

NAMES = tuple(SEGMENTS)
# Levels: absent, then likeness under each of these.
STEPS = np.array([0.04, 0.08, 0.13, 0.19, 0.26, 0.34, 0.44, 0.56, 0.7], np.float32)
LEVELS = len(STEPS) + 2
COARSE = np.array([0.13, 0.3, 0.5], np.float32)
KINDS = len(COARSE) + 2
TOGETHER = (
    ("sounds", "given"), ("sounds", "family"), ("given", "family"), ("sounds", "birth"), ("sounds", "day"),
    ("given", "birth"), ("family", "birth"), ("spelling", "sounds"), ("spelling", "given"), ("spelling", "birth"),
    ("phone", "sounds"), ("phone", "given"), ("document", "sounds"), ("document", "birth"), ("sex", "sounds"),
    ("sex", "given"), ("nationality", "sounds"), ("place", "sounds"), ("swapped", "sounds"),
)  # fmt: skip
AHEAD_STEPS = np.array([-0.5, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0, 2.5, 3.0], np.float32)
MANY_BITS = 5
BEHIND = slice(6, 12)  # of a record's partners: those behind any that may be the same person


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a pair. likeness and bits by segment; swapped: given with family, the better way round; ahead: how far
    the pair is ahead of the crowd around its two records."""

    likeness: Floats
    bits: Floats
    swapped: Floats
    ahead: Floats

    def __len__(self) -> int:
        return len(self.likeness)


def evidence(filters: Words, near: Nearest, left: Places, right: Places, sample: Places) -> Evidence:
    """What the filters say of pairs left[i], right[i] (sorted by left). sample: records that stand for strangers."""
    from palermo.linkage.private import pair_kernels

    kernel, forms = compiling.of(pair_kernels), forms_of(marks_of(filters))
    kinds = len(NAMES)
    given, family = NAMES.index("given"), NAMES.index("family")
    asked = np.array([*((s, s) for s in range(kinds)), (given, family), (family, given)], np.int64)
    found = np.empty((len(left), len(asked)), np.float32)
    kernel.alike(filters, forms, EDGES, asked, left, right, found)
    both = np.concatenate([left, right])
    order = np.argsort(both, kind="stable")
    starts = np.searchsorted(both[order], np.arange(len(filters) + 1))
    bits = np.zeros((len(left), kinds), np.float32)
    across, theirs = np.ascontiguousarray(filters[sample].T), np.ascontiguousarray(forms[:, sample])
    kernel.rarity(
        filters, forms, EDGES, starts, order % max(len(left), 1), found, across, theirs, sample, bits
    )
    return Evidence(
        np.ascontiguousarray(found[:, :kinds]), bits, found[:, kinds:].max(axis=1), _ahead(near, left, right)
    )


def strangers(numbers: npt.NDArray[np.uint64]) -> Places:
    """The records that stand for strangers: those whose random numbers are the smallest."""
    return np.sort(np.argsort(numbers, kind="stable")[:STRANGERS]).astype(np.int32)


def _ahead(near: Nearest, left: Places, right: Places) -> Floats:
    behind = np.where(near.score[:, BEHIND] > 0, near.score[:, BEHIND], 0).mean(axis=1)
    records = len(near.place)
    code = np.repeat(np.arange(records), near.place.shape[1]) * records + near.place.ravel()
    order = np.argsort(code)
    score = np.full(len(left), -np.inf, np.float32)
    for one, other in ((left, right), (right, left)):
        wanted = one.astype(np.int64) * records + other
        at = order[np.minimum(np.searchsorted(code[order], wanted), len(code) - 1)]
        score = np.where(code[at] == wanted, near.score.ravel()[at], score)
    return np.asarray(score - (behind[left] + behind[right]) / 2, np.float32)


def coded(pairs: Evidence) -> dict[str, tuple[int, Codes]]:
    """What every pair says by steps: for each name how many steps there are, and the step of every pair."""
    likeness = {name: pairs.likeness[:, s] for s, name in enumerate(NAMES)} | {"swapped": pairs.swapped}
    found = {name: (LEVELS, _level(value, STEPS)) for name, value in likeness.items()}
    coarse = {name: _level(value, COARSE) for name, value in likeness.items()}
    for one, other in TOGETHER:
        found[f"{one} with {other}"] = (KINDS * KINDS, coarse[one] * KINDS + coarse[other])
    found["ahead"] = (len(AHEAD_STEPS) + 1, np.searchsorted(AHEAD_STEPS, pairs.ahead))
    return found


def measured(pairs: Evidence) -> dict[str, Floats]:
    """What every pair says by bits: those of each segment, and those beyond MANY_BITS once more."""
    found = {f"bits of {name}": pairs.bits[:, s] for s, name in enumerate(NAMES)}
    return found | {f"many {name}": np.maximum(bits - MANY_BITS, 0) for name, bits in found.items()}


def _level(likeness: Floats, steps: Floats) -> Codes:
    return np.asarray(np.where(likeness < 0, 0, 1 + np.searchsorted(steps, likeness)), np.intp)


@dataclass(frozen=True)
class Model:
    """Weights in natural log odds: for each name of `coded` one for each step, for each name of `measured` a slope."""

    intercept: float
    steps: Mapping[str, tuple[float, ...]]
    slopes: Mapping[str, float]
    learnt_from: str = ""

    def score(self, pairs: Evidence) -> Floats:
        """The log odds of every pair, before it is known how many pairs there are (calibrating.py)."""
        total = np.full(len(pairs), self.intercept, np.float32)
        for name, (_size, codes) in coded(pairs).items():
            total += np.asarray(self.steps[name], np.float32)[codes]
        for name, bits in measured(pairs).items():
            total += np.float32(self.slopes[name]) * bits
        return total

    def to_json(self) -> dict[str, object]:
        return {
            "intercept": self.intercept, "steps": {name: list(row) for name, row in self.steps.items()},
            "slopes": dict(self.slopes), "learnt_from": self.learnt_from,
        }  # fmt: skip


@cache
def shipped() -> Model:
    """The weights that palermo ships (tools/train_private.py)."""
    text = (resources.files("palermo.linkage.private") / "weights.json").read_text("utf-8")
    said = json.loads(text)
    steps = {name: tuple(row) for name, row in said["steps"].items()}
    return Model(float(said["intercept"]), steps, said["slopes"], said["learnt_from"])


def design(pairs: Evidence) -> sparse.csr_array:
    """The pairs as rows of numbers: one column for each weight, the intercept first. To learn from."""
    rows = np.arange(len(pairs))
    columns = [sparse.csr_array(np.ones((len(pairs), 1), np.float32))]
    for size, codes in coded(pairs).values():
        columns.append(sparse.csr_array((np.ones(len(rows), np.float32), (rows, codes)), (len(rows), size)))
    columns += [sparse.csr_array(bits[:, None]) for bits in measured(pairs).values()]
    made: sparse.csr_array = sparse.hstack(columns, format="csr")
    return made


def from_weights(weights: npt.NDArray[np.float64], learnt_from: str) -> Model:
    """The model of the weights of `design`'s columns."""
    none, at, steps = np.zeros((0, len(NAMES)), np.float32), 1, {}
    nobody = Evidence(none, none, none[:, 0], none[:, 0])
    for name, (size, _codes) in coded(nobody).items():
        steps[name] = tuple(round(float(w), 3) for w in weights[at : at + size])
        at += size
    slopes = {name: round(float(w), 4) for name, w in zip(measured(nobody), weights[at:], strict=True)}
    return Model(round(float(weights[0]), 4), steps, slopes, learnt_from)
