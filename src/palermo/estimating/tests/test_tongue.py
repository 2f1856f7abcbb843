"""What is wrong with a file, and the answer, in the language of the terminal."""

import gettext
import json

import pytest
from typer.testing import CliRunner

from palermo.cli import app
from palermo.estimating import tongue
from palermo.estimation import BadInput, BadOptions, Options
from palermo.estimation.estimators import mse
from palermo.estimation.mse.reading import read_table
from palermo.saying import ENGLISH, Sentence

FRENCH = {
    "row {row}": "ligne {row}",
    "column {name}": "colonne {name}",
    "a count cannot be negative": "un effectif ne peut être négatif",
    "Nothing was estimated.": "Rien n’a été estimé.",
}
BAD = "A,B,count\n1,0,5\n0,1,-4\n1,1,2\n"


class Words(gettext.NullTranslations):
    """A catalogue of a few sentences, whatever the translators have done by now."""

    def gettext(self, message: str) -> str:
        return FRENCH.get(message, message)


@pytest.fixture
def french(monkeypatch):
    tongue.tongue.cache_clear()
    monkeypatch.setattr(gettext, "translation", lambda *_args, **_more: Words())
    monkeypatch.setenv("PALERMO_LANGUAGE", "fr")
    yield
    tongue.tongue.cache_clear()


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LC_ALL": "C.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"PALERMO_LANGUAGE": "ar", "LANG": "fr_FR.UTF-8"}, "ar"),
        ({"LANG": "../etc"}, "en"),
        ({"LANG": "xx"}, "en"),
    ],
)
def test_the_language_is_what_the_terminal_says(environment, code):
    assert tongue.language(environment) == code


def test_problems_are_told_in_it_and_the_json_stays_english(french, tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(BAD, encoding="utf-8")
    done = CliRunner().invoke(app, ["estimate", "mse", str(file), "--json"])
    assert done.exit_code == 2
    assert "t.csv, ligne 3, colonne count, “-4”: un effectif ne peut être négatif" in done.stderr
    assert "Rien n’a été estimé." in done.stderr
    assert json.loads(done.stdout)["problems"][0]["message"] == "a count cannot be negative"


def test_figures_are_written_as_the_language_does(french):
    assert tongue.here().number(12345.6, ",.1f") == "12\u202f345,6"
    assert tongue.tongue("en") is ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "A\n1\n",
        "A,B,count\n1,0,1.5\n",
        "A,B,count\n1,0,<1\n",
        "A,B,count\n0,0,5\n",
        "A,B,count\n1,2,5\n",
        "A,B\n1,0,1\n",
        "",
        "A,A,count\n1,1,5\n",
        BAD,
    ],
)
def test_every_problem_of_a_table_is_a_sentence_with_its_template(text):
    with pytest.raises(BadInput) as raised:
        read_table(text.splitlines(keepends=True))
    assert all(isinstance(one.message, Sentence) for one in raised.value.problems)
    assert all(str(one) == str(one.sentence) for one in raised.value.problems)


def test_options_that_cannot_be_are_sentences_too():
    table = read_table(["A,B,count\n", "1,0,50\n", "0,1,40\n", "1,1,9\n"])
    for name, options in (("main", Options(level=2.0)), ("latent", Options()), ("decomposable", Options())):
        with pytest.raises(BadOptions) as raised:
            mse(name).estimate(table, options)
        assert isinstance(raised.value.message, Sentence)
