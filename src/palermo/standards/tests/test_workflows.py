"""The machines as shipped make sense, and the checks find machines that do not."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest

from palermo.standards.packs import pack, packs
from palermo.standards.read import toml
from palermo.standards.workflows import (
    LimitRule,
    UnknownMachine,
    build,
    describe,
    describe_text,
    limits_of,
    machine,
    mermaid,
    names,
    problems,
    resolve,
    timers_of,
)


def test_the_machines_that_the_rooms_need_are_here() -> None:
    assert set(names()) >= {"screening", "case", "identification"}
    with pytest.raises(UnknownMachine):
        machine("nothing")


@pytest.mark.parametrize("name", names())
def test_machine_is_sound(name: str) -> None:
    assert problems(machine(name)) == []


@pytest.mark.parametrize("code", packs())
@pytest.mark.parametrize("name", names())
def test_every_limit_is_set_in_every_pack(name: str, code: str) -> None:
    for event in machine(name).events:
        for _case, limit in [*limits_of(event, pack(code)), *timers_of(event, pack(code))]:
            assert limit.amount > 0
            assert limit.source


def broken(**changes: Any) -> list[str]:
    """The problems of the screening machine after a change to its event or state of that code."""
    table = deepcopy(toml("workflows", "screening.toml"))
    for code, change in changes.items():
        for part in (*table["event"], *table["state"]):
            if part["code"] == code:
                part.update(change)
    return problems(build(table))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decide": {"to": "nowhere"}}, "state “nowhere” does not exist"),
        ({"decide": {"from": ["nowhere"]}}, "state “nowhere” does not exist"),
        ({"decide": {"actors": ["pope"]}}, "role “pope” is unknown"),
        ({"decide": {"actors": []}}, "nobody can do it"),
        ({"decide": {"limit": "nothing"}}, "sets no limit “nothing”"),
        ({"decide": {"limit": "P1D1H"}}, "sets no limit “P1D1H”"),
        ({"decide": {"limit": {"by": "risk", "high": "plan"}}}, "otherwise"),
        ({"supersede": {"limit": "plan"}}, "a clock cannot run in an end state"),
        ({"open": {"label_ar": " "}}, "state open: a label is missing"),
        ({"decide": {"needs": ["nobody"]}}, "needs names “nobody”"),
        ({"decide": {"actors": ["system"]}}, "only the system can do it, and no clock says when"),
        ({"decide": {"after": "plan"}}, "the system is not among its actors"),
        ({"decide": {"after": "plan", "actors": ["system"]}}, "the timer has no reason to give"),
        ({"decided": {"pauses": True}}, "an end has no clocks that could pause"),
        ({"decide": {"two_person": ["nobody"]}}, "two_person names “nobody”"),
        ({"decide": {"source": ""}}, "has no source"),
        ({"decide": {"track": "cat"}}, "track “cat”"),
        ({"supersede": {"from": ["open"], "code": "decide"}}, "leaves open 2 times"),
        ({"abandon": {"to": "open"}}, "state abandoned cannot be reached"),
        ({"decided": {"kind": "open"}}, "state decided is a dead end"),
        ({"open": {"kind": "open"}}, "needs one initial state and has 0"),
        ({"decided": {"kind": "open"}, "abandoned": {"kind": "open"}}, "has no end"),
        ({"open": {"label_fr": ""}, "decided": {"kind": "final"}}, "kind “final” is unknown"),
    ],
)
def test_checks_find(changes: dict[str, Any], words: str) -> None:
    assert any(words in p for p in broken(**changes)), broken(**changes)


def test_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown keys"):
        broken(decide={"actor": ["supervisor"]})


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("P3D", 3, "days"),
        ("PT24H", 24, "hours"),
        ("P1M", 1, "months"),
        ("P2W", 14, "days"),
        ("PT5M", 5, "minutes"),
    ],
)
def test_iso_durations(text: str, amount: int, unit: str) -> None:
    found = resolve(text, pack("default"))
    assert (found.amount, found.unit) == (amount, unit)


@pytest.mark.parametrize(
    ("value", "key"), [(1, "one"), ("1", "one"), (True, "yes"), (False, "no"), (None, "none"), (7, "none")]
)
def test_a_number_that_a_limit_goes_by_is_no_yes(value: object, key: str) -> None:
    limit = LimitRule(keys={"1": "one", "true": "yes", "false": "no", "otherwise": "none"}, by="done")
    assert limit.key(SimpleNamespace(done=value)) == key


def test_a_limit_follows_an_attribute_of_the_object() -> None:
    rule = next(e.limit for e in machine("case").events if e.code == "review")
    assert rule is not None
    for risk, key in [("high", "review_high"), ("low", "review_low"), ("not_assessed", "review_high")]:
        assert rule.key(type("Case", (), {"risk": risk})()) == key
    detained = next(e.limit for e in machine("identification").events if e.code == "rg_positive")
    assert detained is not None
    assert detained.key(type("Person", (), {"detained": True})()) == "rg_decision_detained"
    assert detained.key(object()) == "rg_decision"


def test_assistance_does_not_depend_on_identification() -> None:
    """CoE Convention art. 12(6): no guard of the case asks for a decision or for cooperation."""
    guards = {g for e in machine("case").events for g in e.guards}
    assert not [g for g in guards if "identif" in g or "cooperat" in g or "ground" in g]


def test_negative_decisions_need_two_persons() -> None:
    m = machine("identification")
    for event in m.events:
        if event.to in ("negative_rg", "negative_cg"):
            assert event.two_person


def test_no_anonymous_branch_and_no_consent_gate_for_children() -> None:
    m = machine("identification")
    for_children = [e for e in m.leaving("presumed") if e.track in ("", "child")]
    assert {e.code for e in for_children} == {"notify_child", "missing"}
    assert not any("consent_matches" in e.guards for e in for_children)


def test_description_tells_everything() -> None:
    found = describe("demo")
    case = next(m for m in found["workflows"] if m["name"] == "case")
    accept = next(t for t in case["transitions"] if t["event"] == "accept")
    assert (accept["from"], accept["to"], accept["actors"]) == ("intake", "assessment", ["supervisor"])
    assert [(x["when"], x["amount"], x["unit"]) for x in accept["limits"]] == [
        ("risk = high", 1, "hours"),
        ("risk = otherwise", 3, "hours"),
    ]
    for m in found["workflows"]:
        for t in m["transitions"]:
            assert t["source"]
            assert {t["from"], t["to"]} <= set(m["states"])
            assert t["event"] in m["events"]
            for limit in t["limits"]:
                assert (
                    limit["verified"] != "ours"
                    or "palermo default" in limit["source"]
                    or "invented" in limit["source"]
                )
    text = describe_text("uk-nrm")
    assert (
        "referred -> recovery: rg_positive by competent_authority; guards: decision_is_written; within"
        in text
    )
    assert "info_pending -> referred: info_timeout by system; after 10 working days" in text


@pytest.mark.parametrize("name", names())
def test_diagram_has_every_event(name: str) -> None:
    m = machine(name)
    words = mermaid(m).replace(",", " ").split()
    assert {e.code for e in m.events} <= set(words)


STATES = {
    "identification": "screening not_indicated presumed notified referred info_pending recovery determination "
    "identified negative_rg negative_cg review closed_negative suspended withdrawn",
    "case": "intake assessment planning active on_hold closing closed follow_up transferred",
    "child_protection": "age notify interim_protection guardian_appointed bia_done panel_decision protection "
    "durable_solution ageing_out closed",
    "smuggled_migrant": "emergency screening triaged asylum_referred assisted informed solution_planned closed "
    "suspended deceased_event",
    "referral": "draft sent received accepted in_service completed not_delivered closed declined redirected "
    "expired revoked withdrawn",
    "transfer": "draft sent received accepted declined redirected expired revoked withdrawn",
}


@pytest.mark.parametrize("name", STATES)
def test_the_states_of_a_referral_mechanism_are_all_there(name: str) -> None:
    assert set(STATES[name].split()) <= set(machine(name).states)


@pytest.mark.parametrize("name", names())
def test_where_law_asks_for_a_limit_there_is_one_and_it_says_whose_it_is(name: str) -> None:
    for event in machine(name).events:
        says_default = "palermo default" in event.source
        assert not says_default or event.limit or event.after or "24 hours" in event.source, event.code


def test_only_the_person_or_the_system_withdraws_what_is_the_persons() -> None:
    for name, code in (("referral", "consent_withdrawn"), ("transfer", "consent_withdrawn")):
        event = next(e for e in machine(name).events if e.code == code)
        assert "person_via_worker" in event.actors
        assert set(event.sources) <= {"draft", "sent", "received", "accepted", "in_service"}


def test_help_never_waits_for_justice() -> None:
    """CoE Convention art. 12(6): no guard of any machine of help asks for cooperation or for a decision."""
    for name in ("case", "referral", "transfer", "child_protection", "smuggled_migrant", "help_request"):
        words = " ".join(g for e in machine(name).events for g in e.guards)
        assert not any(word in words for word in ("cooperat", "testif", "complaint", "grounds", "investigat"))
