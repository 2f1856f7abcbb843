"""Filters: alike for everybody who has the key, like nothing under another one; and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palermo import compiling
from palermo.linkage.generator import invent
from palermo.linkage.people import PersonList, PersonRecord
from palermo.linkage.private import comparing, encoding, files, kernels, keys, tokens
from palermo.linkage.private.comparing import nearest
from palermo.linkage.private.parameters import BITS, SEGMENTS, Parameters, Unusable, words_of

BOUND = ("sex ", "nationality ", "place ")
VECTORS = Path(__file__).with_name("golden_vectors.json")
SAID = PersonRecord(
    "1",
    "2024-03-01",
    "Amina",
    "Haddad",
    "",
    "female",
    "1998-05-17",
    "day",
    "SYR",
    "",
    "+963 11 123456",
    "N 0045821",
)


def key(seed: int = 1) -> keys.Key:
    return keys.join(
        [keys.draw_share("golden", body, (), bytes([seed + n]) * 32) for n, body in enumerate("ab")]
    )


def encoded(records: list[PersonRecord], seed: int = 1, start: int = 1) -> np.ndarray:
    numbers = np.arange(start, start + len(records), dtype=np.uint64)
    people = PersonList.from_records("list", records)
    return encoding.encode(people, key(seed), Parameters(), numbers, small=True)[0].filters


def shared(one: np.ndarray, other: np.ndarray) -> float:
    return (
        2
        * np.bitwise_count(one & other).sum()
        / (np.bitwise_count(one).sum() + np.bitwise_count(other).sum())
    )


def test_golden_vectors() -> None:
    """Every body must fold, hash and mark alike; another machine or version that does not fails here."""
    vectors = json.loads(VECTORS.read_text("utf-8"))
    assert key().fingerprint == vectors["key_fingerprint"]
    assert Parameters().fingerprint == vectors["parameter_fingerprint"]
    found = encoded([PersonRecord(**one["record"]) for one in vectors["vectors"]])
    assert [row.astype("<u8").tobytes().hex() for row in found] == [
        one["filter"] for one in vectors["vectors"]
    ]


def test_what_stands_in_many_rows_of_a_list_leaves_no_mark() -> None:
    """Nine of one name: nobody can count it. With eight the name is there; what is rare is there either way."""

    def named(many: int) -> np.ndarray:
        return encoded(
            [replace(SAID, record_id=str(n), birth_date=f"{1950 + 3 * n}-05-17") for n in range(many)]
        )

    few, many = named(Parameters().most_rows), named(Parameters().most_rows + 1)
    assert few[:, words_of("sounds")].any(axis=1).all()
    assert not many[:, words_of("sounds")].any()
    for segment in ("given", "birth", "document", "sex"):
        assert many[:, words_of(segment)].any(axis=1).all()


def test_siphash_is_the_published_one() -> None:
    """Vectors of the reference implementation (key 00..0f, message 00..07 and 00..0f)."""
    kernel = compiling.of(kernels)
    k0, k1 = np.frombuffer(bytes(range(16)), "<u8")
    message = np.frombuffer(bytes(range(16)), "<u8").copy()
    assert kernel.sip(k0, k1, message, 1) == 0x93F5F5799A932462
    assert kernel.sip(k0, k1, message, 2) == 0x3F2ACC7F57C29BDB
    out = np.zeros(3, np.uint64)
    kernel.stream(k0, k1, message, 2, out)
    for n in range(3):
        assert out[n] == kernel.sip(k0, k1, np.array([*message, n], np.uint64), 3)


def test_the_same_person_spelt_differently_is_alike_and_a_stranger_is_not() -> None:
    other = replace(
        SAID, given_name="Ameena", family_name="HADAD", birth_date="1998", birth_precision="year", phone=""
    )
    stranger = PersonRecord(
        "2", "", "Oleksandr", "Shevchenko", "", "male", "1987-11-02", "day", "UKR", "", "", ""
    )
    one, two, three = encoded([SAID, other, stranger])
    assert shared(one, two) > 2 * shared(one, three)


def test_swapped_names_another_script_and_invisible_marks_change_little() -> None:
    swapped = replace(SAID, given_name="Haddad", family_name="Amina")
    arabic = replace(SAID, given_name="أمينة", family_name="حداد")
    marked = replace(SAID, given_name="A\u200bmi\u200fna")
    people = PersonList.from_records("list", [SAID, swapped, arabic, marked])
    plain = Parameters(flips=0)
    one, two, three, four = encoding.encode(people, key(), plain, np.arange(4, dtype=np.uint64), small=True)[
        0
    ].filters
    for segment in ("sounds", "spelling", "day", "birth", "sex", "nationality", "document", "phone"):
        assert (one[words_of(segment)] == two[words_of(segment)]).all()
    assert (one[words_of("given")] == two[words_of("family")]).all()
    assert (one == four).all()
    assert shared(one, three) > 0.45


def test_a_segment_is_empty_exactly_where_nothing_was_recorded() -> None:
    bare = replace(SAID, birth_date="", document_no="", phone="")
    one, two = encoded([SAID, bare])
    empty = {name for name in SEGMENTS if not two[words_of(name)].any()}
    assert empty == {"given", "family", "day", "birth", "place", "document", "phone"}
    assert {name for name in SEGMENTS if not one[words_of(name)].any()} == {"place"}


def test_what_is_turned_over_in_a_segment_hangs_on_the_whole_record() -> None:
    """Else everybody with one name would have one segment to the bit, and names could be counted."""
    other = replace(SAID, birth_date="1990-01-09", phone="+963 11 999999")
    one, two = encoded([SAID, other])
    differ = np.bitwise_count(one[words_of("sounds")] ^ two[words_of("sounds")]).sum()
    assert 10 < differ < 100


def test_births_read_the_short_way_are_read_as_the_long_way_reads_them() -> None:
    for one in invent(1500, noise=1.0, seed=77).lists:
        for record in one.rows():
            if record.birth_date:
                long_way = tokens._born(record.birth_date, record.birth_precision, record.recorded_on)
                assert tokens._birth(record) == long_way


def test_the_same_record_gives_the_same_filter_however_often_and_wherever_it_is_encoded() -> None:
    """Flips drawn anew each time could be averaged away over several encodings."""
    assert (encoded([SAID])[0] == encoded([replace(SAID, record_id="77")], start=500)[0]).all()
    plain = encoding.encode(
        PersonList.from_records("l", [SAID]), key(), Parameters(flips=0), np.array([1], np.uint64), small=True
    )[0].filters[0]
    turned = np.bitwise_count(plain ^ encoded([SAID])[0]).sum()
    assert 90 < turned < 210  # 5 % of 2,880, the place being empty


def test_another_key_makes_filters_that_are_like_by_chance_alone() -> None:
    records = list(invent(300, noise=0.0, seed=3).lists[0].rows())
    mine, theirs = encoded(records), encoded(records, seed=9)
    forms = comparing.marks_of(mine), comparing.marks_of(theirs)
    for s, name in enumerate(SEGMENTS):
        words = words_of(name)
        both = (forms[0][s] > 0) & (forms[1][s] > 0)
        hits = np.bitwise_count(mine[:, words] & theirs[:, words]).sum(axis=1)
        beyond = (hits - forms[0][s] * forms[1][s] / SEGMENTS[name])[both] / np.sqrt(SEGMENTS[name])
        assert abs(beyond.mean()) < 4 * beyond.std() / np.sqrt(both.sum()), name


def test_no_token_is_a_name_alone() -> None:
    full = replace(SAID, other_names="Layla", place="Homs")
    for _segment, _kind, left, right, third in tokens.crossings(full, Parameters().fields):
        kinds = [{fact[0] for fact in facts if not fact.startswith(BOUND)} for facts in (left, right)]
        if any(fact.startswith(BOUND) for fact in (*left, *third)):
            assert kinds == [set(), {"y"}] or (kinds == [{"s"}, {"s"}] and not set(left) & set(right))
        elif any(kind & {"s", "p"} for kind in kinds):
            assert not any("-" in kind for kind in kinds)
            assert set(left).isdisjoint(right)


def test_a_record_that_says_one_thing_alone_is_like_nobody() -> None:
    lone = PersonRecord("1", given_name="Mohammed")
    assert not encoded([lone]).any()
    near = nearest(encoded([lone, replace(lone, record_id="2"), SAID]))
    assert (near.score[:2] <= 0).all()


def test_a_short_list_and_a_key_for_other_fields_are_refused() -> None:
    people = PersonList.from_records("police", [SAID])
    numbers = np.array([5], np.uint64)
    with pytest.raises(Unusable, match="hides among too few"):
        encoding.encode(people, key(), Parameters(), numbers)
    with pytest.raises(Unusable, match="made for the fields"):
        encoding.encode(people, key(), Parameters(fields=("names",)), numbers, small=True)


def test_an_encoded_file_comes_back_whole_and_a_damaged_one_does_not() -> None:
    people = PersonList.from_records("police", [SAID, replace(SAID, record_id="2", given_name="Leila")])
    made, order = encoding.encode(people, key(), Parameters(), np.array([9, 4], np.uint64), small=True)
    assert order.tolist() == [1, 0]
    assert made.numbers.tolist() == [4, 9]
    content = files.to_bytes(made)
    back = files.from_bytes(content)
    assert back.digest == made.digest
    assert back.parameters == made.parameters
    assert back.name == "police"
    for wrong, said in (
        (content[:-1], "shorter or longer"), (content[:-1] + bytes([content[-1] ^ 1]), "check sum"),
        (b"name\nx", "not an encoded list"), (b"", "not an encoded list"),
        (content.replace(f'"bits": {BITS}'.encode(), b'"bits": 2000'), "damaged"),
        (content.replace(b'"version": 3, "list"', b'"version": 1, "list"'), "version 1.*encodes its list again"),
    ):  # fmt: skip
        with pytest.raises(Unusable, match=said):
            files.from_bytes(wrong)


def test_threads_and_ties_change_no_answer() -> None:
    people = invent(2000, noise=0.5, seed=4).lists[0]
    made = encoding.encode(people, key(), Parameters(), np.arange(len(people), dtype=np.uint64), small=True)[
        0
    ]
    filters = np.concatenate([made.filters, made.filters[:40]])
    alone, together = (nearest(filters, threads=n) for n in (1, 3))
    assert (alone.score == together.score).all()
    assert (alone.place == together.place).all()


def test_the_nearest_are_those_that_a_plain_count_finds() -> None:
    people = invent(900, noise=0.5, seed=4).lists[0]
    made = encoding.encode(people, key(), Parameters(), np.arange(len(people), dtype=np.uint64), small=True)[
        0
    ]
    filters = made.filters
    near, marks = nearest(filters), comparing.marks_of(made.filters)
    pull, total = comparing.pulls(marks), np.zeros((len(filters), len(filters)))
    for s, name in enumerate(SEGMENTS):
        part = filters[:, words_of(name)]
        shared_bits = np.bitwise_count(part[:, None] & part[None]).sum(axis=2)
        beyond = shared_bits - np.outer(marks[s], marks[s]) / SEGMENTS[name]
        total += beyond * np.outer(pull[s], pull[s])
    np.fill_diagonal(total, -9)
    assert np.allclose(near.score[:, 0], total.max(axis=1), atol=1e-4)
    assert np.allclose(near.score[:, 5], np.sort(total, axis=1)[:, -6], atol=1e-4)
