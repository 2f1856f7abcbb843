"""The least that a verdict says."""

import math
from dataclasses import replace

import pytest

from palermo.estimation.judging import judged, verdict
from palermo.estimation.results import Caution, Interval, Level, Result, Verdict, Word

GOOD = Result("stepwise", "mse", 11_418.0, Interval(9_153.0, 14_363.0), 2_744)
SHARE = Result("rds-ii", "rds", 0.3, Interval(0.25, 0.35), 500, quantity="share")


@pytest.mark.parametrize(
    ("result", "word", "said"),
    [
        (GOOD, Word.PUBLISH, ""),
        (SHARE, Word.PUBLISH, ""),
        (replace(GOOD, interval=None), Word.CARE, "range"),
        (replace(GOOD, interval=Interval(3_000, 12_000)), Word.CARE, "4.0 times"),
        (replace(GOOD, interval=Interval(3_000, 50_000)), Word.NOT, "17 times"),
        (replace(GOOD, interval=Interval(3_000, math.inf)), Word.NOT, "no upper end"),
        (replace(GOOD, value=None, interval=None), Word.NOT, "no answer"),
        (replace(SHARE, interval=Interval(0.1, 0.5)), Word.CARE, "40 percentage points"),
        (GOOD.with_cautions(Caution("x", Level.CARE, "Doubt.")), Word.CARE, "Doubt."),
        (GOOD.with_cautions(Caution("x", Level.HARD, "Never.")), Word.NOT, "Never."),
        (GOOD.with_cautions(Caution("x", Level.NOTE, "By the way.")), Word.PUBLISH, ""),
    ],
)
def test_words_and_reasons(result, word, said):
    found = verdict(result)
    assert found.word is word
    assert said in " ".join(found.reasons)
    assert bool(found.reasons) == (word is not Word.PUBLISH)


def test_a_harsher_verdict_is_kept_and_a_milder_one_is_not():
    harsh = replace(GOOD, verdict=Verdict(Word.NOT, ("Methods disagree.",)))
    assert judged(harsh) is harsh
    mild = replace(GOOD, interval=None, verdict=Verdict(Word.PUBLISH))
    assert judged(mild).verdict.word is Word.CARE


def test_insisting_changes_no_verdict():
    assert verdict(GOOD.with_cautions(Caution("x", Level.HARD, "Never.")).insist()).word is Word.NOT
