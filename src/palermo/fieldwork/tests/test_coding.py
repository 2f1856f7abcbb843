"""Agreement against published examples, the draw of sources, saturation, and sentences that lose nothing."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.fieldwork.coding import (
    Span,
    agreement,
    confidence,
    drawn_twice,
    judged,
    saturation,
    sentences,
    verdict,
)

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units, "": none.
# The nominal value that is printed there: 0.743.
A = ("1", "2", "3", "3", "2", "1", "4", "1", "2", "", "", "")
B = ("1", "2", "3", "3", "2", "2", "4", "1", "2", "5", "", "3")
C = ("", "3", "3", "3", "2", "3", "4", "2", "2", "5", "1", "")
D = ("1", "2", "3", "3", "2", "4", "4", "1", "2", "5", "1", "")
# The same paper, section A: two observers of ten binary units; coincidences 10, 4, 4, 2; printed 0.095.
MEG = "0100000000"
OWEN = "1110010010"


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_alpha_of_the_published_examples() -> None:
    four = agreement(list(zip(A, B, C, D, strict=True)), rng=rng())
    assert four.value == pytest.approx(0.743, abs=0.0005)
    assert four.units == 11, "a unit of one judgment pairs with nothing"
    two = agreement(list(zip(MEG, OWEN, strict=True)), rng=rng())
    assert two.value == pytest.approx(0.095, abs=0.0005)


def by_definition(units: list[tuple[str, ...]]) -> Fraction | None:
    """1 - Do / De, by explicit pairs of judgments and in exact fractions: no table of coincidences, no floats."""
    kept = [[one for one in unit if one] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    pool = [one for unit in kept for one in unit]
    observed = sum(
        (Fraction(sum(x != y for x, y in permutations(unit, 2)), len(unit) - 1) for unit in kept), Fraction()
    )
    expected = sum(x != y for x, y in permutations(pool, 2))
    if not expected:
        return None
    return 1 - (observed / len(pool)) / Fraction(expected, len(pool) * (len(pool) - 1))


def test_the_definition_gives_the_printed_values_too() -> None:
    assert by_definition(list(zip(A, B, C, D, strict=True))) == pytest.approx(0.743, abs=0.0005)
    assert by_definition(list(zip(MEG, OWEN, strict=True))) == pytest.approx(0.095, abs=0.0005)


@settings(deadline=None, derandomize=True)
@given(
    st.integers(2, 4).flatmap(
        lambda coders: st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * coders), max_size=8)
    )
)
def test_alpha_is_that_of_its_definition(units: list[tuple[str, ...]]) -> None:
    found, exact = agreement(units, rng=rng(), runs=1).value, by_definition(units)
    assert (found is None) == (exact is None)
    if found is not None and exact is not None:
        assert found == pytest.approx(float(exact), abs=1e-9)


def test_the_interval_holds_the_value_and_hangs_on_the_seed_alone() -> None:
    units = [("1", "1")] * 30 + [("0", "0")] * 60 + [("1", "0")] * 5 + [("0", "1")] * 5
    one, again = agreement(units, rng=rng()), agreement(units, rng=rng())
    assert one == again
    assert one.low is not None
    assert one.high is not None
    assert one.value is not None
    assert one.low < one.value < one.high
    assert one.verdict == "tentative"
    assert "tentative" in one.explain()


def test_without_difference_between_units_there_is_no_alpha() -> None:
    none = agreement([("0", "0")] * 20, rng=rng())
    assert (none.value, none.verdict) == (None, "none")
    assert "No alpha" in none.explain()
    assert agreement([("1", "")], rng=rng()).value is None


def test_the_verdicts_begin_where_the_programme_says() -> None:
    assert [verdict(v) for v in (0.80, 0.7999, 0.67, 0.6699, None)] == [
        "publish", "tentative", "tentative", "no", "none",
    ]  # fmt: skip


def test_at_least_a_tenth_is_drawn_by_the_seed() -> None:
    keys = [f"S{n:02}" for n in range(31)]
    drawn = drawn_twice(keys, rng=rng())
    assert len(drawn) == 4
    assert drawn == drawn_twice(list(reversed(keys)), rng=rng()), "the order in which they come says nothing"
    assert len(drawn_twice(keys[:30], rng=rng())) == 3
    assert drawn_twice(keys[:1], rng=rng()) == ("S00",)
    assert drawn_twice([], rng=rng()) == ()
    with pytest.raises(ValueError, match="tenth"):
        drawn_twice(keys, rng=rng(), share=0.05)


def test_sentences_lose_no_word() -> None:
    text = "  They waited.  Nobody came!\nA line\n\nهل دفعت؟ نعم. End"
    found = [text[s.start : s.end] for s in sentences(text)]
    assert found == ["They waited.", "Nobody came!", "A line", "هل دفعت؟", "نعم.", "End"]
    assert "".join("".join(found).split()) == "".join(text.split())
    assert sentences(" \n ") == ()


def test_a_unit_is_judged_by_what_touches_it() -> None:
    units = (Span(0, 10), Span(11, 20), Span(21, 30))
    assert judged(units, [Span(5, 12)]) == ("1", "1", "0")
    assert judged(units, [Span(10, 11)]) == ("0", "0", "0")


def test_saturation_counts_what_is_new() -> None:
    told = saturation([("A", ["x", "y", "x"]), ("B", ["y"]), ("C", ["y", "z"])])
    assert told == (("A", 2, 2), ("B", 0, 2), ("C", 1, 3))


def test_two_types_of_source_corroborate() -> None:
    assert confidence({"a": "migrant", "b": "migrant"})["corroborated"] is False
    told = confidence({"a": "migrant", "b": "police"}, ["c", "c"])
    assert told == {"sources": 2, "types": 2, "contradicting": 1, "corroborated": True}
