"""Compiled kernels: kept on disk, and never older than what they were compiled from."""

import subprocess
import sys
from pathlib import Path

import pytest

INNER = "def inner(x):\n    return x + {}\n"
OUTER = "from palermo.{name}_inner import inner\n\n\ndef outer(x):\n    return inner(x) * 2\n"
RUN = """
import sys, types
import importlib.util
import palermo
palermo.__path__ = [*palermo.__path__, {folder!r}]
from palermo import compiling
import palermo.{name}_outer as outer
found = compiling.of(outer).outer
print(found(1), sum(found.stats.cache_hits.values()))
"""


@pytest.mark.slow
def test_a_change_in_an_inner_kernel_reaches_the_outer_one(tmp_path: Path) -> None:
    name = "kept"
    (tmp_path / f"{name}_outer.py").write_text(OUTER.format(name=name))

    def answer() -> list[str]:
        program = RUN.format(folder=str(tmp_path), name=name)
        done = subprocess.run(
            [sys.executable, "-B", "-c", program], check=True, capture_output=True, text=True, cwd=tmp_path
        )
        return done.stdout.split()

    (tmp_path / f"{name}_inner.py").write_text(INNER.format(1))
    assert answer() == ["4", "0"]
    assert answer() == ["4", "1"]
    (tmp_path / f"{name}_inner.py").write_text(INNER.format(10))
    assert answer() == ["22", "0"]


def test_nowhere_to_write_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from palermo import compiling

    real = numba.njit

    def refusing(*args: object, **options: object) -> object:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return real(*args, **options)

    monkeypatch.setattr(numba, "njit", refusing)
    made = compiling.kept(lambda x: x + 1, "")
    assert made(2) == 3
