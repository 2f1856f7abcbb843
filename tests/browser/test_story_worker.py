"""A labour inspector recognises and refers a worker, who is helped and identified until his case is closed.

Through the screens alone, each by the one whose work it is. The whole story runs at a desk in English and on a phone
in Arabic; the four other pairs play the part in which every organisation and the person himself act once.
"""

import re
import time

import pytest

from tests.browser import planted, story_worker
from tests.browser.story import SHORT, WHOLE, Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# They meet identities of nobody in this story, and go through the pages that they have.
BLIND = ("coordinator", "administrator", "other-worker", "competent-authority")


@pytest.fixture(scope="module")
def sessions():
    return {}


def tell(parts, palermo_running, visitor, sign_in, sessions, language, width):
    """Play the parts in order. Returns the stage and what was made on it."""
    stage = Stage(palermo_running.url, language, width, visitor, sign_in, sessions=sessions)
    # Invented, in no other text of the house, and another one for each telling.
    mark = "".join(chr(ord("a") + int(digit)) for digit in str(time.time_ns())[-9:])
    story = story_worker.Story(
        people=stage.come, stranger=lambda: visitor(language=language, width=width),
        language=language, width=width, family=f"Zzyvan{mark}", given=f"Quille{mark}",
    )  # fmt: skip
    for part in parts:
        part(story)
    stage.quiet()
    return stage, story


@pytest.mark.parametrize(("language", "width"), WHOLE)
def test_a_worker_is_recognised_helped_and_identified(
    language, width, palermo_running, visitor, sign_in, sessions
):
    stage, story = tell(story_worker.WHOLE, palermo_running, visitor, sign_in, sessions, language, width)
    home, names = palermo_running.home, (story.family, story.given)
    assert planted.tables_with(home, names) == []
    written = planted.logs(home, palermo_running.process and palermo_running.process.stdout)
    assert not [name for name in names if name in written]
    if language == "en":
        for role in BLIND:
            assert planted.pages_with(stage.come(role), names) == [], role


@pytest.mark.parametrize(("language", "width"), SHORT)
def test_a_worker_is_referred_and_says_how_help_was(
    language, width, palermo_running, visitor, sign_in, sessions
):
    _stage, story = tell(story_worker.SHORT, palermo_running, visitor, sign_in, sessions, language, width)
    assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", story.codes["own"])
