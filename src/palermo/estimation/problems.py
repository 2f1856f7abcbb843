"""What is wrong with an input, all of it at once and in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from palermo.saying import phrase

MOST = 200  # problems kept of one input; a file of nonsense needs no more to be understood


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where (row from 1 as an editor shows it, column by name), what, and the rule."""

    rule: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""

    @property
    def sentence(self) -> str:
        """Where and what, to be told in any language. Rows are names here: they take no thousands separator."""
        row, column, told = str(self.row), self.column, self.message
        if self.row and column:
            return phrase("row {row}, column {column}: {told}", row=row, column=column, told=told)
        if self.row:
            return phrase("row {row}: {told}", row=row, told=told)
        return phrase("column {column}: {told}", column=column, told=told) if column else told

    def __str__(self) -> str:
        return str(self.sentence)


class EstimationError(ValueError):
    """Anything that this library refuses; the message says what to do, as a sentence that can be told in any language
    (palermo.saying)."""

    @property
    def message(self) -> str:
        """The sentence, with its template and values where it has them."""
        return str(self) if not self.args or not isinstance(self.args[0], str) else self.args[0]


class BadInput(EstimationError):
    """The data cannot be used. `problems` holds everything that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:10]))


class BadOptions(EstimationError):
    """The estimator cannot be run with these options on these data (too few lists, an unknown method, ...)."""
