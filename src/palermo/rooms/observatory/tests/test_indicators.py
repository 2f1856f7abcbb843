"""From the answers of a shipped survey to indicators: facts by the worker, behind the walls, gone with a withdrawal."""

import uuid
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from palermo.fieldwork.forms import sheets
from palermo.fieldwork.simulation import interviews
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.models import Effect
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.actions.facts import JOB, kind_of
from palermo.rooms.observatory.models import (
    Form,
    FormVersion,
    Indicators,
    InterviewFacts,
    ReviewState,
    Submission,
    VersionState,
)
from palermo.rooms.observatory.tests.conftest import device, opened

pytestmark = pytest.mark.django_db
FX = "currency,month,usd\nUSD,2026-01,1\nEUR,2026-02,1.25\n"
CPI = "month,level\n2026-01,100\n2026-02,125\n"


def nested(value: Any, name: str) -> str:
    if isinstance(value, list):
        return "".join(nested(one, name) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(nested(one, key) for key, one in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def filled(answers: dict[str, Any], number: int) -> bytes:
    """A submission as a device sends it."""
    body = "".join(nested(value, key) for key, value in answers.items())
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"invented {number}")
    meta = f"<meta><instanceID>uuid:{key}</instanceID></meta>"
    return f'<data id="s1" version="1">{body}{meta}</data>'.encode()


@pytest.fixture
def survey(people: Any, unjudged: None) -> Any:
    """A study with the survey of migrants on the way, and a device."""
    study = opened(people.analyst)
    with acting(people.analyst.viewer):
        form = Form.objects.create(
            study=study, form_id="s1", title=str(sheets("S1")["settings"][0]["form_title"])
        )
        repeats = ["/interview/legs", "/interview/abuse_part/abuses", "/interview/officials"]
        FormVersion.objects.create(
            form=form, study=study, label="1", state=VersionState.PUBLISHED, source=b"", xml=b"<h/>",
            md5="0" * 32, published_at=timezone.now(),
            schema={"fields": [], "repeats": repeats},
        )  # fmt: skip
    return study, device(people.analyst, study).device


def sent(account: Any, answers: Any, first: int = 0) -> None:
    """Received, and laid out by the worker."""
    with acting(Viewer.operator()) as system:
        for number, one in enumerate(answers, first):
            actions.receive(actor=system, device=account, xml=filled(one, number), files=[])
        for effect in Effect.objects.filter(kind="observatory.flatten", done_at=None):
            actions.flatten(system, effect)


def computed(study: Any) -> None:
    with acting(Viewer.operator()) as system:
        for effect in Effect.objects.filter(kind=JOB, object_id=study.pk)[:1]:
            actions.make_indicators(system, effect)


def values(people: Any, study: Any, basis: str = "received") -> dict[tuple[str, ...], dict[str, Any]]:
    with acting(people.analyst.viewer) as viewer:
        made = queries.figures(viewer, study, basis=basis).made
    assert made is not None
    return {(one["code"], *one["cell"]): one for one in made.values}


def many(n: int, seed: int = 1) -> list[dict[str, Any]]:
    return list(interviews(n, np.random.default_rng(seed)))


def test_interviews_become_facts_and_facts_become_indicators(people: Any, survey: Any) -> None:
    study, account = survey
    told = many(40)
    sent(account, told)
    with acting(people.analyst.viewer):
        assert Submission.objects.filter(flattening="done").count() == 40
        assert InterviewFacts.objects.filter(study=study, kind="S1").count() == 40
        assert (
            Effect.objects.filter(kind=JOB, object_id=study.pk).count() == 1
        )  # asked for once, not forty times
    computed(study)
    found = values(people, study)
    users = sum(one["interview"]["legs"][0]["leg_smuggler"] == "yes" for one in told)
    assert found["D1", "interviews"]["value"] == pytest.approx(users / 40)
    assert found["D1", "interviews"]["n"] == 40
    assert found["R1", "NER", "LBY"]["value"] == 40
    assert values(people, study, "approved") == {}


def test_a_record_that_is_approved_counts_among_the_approved(people: Any, survey: Any) -> None:
    study, account = survey
    sent(account, many(12))
    with acting(people.analyst.viewer) as viewer:
        for one in Submission.objects.all():
            actions.review(
                actor=viewer,
                submission=one,
                state=ReviewState.APPROVED,
                reason="",
                expected_version=one.version,
            )
        one = Submission.objects.first()
        actions.review(
            actor=viewer, submission=one, state=ReviewState.REJECTED, reason="Not one of ours.",
            expected_version=one.version,
        )  # fmt: skip
    computed(study)
    assert values(people, study, "approved")["R1", "NER", "LBY"]["n"] == 11
    assert values(people, study)["R1", "NER", "LBY"]["n"] == 11  # rejected ones count nowhere


def test_what_is_withdrawn_leaves_no_facts_and_no_trace_in_the_figures(people: Any, survey: Any) -> None:
    study, account = survey
    sent(account, many(11))
    with acting(people.analyst.viewer) as viewer:
        one = Submission.objects.first()
        actions.withdraw(
            actor=viewer, submission=one, reason="She asked for it.", expected_version=one.version
        )
        assert InterviewFacts.objects.filter(study=study).count() == 10
    computed(study)
    assert values(people, study)["R1", "NER", "LBY"]["value"] == 10


def test_fewer_than_ten_are_hidden(people: Any, survey: Any) -> None:
    study, account = survey
    sent(account, many(9))
    computed(study)
    found = values(people, study)["D1", "interviews"]
    assert (found["value"], found["low"], found["strength"]) == (None, None, "hidden")


def test_the_same_interview_twice_and_a_fast_one_are_flagged_and_kept(people: Any, survey: Any) -> None:
    study, account = survey
    told = many(12)
    told.append({**told[0], "respondent_id": "another"})
    told[5] = {**told[5], "end": "2026-03-01T10:02:00"}
    sent(account, told)
    computed(study)
    with acting(people.analyst.viewer):
        flags = {tuple(one.flags) for one in Submission.objects.filter(state="flagged")}
        assert flags == {("repeated",), ("fast",)}
        assert InterviewFacts.objects.count() == 13


def test_fees_are_told_in_one_currency_once_rates_are_there(
    people: Any, survey: Any, client_for: Any
) -> None:
    study, account = survey
    sent(account, many(40))
    computed(study)
    assert ("F1", "NER", "LBY") not in values(people, study)
    client = client_for(people.analyst)
    files = {
        name: SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in (("fx", FX), ("cpi", CPI))
    }
    answer = client.post(reverse("observatory:rates", args=[study.pk]), {**files, "base": "2026-01"})
    assert answer.status_code == 302
    computed(study)
    fee = values(people, study)["F1", "NER", "LBY"]
    assert 250 < fee["value"] < 650  # planted at 400


def test_wrong_rates_are_told_beside_their_fields(people: Any, survey: Any, client_for: Any) -> None:
    study, _account = survey
    files = {
        "fx": SimpleUploadedFile("fx.csv", b"currency,month,usd\neuro,2026-01,1\n"),
        "cpi": SimpleUploadedFile("cpi.csv", b"month\n2026-01\n"),
    }
    page = client_for(people.analyst).post(
        reverse("observatory:rates", args=[study.pk]), {**files, "base": "2026-01"}
    )
    text = page.content.decode()
    assert "“euro” is no currency" in text
    assert "there is no column level" in text


def test_the_page_says_what_it_is_and_how_far_it_is_behind(people: Any, survey: Any, client_for: Any) -> None:
    study, account = survey
    client = client_for(people.analyst)
    address = reverse("observatory:indicators", args=[study.pk])
    assert "No interview of a shipped survey has come in yet" in client.get(address).content.decode()
    sent(account, many(35))
    assert "They are being computed" in client.get(address).content.decode()
    computed(study)
    page = client.get(address + "?basis=received").content.decode()
    assert "None of these figures is representative" in page
    assert "map-arrow" in page
    assert "Niger → Libya" in page
    assert "Fees cannot be compared" in page
    file = client.get(
        reverse("observatory:indicators-file", args=[study.pk]) + "?basis=received"
    ).content.decode("utf-8-sig")
    assert file.splitlines()[0].startswith("indicator,name,cell,value,lower,upper,persons")
    assert len(file.splitlines()) == len(values(people, study)) + 1


def test_the_team_of_one_site_reads_no_figures_of_all_sites(
    people: Any, survey: Any, client_for: Any
) -> None:
    study, account = survey
    sent(account, many(12))
    computed(study)
    for someone in (people.supervisor, people.coordinator, people.case_worker):
        client = client_for(someone)
        for name in ("indicators", "indicators-file", "rates"):
            assert client.get(reverse(f"observatory:{name}", args=[study.pk])).status_code in (403, 404)
        with acting(someone.viewer):
            assert not Indicators.objects.exists()


def test_a_form_of_ones_own_gives_no_facts() -> None:
    assert (kind_of("s1"), kind_of("s1_rds"), kind_of("s3"), kind_of("s2"), kind_of("pilot_legs")) == (
        "S1", "S1-RDS", "S3", "", ""
    )  # fmt: skip
