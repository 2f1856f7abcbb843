"""The thesaurus: six labels each, no circle, and a query finds its concept in every script."""

import pytest

from palermo.standards.codes import UnknownCode
from palermo.standards.countries import LANGUAGES
from palermo.standards.thesaurus import concepts, expand, label, narrower


def test_every_concept_has_six_labels_and_leads_to_the_top() -> None:
    for one in concepts().values():
        assert all(one.labels[language] for language in LANGUAGES)
        seen = {one.code}
        while one.broader:
            one = concepts()[one.broader]
            assert one.code not in seen
            seen.add(one.code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_finds_its_concept_in_every_language(language: str) -> None:
    for one in concepts().values():
        assert one in expand(f"? {one.labels[language].upper()} !", language)
        assert one in expand(one.labels[language])


def test_words_are_whole_and_a_language_holds() -> None:
    assert expand("fraudster actor") == ()
    assert [one.code for one in expand("招募和剥削", "zh")] == ["recruitment", "purpose"]
    assert expand("enlèvement", "en") == ()


def test_labels_and_what_is_narrower() -> None:
    assert label("recruitment", "es") == "captación"
    assert label("recruitment", "de") == "recruitment"
    assert "servitude" in {one.code for one in narrower("purpose")}
    with pytest.raises(UnknownCode):
        label("nothing")
