"""Every state x event x role of every machine, judged by the engine and by a second reading of the data."""

import itertools
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from palermo.kernel.access.viewer import PERSON, Viewer
from palermo.kernel.errors import Conflict, Invalid, Refused
from palermo.kernel.workflow import actions
from palermo.kernel.workflow.rules import GUARDS, effect_of, guard, guard_of, is_statement, refusal
from palermo.standards import codelist
from palermo.standards.read import toml
from palermo.standards.workflows import machine, names

ROLES = [c.code for c in codelist("palermo/role")]


def viewer(role: str) -> Viewer:
    return Viewer.operator() if role == "system" else Viewer(PERSON, uuid4(), roles=frozenset({role}))


def expected(table: dict[str, Any], state: str, code: str, role: str, child: bool) -> str:
    """What the data say, read without the loader."""
    for event in table["event"]:
        if event["code"] == code and state in event["from"]:
            if event.get("track") and event["track"] != ("child" if child else "adult"):
                return "conflict"
            return "done" if role in event["actors"] else "refused"
    return "conflict"


@pytest.mark.parametrize("child", [True, False])
@pytest.mark.parametrize("name", names())
def test_every_state_event_and_role(name: str, child: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "last_doers", lambda obj, m, event: set())
    monkeypatch.setattr(actions, "hindrances", lambda *args: iter(()))
    table, m = toml("workflows", f"{name}.toml"), machine(name)
    outcomes = {Conflict: "conflict", Refused: "refused"}
    seen = set()
    codes = dict.fromkeys(e["code"] for e in table["event"])
    for state, code, role in itertools.product([s["code"] for s in table["state"]], codes, ROLES):
        obj = SimpleNamespace(pk=uuid4(), state=state, child=child)
        try:
            found = actions.judge(viewer(role), obj, m, code, "because", {})
            outcome = "done" if found.code == code else "another event"
        except (Conflict, Refused) as error:
            named = getattr(error, "state", state)
            outcome = outcomes[type(error)] if named == state else "another state is named"
        assert outcome == expected(table, state, code, role, child), (state, code, role)
        seen.add(outcome)
    assert seen == {"done", "conflict", "refused"}


def test_anonymous_and_strangers_may_do_nothing() -> None:
    for name in names():
        for event in machine(name).events:
            assert not actions.may_act(Viewer.anonymous(), event.actors)
            assert not actions.may_act(Viewer(PERSON, uuid4()), event.actors)


def test_age_in_doubt_is_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "refusal", lambda *args: "")
    obj = SimpleNamespace(pk=uuid4(), state="presumed", child=None)
    m = machine("identification")
    with pytest.raises(Conflict):
        actions.judge(viewer("case_manager"), obj, m, "refuse", "because", {})
    assert actions.judge(viewer("case_manager"), obj, m, "notify_child", "", {}).to == "referred"


def test_a_reason_is_asked_for() -> None:
    obj = SimpleNamespace(pk=uuid4(), state="active")
    with pytest.raises(Invalid) as caught:
        actions.judge(viewer("case_manager"), obj, machine("case"), "pause", "", {})
    assert caught.value.problems[0].field == "reason"


def test_guards_refuse_with_a_sentence() -> None:
    m = machine("case")
    obj = SimpleNamespace(pk=uuid4(), state="assessment", risk="not_assessed")
    with pytest.raises(Conflict) as caught:
        actions.judge(viewer("case_manager"), obj, m, "complete_assessment", "", {})
    assert caught.value.rule == "workflow.case.complete_assessment.risk_is_known"
    assert caught.value.state == "assessment"
    obj.risk = "high"
    assert actions.judge(viewer("case_manager"), obj, m, "complete_assessment", "", {})
    obj.state = "active"
    with pytest.raises(Conflict, match="how the case ended"):
        actions.judge(viewer("case_manager"), obj, m, "propose_closure", "because", {"handed_over": True})
    with pytest.raises(Conflict, match="handed over"):
        actions.judge(viewer("case_manager"), obj, m, "propose_closure", "because", {"outcome": "x"})
    both = {"outcome": "reintegrated", "handed_over": True}
    assert actions.judge(viewer("case_manager"), obj, m, "propose_closure", "because", both)


def test_what_nobody_checks_is_refused() -> None:
    assert "cannot be checked" in refusal("no_such_guard", None, viewer("case_manager"), {})
    with pytest.raises(LookupError, match="no_such_effect"):
        effect_of("no_such_effect", "case")


def test_a_function_for_one_machine_goes_before_the_one_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GUARDS, ("case", "plan_is_agreed"), lambda obj, actor, inputs: "not this plan")
    case, other = SimpleNamespace(machine="case"), SimpleNamespace(machine="referral")
    assert refusal("plan_is_agreed", case, viewer("supervisor"), {"agreed": True}) == "not this plan"
    assert refusal("plan_is_agreed", other, viewer("supervisor"), {"agreed": True}) == ""
    assert not is_statement("plan_is_agreed", "case")
    assert is_statement("plan_is_agreed", "referral")


def test_a_guard_has_one_function() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        guard("risk_is_known")(lambda obj, actor, inputs: "")


def test_every_guard_and_effect_of_an_installed_model_has_its_function() -> None:
    for model in apps.get_models():
        name = getattr(model, "machine", "")
        if isinstance(name, str) and name in names():
            for event in machine(name).events:
                for guarding in event.guards:
                    assert guard_of(guarding, name), (name, event.code, guarding)
                for bringing in event.effects:
                    assert effect_of(bringing, name), (name, event.code, bringing)
