"""Who left the house for another one does not take along what he read in the old one."""

from typing import Any

from django.db import connection
from django.utils import timezone

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType, Role

from .test_period import over  # noqa: F401


def test_who_works_elsewhere_now_reads_no_past_of_the_old_house(people: Any, over: Any) -> None:  # noqa: F811
    with acting(people.case_worker.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referral_past")
        assert cursor.fetchone() != (0,)
    with acting(Viewer.operator()):
        ended = Membership.objects.filter(user_id=people.case_worker.pk, ended_at=None)
        assert ended.update(ended_at=timezone.now())
        new = Organisation.objects.create(name="Hill Refuge", kind=OrganisationType.NGO)
        moved = member("case-worker", Role.CASE_MANAGER, new)
    with acting(moved.viewer), connection.cursor() as cursor:
        for table in ("referral_past", "cases_note", "referral_packet"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
