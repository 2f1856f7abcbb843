"""Files that leave: tables that join back to exactly the answers, for their asker alone, gone in time."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pyrage
import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.cast import member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.files import places
from palermo.kernel.jobs.models import Effect
from palermo.kernel.organisations.models import Organisation, Role
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.actions.exporting import carry_out_export, delete_expired, void_exports
from palermo.rooms.observatory.models import Export, ExportState, Form, Submission
from palermo.rooms.observatory.tests.conftest import filled, flattened, post

pytestmark = pytest.mark.django_db
LEGS = (
    "<leg><mode>sea</mode><bought>transport papers</bought><fee>150</fee></leg>"
    "<leg><mode>foot</mode><fee>0</fee></leg>"
)


@pytest.fixture
def told(field: Any) -> Any:
    """Three records: two legs and a text; none; one that was never laid out."""
    post(field.base, filled("uuid:one", legs=LEGS, more="<remarks>Zarquella spoke</remarks>"))
    post(field.base, filled("uuid:two", age="41"))
    post(field.base, filled("uuid:three", age="many"))
    with acting(field.people.analyst.viewer):
        records = list(Submission.objects.all())
    for one in records:
        flattened(one)
    return field


def asked(who: Any, field: Any, format: str = "csv", recipient: str = "", **options: Any) -> Export:
    """Ask, and do what the worker does."""
    with acting(who.viewer) as viewer:
        form = Form.objects.get(study=field.study)
        made = actions.ask_export(
            actor=viewer, form=form, format=format, options=options, recipient=recipient
        )
    return worked(who, made)


def worked(who: Any, made: Export) -> Export:
    with acting(who.viewer) as viewer:
        carry_out_export(viewer, Effect.objects.get(object_id=made.pk, kind="observatory.export"))
        found = Export.objects.select_related("form", "study").get(pk=made.pk)
        assert found.problem == ""
        return found


def fetched(who: Any, made: Export) -> bytes:
    with acting(who.viewer) as viewer:
        return b"".join(actions.open_export(actor=viewer, export=made).pieces)


def sheets(content: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }  # fmt: skip


def column(rows: Iterable[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_a_table_for_the_record_and_one_for_its_legs(told: Any) -> None:
    made = asked(told.people.analyst, told)
    assert (made.state, made.records) == (ExportState.DONE, 3)
    found = sheets(fetched(told.people.analyst, made))
    assert column(found["pilot_legs"], "KEY", "age", "Answers") == [
        ("uuid:one", "30", "done"), ("uuid:two", "41", "done"), ("uuid:three", "", "failed")
    ]  # fmt: skip
    assert column(found["leg"], "PARENT_KEY", "KEY", "mode", "bought", "fee") == [
        ("uuid:one", "uuid:one/leg[1]", "sea", "transport papers", "150.0"),
        ("uuid:one", "uuid:one/leg[2]", "foot", "", "0.0"),
    ]
    assert ("leg", "mode", "sea", "By sea") in column(found["_choices"], "table", "column", "code", "label")
    assert ("pilot_legs", "age", "Age in years") in column(found["_questions"], "table", "column", "question")


def test_texts_and_places_do_not_leave_in_clear(told: Any) -> None:
    made = asked(told.people.analyst, told)
    content = fetched(told.people.analyst, made)
    found = sheets(content)
    assert not {"remarks", "place", "start"} & set(found["pilot_legs"][0])
    assert "Zarquella" not in json.dumps(found)
    with pytest.raises(Invalid) as caught:
        asked(told.people.analyst, told, telling=True)
    assert [problem.field for problem in caught.value.problems or ()] == ["recipient"]


def test_with_a_key_they_do_and_nobody_else_opens_them(told: Any) -> None:
    key = pyrage.x25519.Identity.generate()
    made = asked(told.people.analyst, told, telling=True, recipient=str(key.to_public()))
    content = fetched(told.people.analyst, made)
    assert content.startswith(b"age-encryption.org/v1")
    (row, *_others) = sheets(pyrage.decrypt(content, [key]))["pilot_legs"]
    assert (row["KEY"], row["remarks"]) == ("uuid:one", "Zarquella spoke")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(content, [pyrage.x25519.Identity.generate()])


def test_what_lies_on_the_disk_opens_with_the_key_of_the_study_alone(told: Any) -> None:
    made = asked(told.people.analyst, told)
    assert made.content is not None
    kept = places.path_of(made.content).read_bytes()
    assert kept.startswith(b"PALERMO1")
    assert b"uuid:one" not in kept and b"PK\x03\x04" not in kept[:64]  # noqa: PT018


def test_words_in_a_language_and_a_column_for_each_choice(told: Any) -> None:
    made = asked(told.people.analyst, told, words=True, language="Arabic (ar)", split=True)
    found = sheets(fetched(told.people.analyst, made))["leg"]
    split = ("bought/transport", "bought/papers", "bought/lodging")
    assert column(found, "mode", *split) == [("بحرا", "1", "1", "0"), ("سيرا", "", "", "")]
    with pytest.raises(Invalid):
        asked(told.people.analyst, told, language="Klingon (tlh)")


def test_filters_keep_the_legs_of_the_records_that_they_keep(told: Any) -> None:
    analyst = told.people.analyst
    with acting(analyst.viewer) as viewer:
        one = Submission.objects.select_related("study").get(root_id="uuid:one")
        actions.review(
            actor=viewer, submission=one, state="approved", reason="", expected_version=one.version
        )
    found = sheets(fetched(analyst, asked(analyst, told, states=["approved"])))
    assert column(found["pilot_legs"], "KEY") == [("uuid:one",)]
    assert column(found["leg"], "PARENT_KEY") == [("uuid:one",)] * 2
    found = sheets(fetched(analyst, asked(analyst, told, states=["received"])))
    assert column(found["pilot_legs"], "KEY") == [("uuid:two",), ("uuid:three",)]
    assert found["leg"] == []
    later = (timezone.now() + timedelta(days=1)).isoformat()
    assert sheets(fetched(analyst, asked(analyst, told, since=later)))["pilot_legs"] == []
    assert len(sheets(fetched(analyst, asked(analyst, told, until=later)))["leg"]) == 2


def test_a_withdrawn_record_is_in_no_file_and_takes_the_older_files_along(told: Any) -> None:
    analyst = told.people.analyst
    before = asked(analyst, told)
    with acting(analyst.viewer) as viewer:
        one = Submission.objects.select_related("study").get(root_id="uuid:one")
        actions.withdraw(actor=viewer, submission=one, reason="Asked us to.", expected_version=one.version)
    with pytest.raises(Conflict) as caught:
        fetched(analyst, before)
    assert caught.value.rule == "observatory.export.withdrawn"
    assert before.content is not None
    with acting(Viewer.operator()) as viewer:
        void_exports(viewer, Effect.objects.get(kind="observatory.exports_void"))
    with acting(analyst.viewer):
        assert Export.objects.get(pk=before.pk).state == ExportState.GONE
    found = sheets(fetched(analyst, asked(analyst, told)))
    assert column(found["pilot_legs"], "KEY") == [("uuid:two",), ("uuid:three",)]
    assert found["leg"] == []


def test_a_file_is_deleted_when_its_time_is_over(told: Any, django_capture_on_commit_callbacks: Any) -> None:
    made = asked(told.people.analyst, told)
    with acting(Viewer.operator()):
        Export.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    with acting(told.people.analyst.viewer) as viewer:
        late = queries.export(viewer, told.study, made.pk)
    with pytest.raises(Conflict):
        fetched(told.people.analyst, late)
    assert made.content is not None
    with django_capture_on_commit_callbacks(execute=True):
        delete_expired()
    assert not places.path_of(made.content).exists()
    with acting(told.people.analyst.viewer):
        again = Export.objects.get(pk=made.pk)
        assert (again.state, bytes(again.sealed_key)) == (ExportState.GONE, b"")


def test_a_file_is_its_askers_alone_and_holds_what_the_asker_sees(told: Any) -> None:
    made = asked(told.people.analyst, told)
    house = Organisation.objects.get(pk=told.study.organisation_id)
    with acting(Viewer.operator()):
        lead = member("a-lead", Role.SUPERVISOR, house)
        other = member("another-analyst", Role.ANALYST, house)
    for who in (lead, other):
        with acting(who.viewer) as viewer, pytest.raises(NotFound):
            queries.export(viewer, told.study, made.pk)
    with acting(lead.viewer) as viewer, pytest.raises(NotFound):
        actions.ask_export(
            actor=viewer, form=Form.objects.get(), format="csv", options={"telling": True}, recipient="age1"
        )


def test_what_leaves_is_in_the_audit(told: Any) -> None:
    fetched(told.people.analyst, asked(told.people.analyst, told))
    with acting(told.people.administrator.viewer):
        found = list(Entry.objects.filter(object_id=told.study.pk).values_list("action", flat=True))
    for action in ("observatory.export.ask", "observatory.export.end", "exports.file.hand_out"):
        assert action in found


def url(name: str, *arguments: Any) -> str:
    return reverse(f"observatory:{name}", args=arguments)


def test_the_pages_from_asking_to_fetching(told: Any) -> None:
    client = signed_in_client(told.people.analyst)
    with acting(told.people.analyst.viewer):
        form = Form.objects.get()
    assert url("exports", told.study.pk) in client.get(url("study", told.study.pk)).content.decode()
    page = client.get(url("exports", told.study.pk)).content.decode()
    assert url("new-export", told.study.pk, form.pk) in page
    address = url("new-export", told.study.pk, form.pk)
    given = {"format": "csv", "answers": "codes"}
    assert "no age key" in client.post(address, {**given, "recipient": "nobody"}).content.decode()
    answer = client.post(address, given)
    with acting(told.people.analyst.viewer):
        made = Export.objects.get()
    assert answer["Location"] == url("export", told.study.pk, made.pk)
    assert "Writing the file" in client.get(answer["Location"]).content.decode()
    assert client.get(url("export-file", told.study.pk, made.pk)).status_code == 409
    worked(told.people.analyst, made)
    assert "The file is ready" in client.get(answer["Location"]).content.decode()
    file = client.get(url("export-file", told.study.pk, made.pk))
    assert file["Content-Disposition"] == 'attachment; filename="pilot_legs.zip"'
    assert len(sheets(b"".join(file.streaming_content))["leg"]) == 2


def test_it_is_stopped_when_asked_to(told: Any) -> None:
    client = signed_in_client(told.people.analyst)
    with acting(told.people.analyst.viewer) as viewer:
        made = actions.ask_export(actor=viewer, form=Form.objects.get(), format="csv", options={})
    assert client.post(url("stop-export", told.study.pk, made.pk)).status_code == 302
    with acting(told.people.analyst.viewer):
        from palermo.kernel.jobs import progress

        found = progress.of(made.pk)
    assert found is not None
    assert found.stop


def test_every_format_is_made_and_handed_out(told: Any) -> None:
    """A workbook, SPSS and places; the places of the form are none, and a supervisor does not get them."""
    analyst = told.people.analyst
    assert fetched(analyst, asked(analyst, told, "xlsx")).startswith(b"PK")
    assert set(sheets_of(fetched(analyst, asked(analyst, told, "spss")))) >= {"pilot_legs.sps", "leg.sps"}
    assert json.loads(fetched(analyst, asked(analyst, told, "geojson")))["features"] == []
    house = Organisation.objects.get(pk=told.study.organisation_id)
    with acting(Viewer.operator()):
        lead = member("a-lead", Role.SUPERVISOR, house)
    with pytest.raises(NotFound):
        asked(lead, told, "geojson")
    assert fetched(lead, asked(lead, told, "xlsx")).startswith(b"PK")


def sheets_of(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()
