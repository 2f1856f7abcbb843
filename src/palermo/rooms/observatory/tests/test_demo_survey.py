"""The demonstration's survey comes in as devices send it, and gives facts with which the pages are not empty."""

from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.actions import demo_survey
from palermo.rooms.observatory.models import Flattening, InterviewFacts, Submission
from palermo.rooms.observatory.tests.conftest import flattened

pytestmark = pytest.mark.django_db


def test_every_invented_interview_is_laid_out_without_a_flag(people: Any, unjudged: None) -> None:
    study = demo_survey(cast=people, number=24)
    assert study is not None
    with acting(Viewer.operator()):
        sent = list(Submission.objects.filter(study=study).select_related("site"))
    assert len(sent) == 24
    assert len({one.site_id for one in sent}) == 4
    for one in sent:
        flattened(one)
    with acting(Viewer.operator()):
        found = Submission.objects.filter(study=study)
        assert {(one.flattening, tuple(one.flags)) for one in found} == {(Flattening.DONE, ())}
        assert InterviewFacts.objects.filter(study=study).count() == 24
