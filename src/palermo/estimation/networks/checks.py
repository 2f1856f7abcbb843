"""Do the known groups find one another? Leave-one-known-out, recall by size, overdispersion, and what to warn of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from palermo.estimation.networks.survey import Acquaintances, Real
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase, phrases

FAR = 2.0  # a known group found at less than half or more than twice its size
CLUMPED = 4.0
FEW = 20
SLOPE = -0.3


def leave_one_out(data: Acquaintances, keep: Sequence[int]) -> list[dict[str, Any]]:
    """Each known group estimated from the others, as if it were hidden: size, estimate, and their ratio.

    The estimate is N_-j sum w y_j / sum w y_-j, with N_-j the others' sizes together: the population cancels.
    """
    if len(keep) < 2:
        return []
    total = data.weights @ data.known[:, keep]
    found = []
    for at, j in enumerate(keep):
        others = total.sum() - total[at]
        guess = float((data.sizes[keep].sum() - data.sizes[j]) * total[at] / others) if others > 0 else None
        found.append({
            "name": data.names[j], "size": float(data.sizes[j]), "estimate": guess,
            "ratio": None if guess is None else guess / float(data.sizes[j]),
        })  # fmt: skip
    return found


def recall_slope(check: Sequence[Mapping[str, Any]]) -> float | None:
    """Slope of log(ratio) on log(size): below 0 when people forget acquaintances in large groups."""
    good = [(np.log(one["size"]), np.log(one["ratio"])) for one in check if one["ratio"]]
    if len(good) < 3 or np.ptp([x for x, _y in good]) == 0:
        return None
    x, y = np.array(good).T
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def overdispersion(data: Acquaintances, degrees: Real) -> float | None:
    """Variance of the hidden acquaintances over what chance gives them (Pearson): 1 if all know them alike."""
    rate = data.hidden.sum() / degrees.sum()
    expected = rate * degrees
    able = expected > 0
    if able.sum() < 2:
        return None
    return float((((data.hidden - expected)[able] ** 2) / expected[able]).sum() / (able.sum() - 1))


def caution_list(
    data: Acquaintances,
    value: float,
    check: Sequence[Mapping[str, Any]],
    spread: float | None,
    correction: float,
) -> tuple[Caution, ...]:
    said = [*_of_known(check), *_of_hidden(data, value, spread)]
    if correction == 1.0:
        said.append(
            Caution(
                "all_aware", Level.CARE,
                phrase(
                    "Taken as it is, the estimate supposes that everybody knows which acquaintances belong to the "
                    "group. Of hidden groups few do: the true number is then larger. Measure awareness and use "
                    "the generalised method."
                ),
            )
        )  # fmt: skip
    return tuple(said)


def _of_known(check: Sequence[Mapping[str, Any]]) -> list[Caution]:
    if not check:
        return [
            Caution(
                "one_known_group", Level.CARE,
                phrase(
                    "With one known group nothing can be checked: its answers alone set the number of "
                    "acquaintances."
                ),
            )
        ]  # fmt: skip
    said = []
    far = [one["name"] for one in check if not one["ratio"] or not 1 / FAR <= one["ratio"] <= FAR]
    if far:
        said.append(
            Caution(
                "known_groups_disagree", Level.CARE,
                phrase(
                    "From the other known groups these come out at less than half or more than twice their size: "
                    "{groups}. Check the sizes and the questions, or leave them out.",
                    groups=far,
                ),
                {"groups": far},
            )
        )  # fmt: skip
    slope = recall_slope(check)
    if slope is not None and slope < SLOPE and len(check) >= 5:
        said.append(
            Caution(
                "recall", Level.CARE,
                phrase(
                    "People recall fewer acquaintances the larger the known group is; prefer known groups as "
                    "small as the hidden one."
                ),
                {"slope": slope},
            )
        )  # fmt: skip
    return said


def _of_hidden(data: Acquaintances, value: float, spread: float | None) -> list[Caution]:
    said = []
    if value > data.population:
        said.append(
            Caution(
                "more_than_population", Level.HARD,
                phrase(
                    "The estimate ({value:,.0f}) is larger than the population ({population:,.0f}); the "
                    "corrections or the known sizes cannot be right.",
                    value=value, population=data.population,
                ),
            )
        )  # fmt: skip
    knowing = int((data.hidden > 0).sum())
    if knowing == 0:
        said.append(
            Caution(
                "nobody_known",
                Level.CARE,
                phrase("No respondent knows a member; only an upper limit can be given."),
            )
        )
    elif knowing < FEW:
        said.append(
            Caution(
                "few_ties", Level.CARE, phrases(
                    "Only {n} respondent knows a member; the estimate rests on this one.",
                    "Only {n} respondents know a member; the estimate rests on them.",
                    knowing,
                ),
                {"respondents": knowing},
            )
        )  # fmt: skip
    if spread is not None and spread > CLUMPED:
        said.append(
            Caution(
                "barriers", Level.CARE,
                phrase(
                    "Members are known in clusters: the counts vary {times:.0f} times as much as chance would "
                    "have it. Ask in all parts of society, and show the range.",
                    times=spread,
                ),
                {"overdispersion": spread},
            )
        )  # fmt: skip
    return said
