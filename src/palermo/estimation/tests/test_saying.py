"""Sentences remember their template and values: through JSON, in another language, with plural forms."""

import json
import math
import pickle

import pytest

from palermo.estimation import CaptureTable, Options, Result
from palermo.estimation.estimators import mse
from palermo.saying import (
    ENGLISH,
    Sentence,
    Tongue,
    made,
    phrase,
    phrases,
    to_json,
    together,
    told,
)

FRENCH = {
    "{n} person was asked.": ("{n} personne a été interrogée.", "{n} personnes ont été interrogées."),
    "In {stratum}: {told}": "Pour {stratum} : {told}",
    "The range is wide: {ratio:.1f} times.": "L’intervalle est large : {ratio:.1f} fois.",
}
NESTED = phrase(
    "In {stratum}: {told}", stratum="women", told=phrase("The range is wide: {ratio:.1f} times.", ratio=3.25)
)


def french(number: float, how: str) -> str:
    return ENGLISH.number(number, how).replace(",", "\u202f").replace(".", ",")


TONGUE = Tongue(
    one=lambda text: FRENCH.get(text, text),  # type: ignore[arg-type,return-value]
    many=lambda one, _many, n: FRENCH[one][n > 1],
    number=french,
    name=lambda name: f"‹{name}›",
)


def test_a_sentence_is_its_english_text():
    assert phrase("Only {people} of {all} people ({share:.1%}).", people=3, all=12_000, share=0.00025) == (
        "Only 3 of 12,000 people (0.0 %)."
    )
    assert phrase("The range ({level:g%}) has no end: {high}", level=0.95, high=math.inf) == (
        "The range (95 %) has no end: no limit"
    )
    assert together(phrase("One."), "", "Two.") == "One. Two."


def test_lists_of_names_of_pairs_and_of_sentences():
    assert phrase("{names}", names=["A", "B"]) == "A, B"
    assert phrase("{pairs}", pairs=[("A", "B"), ("C", "D")]) == "A + B; C + D"
    assert phrase("{told}", told=[phrase("One."), phrase("Two.")]) == "One. Two."


@pytest.mark.parametrize(("n", "text"), [(1, "1 personne a été"), (2, "2 personnes ont été")])
def test_the_plural_form_is_that_of_the_other_language(n, text):
    assert phrases("{n} person was asked.", "{n} people were asked.", n).told(TONGUE).startswith(text)


def test_nested_sentences_figures_and_names_are_translated_each_in_its_way():
    assert NESTED.told(TONGUE) == "Pour ‹women› : L’intervalle est large : 3,2 fois."
    assert told("Said by hand.", TONGUE) == "Said by hand."


def test_a_translation_that_names_what_there_is_not_leaves_the_english():
    wrong = Tongue(one=lambda text: "{nothing} {0} {told.__class__}")
    assert NESTED.told(wrong) == str(NESTED)


@pytest.mark.parametrize(
    "sentence",
    [
        NESTED,
        together(NESTED, "as it is"),
        phrases("{n} list", "{n} lists", 4),
        phrase("{a}", a=[["x", "y"], [phrase("z")]]),
    ],
)
def test_through_json_and_pickle(sentence):
    back = made(json.loads(json.dumps(to_json(sentence))))
    assert back == sentence
    assert to_json(back) == to_json(sentence)
    assert pickle.loads(pickle.dumps(sentence)).told(TONGUE) == sentence.told(TONGUE)


def test_every_text_of_a_result_can_be_said_in_another_language():
    table = CaptureTable.from_counts(
        ("A", "B", "C"), {"100": 40, "010": 30, "001": 25, "110": 3, "101": 2, "011": 4}
    )
    result = mse("stepwise").estimate(table, Options(bootstrap=50))
    back = Result.from_json(json.loads(json.dumps(result.as_json())))
    assert back.as_json() == result.as_json()
    assert result.cautions
    texts = [*back.assumptions, *back.verdict.reasons, *(one.message for one in back.cautions)]
    assert all(isinstance(one, Sentence) for one in texts)
    heard = []
    back.explain(Tongue(one=lambda text: heard.append(text) or text))
    assert len(heard) > len(texts)
    assert back.explain(Tongue(one=str.upper, many=lambda one, many, n: many.upper())) != back.explain()


def test_results_kept_before_have_texts_only():
    old = mse("main").estimate(CaptureTable.from_counts(("A", "B"), {"10": 20, "01": 30, "11": 5})).as_json()
    del old["said"]
    for one in old["warnings"]:
        del one["said"]
    assert Result.from_json(old).explain() == old["explanation"]
