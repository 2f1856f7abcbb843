"""A rescued vessel with 40 persons, three of whom are victims, told in a browser. Whole in two ways, short in four."""

import pytest

from tests.browser import story_vessel
from tests.browser.story import SHORT, WHOLE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "width"), WHOLE)
def test_a_vessel_with_forty_persons(stage_of, language, width):
    stage: Stage = stage_of(language, width)
    story_vessel.tell(stage)


@pytest.mark.parametrize(("language", "width"), SHORT)
def test_the_pages_of_events_in_other_languages_and_widths(stage_of, language, width):
    stage: Stage = stage_of(language, width)
    story_vessel.walk(stage)
