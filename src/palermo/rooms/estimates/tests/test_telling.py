"""The library's sentences in the reader's language: template, figures, plural forms and names."""

from typing import Any

import pytest
from django.utils import translation

from palermo.estimation import BadInput, CaptureTable, Options
from palermo.estimation.estimators import mse
from palermo.estimation.mse.reading import read_table
from palermo.rooms.estimates import queries
from palermo.rooms.estimates.queries import telling
from palermo.rooms.estimates.queries.reading import Line
from palermo.saying import phrase, phrases

WIDE = "The upper end of the range is {ratio:.1f} times the lower one."


def french(monkeypatch: Any, words: dict[str, str]) -> None:
    """A catalogue of our own: what the real one holds is the translators' business."""
    tongue = telling.Tongue(
        one=lambda text: words.get(text, text),
        many=lambda one, many, n: words.get(one if n < 2 else many, many),
        number=telling.TONGUE.number,
        name=telling.TONGUE.name,
    )
    monkeypatch.setattr(telling, "TONGUE", tongue)


def test_template_figures_and_plural_forms(monkeypatch: Any) -> None:
    french(monkeypatch, {WIDE: "Le haut vaut {ratio:.1f} fois le bas.", "{n} lists": "{n} listes"})
    with translation.override("fr"):
        assert queries.in_words(phrase(WIDE, ratio=3.66)) == "Le haut vaut 3,7 fois le bas."
        assert queries.in_words(phrases("{n} list", "{n} lists", 12_000)) == "12\xa0000 listes"
        assert queries.in_words("Written by hand.") == "Written by hand."


@pytest.mark.parametrize(("language", "share"), [("en", "12.5 %"), ("fr", "12,5 %"), ("ar", "12,5 %")])
def test_shares_are_written_as_the_language_writes_them(language: str, share: str) -> None:
    with translation.override(language):
        said = queries.in_words(phrase("{share:.1%}", share=0.125))
        assert said.replace("\xa0", " ").replace(".", ",") == share.replace(".", ",")


def test_names_keep_their_own_direction() -> None:
    said = queries.in_words(
        phrase("Nobody was seen by {names}; the estimate does without.", names=["ملجأ", "Police"])
    )
    assert "\u2068ملجأ\u2069" in said


def test_a_result_is_told_whole() -> None:
    table = CaptureTable.from_counts(
        ("A", "B", "C"), {"100": 40, "010": 30, "001": 25, "110": 3, "101": 2, "011": 4}
    )
    line = Line(0, "", mse("main").estimate(table, Options(bootstrap=0)))
    assert "104 people were seen" in line.explanation
    assert line.reasons
    assert line.beliefs
    doubts = queries.doubts(line.result.cautions)
    assert {one.level for one in doubts} <= {"note", "care", "hard"}
    assert all(one.title and one.text for one in doubts)


def test_what_is_wrong_with_a_file_is_told_with_its_place(monkeypatch: Any) -> None:
    words = {
        "row {row}, column {column}: {told}": "ligne {row}, colonne {column} : {told}",
        "a count cannot be negative": "un effectif ne peut être négatif",
    }
    french(monkeypatch, words)
    with pytest.raises(BadInput) as raised:
        read_table(["A,B,count\n", "1,0,5\n", "0,1,-4\n", "1,1,2\n"])
    (problem,) = raised.value.problems
    with translation.override("fr"):
        said = queries.in_words(problem.sentence).replace("\u2068", "").replace("\u2069", "")
    assert said == "ligne 3, colonne count : un effectif ne peut être négatif"
    assert str(problem) == "row 3, column count: a count cannot be negative"
