"""How far reviewers agree, and what the blind sample says about the linkage. Pure arithmetic on decisions."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from palermo.rooms.reconciliation.models import Decision, Pair, Run, Verdict

Z = 1.959964


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa of two reviewers over the `n` pairs that both judged. None where it is not defined: both gave
    one and the same answer throughout, so that chance alone would have done as well."""

    one: UUID
    other: UUID
    n: int
    agreed: int
    kappa: float | None


def kappa(answers: Sequence[tuple[str, str]]) -> float | None:
    """Cohen (1960): (agreement - agreement by chance) / (1 - agreement by chance), over pairs of answers."""
    n = len(answers)
    if not n:
        return None
    seen = sum(a == b for a, b in answers) / n
    ones, others = Counter(a for a, _b in answers), Counter(b for _a, b in answers)
    chance = sum(ones[word] * others[word] for word in ones) / (n * n)
    return None if chance >= 1 else (seen - chance) / (1 - chance)


def agreements(project_id: UUID) -> list[Agreement]:
    """Every two reviewers who judged the same pairs, those with most in common first."""
    said: dict[tuple[UUID, UUID], dict[UUID, str]] = defaultdict(dict)
    for one in Decision.objects.filter(project_id=project_id, until=None):
        said[one.left_id, one.right_id][one.by_id] = one.verdict
    both: dict[tuple[UUID, UUID], list[tuple[str, str]]] = defaultdict(list)
    for answers in said.values():
        for a, b in combinations(sorted(answers, key=str), 2):
            both[a, b].append((answers[a], answers[b]))
    found = [
        Agreement(a, b, len(rows), sum(x == y for x, y in rows), kappa(rows)) for (a, b), rows in both.items()
    ]
    return sorted(found, key=lambda one: (-one.n, str(one.one), str(one.other)))


@dataclass(frozen=True, slots=True)
class Sampled:
    """Precision and recall of the links of a run by its blind sample, with 95 % intervals; None: cannot be told yet.

    judged: pairs with two blind answers; drawn: pairs in the sample. Recall is among the pairs that were compared:
    what the blocking never put side by side no sample of pairs can show.
    """

    drawn: int
    judged: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None


def sampled(run: Run) -> Sampled:
    """What the sample of a run says so far. Two who disagree, or cannot tell, count as half a match."""
    pairs = list(Pair.objects.filter(run=run, sampled=True))
    answers: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for one in Decision.objects.filter(project_id=run.project_id, until=None, blind=True):
        answers[one.left_id, one.right_id].append(one.verdict)
    cells: dict[tuple[int, bool], list[float]] = defaultdict(list)
    for pair in pairs:
        told = answers.get((pair.left_id, pair.right_id), [])
        if len(told) >= 2:
            cells[pair.band, pair.linked].append(sum(_worth(word) for word in told) / len(told))
    sizes: Counter[tuple[int, bool]] = Counter(Pair.objects.filter(run=run).values_list("band", "linked"))
    judged = sum(map(len, cells.values()))
    linked = _total(cells, sizes, lambda cell: cell[1])
    every = _total(cells, sizes, lambda _cell: True)
    return Sampled(
        len(pairs),
        judged,
        _share(linked, sum(n for (_b, on), n in sizes.items() if on)),
        _ratio(linked, every),
    )


def _worth(word: str) -> float:
    return {Verdict.SAME: 1.0, Verdict.DIFFERENT: 0.0}.get(Verdict(word), 0.5)


Total = tuple[float, float] | None


def _total(
    cells: Mapping[tuple[int, bool], list[float]], sizes: Mapping[tuple[int, bool], int], wanted: Any
) -> Total:
    """The estimated number of true matches in the wanted strata and its variance; None while a stratum is unjudged."""
    total = variance = 0.0
    for cell, size in sizes.items():
        if not wanted(cell):
            continue
        values = cells.get(cell, [])
        if not values:
            return None
        n, mean = len(values), sum(values) / len(values)
        smoothed = (sum(values) + 0.5) / (
            n + 1
        )  # a stratum of which every judged pair agrees is not without doubt
        total += size * mean
        variance += size**2 * smoothed * (1 - smoothed) / n * max(0.0, 1 - n / size)
    return total, variance


def _share(total: Total, size: int) -> tuple[float, float, float] | None:
    if total is None or not size:
        return None
    return _between(total[0] / size, math.sqrt(total[1]) / size)


def _ratio(part: Total, whole: Total) -> tuple[float, float, float] | None:
    """part / whole where the part is in the whole: delta method on the two independent remainders."""
    if part is None or whole is None or whole[0] <= 0:
        return None
    share, rest = part[0] / whole[0], max(0.0, whole[1] - part[1])
    error = math.sqrt(part[1] * (1 - share) ** 2 + rest * share**2) / whole[0]
    return _between(share, error)


def _between(value: float, error: float) -> tuple[float, float, float]:
    return value, max(0.0, value - Z * error), min(1.0, value + Z * error)


def pooled(rows: Iterable[Agreement]) -> Agreement | None:
    """All reviewers together: kappas weighted by the pairs they rest on. None where nobody shared a pair."""
    known = [one for one in rows if one.kappa is not None]
    n = sum(one.n for one in known)
    if not n:
        return None
    mean = sum((one.kappa or 0.0) * one.n for one in known) / n
    return Agreement(known[0].one, known[0].other, n, sum(one.agreed for one in known), mean)
