"""What releases cost: the tight conversion, the sum of a ledger, and the sentence of a refusal."""

import math
from decimal import Decimal

import pytest

from palermo.disclosure.spending import (
    Account,
    Overspent,
    counted,
    delta_of,
    epsilon_of,
    plain,
    rho_of,
    total,
)


def by_hand(rho: float, epsilon: float) -> float:
    """The formula on a fine grid of alpha: slow, and nothing of the search is in it."""
    best = 1.0
    for step in range(1, 60_000):
        alpha = 1 + step / 200
        told = (alpha - 1) * (alpha * rho - epsilon) - math.log(alpha - 1) + alpha * math.log(1 - 1 / alpha)
        best = min(best, math.exp(min(told, 0.0)))
    return best


@pytest.mark.parametrize(("rho", "epsilon"), [(0.05, 2.0), (0.25, 4.0), (1.0, 8.0), (0.01, 1.0)])
def test_the_best_alpha_is_found(rho: float, epsilon: float) -> None:
    assert delta_of(rho, epsilon) == pytest.approx(by_hand(rho, epsilon), rel=1e-3)


@pytest.mark.parametrize("delta", [1e-5, 1e-6, 1e-9])
@pytest.mark.parametrize("rho", [0.001, 0.05, 0.2, 0.5, 2.0, 20.0])
def test_the_tight_formula_is_never_above_the_old_one_and_leads_back(rho: float, delta: float) -> None:
    found = epsilon_of(rho, delta)
    assert 0 < found < rho + 2 * math.sqrt(rho * math.log(1 / delta))
    assert delta_of(rho, found) <= delta * (1 + 1e-9)
    assert rho_of(found, delta) == pytest.approx(rho, rel=1e-6)


def test_more_rho_is_more_epsilon() -> None:
    found = [epsilon_of(rho / 100, 1e-6) for rho in range(1, 100)]
    assert found == sorted(found)


def test_nothing_spent_is_no_epsilon() -> None:
    assert epsilon_of(0.0, 1e-6) == pytest.approx(0, abs=1e-9)


def test_a_sum_of_rhos_is_exact() -> None:
    assert total([Decimal("0.1")] * 10) == Decimal(1)
    assert counted(0.1) == Decimal("0.100000")
    assert counted(1 / 3) == Decimal("0.333334"), "rounded up: a ledger never books less than was spent"


def test_a_refusal_shows_the_arithmetic() -> None:
    account = Account(cap=Decimal("0.50"), spent=Decimal("0.30"))
    with pytest.raises(Overspent, match=r"spent 0\.30 \+ asked 0\.21 = 0\.51, cap 0\.50"):
        account.after(Decimal("0.21"))
    assert account.after(Decimal("0.20")).left == 0
    assert plain(Decimal("0.2915")) == "0.2915"


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.inf, math.nan])
def test_nonsense_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError):
        counted(wrong)
