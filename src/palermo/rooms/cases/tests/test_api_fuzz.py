"""Whatever JSON is sent to the API of cases: an answer in words, never a fault of ours."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.rooms.cases.models import Case

# Lone surrogates, NUL, numbers beyond 64 bits, deep and mixed types: all of it is JSON.
TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["\ud800", "x\udfff", "\x00", "", "yes", "tip"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.just(10**30)
    | st.just(-1)
    | st.just(1)
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
FUZZ = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def body(fields: dict[str, Any]) -> Any:
    """The right fields, each with a right or a wrong value, or anything at all."""
    each = {name: JSON | right for name, right in fields.items()}
    return st.fixed_dictionaries({}, optional=each) | JSON


class Undo(Exception):
    """Takes back what one request did."""


def send(client: Client, url: str, data: Any) -> Any:
    answer = None
    try:
        with transaction.atomic():
            answer = client.post(url, json.dumps(data), content_type="application/json")
            raise Undo
    except Undo:
        pass
    assert answer is not None
    assert answer.status_code < 500, answer.content
    return answer


FACTS = st.fixed_dictionaries({}, optional={"sex": JSON, "forms_yes": JSON, "country": JSON, "id": JSON})
MOVES = st.fixed_dictionaries({}, optional={"agreed": JSON, "outcome": JSON, "exit_assessed": JSON})
BODIES = {
    "moves": {
        "event": st.sampled_from(["check_urgent_needs", "accept"]),
        "expected_version": st.just(1),
        "answers": MOVES,
    },
    "facts": {"values": FACTS, "expected_version": st.integers(0, 2), "base": FACTS},
    "notes": {"text": st.just("She called."), "corrects": st.just(1)},
    "worker": {
        "to": st.uuids().map(str),
        "reason": st.just("On leave from today."),
        "expected_version": st.just(1),
    },
}


@pytest.mark.parametrize("path", list(BODIES))
@FUZZ
@given(data=st.data())
def test_no_body_is_a_fault(people: Any, client_for: Any, case: Case, path: str, data: Any) -> None:
    send(client_for(people.case_worker), f"/api/cases/cases/{case.pk}/{path}", data.draw(body(BODIES[path])))


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("notes", {"text": "x\ud800"}, "text"),
        ("notes", {"text": 7}, "text"),
        ("facts", {"values": {"sex": "\ud800"}, "expected_version": 1}, "sex"),
        ("facts", {"values": {"forms_yes": {"a": 1}}, "expected_version": 1}, "forms_yes"),
        (
            "moves",
            {"event": "check_urgent_needs", "expected_version": 1, "answers": {"agreed": "yes"}},
            "agreed",
        ),
        ("moves", {"event": "check_urgent_needs", "expected_version": 1, "answers": {"agreed": 1}}, "agreed"),
        (
            "moves",
            {"event": "check_urgent_needs", "expected_version": 1, "answers": {"outcome": ["x"]}},
            "outcome",
        ),
        ("moves", {"event": "check_urgent_needs", "expected_version": 1, "reason": "\udc00"}, "reason"),
        ("worker", {"to": "me", "reason": "On leave.", "expected_version": 1}, "to"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    people: Any, client_for: Any, case: Case, path: str, sent: dict[str, Any], field: str
) -> None:
    answer = send(client_for(people.case_worker), f"/api/cases/cases/{case.pk}/{path}", sent)
    assert answer.status_code == 422
    assert field in answer.content.decode()
