"""Whatever JSON is sent to the API of screenings: an answer in words, never a fault of ours."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.kernel.access.context import acting
from palermo.rooms.identification import actions
from palermo.rooms.identification.models import Screening

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


PAIRS = st.fixed_dictionaries({}, optional={"act.recruited": JSON, "remark": JSON})
BODIES = {
    "": {"event": st.just("Harbour"), "previous": JSON},
    "/answers": {"section": st.just("act"), "answers": PAIRS, "expected_version": st.integers(0, 2), "base": PAIRS},
    "/decisions": {
        "suggestion": st.just(1), "outcome": st.just("tip"), "reason": JSON, "expected_version": JSON,
        "supersedes": JSON,
    },
    "/abandon": {"reason": st.just("The person left early."), "expected_version": st.just(1)},
    "/suggestion": {},
}  # fmt: skip


@pytest.fixture
def known(people: Any) -> Screening:
    with acting(people.case_worker.viewer) as viewer:
        return actions.start_screening(actor=viewer, event="Harbour, night shift")


@pytest.mark.parametrize("path", list(BODIES))
@FUZZ
@given(data=st.data())
def test_no_body_is_a_fault(people: Any, client_for: Any, known: Screening, path: str, data: Any) -> None:
    url = "/api/identification/screenings" + (f"/{known.pk}{path}" if path else "")
    send(client_for(people.case_worker), url, data.draw(body(BODIES[path])))


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("/answers", {"section": "act", "answers": {"remark": "x\ud800"}, "expected_version": 1}, "remark"),
        (
            "/answers",
            {"section": "act", "answers": {"act.recruited": True}, "expected_version": 1},
            "act.recruited",
        ),
        ("/abandon", {"reason": "\ud800 left early, alone", "expected_version": 1}, "reason"),
        ("/abandon", {"reason": "short", "expected_version": 1}, "reason"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    people: Any, client_for: Any, known: Screening, path: str, sent: dict[str, Any], field: str
) -> None:
    answer = send(client_for(people.case_worker), f"/api/identification/screenings/{known.pk}{path}", sent)
    assert answer.status_code == 422
    assert field in answer.content.decode()
