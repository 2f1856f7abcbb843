"""A list of words is joined with the comma of the reader's language."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import palermo
from palermo.web.templatetags.palermo import describe

ROOT = Path(palermo.__file__).parent


@pytest.mark.parametrize(("language", "words"), [("en", "a, b"), ("fr", "a, b"), ("ar", "a، b")])
def test_the_comma_is_the_readers(language: str, words: str) -> None:
    with override(language):
        assert describe(["a", "b"]) == words
        assert describe([]) == "–"


def test_no_template_joins_words_with_a_comma_of_its_own() -> None:
    own = re.compile(r"""join:["'],|not forloop\.last %\}, """)
    found = [
        str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html") if own.search(path.read_text("utf-8"))
    ]
    assert found == []
