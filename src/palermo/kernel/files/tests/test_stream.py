"""A file opens whole and unchanged, in its own place, or not at all."""

import io
import os
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.kernel.files.stream import CHUNK, MAGIC, PREFIX, TAG, decrypt, encrypt
from palermo.kernel.vault.crypto import Tampered

KEY, FILE = os.urandom(32), uuid.uuid4()
HEAD, SEALED = len(MAGIC) + PREFIX, CHUNK + TAG


def sealed(content: bytes, file_id: uuid.UUID = FILE) -> bytes:
    return b"".join(encrypt(KEY, file_id, [content]))


def opened(value: bytes, file_id: uuid.UUID = FILE) -> bytes:
    return b"".join(decrypt(KEY, file_id, io.BytesIO(value)))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_every_size_comes_back(size: int) -> None:
    content = os.urandom(size)
    assert opened(sealed(content)) == content


# Pieces of a whole chunk are large to draw, which is no reason to fail on a slow machine.
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.lists(st.binary(max_size=CHUNK), max_size=4))
def test_the_pieces_it_comes_in_do_not_matter(pieces: list[bytes]) -> None:
    value = b"".join(encrypt(KEY, FILE, pieces))
    assert opened(value) == b"".join(pieces)


def test_a_flipped_byte_anywhere_is_refused() -> None:
    value = sealed(os.urandom(2 * CHUNK + 5))
    for position in (*range(HEAD), HEAD, HEAD + SEALED - 1, HEAD + SEALED, len(value) - 1):
        changed = bytearray(value)
        changed[position] ^= 1
        with pytest.raises(Tampered):
            opened(bytes(changed))


@pytest.mark.parametrize("cut", [0, 5, HEAD, HEAD + 3, HEAD + SEALED, HEAD + 2 * SEALED, -1])
def test_a_cut_tail_is_refused(cut: int) -> None:
    with pytest.raises(Tampered):
        opened(sealed(os.urandom(2 * CHUNK + 5))[:cut])


def test_swapped_repeated_and_appended_chunks_are_refused() -> None:
    value = sealed(os.urandom(3 * CHUNK))
    head, chunks = value[:HEAD], [value[HEAD + n * SEALED :][:SEALED] for n in range(3)]
    for order in ([1, 0, 2], [0, 2, 1], [0, 0, 2], [0, 2], [2], [0, 1, 2, 2]):
        with pytest.raises(Tampered):
            opened(head + b"".join(chunks[n] for n in order))


def test_swapped_files_are_refused() -> None:
    with pytest.raises(Tampered):
        opened(sealed(b"one", FILE), uuid.uuid4())


def test_chunks_of_two_files_under_one_key_do_not_mix() -> None:
    one, two = sealed(os.urandom(2 * CHUNK)), sealed(os.urandom(2 * CHUNK))
    with pytest.raises(Tampered):
        opened(one[: HEAD + SEALED] + two[HEAD + SEALED :])
