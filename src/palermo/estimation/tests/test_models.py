"""Models: their text, their closure, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.estimation.mse import models
from palermo.estimation.problems import BadOptions


@pytest.mark.parametrize(
    ("written", "k", "terms"),
    [
        ("[12,13,4]", 4, {0, 1, 2, 4, 8, 0b11, 0b101}),
        ("[123]", 3, set(range(8))),
        ("[1,2,3]", 3, {0, 1, 2, 4}),
        ("[1.10,2]", 10, {0, *(1 << j for j in range(10)), 1 | 1 << 9}),
        ("12, 3", 3, {0, 1, 2, 4, 3}),
    ],
)
def test_a_text_names_a_model(written: str, k: int, terms: set[int]) -> None:
    assert models.parse(written, k) == terms


@pytest.mark.parametrize(
    "written",
    ["[12,13,4]", "[123,14,24]", "[45,1,2,3,6,7,8]", "[12,13,24,25,35,36,45]", "[1,2]", "[134,12,23,24]"],
)
def test_the_notation_of_the_r_packages_comes_back(written: str) -> None:
    k = max(int(one) for one in written if one.isdigit())
    assert models.text(models.parse(written, k)) == written


def test_ten_lists_are_written_with_dots() -> None:
    assert models.text(models.closure([0b11, 1 | 1 << 9], 10)) == "[1.2,1.10,3,4,5,6,7,8,9]"
    assert models.parse("[12]", 12) == models.independence(12)


@pytest.mark.parametrize("written", ["[1a,2]", "[14]", "[0]", "[11,2]", "[1,,2]", "[1.,2]", "1;2"])
def test_what_is_no_model_is_refused(written: str) -> None:
    with pytest.raises(BadOptions):
        models.parse(written, 3)


def test_pairs_come_in_the_order_of_the_lists() -> None:
    assert [models.term_text(pair) for pair in models.pairs(4)] == ["12", "13", "14", "23", "24", "34"]


@given(
    st.integers(2, 12).flatmap(lambda k: st.tuples(st.just(k), st.sets(st.integers(0, 2**k - 1), max_size=5)))
)
def test_closures_are_hierarchical_and_come_back_from_their_text(drawn: tuple[int, set[int]]) -> None:
    k, terms = drawn
    model = models.closure(terms, k)
    assert terms <= model
    assert models.is_hierarchical(model)
    assert models.parse(models.text(model), k) == model
    assert models.closure(models.maximal(model), k) == model
