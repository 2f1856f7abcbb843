"""Plain text to provisions, to Akoma Ntoso and back; two wordings beside one another. All laws are invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.legislation import (
    LawText,
    Provision,
    Unreadable,
    compare,
    frbr_uri,
    from_akoma,
    parse,
    plain,
    to_akoma,
)
from palermo.legislation.provisions import addressed

ACT = """An Act on Invented Matters
Chapter I. General
Article 1 – Purpose
This Act protects everybody.
Article 2. Definitions
In this Act:
(1) a person means
(a) anybody;
(b) anybody else.
(2) a list is a list.
Chapter II
Article 3bis: Penalty
Whoever does so is punished.
"""


def law(provisions: tuple[Provision, ...], **more: object) -> LawText:
    day = date(2019, 4, 1)
    told = {
        "uri": frbr_uri("XPA", "act", day, "12"), "country": "XPA", "language": "en", "title": "An Act",
        "number": "12", "date": day, "valid_from": day,
    }  # fmt: skip
    return LawText(**{**told, **more}, provisions=provisions)  # type: ignore[arg-type]


def test_a_plain_text_becomes_provisions_with_addresses() -> None:
    found = {one.eid: one for one in parse(ACT)}
    assert list(found) == [
        "text_1", "chp_I", "chp_I__art_1", "chp_I__art_2", "chp_I__art_2__para_1", "chp_I__art_2__para_1__point_a",
        "chp_I__art_2__para_1__point_b", "chp_I__art_2__para_2", "chp_II", "chp_II__art_3bis",
    ]  # fmt: skip
    assert found["chp_I__art_1"].heading == "Purpose"
    assert found["chp_I__art_1"].text == "This Act protects everybody."
    assert found["chp_I__art_2__para_1__point_b"].text == "anybody else."
    assert found["chp_I__art_2__para_1__point_a"].depth == 3


@pytest.mark.parametrize(
    ("line", "eid", "heading"),
    [
        ("المادة ٣ – التعريفات", "art_3", "التعريفات"), ("Статья 5. Наказание", "art_5", "Наказание"),
        ("§ 12 Sanctions", "sec_12", "Sanctions"), ("Artículo 4: Víctimas", "art_4", "Víctimas"),
        ("第3条 定义", "art_3", "定义"), ("Titre II — Des peines", "title_II", "Des peines"),
    ],
)  # fmt: skip
def test_laws_of_other_languages_are_cut_at_their_own_words(line: str, eid: str, heading: str) -> None:
    (one,) = parse(line)
    assert (one.eid, one.heading) == (eid, heading)


def test_a_sentence_that_names_an_article_opens_none() -> None:
    (one,) = parse("Article 1\nArticles of clothing are not meant; see\nparticle 3 and so on.")
    assert one.text.startswith("Articles of clothing")


def test_two_provisions_of_one_number_are_told_apart() -> None:
    assert [one.eid for one in parse("Article 1\nx\nArticle 1\ny")] == ["art_1", "art_1-2"]


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40).map(
    lambda text: " ".join(text.split())
)
kinds = st.sampled_from(["part", "chapter", "article", "paragraph", "point"])


@st.composite
def texts(draw: st.DrawFn) -> tuple[Provision, ...]:
    made = []
    for _turn in range(draw(st.integers(0, 12))):
        kind, number = draw(kinds), draw(st.integers(1, 30))
        letter = "abcdefghij"[number % 10]
        num = {"paragraph": f"({number})", "point": f"({letter})"}.get(kind, f"{kind.title()} {number}")
        lines = "\n".join(filter(None, draw(st.lists(words, max_size=3))))
        made.append(Provision("", kind, num, draw(words), lines, 0))
    return addressed(made)


@given(texts(), words)
def test_what_goes_out_as_akoma_ntoso_comes_back_the_same(
    provisions: tuple[Provision, ...], title: str
) -> None:
    one = law(provisions, title=title)
    assert from_akoma(to_akoma(one)) == one


@given(st.text(max_size=400))
def test_any_text_reads_the_same_once_it_was_read(text: str) -> None:
    once = parse(plain(parse(text)))
    assert parse(plain(once)) == once


@given(
    st.lists(
        st.sampled_from(["Article 1", "Article 2. Head", "(1) so", "(a) and so", "words", ""]), max_size=9
    )
)
def test_a_law_reads_the_same_when_it_is_written_out(lines: list[str]) -> None:
    once = parse("\n".join(lines))
    assert parse(plain(once)) == once


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<a", "well-formed"), (b"<akomaNtoso/>", "not an act"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "refused"),
        (to_akoma(law(())).replace(b'date="2019-04-01"', b'date="yesterday"'), "not a date"),
        (to_akoma(law(())).replace(b"FRBRWork", b"FRBRWerk"), "FRBR"),
    ],
)  # fmt: skip
def test_what_is_no_law_is_refused_with_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        from_akoma(content)


def test_two_wordings_beside_one_another() -> None:
    new = ACT.replace("protects everybody", "protects every person").replace("(2) a list is a list.\n", "")
    new += "Article 4\nIt is new.\n"
    told = {one.eid: one for one in compare(parse(ACT), parse(new))}
    assert told["chp_I__art_1"].what == "changed"
    assert ("removed", "everybody.") in told["chp_I__art_1"].pieces
    assert told["chp_I__art_2__para_2"].what == "removed"
    assert told["chp_II__art_4"].what == "added"
    assert told["chp_I__art_2"].what == "same"


@given(texts(), texts())
def test_a_comparison_holds_both_wordings_whole(
    old: tuple[Provision, ...], new: tuple[Provision, ...]
) -> None:
    told = compare(old, new)
    assert sorted(one.eid for one in told) == sorted({one.eid for one in (*old, *new)})
    assert [one.eid for one in told if one.what != "removed"] == [one.eid for one in new]
    for one in told:
        before = "".join(text for kind, text in one.pieces if kind != "added")
        match = next((p for p in old if p.eid == one.eid), None)
        assert match is None or before == f"{match.heading}\n{match.text}".strip()
