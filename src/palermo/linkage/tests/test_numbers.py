"""Documents and telephones: one number however it is written, nothing where nothing was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.linkage.numbers import document, one_slip, phone


@pytest.mark.parametrize(
    "text",
    ["AB123407", "ab 123-407", "AB1234O7", "AB I234O7",
     "Passport No. AB123407", "ＡＢ123407", "AB١٢٣٤٠٧", "ab\u200f123407"],
)  # fmt: skip
def test_one_document(text: str) -> None:
    assert document(text) == "AB123407"


@pytest.mark.parametrize(
    "text", ["", "1234", "passport", "N/A", "unknown", "none", "0000000", "123456", "987654321",
     "111111", "???", "لا يوجد"]
)  # fmt: skip
def test_no_document(text: str) -> None:
    assert document(text) == ""


@pytest.mark.parametrize(
    "text",
    ["+380 67 123 45 67", "067 123 45 67", "00380671234567", "٠٦٧١٢٣٤٥٦٧", "+380 (0)67 123-45-67",
     "067 123 45 67 / 050 111 22 33",
     "\u200e+380671234567", "380671234567"],
)  # fmt: skip
def test_one_telephone(text: str) -> None:
    assert phone(text) == "671234567"


def test_short_national_numbers() -> None:
    assert phone("+373 69 123 457") == phone("069123457") == "69123457"


@pytest.mark.parametrize("text", ["", "12345", "0000000000", "1234567", "no phone", "+", "999999999"])
def test_no_telephone(text: str) -> None:
    assert phone(text) == ""


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("AB123407", "AB123408", True),
        ("AB123407", "AB124307", True),
        ("AB123407", "AB12347", True),
        ("AB123407", "AB1234077", True),
        ("AB123407", "AB123407", False),
        ("AB123407", "AB124308", False),
        ("AB123407", "BA132407", False),
        ("", "A", True),
    ],
)
def test_one_slip(one: str, other: str, is_slip: bool) -> None:
    assert one_slip(one, other) is one_slip(other, one) is is_slip


@given(st.text(max_size=100), st.text(max_size=100))
def test_nothing_raises(one: str, other: str) -> None:
    for read in (document, phone):
        assert read(read(one)) in ("", read(one))
    assert one_slip(one, other) is one_slip(other, one)


@given(st.text("AB01", min_size=2, max_size=8), st.data())
def test_a_slip_is_one_slip(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    assert one_slip(text, text[:place] + "x" + text[place + 1 :])
    assert one_slip(text, text[:place] + text[place + 1 :])
    swapped = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
    assert one_slip(text, swapped) is (swapped != text)
