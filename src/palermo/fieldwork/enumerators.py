"""Whether answers hang on who asked: by group of questions, compared within sites, with control for many questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.fieldwork.estimates import HIDDEN, Real
from palermo.fieldwork.facts import Facts
from palermo.fieldwork.flags import enumerator_effect

LEAST_ICC = 0.05
SHUFFLES, ENOUGH = 999, 60


@dataclass(frozen=True, slots=True)
class Effect:
    """icc: share of the differences that lies between enumerators of a site. p: by shuffling them within sites.

    who: the enumerator who stands out most, with the mean there and of the others at the same sites.
    """

    group: str
    icc: float
    p: float
    level: float
    n: int
    enumerators: int
    comparisons: int
    who: str
    there: float
    others: float
    persons: int

    @property
    def flagged(self) -> bool:
        return self.p <= self.level and self.icc >= LEAST_ICC


def _yes(answer: str) -> float | None:
    return {"yes": 1.0, "no": 0.0}.get(answer)


def _harm(one: Facts) -> float | None:
    return float(bool(one.abuses)) if one.interview.answer("abuse_consent") == "yes" else None


def _unsure(one: Facts) -> float | None:
    said = list(one.interview.answers.values())
    return said.count("dont_know") / len(said) if said else None


GROUPS: Mapping[str, Callable[[Facts], float | None]] = {
    "smuggler": lambda one: _yes(one.uses_smuggler),
    "legs": lambda one: float(len(one.legs)),
    "harm": _harm,
    "official": lambda one: float(bool(one.officials)) if one.legs else None,
    "unsure": _unsure,
    "minutes": lambda one: one.interview.minutes.value,
}


def effects(facts: Sequence[Facts], rng: np.random.Generator, error: float = 0.05) -> list[Effect]:
    """One line for each group of questions that can be judged; enumerators with ten interviews at a site count."""
    agreed = [f for f in facts if f.interview.answer("consent") == "yes" and f.interview.enumerator.known]
    tables = {name: _rows(agreed, ask) for name, ask in GROUPS.items()}
    usable = {name: rows for name, rows in tables.items() if rows is not None}
    return [_effect(name, *rows, rng, error / len(usable), len(usable)) for name, rows in usable.items()]


def _rows(
    facts: Sequence[Facts], ask: Callable[[Facts], float | None]
) -> tuple[Real, npt.NDArray[np.int64], npt.NDArray[np.int64], list[str]] | None:
    """(values less the mean of their site, site, enumerator, names) where two enumerators share a site."""
    told = [(f.interview.site, f"{f.interview.enumerator.value:g}", ask(f)) for f in facts]
    known = [(site, who, value) for site, who, value in told if value is not None]
    sizes: dict[tuple[str, str], int] = {}
    for site, who, _value in known:
        sizes[site, who] = sizes.get((site, who), 0) + 1
    enough = {pair for pair, n in sizes.items() if n >= HIDDEN}
    shared = {site for site, _ in enough if sum(s == site for s, _ in enough) > 1}
    kept = [one for one in known if one[0] in shared and one[:2] in enough]
    if not kept:
        return None
    x = np.asarray([value for _, _, value in kept], dtype=np.float64)
    at = np.unique([s for s, _, _ in kept], return_inverse=True)[1].astype(np.int64)
    names, asker = np.unique([w for _, w, _ in kept], return_inverse=True)
    if not np.ptp(x):
        return None
    return x, at, asker.astype(np.int64), [str(name) for name in names]


def _effect(
    group: str, x: Real, site: npt.NDArray[np.int64], who: npt.NDArray[np.int64], names: list[str],
    rng: np.random.Generator, level: float, comparisons: int,
) -> Effect:  # fmt: skip
    centred = x - (np.bincount(site, weights=x) / np.bincount(site))[site]
    sizes = np.bincount(who)
    seen = _between(centred, who, sizes)
    order = np.lexsort((np.arange(len(x)), site))
    blocks = np.split(order, np.cumsum(np.bincount(site))[:-1])
    as_far, made = 1, 1
    # Besag and Clifford (1991): what is as far by chance sixty times over needs no more shuffles.
    while made <= SHUFFLES and as_far <= ENOUGH:
        made += 1
        shuffled = who.copy()
        for block in blocks:
            shuffled[block] = who[rng.permutation(block)]
        as_far += _between(centred, shuffled, sizes) >= seen - 1e-12
    means = np.bincount(who, weights=centred) / sizes
    most = int(np.argmax(np.abs(means) * np.sqrt(sizes)))
    beside = np.isin(site, np.unique(site[who == most])) & (who != most)
    return Effect(
        group, float(enumerator_effect(centred.tolist(), who.tolist()) or 0.0), as_far / made, level,
        len(x), len(names), comparisons, names[most], float(x[who == most].mean()),
        float(x[beside].mean()) if beside.any() else float("nan"), int(sizes[most]),
    )  # fmt: skip


def _between(x: Real, who: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> float:
    return float((np.bincount(who, weights=x, minlength=len(sizes)) ** 2 / sizes).sum())
