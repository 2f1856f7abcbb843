"""Compile what the usual methods need, once on a machine, so that nobody's first estimate waits for it.

    python -m palermo.estimating.warming

What is compiled is kept beside the source, or in the user's own cache where that place cannot be written; a second run
finds it there and takes a few seconds. Methods that are asked for less often compile when first used.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

from palermo.estimation import CaptureTable, Options, mse

# Invented: four lists, enough overlap for every step and check to run.
COUNTS: dict[int | str | tuple[int, ...], int] = {
    "1000": 60, "0100": 45, "0010": 40, "0001": 30, "1100": 20, "1010": 9, "1001": 6, "0110": 8, "0101": 7, "0011": 12,
    "1110": 4, "1101": 3, "1011": 2, "0111": 2, "1111": 1,
}  # fmt: skip


def steps() -> Iterator[tuple[str, Callable[[], object]]]:
    """What is compiled, by name: each runs the real thing on a small table."""
    from palermo.estimation.diagnosing import diagnose

    table = CaptureTable.from_counts(("A", "B", "C", "D"), COUNTS)
    few = Options(bootstrap=64)
    yield "independent lists", lambda: mse("main").estimate(table, few)
    yield "pairs of lists one by one, with replicates", lambda: mse("stepwise").estimate(table, few)
    yield "all models", lambda: mse("bic").estimate(table, few)
    yield "the checks of an estimate", lambda: diagnose(table, "stepwise", few, coverage_runs=2)


def main() -> None:
    """Run all steps, each with the seconds that it took."""
    listed = list(steps())
    for number, (name, work) in enumerate(listed):
        sys.stderr.write(f"Compiling the estimators, {100 * number // len(listed)} %: {name}\n")
        sys.stderr.flush()
        work()


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    sys.stderr.write(f"The estimators are compiled ({time.monotonic() - begun:.0f} s)\n")
