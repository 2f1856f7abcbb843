"""Synthetic microdata under differential privacy, with the noisy tables they were drawn from.

How and how far: docs/methods/synthetic-data.md.
"""

from palermo.disclosure.synthesis.domain import (
    MOST_CATEGORIES,
    OTHER,
    BadDomain,
    Domain,
    Impossible,
    identifying,
    one_row_each,
)
from palermo.disclosure.synthesis.extra import MissingExtra
from palermo.disclosure.synthesis.making import drawn, synthesize
from palermo.disclosure.synthesis.measure import Measured, NoisyTable
from palermo.disclosure.synthesis.noise import Budget, budget_problems, delta_of, epsilon_of, rho_of
from palermo.disclosure.synthesis.plan import GRAPHICAL, MIXTURE, SELECT, WORKLOAD, Plan
from palermo.disclosure.synthesis.result import Cell, Line, Result, Spent
from palermo.disclosure.synthesis.utility import Loss, Utility, compare, losses, shuffled

__all__ = [
    "GRAPHICAL",
    "MIXTURE",
    "MOST_CATEGORIES",
    "OTHER",
    "SELECT",
    "WORKLOAD",
    "BadDomain",
    "Budget",
    "Cell",
    "Domain",
    "Impossible",
    "Line",
    "Loss",
    "Measured",
    "MissingExtra",
    "NoisyTable",
    "Plan",
    "Result",
    "Spent",
    "Utility",
    "budget_problems",
    "compare",
    "delta_of",
    "drawn",
    "epsilon_of",
    "identifying",
    "losses",
    "one_row_each",
    "rho_of",
    "shuffled",
    "synthesize",
]
