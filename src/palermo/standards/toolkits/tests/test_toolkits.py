"""Every shipped toolkit is whole in three languages and cites rows of the checklists that exist."""

import hashlib
import re
from importlib.resources import files

import pytest

from palermo.standards.checklists import SCHEMES
from palermo.standards.codes import codelist
from palermo.standards.toolkits import LANGUAGES, Toolkit, newest, parsed, toolkits

ARABIC = re.compile("[\u0600-\u06ff]")
EVERY = list(toolkits().values())

# The files as they were when assessments could first be begun with them. A changed wording is a new file (nrm-2.toml).
SHIPPED = {
    "data-collection-1": "f023328caa9bd530", "nrm-1": "39c6bc90dafee156", "organ-removal-1": "daf03b37174f122b",
    "som-justice-1": "df6b63b8423ef065",
}  # fmt: skip


@pytest.mark.parametrize(("name", "told"), SHIPPED.items())
def test_a_shipped_file_never_changes(name: str, told: str) -> None:
    data = files("palermo.standards.toolkits").joinpath(f"{name}.toml").read_bytes()
    assert hashlib.sha256(data).hexdigest()[:16] == told, "write the next version beside it"


def test_four_are_shipped() -> None:
    assert set(newest()) == {"som-justice", "organ-removal", "nrm", "data-collection"}


@pytest.mark.parametrize("toolkit", EVERY, ids=lambda one: one.code)
def test_measures_are_many_and_each_cell_is_there_once(toolkit: Toolkit) -> None:
    assert 15 <= len(toolkit.measures) <= 30
    assert len(set(toolkit.cells)) == len(toolkit.cells)
    assert {one.answer for one in toolkit.measures.values()} == {
        "matrix",
        "choice",
        "scale",
        "number",
        "text",
    }


@pytest.mark.parametrize("toolkit", EVERY, ids=lambda one: one.code)
def test_the_words_are_in_three_languages_and_none_is_a_copy_of_another(toolkit: Toolkit) -> None:
    for one in toolkit.measures.values():
        for words in (one.text, one.guidance):
            assert set(words) == set(LANGUAGES)
            assert len(set(words.values())) == 3, one.code
            assert ARABIC.search(words["ar"]), one.code


@pytest.mark.parametrize("toolkit", EVERY, ids=lambda one: one.code)
def test_each_legal_basis_is_a_row_of_a_checklist(toolkit: Toolkit) -> None:
    for one in toolkit.measures.values():
        for reference in one.legal:
            instrument, _space, row = reference.partition(" ")
            assert row in codelist(SCHEMES[instrument]), f"{one.code}: {reference}"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('text.fr = "Personnes', 'text.de = "Personnes', "no words in fr"),
        ('code = "A1.2"', 'code = "A1.1"', "A1.1 stand there twice"),
        ('answer = "choice"', 'answer = "maybe"', "there is no answer"),
        ('version = "1"', 'version = "2"', "its code and its version"),
        ('dimensions = ["law", "practice"]', 'dimensions = ["mood"]', "dimensions are"),
    ],
)
def test_a_file_with_a_gap_is_refused(old: str, new: str, told: str) -> None:
    text = files("palermo.standards.toolkits").joinpath("som-justice-1.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ValueError, match=told):
        parsed(text.replace(old, new, 1).encode(), "som-justice-1.toml")
