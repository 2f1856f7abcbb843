"""Somebody of two houses: what he may do in one opens nothing of the other."""

from typing import Any

from django.db import connection

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Role

from .conftest import Inspectors, sent


def test_a_case_role_elsewhere_reads_nothing_that_this_house_got(people: Any, inspectors: Inspectors) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    with acting(Viewer.operator()):
        member("both-houses", Role.CASE_MANAGER, people.organisation)
        both = member("both-houses", Role.ANALYST, people.other_organisation)
    for person, seen in ((both, 0), (people.other_worker, 1)):
        with acting(person.viewer), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM networks_notification WHERE id = %s", [row.pk])
            assert cursor.fetchone() == (seen,), person.user.username
            cursor.execute("UPDATE networks_notification SET urgent = urgent WHERE id = %s", [row.pk])
            assert cursor.rowcount == seen
