"""Filters: alike for everybody who has the key, like nothing under another one; and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from palermo import compiling
from palermo.linkage.generator import invent
from palermo.linkage.people import PersonList, PersonRecord
from palermo.linkage.private import encoding, files, kernels, keys, tokens
from palermo.linkage.private.comparing import nearest
from palermo.linkage.private.parameters import Parameters, Unusable

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
    assert shared(one, two) > 0.35
    assert shared(one, three) < 0.33


def test_swapped_names_another_script_and_invisible_marks_change_little() -> None:
    swapped = replace(SAID, given_name="Haddad", family_name="Amina")
    arabic = replace(SAID, given_name="أمينة", family_name="حداد")
    marked = replace(SAID, given_name="A\u200bmi\u200fna")
    one, two, three, four = encoded([SAID, swapped, arabic, marked])
    assert (one == two).all()
    assert (one == four).all()
    assert shared(one, three) > 0.45


def test_the_same_record_gives_the_same_filter_however_often_and_wherever_it_is_encoded() -> None:
    """Flips drawn anew each time could be averaged away over several encodings."""
    assert (encoded([SAID])[0] == encoded([replace(SAID, record_id="77", place="x")], start=500)[0]).all()
    plain = encoding.encode(
        PersonList.from_records("l", [SAID]), key(), Parameters(flips=0), np.array([1], np.uint64), small=True
    )[0].filters[0]
    turned = np.bitwise_count(plain ^ encoded([SAID])[0]).sum()
    assert 60 < turned < 150  # 5 % of 2,048


def test_another_key_makes_filters_that_are_like_by_chance_alone() -> None:
    records = list(invent(300, noise=0.0, seed=3).lists[0].rows())
    mine, theirs = encoded(records), encoded(records, seed=9)
    own = np.array([shared(a, b) for a, b in zip(mine, theirs, strict=True)])
    others = np.array([shared(a, b) for a, b in zip(mine, np.roll(theirs, 1, axis=0), strict=True)])
    assert abs(own.mean() - others.mean()) < 0.02


def test_no_token_is_a_name_alone() -> None:
    for left, right, _marks in tokens.crossings(SAID, Parameters().fields):
        kinds = {fact[0] for fact in left}, {fact[0] for fact in right}
        if kinds[0] & {"s", "p"} or kinds[1] & {"s", "p"}:
            assert not kinds[1] & {"-", "n", "x"}
            assert not kinds[0] & {"n", "x"}
            assert set(left).isdisjoint(right)


def test_a_record_that_says_one_thing_alone_is_like_nobody() -> None:
    lone = PersonRecord("1", given_name="Mohammed")
    one, two = encoded([lone, replace(lone, record_id="2")])
    assert shared(one, two) < 0.65  # half of the marks, as two random filters have


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
        (content.replace(b'"bits": 2048', b'"bits": 2000'), "damaged"),
        (content.replace(b'"version": 1, "list"', b'"version": 9, "list"'), "version 9"),
    ):  # fmt: skip
        with pytest.raises(Unusable, match=said):
            files.from_bytes(wrong)


def test_threads_and_ties_change_no_answer() -> None:
    people = invent(4000, noise=0.5, seed=4).lists
    one, two = (
        encoding.encode(p, key(), Parameters(), np.arange(len(p), dtype=np.uint64), small=True)[0]
        for p in people[:2]
    )
    alone, together = (nearest(one.filters, two.filters, threads=n) for n in (1, 3))
    for mine, theirs in zip(alone, together, strict=True):
        assert (mine.likeness == theirs.likeness).all()
        assert (mine.place == theirs.place).all()
