"""What travels opens for its recipient alone, whole or not at all, and says nothing to who watches the line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.exchange import Cause, Private, Refusal
from palermo.exchange.envelopes import CLASSES, LARGEST, Header, read_header, seal, unseal
from palermo.exchange.tests.world import CANARY, NOW, two

KEYS = {use: Private.new(use) for use in ("jose", "hybrid")}  # type: ignore[arg-type]
BOTH = pytest.mark.parametrize("use", ["jose", "hybrid"])


def sealed(words: bytes, use: str, **more: object) -> bytes:
    told = {"message_id": "0" * 32, "expires": NOW, **more}
    return seal(words, KEYS[use].public(), **told)  # type: ignore[arg-type]


def opened(data: bytes, use: str, **more: object) -> tuple[Header, bytes]:
    return unseal(data, {KEYS[use].public().id: KEYS[use]}.get, **more)  # type: ignore[arg-type]


def cause(data: bytes, use: str, **more: object) -> Cause:
    with pytest.raises(Refusal) as found:
        opened(data, use, **more)
    return found.value.cause


@BOTH
@pytest.mark.parametrize("size", [0, 1, 4_092, 4_093, 100_000, 1_000_000])
def test_what_is_sealed_opens_again(use: str, size: int) -> None:
    words = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    header, found = opened(sealed(words, use), use)
    assert found == words
    assert header.size in CLASSES
    assert header.expires == NOW


@BOTH
def test_short_and_longer_words_have_the_same_length_outside(use: str) -> None:
    assert len({len(sealed(b"x" * n, use)) for n in (0, 1, 100, 4_000)}) == 1


@BOTH
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_changed_byte_is_taken_in(use: str, data: st.DataObject) -> None:
    whole = sealed(CANARY.encode() * 9, use)
    place = data.draw(st.one_of(st.integers(0, 300), st.integers(0, len(whole) - 1)))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        opened(bytes(changed), use)


@BOTH
@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 4_000), more=st.binary(max_size=40))
def test_what_is_cut_or_made_longer_is_refused(use: str, cut: int, more: bytes) -> None:
    whole = sealed(b"words", use)
    for changed in (whole[:cut], whole + (more or b"x"), more):
        with pytest.raises(Refusal):
            opened(changed, use)


@BOTH
def test_the_header_is_bound_into_the_sealing(use: str) -> None:
    whole = sealed(b"words", use)
    _header, raw, inside = read_header(whole)
    told = json.loads(raw)
    for name, value in (("exp", NOW + 1), ("id", "1" * 32)):
        other = json.dumps({**told, name: value}, separators=(",", ":"), sort_keys=True).encode()
        assert len(other) == len(raw)
        assert cause(whole[:6] + other + inside, use) is Cause.NOT_OPENED


@BOTH
def test_it_opens_for_its_recipient_alone(use: str) -> None:
    stranger = Private.new(use)  # type: ignore[arg-type]
    data = sealed(b"words", use)
    with pytest.raises(Refusal) as found:
        unseal(data, {stranger.public().id: stranger}.get)
    assert found.value.cause is Cause.UNKNOWN_KEY
    with pytest.raises(Refusal) as found:
        unseal(data, lambda _id: stranger)
    assert found.value.cause is Cause.NOT_OPENED


def test_a_lower_suite_than_agreed_is_refused() -> None:
    assert cause(sealed(b"words", "jose"), "jose", least=2) is Cause.DOWNGRADE
    assert opened(sealed(b"words", "hybrid"), "hybrid", least=2)[1] == b"words"


def test_suites_keys_and_sizes_that_do_not_exist_are_refused() -> None:
    whole = sealed(b"words", "hybrid")
    _header, raw, inside = read_header(whole)
    told = json.loads(raw)
    for change, wanted in (
        ({"v": 2}, Cause.UNKNOWN_VERSION), ({"suite": 3}, Cause.UNKNOWN_VERSION), ({"size": 5}, Cause.MALFORMED),
        ({"suite": True}, Cause.MALFORMED), ({"more": 1}, Cause.MALFORMED), ({"to": 7}, Cause.MALFORMED),
        ({"suite": 1}, Cause.UNKNOWN_KEY),
    ):  # fmt: skip
        other = json.dumps({**told, **change}).encode()
        assert cause(whole[:4] + len(other).to_bytes(2, "big") + other + inside, "hybrid") is wanted, change
    assert cause(b"x" * (LARGEST + 1), "hybrid") is Cause.OVERSIZE
    deep = b"[" * 900
    assert cause(whole[:4] + len(deep).to_bytes(2, "big") + deep, "hybrid") is Cause.MALFORMED


def test_what_is_too_large_does_not_leave() -> None:
    with pytest.raises(Refusal) as found:
        sealed(b"x" * CLASSES[-1], "hybrid")
    assert found.value.cause is Cause.OVERSIZE


def test_who_watches_the_line_reads_neither_words_nor_who_writes() -> None:
    here, there = two()
    one = here.write(there, NOW)
    data = here.seal(one, NOW)
    for secret in (CANARY, here.issuer, there.issuer, one.letter.id, one.letter.kind, here.sign.public().id):
        assert secret.encode() not in data
    assert here.seal(one, NOW) != data
