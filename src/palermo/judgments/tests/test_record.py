"""A record goes to JSON and back unchanged; what is wrong is told with its place; marked names go out everywhere."""

import json
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from palermo.judgments import read, read_all, redacted, schema, written
from palermo.judgments.record import Brief, Case, Charge, Coding, Party, Sentence, Stated
from palermo.judgments.synthetic import synthetic
from palermo.judgments.vocabulary import labels

SMALL = {
    "palermo_id": "one-1", "title": "A v. B", "language": "en", "country": "FRA", "facts": "It was so.", "status": "draft",  # noqa: E501
}  # fmt: skip
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), max_size=30)
needed = words.filter(lambda text: bool(text.strip()))
stated = st.one_of(
    st.builds(Stated, st.just("stated"), st.one_of(words, st.integers(0, 120), st.booleans()), words),
    st.builds(Stated, st.sampled_from(("not_stated", "not_applicable", "unknown")), st.none(), words),
)
codings = st.builds(
    Coding,
    st.just("act"),
    st.sampled_from(sorted(labels("act"))),
    st.sampled_from(("alleged", "found_proved")),
    words,
)
party = st.builds(
    Party, st.just("D1"), st.just("defendant"), label=words, sex=stated, age=stated, child=stated
)
cases = st.builds(
    Case, st.from_regex(r"[a-z0-9]{2,20}", fullmatch=True), needed, st.sampled_from(("en", "ar")), st.just("FRA"), needed,  # noqa: E501
    st.sampled_from(("draft", "published")), citations=st.lists(words, max_size=3).map(tuple),
    codings=st.lists(codings, max_size=3).map(tuple), parties=party.map(lambda one: (one,)),
    charges=st.builds(Charge, st.just("D1"), offence=words).map(lambda one: (one,)),
    sentences=st.builds(Sentence, st.just("D1"), amount=st.floats(0, 1e6), suspended=stated).map(lambda one: (one,)),
    briefs=st.builds(Brief, st.just("fr"), words, words).map(lambda one: (one,)),
)  # fmt: skip


@given(cases)
def test_a_case_goes_to_json_and_back(case: Case) -> None:
    again, wrong = read(json.loads(json.dumps(written(case), ensure_ascii=False)))
    assert wrong == []
    assert again == case


def test_the_smallest_record_is_enough_and_each_part_of_it_is_needed() -> None:
    assert read(SMALL)[1] == []
    for name in SMALL:
        _none, wrong = read({key: value for key, value in SMALL.items() if key != name})
        assert [problem.column for problem in wrong] == [name]


def test_every_wrong_thing_is_told_with_its_place() -> None:
    bad: dict[str, Any] = {
        **SMALL, "country": "ZZZ", "ecli": "ECLI:1", "surprise": 1, "decided": "2020-13-01",
        "codings": [{"kind": "act", "concept": "recruitment"}, {"kind": "act", "concept": "flying"}],
        "parties": [{"key": "D1", "age": {"state": "not_stated", "value": 5}}],
    }  # fmt: skip
    found = {problem.column for problem in read(bad, 7)[1]}
    assert {"country", "ecli", "surprise", "decided"} <= found
    for broken, place in (({"codings": bad["codings"]}, "codings[2].concept"), ({"parties": bad["parties"]}, "parties[1].age"),  # noqa: E501
                          ({"charges": [{"defendant": "D9"}]}, "charges[1].defendant")):  # fmt: skip
        assert [problem.column for problem in read({**SMALL, **broken})[1]] == [place]
    assert read_all([SMALL, SMALL])[1][0].row == 2
    assert read_all(["nonsense", 5, None])[1]


def test_a_marked_name_is_in_no_text_and_not_kept() -> None:
    texts = {
        "title": "State v. Zorvath Quillmanek", "facts": "ZORVATH  QUILLMANEK left. 欧阳明月 stayed.",
        "citations": ["R v Zorvath-Quillmanek"], "source_url": "https://example.org/Zorvath_Quillmanek",
        "parties": [{"key": "D1", "label": "zorvath quillmanek", "age": {"state": "stated", "value": "Zorvath Quillmanek"}}],  # noqa: E501
        "redact": ["Zorvath Quillmanek", "欧阳明月"],
    }  # fmt: skip
    case, wrong = read({**SMALL, **texts})
    assert wrong == []
    assert case is not None
    kept = json.dumps(written(redacted(case)), ensure_ascii=False).casefold()
    assert "quillmanek" not in kept
    assert "欧阳明月" not in kept
    assert redacted(redacted(case)) == redacted(case)


def test_what_we_ship_is_whole_and_says_that_nobody_checked_it() -> None:
    rows = json.loads(files("palermo.judgments").joinpath("starter.json").read_text("utf-8"))
    found, wrong = read_all(rows)
    assert wrong == []
    assert len(found) >= 7
    assert not any(case.verified_in_primary_source for case in found)
    assert all(case.citations and case.collection == "landmark" for case in found)


def test_invented_cases_are_the_same_for_the_same_seed_and_say_what_they_are() -> None:
    made = list(synthetic(600, 1))
    assert made == list(synthetic(600, 1))
    assert made != list(synthetic(600, 2))
    found, wrong = read_all(made)
    assert wrong == []
    assert len({case.country for case in found}) == 90
    assert {case.language for case in found} == {"en", "fr", "es", "ar", "ru", "zh"}
    assert {case.collection for case in found} == {"synthetic"}


def test_the_schema_names_every_field() -> None:
    assert set(schema()["properties"]) == {one.name for one in fields(Case)}
    assert replace(read(SMALL)[0], redact=("X",)).redact == ("X",)  # type: ignore[type-var]
