"""How many models there are, and that each comes after its parent."""

from __future__ import annotations

import pytest

from palermo.estimation import BadOptions
from palermo.estimation.mse.enumerate import compact, expanded, hierarchical, terms_up_to
from palermo.estimation.mse.models import closure, is_hierarchical


@pytest.mark.parametrize(
    ("k", "order", "many"),
    [(2, 2, 1), (3, 1, 1), (3, 2, 8), (3, 9, 8), (4, 2, 64), (4, 3, 113), (5, 2, 1024), (5, 3, 6212), (5, 4, 6893),
     (6, 2, 32768)],
)  # fmt: skip
def test_there_are_as_many_models_as_the_literature_counts(k, order, many):
    found = hierarchical(k, order)
    assert len(found) == len(set(found.tolist())) == many


@pytest.mark.parametrize(("k", "order"), [(3, 2), (4, 3), (5, 4)])
def test_every_model_is_hierarchical_and_stands_below_its_parent(k, order):
    rank = {term: i for i, term in enumerate(terms_up_to(k, order))}
    path: list[int] = []
    for number in hierarchical(k, order).tolist():
        model = expanded(number)
        assert is_hierarchical(model)
        assert model == closure(model, k)
        assert compact(model) == number
        depth = len(model) - k - 1
        if depth:
            last = max((t for t in model if t.bit_count() > 1), key=rank.__getitem__)
            assert path[depth - 1] == number - (1 << last)
        path[depth:] = [number]


def test_too_many_models_are_refused_with_a_way_forward():
    with pytest.raises(BadOptions, match="downhill"):
        hierarchical(6, 3)
    with pytest.raises(BadOptions, match="downhill"):
        hierarchical(7, 2)
