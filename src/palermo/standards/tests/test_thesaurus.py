"""The thesaurus: six labels each, no circle, and a query finds its concept in every script."""

import pytest

from palermo.judgments.vocabulary import labels as caselaw_labels
from palermo.standards.codes import UnknownCode
from palermo.standards.countries import LANGUAGES
from palermo.standards.thesaurus import codes_in, concepts, expand, label, narrower


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


def test_a_name_of_a_language_leads_to_one_concept() -> None:
    for language in LANGUAGES:
        names = [name.casefold() for one in concepts().values() for name in one.names(language)]
        assert len(names) == len(set(names))


def test_there_are_enough_concepts_and_each_says_what_it_means() -> None:
    assert 80 <= len(concepts()) <= 150
    assert all(set(one.notes) == {"en", "fr", "ar"} for one in concepts().values())
    assert all(each.text and each.instrument for one in concepts().values() for each in one.definitions)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("жалоба на конфискацию паспортов: изъятием документов", "document_confiscation"),
        ("استغلال حالة الاستضعاف", "abuse_of_vulnerability"), ("victimes de mariages forcés", "forced_marriage"),
        ("niños soldados", "child_soldiers"), ("被害人的同意是否有效", "consent"),
    ],
)  # fmt: skip
def test_a_name_is_known_in_its_usual_endings(text: str, code: str) -> None:
    assert code in [one.code for one in expand(text)]


def test_the_longer_name_counts_and_not_its_part() -> None:
    assert [one.code for one in expand("domestic servitude")] == ["domestic_servitude"]
    assert [one.code for one in expand("sexual exploitation")] == ["sexual_exploitation"]


def test_codes_of_other_lists() -> None:
    assert codes_in("consent", "caselaw") == ("issue:consent",)
    assert codes_in("consent", "htcds") == ()


def test_every_code_of_case_law_that_is_named_is_one() -> None:
    for one in concepts().values():
        for kind, _colon, code in (each.partition(":") for each in codes_in(one.code, "caselaw")):
            assert code in caselaw_labels(kind), one.code
