"""From estimates by stratum to one result: the strata add up to the total, and so do the draws behind its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from palermo.estimation.estimators import Options
from palermo.estimation.mse.glm import Numbers
from palermo.estimation.mse.strata import StratifiedTable
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase

MOST_LOST = 0.05


def summed(
    data: StratifiedTable,
    observed: Numbers,
    values: Numbers,
    draws: Numbers | None,
    *,
    method: str,
    options: Options,
    kind: str,
    settings: Mapping[str, Any],
    assumptions: tuple[str, ...],
    diagnostics: Mapping[str, Any],
    cautions: Sequence[Caution] = (),
    model: str = "",
) -> Result:
    """The result of the total. `values` holds one estimate a stratum (NaN: none), `draws` replicates by stratum.

    A stratum where nobody was seen adds nothing and is named; one without an estimate counts with those observed
    alone, and takes the headline away. Each stratum stands in `diagnostics["strata"]`.
    """
    said = [*data.cautions, *cautions]
    empty = [s for s in range(len(data.keys)) if observed[s] == 0]
    lacking = [s for s in range(len(data.keys)) if observed[s] > 0 and not math.isfinite(values[s])]
    used = np.where(np.isfinite(values), values, observed)
    used = np.maximum(used, observed)
    said += _named(data, empty, lacking)
    interval, ends = None, None
    if draws is not None and len(draws):
        interval, ends = _intervals(draws, used, observed, lacking, kind, options.level)
        if interval.lost > MOST_LOST:
            said.append(Caution(
                "lost_replicates", Level.HARD,
                phrase(
                    "{share:.0%} of the replicates gave no estimate; the interval is not to be trusted.",
                    share=interval.lost,
                ),
                {"lost": interval.lost},
            ))  # fmt: skip
    return Result(
        method=method, family="mse", value=math.fsum(used), interval=interval, n_observed=data.n, model=model,
        data_hash=data.hash, seed=options.seed, settings={**settings, "level": options.level},
        assumptions=assumptions,
        diagnostics={**diagnostics, "strata": _rows(data, observed, used, ends, empty, lacking)},
        cautions=tuple(said),
    )  # fmt: skip


def _named(data: StratifiedTable, empty: Sequence[int], lacking: Sequence[int]) -> list[Caution]:
    said = []
    if empty:
        names = [name(data, s) for s in empty]
        said.append(Caution(
            "empty_stratum", Level.CARE,
            phrase("Nobody was seen in {names}; people never seen there are not in the total.", names=names),
            {"strata": names},
        ))  # fmt: skip
    if lacking:
        names = [name(data, s) for s in lacking]
        said.append(Caution(
            "stratum_without_estimate", Level.HARD,
            phrase(
                "There is no estimate for {names}, where only those observed could be counted. Join strata, or "
                "let them share what they have in common (partial pooling).",
                names=names,
            ), {"strata": names},
        ))  # fmt: skip
    return said


def name(data: StratifiedTable, s: int) -> str:
    """A stratum in words: "female, 2015"."""
    return ", ".join(data.keys[s]) or "all"


def _intervals(
    draws: Numbers, used: Numbers, observed: Numbers, lacking: Sequence[int], kind: str, level: float
) -> tuple[Interval, Numbers]:
    good = np.isfinite(draws).all(axis=1)
    kept = draws[good] if good.any() else used[None, :]
    kept = np.maximum(kept, observed)
    kept[:, list(lacking)] = observed[list(lacking)]
    tails = [(1 - level) / 2, (1 + level) / 2]
    ends = np.quantile(kept, tails, axis=0)
    low, high = np.quantile(kept.sum(axis=1), tails)
    lost = float(1 - good.mean())
    return Interval(float(low), float(high), level, kind, len(draws), lost), ends


def _rows(
    data: StratifiedTable,
    observed: Numbers,
    used: Numbers,
    ends: Numbers | None,
    empty: Sequence[int],
    lacking: Sequence[int],
) -> list[dict[str, Any]]:
    """One row a stratum; where nobody was seen there is neither an estimate nor a range, for 0 to 0 would be one."""
    without = {*empty, *lacking}
    return [
        {
            "stratum": dict(zip(data.dimensions, key, strict=True)),
            "observed": float(observed[s]),
            "estimate": None if s in without else float(used[s]),
            "lower": None if ends is None or s in without else float(ends[0, s]),
            "upper": None if ends is None or s in without else float(ends[1, s]),
            "lists": [one for j, one in enumerate(data.lists) if data.operating[s, j]],
        }
        for s, key in enumerate(data.keys)
    ]
