"""A real browser: Debian's Chromium, driven by Playwright. Where there is none, the reason is said."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[4] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "palermo.web.storage.StaticStorage"}}


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """visit(path, width=, language=, theme=, script=, session=) -> page, with console messages in page.said."""
    contexts: list[Any] = []

    def go(
        path: str,
        *,
        width: int = 1280,
        language: str = "en",
        theme: str = "light",
        script: bool = True,
        session: str = "",
    ) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        contexts.append(context)
        cookies = {"django_language": language, "theme": theme, **({"session": session} if session else {})}
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield go
    for context in contexts:
        context.close()


def violations(page: Any) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its best practices, one line each."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run python tools/frontend.py")
    page.evaluate(AXE.read_text())
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({ runOnly: tags })", rules)["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]
