"""What may leave a survey: nothing that stands on few people, nothing that follows from what stands beside it."""

from hypothesis import given
from hypothesis import strategies as st

from palermo.fieldwork.estimates import Value
from palermo.fieldwork.publishing import LEAST, SHARES, publishable


def shares(counts: list[int], code: str = "A3", name: str = "robbery") -> list[Value]:
    n = sum(counts)
    return [
        Value(code, (name, f"answer{i}"), k / n if n >= 10 else None, 0.0, 1.0, n, float(n), SHARES)
        for i, k in enumerate(counts)
    ]


def test_one_small_answer_takes_a_second_one_with_it():
    found = publishable(shares([20, 3, 12]))
    assert [one.value is None for one in found] == [False, True, True]


def test_two_small_answers_need_no_third_and_nobody_is_an_answer():
    assert [one.value is None for one in publishable(shares([30, 3, 2]))] == [False, True, True]
    # Together they would be three: what is left of all tells that, so the next one goes with them.
    assert [one.value is None for one in publishable(shares([30, 12, 2, 1, 0]))] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [one.value for one in publishable(shares([20, 20, 0]))] == [0.5, 0.5, 0.0]


def test_all_but_a_few_says_as_much_as_the_few():
    found = publishable([Value("A1", ("robbery",), 38 / 40, 0.8, 1.0, 40, 40.0, SHARES)])
    assert found[0].value is None
    assert found[0].low is None


def test_a_leg_of_fewer_than_five_people_has_no_figure():
    legs = [Value("R1", ("NER", "LBY"), float(n), None, None, n, float(n), "sum") for n in (4, 5)]
    assert [one.value for one in publishable(legs)] == [None, 5.0]


@given(st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=7), min_size=1, max_size=6))
def test_no_small_count_is_shown_or_follows_by_subtraction(questions: list[list[int]]):
    values, counts = [], []
    for number, asked in enumerate(questions):
        if sum(asked):
            values += shares(asked, name=f"q{number}")
            counts += asked
    found = publishable(values)
    assert [(one.code, one.cell, one.n) for one in found] == [(one.code, one.cell, one.n) for one in values]
    hidden: dict[str, list[int]] = {}
    for one, count in zip(found, counts, strict=True):
        if one.value is None:
            hidden.setdefault(one.cell[0], []).append(count)
        else:
            assert count == 0 or count >= LEAST
    for name, withheld in hidden.items():
        whole = len(withheld) == sum(one.cell[0] == name for one in values)
        assert whole or (sum(withheld) >= LEAST and len(withheld) > 1)
