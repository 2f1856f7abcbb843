"""The issues of the digest as they are shipped."""

from palermo.standards.evidence import LANGUAGES, below, issues
from palermo.standards.thesaurus import concepts


def test_every_issue_has_a_name_in_three_languages_and_a_parent_that_exists() -> None:
    found = issues()
    assert len(found) == 43
    for one in found.values():
        assert all(one.labels[name].strip() for name in LANGUAGES), one.code
        assert one.parent == "" or found[one.parent].parent == "", one.code
    for name in LANGUAGES:
        assert len({one.label(name) for one in found.values()}) == len(found), name


def test_an_issue_holds_those_below_it() -> None:
    assert below("digital") == ("digital", "intercepts", "messages", "advertisements", "location")
    assert below("consent") == ("consent",)
    assert issues()["consent"].label("es") == "Consent"


def test_the_concepts_of_an_issue_stand_in_the_thesaurus() -> None:
    assert {code for one in issues().values() for code in one.concepts} <= set(concepts())
    assert issues()["expert-culture"].concepts == ("expert_testimony", "ritual_oath")
