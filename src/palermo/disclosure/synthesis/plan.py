"""Which tables are measured, with how much of the budget each: fixed before the data are read.

`workload` (the default): all tables of one column, then all of two. Nothing of the data chooses. `select`:
all tables of one column, then as many of two as asked, chosen in rounds by report-noisy-max, which costs part
of the budget.

A larger table gets a little more of the budget: in proportion to the cube root of its cells. Two thirds in place of a
third would make the absolute error over all cells least (Zhang and others, PrivSyn, USENIX Security 2021), but small
tables are needed for the small counts in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

WORKLOAD, SELECT = "workload", "select"
MIXTURE, GRAPHICAL = "mixture", "graphical"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """How a release is made. `rare`: a category whose noisy count is below so many sigma is measured together
    with the other such ones of its column. `unsupported`: a pair of values whose noisy count is below so many
    sigma counts as not there. `components`, `steps`, `rate`: of the mixture."""

    tables: str = WORKLOAD
    model: str = MIXTURE
    refuse: bool = True
    one_way: float = 0.15
    selecting: float = 0.1
    chosen: int = 40
    rare: float = 2.0
    unsupported: float = 1.0
    components: int = 400
    steps: int = 1500
    rate: float = 0.1
    exact_total: int | None = None

    def __post_init__(self) -> None:
        wrong = plan_problems(self)
        if wrong:
            raise ValueError("; ".join(wrong))

    def described(self) -> dict[str, Any]:
        """Everything that was fixed, for the ledger."""
        return asdict(self)


def plan_problems(plan: Plan) -> list[str]:
    """What is wrong with a plan."""
    wrong = []
    if plan.tables not in (WORKLOAD, SELECT):
        wrong.append(f"tables must be {WORKLOAD} or {SELECT}")
    if plan.model not in (MIXTURE, GRAPHICAL):
        wrong.append(f"model must be {MIXTURE} or {GRAPHICAL}")
    if not 0 < plan.one_way < 1 or not 0 < plan.selecting < 1:
        wrong.append("the shares of the budget must be between 0 and 1")
    if min(plan.chosen, plan.components, plan.steps) < 1:
        wrong.append("there must be one chosen table, component and step at least")
    return wrong


def pairs(columns: int) -> list[Pair]:
    """Every pair of columns, by places."""
    return list(combinations(range(columns), 2))


def shares(sizes: Sequence[int]) -> list[float]:
    """How the budget is shared among tables of so many cells."""
    weights = [float(max(size, 2)) ** (1 / 3) for size in sizes]
    return [weight / sum(weights) for weight in weights]
