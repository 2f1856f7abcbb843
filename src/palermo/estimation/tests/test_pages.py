"""The worked examples of the methods pages print what the pages say."""

import contextlib
import io
import re
from pathlib import Path

import pytest

METHODS = Path(__file__).resolve().parents[4] / "docs" / "methods"
EXAMPLE = re.compile(r"```python\n(.*?)```\n+```text\n(.*?)```", re.DOTALL)
PAGES = sorted(page.name for page in METHODS.glob("*.md") if EXAMPLE.search(page.read_text()))


def test_pages_with_examples_are_found() -> None:
    assert {"mse-main.md", "mse-stepwise.md", "mse-intervals.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_what_the_page_prints_is_true(page: str) -> None:
    for code, printed in EXAMPLE.findall((METHODS / page).read_text()):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, page, "exec"), {})
        assert said.getvalue() == printed
