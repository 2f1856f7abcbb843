"""A sealed value opens in its own place, with its own key, in its own version, and nowhere else."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.kernel.vault.crypto import (
    Context,
    DataKey,
    Tampered,
    bound,
    new_key,
    pad,
    seal,
    unpad,
    unseal,
    unwrap,
    wrap,
)

ANNA = UUID("11111111-1111-4111-8111-111111111111")
BERTA = UUID("22222222-2222-4222-8222-222222222222")
PLACE = Context("vault_sealedfield", "family_name", ANNA, 3)


@given(st.text(max_size=500))
def test_what_is_sealed_opens(text: str) -> None:
    key = new_key()
    assert unseal(key, PLACE, seal(key, PLACE, text)) == text


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, row=BERTA),
        replace(PLACE, column="given_names"),
        replace(PLACE, table="files_file"),
        replace(PLACE, version=4),
        replace(PLACE, version=2),
    ],
    ids=["other person", "other column", "other table", "newer version", "older version"],
)
def test_a_value_does_not_open_in_another_place(elsewhere: Context) -> None:
    key = new_key()
    with pytest.raises(Tampered):
        unseal(key, elsewhere, seal(key, PLACE, "Invented Name"))


def test_a_value_does_not_open_with_another_key() -> None:
    with pytest.raises(Tampered, match="another key"):
        unseal(new_key(), PLACE, seal(new_key(), PLACE, "Invented Name"))


def test_a_forged_key_id_does_not_help() -> None:
    mine, other = new_key(), new_key()
    value = seal(mine, PLACE, "Invented Name")
    with pytest.raises(Tampered):
        unseal(other, PLACE, value[:1] + other.id + value[5:])


def test_every_flipped_byte_is_refused() -> None:
    key = new_key()
    value = seal(key, PLACE, "Invented Name")
    for position in range(len(value)):
        changed = bytearray(value)
        changed[position] ^= 0x01
        with pytest.raises(Tampered):
            unseal(key, PLACE, bytes(changed))


def test_every_cut_is_refused() -> None:
    key = new_key()
    value = seal(key, PLACE, "Invented Name")
    for length in range(len(value)):
        with pytest.raises(Tampered):
            unseal(key, PLACE, value[:length])
    with pytest.raises(Tampered):
        unseal(key, PLACE, value + b"\0")


def test_equal_texts_give_different_values_of_equal_length() -> None:
    key = new_key()
    short, long = seal(key, PLACE, "Li"), seal(key, PLACE, "Invented-Longername")
    assert len(short) == len(long)
    assert seal(key, PLACE, "Li") != short


@given(st.binary(max_size=5000))
def test_padding_comes_off_and_fills_buckets(data: bytes) -> None:
    padded = pad(data)
    assert unpad(padded) == data
    assert len(padded) >= 32
    assert len(padded) & (len(padded) - 1) == 0


def test_two_contexts_never_share_their_bound_bytes() -> None:
    assert bound(Context("ab", "c", ANNA, 1), b"1234") != bound(Context("a", "bc", ANNA, 1), b"1234")


def test_a_wrapped_key_opens_only_under_its_own_key() -> None:
    above, other, secret = new_key().secret, new_key().secret, new_key().secret
    wrapped = wrap(above, secret)
    assert unwrap(above, wrapped) == secret
    with pytest.raises(Tampered):
        unwrap(other, wrapped)
    with pytest.raises(Tampered):
        unwrap(above, wrapped[:-1] + bytes((wrapped[-1] ^ 1,)))


def test_neither_key_nor_text_shows_in_a_repr_or_an_error() -> None:
    key = DataKey(b"k" * 32)
    assert "kkkk" not in repr(key)
    with pytest.raises(Tampered) as caught:
        unseal(new_key(), PLACE, seal(key, PLACE, "Invented Name"))
    assert "Invented" not in str(caught.value)
