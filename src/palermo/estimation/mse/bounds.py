"""Bounds that need few beliefs: Chao's lower bound, and Chapman's estimate for each pair of lists.

Chao (1987), Biometrics 43:783-791; Rivest and Baillargeon (2007), Biometrics 63:999-1006; Chapman (1951); Seber (1982,
page 60). A LOWER bound: the number of people is at least about this, and may be far above.
"""

from __future__ import annotations

import math
from itertools import combinations
from statistics import NormalDist

import numpy as np

from palermo.estimation.estimators import Options, Progress
from palermo.estimation.mse.glm import Numbers, fit_poisson
from palermo.estimation.mse.table import CaptureTable
from palermo.estimation.results import Caution, Interval, Level, Result
from palermo.saying import phrase, phrases

ASSUMPTIONS = (
    phrase(
        "Some people are easier to see than others, and being on one list makes being on another no less likely; "
        "where lists avoid each other the bound fails."
    ),
    phrase("The figure is a lower bound, not an estimate of the whole: the truth may be far above it."),
)


def chao(table: CaptureTable, options: Options, *, progress: Progress | None = None) -> Result:
    """Chao's lower bound with an effect for each list (Mth), the interval of Chao (1987), all pairs of lists.

    Diagnostics: the bound without list effects, its bias-corrected form, how many people were seen once, twice, ...,
    and the pairs. `more`: {"form": "mth" (default), "moment" or "bias_corrected"}.
    """
    from palermo.estimation.mse.closedp import fit

    counts = completed(table)
    seen = sightings(counts, table.k)
    forms = moments(seen, table.k)
    form = str(options.more.get("form", "mth"))
    cautions = list(table.cautions)
    pair_list = pairs(table, counts, options.level)
    if form == "mth":
        member = fit(table, "Mth Chao (LB)")
        value, error, reason = member.abundance, member.stderr, member.reason
    else:
        value, error = forms[form]
        reason = phrase("nobody was seen by two lists") if value is None else ""
    if progress:
        progress(1.0, "the bound is found")
    interval = None
    if value is None:
        cautions.append(_no_overlap(seen, reason))
    else:
        interval = log_normal(value, error or 0.0, table.n, options.level)
    cautions.append(LOWER)
    if seen[2] < FEW and value is not None:
        cautions.append(_few(seen[2]))
    return Result(
        method="chao", family="mse", value=value, interval=interval, n_observed=table.n, data_hash=table.hash,
        seed=options.seed, settings={"form": form, "level": options.level}, assumptions=ASSUMPTIONS,
        diagnostics={
            "lower_bound": True, "standard_error": error, "seen": [float(one) for one in seen[1:]],
            "moment": forms["moment"][0], "bias_corrected": forms["bias_corrected"][0], "pairs": pair_list,
        },
        cautions=tuple(cautions),
    )  # fmt: skip


FEW = 10
LOWER = Caution(
    "lower_bound", Level.CARE,
    phrase(
        "This is a lower bound: the number of people is at least about this. Do not report it as the whole number."
    ),
)  # fmt: skip


def _few(twice: float) -> Caution:
    return Caution(
        "few_overlaps", Level.CARE,
        phrases(
            "Only {n} person was seen by exactly two lists; the bound stands on them alone.",
            "Only {n} people were seen by exactly two lists; the bound stands on them alone.",
            round(twice),
        ),
        {"seen_twice": twice},
    )  # fmt: skip


def _no_overlap(seen: Numbers, reason: str) -> Caution:
    if seen[2:].sum() == 0:
        text = phrase(
            "Nobody is on more than one list; without overlaps nothing can be said about those never seen."
        )
    else:
        text = phrase("The bound does not exist on this table: {reason}.", reason=reason)
    return Caution("no_mle", Level.HARD, text)


def completed(table: CaptureTable) -> Numbers:
    """The counts, suppressed cells at what independent lists would lead one to expect between their two ends."""
    counts = table.counts.astype(float)
    if table.suppressed:
        masks = np.arange(1, len(counts))
        bits = ((masks[:, None] >> np.arange(table.k)) & 1).astype(float)
        design = np.column_stack([np.ones(len(masks)), bits])
        hidden = {mask - 1: ends for mask, ends in table.suppressed.items()}
        counts[1:] = fit_poisson(design, counts[1:], intervals=hidden).counts
    return counts


def sightings(counts: Numbers, k: int) -> Numbers:
    """f_0 = 0, f_1, ..., f_K: how many people were seen by exactly so many lists."""
    often = np.bitwise_count(np.arange(len(counts)))
    found: Numbers = np.bincount(often, weights=counts, minlength=k + 1).astype(float)
    return found


def moments(seen: Numbers, k: int) -> dict[str, tuple[float | None, float | None]]:
    """Chao's bound without list effects, n + (1 - 1/K) f1^2 / (2 f2), its bias-corrected form with f1 (f1 - 1) /
    (2 (f2 + 1)) in place of the fraction, each with its standard error (Chao 1987, equation 12)."""
    people, once, twice = float(seen.sum()), float(seen[1]), float(seen[2])
    share = (k - 1) / k
    corrected = people + share * once * (once - 1) / (2 * (twice + 1))
    if not twice:
        return {"moment": (None, None), "bias_corrected": (corrected, None)}
    ratio = once / twice
    variance = twice * (share**2 * ratio**4 / 4 + share**2 * ratio**3 + share * ratio**2 / 2)
    return {
        "moment": (people + share * once**2 / (2 * twice), math.sqrt(variance)),
        "bias_corrected": (corrected, math.sqrt(variance)),
    }


def log_normal(value: float, error: float, observed: float, level: float) -> Interval:
    """The interval that takes the log of the unseen to be normal: it never goes below what was observed
    (Chao 1987, section 3): n + (N - n) / C to n + (N - n) C, C = exp(z sqrt(log(1 + se^2 / (N - n)^2)))."""
    unseen = value - observed
    if unseen <= 0:
        return Interval(
            observed, observed + NormalDist().inv_cdf((1 + level) / 2) * error, level, "log-normal"
        )
    z = NormalDist().inv_cdf((1 + level) / 2)
    factor = math.exp(z * math.sqrt(math.log1p((error / unseen) ** 2)))
    return Interval(observed + unseen / factor, observed + unseen * factor, level, "log-normal")


def pairs(table: CaptureTable, counts: Numbers, level: float) -> list[dict[str, object]]:
    """Chapman's estimate for each pair of lists: (n1 + 1)(n2 + 1) / (m + 1) - 1, nearly unbiased, with its interval.

    Pairs far below the rest point to lists that see the same people; far above, to lists that avoid each other.
    """
    masks = np.arange(len(counts))
    bits = ((masks[:, None] >> np.arange(table.k)) & 1).astype(float)
    both = (bits * counts[:, None]).T @ bits
    return [
        {"lists": [table.lists[i], table.lists[j]], "first": float(both[i, i]), "second": float(both[j, j]),
         "both": float(both[i, j]), **chapman(both[i, i], both[j, j], both[i, j], level)}
        for i, j in combinations(range(table.k), 2)
    ]  # fmt: skip


def chapman(first: float, second: float, both: float, level: float = 0.95) -> dict[str, float]:
    """Chapman's estimate, its standard error (Seber 1982, equation 3.3) and interval for two lists."""
    value = float((first + 1) * (second + 1) / (both + 1) - 1)
    variance = float(
        (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    )
    interval = log_normal(value, math.sqrt(variance), float(first + second - both), level)
    return {
        "estimate": value,
        "stderr": math.sqrt(variance),
        "lower": interval.lower,
        "upper": interval.upper,
    }
