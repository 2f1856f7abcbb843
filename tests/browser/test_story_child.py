"""An unaccompanied child from rescue to durable solution, told in a browser. Whole in two ways, short in four."""

import pytest

from tests.browser import story_child
from tests.browser.story import SHORT, WHOLE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "width"), WHOLE)
def test_a_child_from_rescue_to_a_durable_solution(stage_of, language, width):
    stage: Stage = stage_of(language, width)
    story_child.tell(stage)


@pytest.mark.parametrize(("language", "width"), SHORT)
def test_the_pages_of_children_in_other_languages_and_widths(stage_of, language, width):
    stage: Stage = stage_of(language, width)
    story_child.walk(stage)
