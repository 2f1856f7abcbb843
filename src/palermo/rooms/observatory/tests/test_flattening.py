"""The worker lays answers out as rows; what goes wrong is told by code and path, and nothing is lost."""

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from palermo.kernel.access.context import acting
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions.flattening import Unfit, turns
from palermo.rooms.observatory.actions.reading import merged
from palermo.rooms.observatory.models import AnswerRow, Submission
from palermo.rooms.observatory.tests.conftest import filled, flattened, post


def asked(path: str, kind: str = "string", control: str = "") -> dict[str, Any]:
    return {"path": path, "type": kind, "control": control, "label": {}, "choices": {}, "preload": ""}


SCHEMA = {
    "repeats": ["/leg", "/leg/pay"],
    "fields": [
        asked("/age", "int", "input"), asked("/name", "string", "input"), asked("/g/mode", "string", "select1"),
        asked("/leg/bought", "string", "select"), asked("/leg/pay/sum", "decimal", "input"),
        asked("/at", "geopoint", "input"),
    ],
}  # fmt: skip


def rows(xml: str) -> list[tuple[str, tuple[int, ...], dict[str, Any], dict[str, Any]]]:
    return [(t.path, t.ordinals, t.coded, t.telling) for t in turns(SCHEMA, fromstring(xml))]


def test_repeats_inside_repeats_are_counted_from_the_outside() -> None:
    found = rows(
        "<data><age>30</age><g><mode>sea</mode></g><leg><bought>a b</bought>"
        "<pay><sum>1.5</sum></pay><pay><sum>2</sum></pay></leg><leg><pay><sum>3</sum></pay></leg></data>"
    )
    assert found == [
        ("", (), {"age": 30, "g/mode": "sea"}, {}),
        ("/leg", (1,), {"bought": ["a", "b"]}, {}),
        ("/leg", (2,), {}, {}),
        ("/leg/pay", (1, 1), {"sum": 1.5}, {}),
        ("/leg/pay", (1, 2), {"sum": 2.0}, {}),
        ("/leg/pay", (2, 1), {"sum": 3.0}, {}),
    ]


def test_what_can_tell_who_somebody_is_stands_apart() -> None:
    xml = "<data><name>Zarquella</name><at>1 2 0 0</at><new>what the form does not know</new><age/></data>"
    assert rows(xml) == [
        ("", (), {}, {"name": "Zarquella", "at": "1 2 0 0", "new": "what the form does not know"})
    ]


@pytest.mark.parametrize("value", ["abc", "1.5", "1e999"])
def test_what_is_no_number_is_told_by_its_path(value: str) -> None:
    with pytest.raises(Unfit) as caught:
        turns(SCHEMA, fromstring(f"<data><age>{value}</age></data>"))
    assert str(caught.value) == "number /age"


@pytest.mark.parametrize("value", ["inf", "nan", "x"])
def test_infinite_sums_are_none(value: str) -> None:
    with pytest.raises(Unfit):
        turns(SCHEMA, fromstring(f"<data><leg><pay><sum>{value}</sum></pay></leg></data>"))


@pytest.mark.django_db
def test_a_failure_keeps_the_record_and_can_be_tried_again(
    field: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(field.base, filled(age="thirty"))
    with acting(field.people.analyst.viewer):
        one = Submission.objects.get()
    flattened(one)
    with acting(field.people.analyst.viewer) as viewer:
        one = Submission.objects.select_related("study", "form_version").get()
        assert (one.flattening, one.problem) == ("failed", "number /age")
        assert not AnswerRow.objects.exists()
        assert one.revisions.get().sealed_xml
        actions.flatten_again(actor=viewer, submission=one, expected_version=one.version)
    # The reader was put right meanwhile.
    monkeypatch.setattr("palermo.rooms.observatory.actions.flattening._typed", lambda asked, path, text: text)
    flattened(one)
    with acting(field.people.analyst.viewer):
        one = Submission.objects.get()
        assert (one.flattening, one.problem) == ("done", "")
        assert AnswerRow.objects.get().values == {"age": "thirty"}


@pytest.mark.django_db
def test_whatever_breaks_the_reader_loses_nothing(field: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> Any:
        raise RecursionError("with words of an answer")

    post(field.base, filled())
    monkeypatch.setattr("palermo.rooms.observatory.actions.flattening.turns", broken)
    with acting(field.people.analyst.viewer):
        one = Submission.objects.get()
    flattened(one)
    with acting(field.people.analyst.viewer):
        assert Submission.objects.get().problem == "error RecursionError"


@pytest.mark.django_db
def test_rows_are_the_same_however_often_they_are_made(field: Any) -> None:
    legs = "".join(f"<leg><mode>sea</mode><fee>{n}</fee></leg>" for n in range(3))
    post(field.base, filled(legs=legs, more="<remarks>said</remarks>"))
    with acting(field.people.analyst.viewer):
        one = Submission.objects.select_related("study", "form_version").get()
    found = []
    for _time in range(2):
        flattened(one)
        with acting(field.people.analyst.viewer) as viewer:
            found.append(
                json.dumps([(r.repeat_path, r.ordinals, v) for r, v in merged(viewer, one)], sort_keys=True)
            )
    assert found[0] == found[1]
    assert json.loads(found[0])[0] == ["", [], {"age": 30, "remarks": "said"}]
