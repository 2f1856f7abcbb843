"""Equal rows are numbered in the order of the file, however many different rows there are."""

import pytest

from palermo.kernel.imports import occurrences
from palermo.kernel.imports.occurrences import Occurrences


def test_numbers_equal_keys_in_memory_and_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occurrences, "_HELD", 3)
    counted = Occurrences()
    keys = [bytes([i % 7]) for i in range(70)]
    assert [counted.next(key) for key in keys] == [i // 7 + 1 for i in range(70)]
    counted.close()
