"""While one page is drawn a grant is looked up once; outside, and on the next page, always anew."""

from uuid import uuid4

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import asked_once, granted


def test_one_look_inside_a_fresh_one_outside(people, django_assert_num_queries):
    one, viewer = uuid4(), people.case_worker.viewer
    with acting(viewer):
        # One question brings every scope that the viewer has on the thing.
        with asked_once(), django_assert_num_queries(1):
            assert [granted(one, "case"), granted(one, "case"), granted(one, "notes")] == [False] * 3
        grant(
            actor=viewer, object_kind="case", object_id=one, grantee_kind="person", grantee_id=viewer.user_id,
            scopes=("case",), purpose="test",
        )  # fmt: skip
        with asked_once():
            assert granted(one, "case")
        with django_assert_num_queries(2):
            assert [granted(one, "case"), granted(one, "notes")] == [True, False]
