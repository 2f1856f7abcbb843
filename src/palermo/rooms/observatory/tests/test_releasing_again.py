"""Two releases of one study: the second is refused while fewer than ten people more would tell of single persons."""

from collections.abc import Iterator
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict
from palermo.rooms.observatory.models import ReviewState, Submission
from palermo.rooms.observatory.queries import releasable
from palermo.rooms.observatory.tests.test_indicators import many, sent, survey  # noqa: F401
from palermo.rooms.observatory.tests.test_releasing import at_once  # noqa: F401
from palermo.rooms.releases import actions
from palermo.rooms.releases.tests.conftest import carried_out, draft, judged, published

pytestmark = pytest.mark.django_db


def more(account: Any, told: Iterator[dict[str, Any]], number: int, first: int) -> None:
    sent(account, [next(told) for _turn in range(number)], first=first)
    with acting(Viewer.operator()):
        Submission.objects.exclude(state=ReviewState.APPROVED).update(state=ReviewState.APPROVED)


def test_a_study_is_released_again_with_ten_more(people: Any, survey: Any, at_once: None) -> None:  # noqa: F811
    study, account = survey
    told = iter(many(60))
    values = {
        "product": "observatory", "source": str(study.pk), "title": "Routes", "series": "ROUTES",
    }  # fmt: skip
    more(account, told, 40, 0)
    late = carried_out(people.analyst, draft(people.analyst, **values))
    judged(people.second_analyst, late, actions.review)
    first = published(people, **values)
    assert first.about["interviews"] == 40
    # The other draft was made before that one came out, and nobody has compared the two.
    with pytest.raises(Conflict, match="came out after"):
        judged(people.coordinator, late, actions.approve)
    with acting(people.analyst.viewer) as viewer:
        assert (
            releasable.take(viewer, str(study.pk)).about["mark"] == first.about["mark"]
        )  # the same once more
    more(account, told, 6, 40)
    with acting(people.analyst.viewer) as viewer, pytest.raises(Conflict, match="single persons"):
        releasable.take(viewer, str(study.pk))
    more(account, told, 5, 46)
    with acting(people.analyst.viewer) as viewer:
        assert releasable.take(viewer, str(study.pk)).about["interviews"] == 50
