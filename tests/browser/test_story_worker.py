"""A labour inspector recognises and refers a worker, who is helped and identified until his case is closed.

Through the screens alone, each by the one whose work it is. The whole story runs at a desk in English and on a phone
in Arabic; a shorter one, in which every organisation and the person himself act once, on a phone in English and at a
desk in French. Two of the four short pairs only, for time: the stories of the child and the vessel go through all four.
"""

import re
import time

import pytest

from tests.browser import planted, story_worker
from tests.browser.story import SHORT, WHOLE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# They meet identities of nobody in this story, and go through the pages that they have.
BLIND = ("coordinator", "administrator", "other-worker", "competent-authority")


def tell(parts, stage, visitor):
    """Play the parts in order. Returns what was made."""
    # Invented, in no other text of the house, and another one for each telling.
    mark = "".join(chr(ord("a") + int(digit)) for digit in str(time.time_ns())[-9:])
    story = story_worker.Story(
        stage=stage,
        stranger=lambda: visitor(language=stage.language, width=stage.width, open_at=""),
        family=f"Zzyvan{mark}",
        given=f"Quille{mark}",
    )
    for part in parts:
        part(story)
    stage.end()
    return story


@pytest.mark.parametrize(("language", "width"), WHOLE)
def test_a_worker_is_recognised_helped_and_identified(language, width, palermo_running, visitor, stage_of):
    home, stage = palermo_running.home, stage_of(language, width)
    began = planted.now(home)
    story = tell(story_worker.WHOLE, stage, visitor)
    names = (story.family, story.given)
    assert planted.tables_with(home, names, since=began) == []
    written = planted.logs(home, palermo_running.process and palermo_running.process.stdout)
    assert not [name for name in names if name in written]
    if language == "en":
        for role in BLIND:
            assert planted.pages_with(stage.come(role), names) == [], role


@pytest.mark.parametrize(("language", "width"), SHORT[:2])
def test_a_worker_is_referred_and_says_how_help_was(language, width, visitor, stage_of):
    story = tell(story_worker.SHORT, stage_of(language, width), visitor)
    assert re.fullmatch(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}", story.codes["own"])
