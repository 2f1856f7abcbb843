"""The public site as readers see it: each kind of page, in two directions and two widths, light and dark.

One visit of everything on one server: what is published is made once, by the actions that publish.
"""

import gzip
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.register.actions import demo_register
from palermo.rooms.statistics import actions
from palermo.rooms.statistics.models import Observation
from palermo.web.site import places
from palermo.web.tests.conftest import plain_static_names, violations  # noqa: F401
from tests.browser.conftest import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAVIEST = 150_000  # bytes of a page with all that it loads, as a server sends them
BASE = "/statistics/public/"
PAGES = {
    "profile": "profile/", "table": "glotip/", "year": "glotip/?year=2024", "edition": "glotip/1/",
    "trend": "glotip/1/trend/", "map": "glotip/1/map/", "explore": "glotip/1/explore/",
    "part": "glotip/1/citizenship/", "report": "global-report/", "gone": "sdg-16-2-2/1/",
}  # fmt: skip
DRAWN = ("profile", "trend", "map")  # looked at by axe in the dark too
LOOKS = [("en", 1280, "light"), ("ar", 360, "light"), ("en", 360, "dark"), ("ar", 1280, "dark")]


@pytest.fixture
def published(people: Any) -> None:
    """Three tables that are public, and one that was."""
    with acting(Viewer.operator()):
        demo_register(np.random.default_rng(5), 400)
        Observation.objects.bulk_create(
            Observation(
                source="invented", area_code=f"AA{place}", area_name="A", region="Europe", subregion="",
                is_country=True, indicator="Detected trafficking victims", dimension="Total", category="Total",
                sex=sex, age="Total", year=year, value=50 + place,
            )
            for place in range(3) for sex in ("Total", "Male", "Female") for year in (2021, 2022)
        )  # fmt: skip
    for name in ("glotip", "htcds-profile", "sdg-16-2-2", "global-report"):
        with acting(people.analyst.viewer):
            made = actions.make_publication(actor=people.analyst.viewer, table=name)
        with acting(people.second_analyst.viewer):
            actions.approve(actor=people.second_analyst.viewer, publication_id=made.pk)
            if name == "sdg-16-2-2":
                actions.withdraw(
                    actor=people.second_analyst.viewer, publication_id=made.pk, why="A wrong list."
                )


class Reader:
    """A browser that remembers what it was sent, and weighs it."""

    def __init__(self, chromium: Any, url: str, language: str, width: int, theme: str) -> None:
        self.url, self.width, self.language, self.theme = url, width, language, theme
        self.context = chromium.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        self.chosen = {"django_language": language, "theme": theme}
        self.context.add_cookies([{"name": k, "value": v, "url": url} for k, v in self.chosen.items()])
        self.page = self.context.new_page()
        self.weights: dict[str, int] = {}
        self.asked: list[Any] = []
        self.said: list[str] = []
        self.page.on("response", lambda answer: self.asked.append(answer))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def findings(self, name: str, path: str, status: int) -> Iterator[str]:
        """What is wrong with a page, in words; nothing where all is well."""
        self.asked.clear()
        self.said.clear()
        answer = self.page.goto(self.url + path, wait_until="load")
        if answer.status != status:
            yield f"answers {answer.status}"
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.width:
            yield f"is {wide} px wide"
        if self.page.evaluate("document.documentElement.dir") != ("rtl" if self.language == "ar" else "ltr"):
            yield "runs in the wrong direction"
        yield from (f"asks {one.url}" for one in self.asked if not one.url.startswith((self.url, "data:")))
        if (weight := sum(map(self._weight, list(self.asked)))) > HEAVIEST:
            yield f"weighs {weight} bytes"
        cookies = {cookie["name"] for cookie in self.context.cookies()} - self.chosen.keys()
        yield from (f"sets the cookie {cookie}" for cookie in cookies)
        # A page that is gone is answered as such, and the browser says so.
        yield from (f"says {said}" for said in self.said if str(status) not in said)
        if self.theme == "light" or name in DRAWN:
            yield from violations(self.page)
        picture(self.page, f"site-{name}-{self.language}-{self.width}-{self.theme}")

    def _weight(self, answer: Any) -> int:
        if answer.url not in self.weights:
            self.weights[answer.url] = len(gzip.compress(answer.body())) if answer.status != 304 else 0
        return self.weights[answer.url]


def test_each_kind_of_public_page(chromium: Any, live_server: Any, published: None) -> None:
    kinds = {name: BASE + path for name, path in PAGES.items()}
    kinds |= {path.strip("/").replace("/", "-"): path for path in places.starts()}
    for look in LOOKS:
        reader = Reader(chromium, live_server.url, *look)
        found = [
            f"{look} {name} {finding}"
            for name, path in kinds.items()
            for finding in reader.findings(name, path, 410 if name == "gone" else 200)
        ]
        reader.context.close()
        assert found == []
        assert len(reader.weights) > len(kinds)
