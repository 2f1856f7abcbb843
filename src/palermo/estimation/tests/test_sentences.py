"""What a minister reads: the number with its range and its doubts, or why there is none."""

import math
from dataclasses import replace

import pytest

from palermo.estimation.estimators import MSE, NSUM, RDS
from palermo.estimation.results import Caution, Interval, Level, Result, Verdict, Word
from palermo.estimation.sentences import MANNER, paragraph, rounded, share

UK = Result(
    "stepwise", "mse", 11_417.6, Interval(9_153.2, 14_363.4, kind="bca"), 2_744,
    model="[12,13]", verdict=Verdict(Word.CARE, ("The range is wide.",)),
)  # fmt: skip
LOST = Caution("no_mle", Level.HARD, "The model has no largest likelihood: lists 1 and 2 never met.")


def test_number_range_method_belief_and_verdict_are_said():
    text = paragraph(UK)
    assert text.startswith("2,744 people were seen by at least one of the lists.")
    for said in ("about 11,400 people", "9,150 to 14,400", "about 3 were not", "one pair at a time", "cannot prove",
                 "published with care", "The range is wide."):  # fmt: skip
        assert said in text
    assert "11,417" not in text


def test_no_number_of_a_withheld_result():
    text = paragraph(UK.with_cautions(LOST))
    assert "no estimate" in text
    assert LOST.message in text
    for number in ("11,4", "9,15", "14,3", "14,4"):
        assert number not in text


def test_who_insists_sees_the_number_and_that_it_was_withheld():
    text = paragraph(UK.with_cautions(LOST).insist())
    assert "about 11,400" in text
    assert "insisted" in text
    assert LOST.message in text


def test_no_answer_at_all():
    text = paragraph(replace(UK, value=None, interval=None, verdict=None))
    assert "There is no estimate" in text
    assert "“stepwise” has no answer" in text


def test_an_upper_end_at_infinity_is_said_in_words():
    text = paragraph(replace(UK, interval=Interval(3_000, math.inf)))
    assert "no upper end" in text
    assert "inf " not in text


def test_rounding_never_goes_below_what_was_seen():
    text = paragraph(Result("main", "mse", 8_234.4, Interval(8_234.0, 8_300.0), 8_234))
    assert "8,230" not in text
    assert "from 8,234 to 8,300" in text


def test_the_ends_of_a_narrow_range_are_told_apart():
    text = paragraph(Result("main", "mse", 12_232_721.0, Interval(12_228_345.0, 12_237_099.0), 10_000_000))
    assert "from 12,228,300 to 12,237,100" in text
    assert "about 12,232,700" in text
    assert rounded(1_234.4, width=0.5) == "1,234"


def test_a_lower_bound_says_at_least():
    assert "at least 12,300 people" in paragraph(replace(UK, method="chao", value=12_299.0))


def test_a_share():
    result = Result(
        "rds-ss", "rds", 0.1944, Interval(0.165, 0.225, kind="percentile"), 500,
        quantity="share", settings={"outcome": "disease", "value": "1"},
    )  # fmt: skip
    text = paragraph(result)
    assert "An estimated 19 % of the population studied are “1” (disease)." in text
    assert "from 16 % to 22 %" in text


def test_scale_up():
    text = paragraph(Result("nsum", "nsum", 31_250.0, None, 800))
    assert "800 people were asked." in text
    assert "about 31,200 people" in text
    assert "No range was computed" in text


def test_every_registered_estimator_has_its_manner():
    assert {*MSE, *RDS, *NSUM} <= set(MANNER)


def test_an_unknown_method_is_named():
    assert "The method is “of tomorrow”." in paragraph(replace(UK, method="of tomorrow"))


def test_a_reason_that_is_a_caution_is_said_once():
    doubt = Caution("wide", Level.CARE, "The range is wide.")
    assert paragraph(UK.with_cautions(doubt)).count("The range is wide.") == 1


@pytest.mark.parametrize("method", sorted(MANNER))
def test_every_manner_reads_as_a_sentence(method):
    assert MANNER[method] in paragraph(replace(UK, method=method))


@pytest.mark.parametrize(
    ("number", "said"), [(3.2, "3"), (999.6, "1,000"), (12_345, "12,300"), (148_789, "149,000")]
)
def test_rounding(number, said):
    assert rounded(number) == said


@pytest.mark.parametrize(("number", "said"), [(0.004, "0.4 %"), (0.5, "50 %"), (0.0999, "10 %")])
def test_shares(number, said):
    assert share(number) == said
