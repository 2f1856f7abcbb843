"""Numbers of strangers."""

import pytest

from palermo.kernel.numbers import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("999999999", 999_999_999)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole(text, -1) == number


@pytest.mark.parametrize("text", ["", " 1", "-1", "1.5", "²", "٣", "1" * 10, "9" * 5000, "1e3", "0x1"])
def test_everything_else_is_none(text: str) -> None:
    assert whole(text, -1) == -1
    assert whole(text) == 0
