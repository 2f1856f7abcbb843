"""What is wrong with a file, in words: every problem names row, column, value and rule.

A value is shown shortened, and not at all where the format knows identities: the list of problems is printed,
stored and sent on by people, and a name that slipped into the wrong column is the commonest fault of a row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SHOWN = 60
LEFT_OUT = "(left out)"


class ProblemLike(Protocol):
    """What the pure parsers of `palermo.standards.records` give back for a row they refuse."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def rule(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: `row` counts as a spreadsheet does (the first line is 1; 0 = the file as a whole)."""

    row: int
    column: str
    value: str
    rule: str


class Unreadable(Exception):
    """The file as a whole cannot be taken: nothing was written. `problems` are at most a hundred of them."""

    def __init__(self, problems: Iterable[ProblemLike], *, more: int = 0) -> None:
        self.problems = tuple(problems)
        self.more = more
        super().__init__("; ".join(problem.rule for problem in self.problems[:3]))


def presentable(problem: ProblemLike, *, hide: bool) -> Problem:
    """The problem as it may be shown: control characters replaced, value shortened, or left out with `hide`."""
    if hide:
        return Problem(problem.row, problem.column, LEFT_OUT if problem.value else "", problem.rule)
    value = "".join(c if c.isprintable() else "�" for c in problem.value[: SHOWN + 1])
    if len(value) > SHOWN:
        value = value[: SHOWN - 1] + "…"
    return Problem(problem.row, problem.column, value, problem.rule)
