"""The size and make-up of populations that were only partly seen: multiple systems estimation, respondent-driven
sampling, network scale-up. Pure: no input, output, clock or Django; every random number follows from a seed.

    from palermo.estimation import CaptureTable, Options, mse
    table = CaptureTable.from_counts(("A", "B", "C"), {"100": 40, "010": 35, "001": 20, "110": 9, "101": 6, "011": 5})
    print(mse("stepwise").estimate(table, Options(bootstrap=1000)).explain())
"""

# The package `mse` must be loaded before the function of that name is bound, or it would take the name.
from palermo.estimation.mse.table import CaptureTable  # isort: split

from palermo.estimation.estimators import MSE, Estimator, Options, mse
from palermo.estimation.problems import BadInput, BadOptions, EstimationError, Problem
from palermo.estimation.results import Caution, Interval, Level, Result, Verdict, Word

__all__ = [
    "MSE",
    "BadInput",
    "BadOptions",
    "CaptureTable",
    "Caution",
    "EstimationError",
    "Estimator",
    "Interval",
    "Level",
    "Options",
    "Problem",
    "Result",
    "Verdict",
    "Word",
    "mse",
]
