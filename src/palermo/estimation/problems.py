"""What is wrong with an input, all of it at once and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 200  # problems kept of one input; a file of nonsense needs no more to be understood


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (row from 1 as an editor shows it, column by name), what, and the rule."""

    rule: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row else []
        where += [f"column {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class EstimationError(ValueError):
    """Anything that this library refuses; the message says what to do."""


class BadInput(EstimationError):
    """The data cannot be used. `problems` holds everything that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:10]))


class BadOptions(EstimationError):
    """The estimator cannot be run with these options on these data (too few lists, an unknown method, ...)."""
