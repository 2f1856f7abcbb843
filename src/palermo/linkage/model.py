"""What every kind of agreement weighs: an additive model, so that a score is a sum which can be shown.

    score = intercept + for each field the weight of its level + slope times the bits of rarity      (natural log odds)

Fields that hang together (a family name that agrees beside a given name that does not is rather a sister than the same
person; the wrong sex beside the same given name) have weights of their own for what they say together. The weights
are learnt from pairs with known truth (training.py) and shipped as data; a country may learn its own from its reviewed
pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.linkage import pairs_kernel as kernel
from palermo.linkage.comparing import Comparison

Codes = NDArray[np.intp]
Values = NDArray[np.float32]

# The level of a word in four classes: as good as the same, perhaps the same, different, not there.
_CLASS = np.array([0, 0, 0, 1, 1, 1, 2, 3], np.intp)
_DATE_CLASS = np.array([3, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 2, 2, 2, 2], np.intp)


def _level(column: int) -> Callable[[Comparison], Codes]:
    return lambda pairs: pairs.levels[:, column].astype(np.intp)


def _class(pairs: Comparison, column: int) -> Codes:
    return _CLASS[pairs.levels[:, column]]


def _names_together(pairs: Comparison) -> Codes:
    return _class(pairs, kernel.GIVEN) * 4 + _class(pairs, kernel.FAMILY)


def _name_and_date(pairs: Comparison) -> Codes:
    return _class(pairs, kernel.GIVEN) * 4 + _DATE_CLASS[pairs.levels[:, kernel.DATE]]


def _sex_and_given(pairs: Comparison) -> Codes:
    return pairs.levels[:, kernel.SEX].astype(np.intp) * 4 + _class(pairs, kernel.GIVEN)


def _phone_and_given(pairs: Comparison) -> Codes:
    return pairs.levels[:, kernel.PHONE].astype(np.intp) * 4 + _class(pairs, kernel.GIVEN)


def _bits(column: int, level: int, levels: tuple[int, ...]) -> Callable[[Comparison], Values]:
    wanted = np.zeros(16, np.float32)
    wanted[list(levels)] = 1.0
    return lambda pairs: pairs.bits[:, column] * wanted[pairs.levels[:, level]]


_HEARD = (kernel.FORM, kernel.SOUND_NEAR, kernel.SOUND)

# What a score is made of: fields by level (how many levels) and by bits, each in the group it is explained under.
BY_LEVEL: dict[str, tuple[str, int, Callable[[Comparison], Codes]]] = {
    "given": ("name", 8, _level(kernel.GIVEN)),
    "family": ("name", 8, _level(kernel.FAMILY)),
    "names together": ("name", 16, _names_together),
    "more": ("name", 4, _level(kernel.MORE)),
    "left over": ("name", 4, _level(kernel.LEFT_OVER)),
    "swapped": ("name", 2, _level(kernel.SWAPPED)),
    "date": ("birth", 15, _level(kernel.DATE)),
    "given and date": ("birth", 16, _name_and_date),
    "document": ("document", 4, _level(kernel.DOCUMENT)),
    "phone": ("phone", 4, _level(kernel.PHONE)),
    "phone and given": ("phone", 16, _phone_and_given),
    "nationality": ("nationality", 4, _level(kernel.NATION)),
    "sex": ("sex", 4, _level(kernel.SEX)),
    "sex and given": ("sex", 16, _sex_and_given),
    "place": ("place", 4, _level(kernel.PLACE)),
}
BY_BITS: dict[str, tuple[str, Callable[[Comparison], Values]]] = {
    "given as written": ("name", _bits(kernel.GIVEN_BITS, kernel.GIVEN, (kernel.SAME,))),
    "given by sound": ("name", _bits(kernel.GIVEN_BITS, kernel.GIVEN, _HEARD)),
    "family as written": ("name", _bits(kernel.FAMILY_BITS, kernel.FAMILY, (kernel.SAME,))),
    "family by sound": ("name", _bits(kernel.FAMILY_BITS, kernel.FAMILY, _HEARD)),
    "more": ("name", _bits(kernel.MORE_BITS, kernel.MORE, (1, 2, 3))),
    "phone": ("phone", _bits(kernel.PHONE_BITS, kernel.PHONE, (kernel.EQUAL,))),
    "nationality": ("nationality", _bits(kernel.NATION_BITS, kernel.NATION, (kernel.EQUAL,))),
    "place": ("place", _bits(kernel.PLACE_BITS, kernel.PLACE, (kernel.EQUAL,))),
}
GROUPS = tuple(dict.fromkeys([group for group, _size, _read in BY_LEVEL.values()]))


@dataclass(frozen=True)
class Model:
    """Weights in natural log odds. levels: for each name of BY_LEVEL its weights; slopes: for each name of BY_BITS."""

    intercept: float
    levels: Mapping[str, tuple[float, ...]]
    slopes: Mapping[str, float]
    learnt_from: str = ""

    def score(self, pairs: Comparison) -> NDArray[np.float32]:
        """The log odds of every pair, before it is known how many pairs there are (calibrating.py)."""
        total = np.full(len(pairs), self.intercept, np.float32)
        for group in self.by_group(pairs).values():
            total += group
        return total

    def by_group(self, pairs: Comparison) -> dict[str, NDArray[np.float32]]:
        """What each group of fields adds to the score of every pair."""
        parts = {group: np.zeros(len(pairs), np.float32) for group in GROUPS}
        for name, (group, _size, read) in BY_LEVEL.items():
            parts[group] += np.asarray(self.levels[name], np.float32)[read(pairs)]
        for name, (group, values) in BY_BITS.items():
            parts[group] += np.float32(self.slopes[name]) * values(pairs)
        return parts

    def to_json(self) -> dict[str, object]:
        return {
            "intercept": self.intercept,
            "levels": {name: list(weights) for name, weights in self.levels.items()},
            "slopes": dict(self.slopes),
            "learnt_from": self.learnt_from,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Model:
        levels: Mapping[str, list[float]] = data["levels"]  # type: ignore[assignment]
        slopes: Mapping[str, float] = data["slopes"]  # type: ignore[assignment]
        return cls(
            float(data["intercept"]),  # type: ignore[arg-type]
            {name: tuple(levels[name]) for name in BY_LEVEL},
            {name: float(slopes[name]) for name in BY_BITS},
            str(data.get("learnt_from", "")),
        )


def design(pairs: Comparison) -> NDArray[np.float32]:
    """The pairs as rows of numbers: one column for each weight of the model, the intercept first."""
    columns = [np.ones((len(pairs), 1), np.float32)]
    for _group, size, read in BY_LEVEL.values():
        columns.append(np.eye(size, dtype=np.float32)[read(pairs)])
    columns += [values(pairs)[:, None] for _group, values in BY_BITS.values()]
    return np.concatenate(columns, axis=1)


def from_weights(weights: NDArray[np.float64], learnt_from: str) -> Model:
    """The model of the weights of `design`'s columns."""
    at, levels = 1, {}
    for name, (_group, size, _read) in BY_LEVEL.items():
        levels[name] = tuple(round(float(w), 4) for w in weights[at : at + size])
        at += size
    slopes = {name: round(float(w), 4) for name, w in zip(BY_BITS, weights[at:], strict=True)}
    return Model(round(float(weights[0]), 4), levels, slopes, learnt_from)


def weights_of(model: Model) -> NDArray[np.float64]:
    """The other way: the weights in the order of `design`'s columns."""
    levels = [weight for name in BY_LEVEL for weight in model.levels[name]]
    return np.array([model.intercept, *levels, *(model.slopes[name] for name in BY_BITS)])
