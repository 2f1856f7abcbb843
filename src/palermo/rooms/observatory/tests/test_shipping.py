"""The surveys that come with palermo: taken as forms of a study, filled in, read as facts; forms by the operator."""

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse

from palermo.fieldwork.forms import VERSION, sheets, write
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid, NotFound
from palermo.kernel.jobs.models import Effect
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import FormVersion, InterviewFacts, Submission, VersionState
from palermo.rooms.observatory.tests.conftest import device, opened
from palermo.rooms.observatory.tests.test_indicators import filled, many

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(people: Any, unjudged: None) -> Any:
    made = opened(people.analyst)
    with acting(people.analyst.viewer) as viewer:
        actions.add_site(actor=viewer, study=made, name="Harbour")
    return made


def test_a_shipped_survey_is_added_published_filled_in_and_read(
    people: Any, study: Any, client_for: Any
) -> None:
    client = client_for(people.analyst)
    address = reverse("observatory:add-form", args=[study.pk])
    assert "S1: Migrants on the way" in client.get(address).content.decode()
    assert client.post(address, {"shipped": "S1"}).status_code == 302
    with acting(people.analyst.viewer) as viewer:
        version = FormVersion.objects.get(study=study)
        assert (version.form.form_id, version.label, version.state) == ("s1", VERSION, VersionState.DRAFT)
        sites = version.media.get(name="sites.csv")
        assert b"Harbour" in bytes(sites.content)
        actions.publish_form(actor=viewer, version=version, expected_version=version.version)
    account = device(people.analyst, study).device
    with acting(Viewer.operator()) as system:
        for number, one in enumerate(many(3)):
            xml = filled(one, number).replace(b'version="1"', f'version="{VERSION}"'.encode())
            actions.receive(actor=system, device=account, xml=xml, files=[])
        for effect in Effect.objects.filter(kind="observatory.flatten"):
            actions.flatten(system, effect)
    with acting(people.analyst.viewer):
        assert {one.flattening for one in Submission.objects.all()} == {"done"}
        legs = [one.data["legs"] for one in InterviewFacts.objects.filter(study=study)]
        assert [len(one) for one in legs] == [3, 3, 3]


def test_one_of_both_is_chosen(people: Any, study: Any, client_for: Any) -> None:
    page = client_for(people.analyst).post(reverse("observatory:add-form", args=[study.pk]), {"shipped": ""})
    assert "Choose a shipped survey or a file" in page.content.decode()


def test_without_a_site_the_survey_cannot_ask_for_it(people: Any, unjudged: None) -> None:
    made = opened(people.analyst)
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid, match="Add a site first"):
        actions.add_shipped(actor=viewer, study=made, code="S1")
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid):
        actions.add_shipped(actor=viewer, study=made, code="S9")


def test_the_operator_publishes_a_file_and_reads_the_indicators(people: Any, study: Any) -> None:
    book = BytesIO()
    write(sheets("S2"), book)
    source = book.getvalue()
    with acting(Viewer.operator()) as system:
        with pytest.raises(Invalid):  # the list of sites is not there yet
            actions.publish_file(actor=system, study=study.code, source=source)
        with pytest.raises(NotFound):
            actions.publish_file(actor=system, study="no-such-study", source=source)
        assert actions.compute_now(actor=system, study=study.code).pk == study.pk
        with pytest.raises(NotFound):
            actions.compute_now(actor=system, study="no-such-study")
    with acting(people.analyst.viewer) as viewer, pytest.raises(NotFound):
        actions.compute_now(actor=viewer, study=study.code)
