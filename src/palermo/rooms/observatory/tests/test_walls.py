"""Who sees what: by organisation, by the team of the site; and what the database refuses, whatever statement comes."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError, Invalid, NotFound, StepUpNeeded
from palermo.kernel.files import places
from palermo.kernel.organisations.models import Organisation, Role, Unit
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import (
    AnswerRow,
    Attachment,
    DeviceAccount,
    Form,
    Review,
    Site,
    Study,
    Submission,
    SubmissionRevision,
)
from palermo.rooms.observatory.tests.conftest import device, filled, flattened, opened, post

pytestmark = pytest.mark.django_db
TABLES = (Study, Site, Form, DeviceAccount, Submission, SubmissionRevision, Attachment, AnswerRow)


@pytest.fixture
def teams(field: Any) -> Any:
    """Two teams of the house with a supervisor each, a site each, and a record of each site; one more of no site."""
    house = Organisation.objects.get(pk=field.study.organisation_id)
    with acting(Viewer.operator()):
        units = [Unit.objects.create(organisation=house, name=name) for name in ("North team", "South team")]
        leads = [member(f"lead-{unit.name[0].lower()}", Role.SUPERVISOR, house, unit) for unit in units]
    with acting(field.people.analyst.viewer) as viewer:
        sites = [
            actions.add_site(actor=viewer, study=field.study, name=unit.name, unit_id=unit.pk)
            for unit in units
        ]
    for number, site in enumerate(sites, 2):
        issued = device(field.people.analyst, field.study, f"E-0{number}", site=site, in_address=True)
        xml = filled(more="<remarks>said</remarks><place>a.jpg</place>")
        assert post(f"/o/key/{issued.secret}/{field.study.code}", xml, {"a.jpg": b"1"}).status_code == 201
    assert post(field.base, filled()).status_code == 201
    with acting(field.people.analyst.viewer):
        for one in Submission.objects.all():
            flattened(one)
    field.north, field.south = leads
    field.sites = sites
    return field


def seen(viewer: Any) -> dict[str, int]:
    with acting(viewer):
        return {table.__name__: table.objects.count() for table in TABLES}


def test_a_supervisor_sees_the_records_of_the_own_team(teams: Any) -> None:
    whole, north = seen(teams.people.analyst.viewer), seen(teams.north.viewer)
    assert (whole["Submission"], whole["SubmissionRevision"], whole["Attachment"]) == (3, 3, 2)
    # The own site's and the one of no site.
    assert (north["Submission"], north["SubmissionRevision"], north["Attachment"]) == (2, 2, 1)
    assert north["AnswerRow"] == whole["AnswerRow"] - 1
    with acting(teams.north.viewer) as viewer:
        found = {one.site_id for one in queries.submissions(viewer, teams.study)}
        assert found == {None, teams.sites[0].pk}
    with acting(teams.people.analyst.viewer):
        foreign = Submission.objects.get(site=teams.sites[1])
    with acting(teams.north.viewer) as viewer, pytest.raises(NotFound):
        queries.submission(viewer, teams.study, foreign.pk)


@pytest.mark.parametrize(
    "who", ["stranger", "supervisor", "case_worker", "coordinator", "administrator", "prosecutor"]
)
def test_everybody_else_sees_nothing(teams: Any, who: str) -> None:
    assert seen(getattr(teams.people, who).viewer) == {table.__name__: 0 for table in TABLES}
    assert seen(Viewer.anonymous()) == {table.__name__: 0 for table in TABLES}


def test_an_analyst_of_another_house_sees_nothing(teams: Any) -> None:
    with acting(Viewer.operator()):
        other = member("other-analyst", Role.ANALYST, teams.people.other_organisation)
    assert set(seen(other.viewer).values()) == {0}
    with acting(other.viewer) as viewer, pytest.raises(DomainError):
        actions.add_site(actor=viewer, study=teams.study, name="Foreign")


def test_a_supervisor_gives_devices_to_the_own_site_alone(teams: Any) -> None:
    viewer = teams.north.viewer
    assert device(teams.north, teams.study, "E-11", site=teams.sites[0]).secret
    with pytest.raises(Invalid):
        device(teams.north, teams.study, "E-12")
    with pytest.raises(DatabaseError), transaction.atomic():
        device(teams.north, teams.study, "E-13", site=teams.sites[1])
    with acting(replace(viewer, stepped_up=False)) as tired, pytest.raises(StepUpNeeded):
        actions.make_device(actor=tired, study=teams.study, label="E-14", site=teams.sites[0], days=3)


def refused(viewer: Any, statement: str, *values: Any) -> None:
    with acting(viewer):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
                assert cursor.rowcount == 0, statement
        except DatabaseError:
            pass


def test_what_came_in_stays_as_it_came(teams: Any) -> None:
    with acting(teams.people.analyst.viewer):
        key = Submission.objects.exclude(site=None).first().pk  # type: ignore[union-attr]
    for viewer in (teams.people.analyst.viewer, teams.north.viewer, Viewer.operator()):
        for change in (
            "root_id = 'x'",
            "received_at = now()",
            "device_id = NULL",
            "unit_id = NULL",
            "site_id = NULL",
        ):
            refused(viewer, f"UPDATE observatory_submission SET {change} WHERE id = %s", key)
        for change in ("sealed_xml = 'x'", "number = 9", "instance_id = 'x'", "deprecated_id = 'x'"):
            refused(
                viewer, f"UPDATE observatory_submissionrevision SET {change} WHERE submission_id = %s", key
            )
        for table in ("submission", "submissionrevision", "attachment", "review"):
            refused(viewer, f"DELETE FROM observatory_{table}")
        refused(viewer, "UPDATE observatory_formversion SET xml = 'x'")
        refused(viewer, "UPDATE observatory_formversion SET md5 = 'x'")
        refused(viewer, "DELETE FROM observatory_formversion")
        refused(viewer, "UPDATE observatory_study SET code = 'other'")
    for viewer in (teams.people.analyst.viewer, teams.north.viewer):
        refused(viewer, "UPDATE observatory_submission SET current_instance = 'x' WHERE id = %s", key)
        refused(
            viewer,
            "INSERT INTO observatory_submission SELECT gen_random_uuid(), version FROM observatory_submission",
        )
    refused(teams.north.viewer, "UPDATE observatory_submissionrevision SET sealed_xml = ''")
    refused(teams.north.viewer, "DELETE FROM observatory_answerrow")


def test_nobody_reviews_in_the_name_of_another(teams: Any) -> None:
    with acting(teams.people.analyst.viewer):
        one = Submission.objects.first()
    with acting(teams.people.analyst.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.create(submission=one, state="approved", by_id=teams.people.second_analyst.pk)


def test_a_verdict_says_why(teams: Any) -> None:
    with acting(teams.people.analyst.viewer) as viewer:
        one = queries.submissions(viewer, teams.study)[0]
        with pytest.raises(Invalid):
            actions.review(
                actor=viewer, submission=one, state="rejected", reason="", expected_version=one.version
            )
        with pytest.raises(Invalid):
            actions.review(
                actor=viewer, submission=one, state="withdrawn", reason="words", expected_version=one.version
            )
        actions.review(
            actor=viewer,
            submission=one,
            state="on_hold",
            reason="The times do not fit.",
            expected_version=one.version,
        )
        one = queries.submission(viewer, teams.study, one.pk)
        ((review, reason),) = actions.read_submission(actor=viewer, submission=one).reviews
        assert (review.state, reason, one.state) == ("on_hold", "The times do not fit.", "on_hold")
        assert b"times" not in bytes(review.sealed_reason)


def test_a_withdrawal_leaves_nothing_of_what_was_said(
    teams: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with acting(teams.people.analyst.viewer) as viewer:
        one = Submission.objects.select_related("study").get(site=teams.sites[0])
        kept = Attachment.objects.get(submission=one)
        path = places.path_of(kept.content)  # type: ignore[arg-type]
        assert path.exists()
    with django_capture_on_commit_callbacks(execute=True), acting(teams.people.analyst.viewer) as viewer:
        actions.withdraw(actor=viewer, submission=one, reason="Asked us to.", expected_version=one.version)
    with acting(teams.people.analyst.viewer) as viewer:
        one = queries.submission(viewer, teams.study, one.pk)
        assert (one.state, AnswerRow.objects.filter(submission=one).count()) == ("withdrawn", 0)
        assert bytes(one.revisions.get().sealed_xml) == b""
        file = Attachment.objects.get(submission=one)
        assert (bytes(file.sealed_key), bytes(file.sealed_name), file.content) == (b"", b"", None)
        assert not path.exists()
    flattened(one)
    with acting(teams.people.analyst.viewer):
        assert not AnswerRow.objects.filter(submission=one).exists()
    refused(
        teams.people.analyst.viewer,
        "UPDATE observatory_submission SET state = 'received' WHERE id = %s",
        one.pk,
    )


def test_a_device_that_sends_what_was_withdrawn_lets_go_of_it(field: Any) -> None:
    xml = filled("uuid:withdrawn-1")
    post(field.base, xml)
    with acting(field.people.analyst.viewer) as viewer:
        one = Submission.objects.select_related("study").get()
        actions.withdraw(actor=viewer, submission=one, reason="Asked us to.", expected_version=one.version)
    assert post(field.base, xml, {"a.jpg": b"1"}).status_code == 202
    assert post(field.base, filled(replaces="uuid:withdrawn-1")).status_code == 410
    with acting(field.people.analyst.viewer):
        assert SubmissionRevision.objects.count() == 1
        assert not Attachment.objects.exists()


def test_codes_of_studies_are_unique_beyond_the_wall(field: Any) -> None:
    with acting(Viewer.operator()):
        other = member("other-analyst", Role.ANALYST, field.people.other_organisation)
    with pytest.raises(Invalid):
        opened(other)
