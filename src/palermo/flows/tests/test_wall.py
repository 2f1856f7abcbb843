"""Nobody shielded, and nothing that belongs to one, gets through the wall; sums and measures by hand."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo import flows
from palermo.flows import Actor, Chain, Flow, FlowKind, Kind, Network, Role, Shielded, ShieldedRole, Stage

DAY = date(2026, 3, 1)
ENDS = [f"a{n}" for n in range(8)] + [f"s{n}" for n in range(6)] + ["held0", "held1"]


def flow(key: str, source: str, target: str, amount: str = "100", **more: Any) -> Flow:
    told: dict[str, Any] = {
        "kind": FlowKind.PAYMENT,
        "currency": "EUR",
        "stage": Stage.EXPLOITATION,
        "start": DAY,
    }
    return Flow(key=key, source=source, target=target, amount=Decimal(amount), **(told | more))


def words(net: Network) -> flows.Words:
    names = {key: actor.name for key, actor in net.actors.items()}
    return flows.Words("Money", "Who paid whom", "Persons exploited", names, {})


@st.composite
def chains(draw: Any) -> Chain:
    """Eight actors, six shielded persons with a name and a number, and accounts of them; names sometimes collide."""
    shielded = tuple(
        Shielded(
            f"s{n}", draw(st.sampled_from(ShieldedRole)), frozenset((f"Secret Person{n}", f"SEC-{n}00{n}"))
        )
        for n in range(6)
    )
    own = st.sampled_from(
        ["", "Dock Trading", "Mr Secret Person3", "secret person1 ltd", "SEC 2002", "sec-4004/b"]
    )
    actors = [
        Actor(f"a{n}", draw(st.sampled_from(Kind)), draw(own), frozenset((Role.RECRUITER,)), draw(own),
              holder=draw(st.sampled_from(["", "a0", "s1", "held0"])))
        for n in range(8)
    ]  # fmt: skip
    actors += [Actor("held0", Kind.ACCOUNT, number="SEC-ACCOUNT-0", holder="s0")]
    actors += [Actor("held1", Kind.WALLET, number="SEC-ACCOUNT-1", holder="held0")]
    ends = st.tuples(st.sampled_from(ENDS), st.sampled_from(ENDS)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.lists(ends, max_size=25))
    kinds = [draw(st.sampled_from(FlowKind)) for _pair in pairs]
    made = [
        flow(f"f{n}", *pair, kind=kind, said_by="Secret Person0")
        for n, (pair, kind) in enumerate(zip(pairs, kinds, strict=True))
    ]
    ties = tuple(flows.Tie(draw(st.sampled_from(flows.TieKind)), *pair) for pair in pairs[:5])
    return Chain(tuple(actors), shielded, tuple(made), ties)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(chains())
def test_no_shielded_person_or_value_in_export_or_picture(chain: Chain) -> None:
    net = flows.network(chain)
    out = "".join(flows.lines(net, dataset="case")) + flows.svg(net, words(net))
    bare = "".join(c for c in out.casefold() if c.isalnum())
    for one in chain.shielded:
        assert one.key not in net.actors
        for value in one.values:
            assert "".join(c for c in value.casefold() if c.isalnum()) not in bare
    assert "secaccount" not in bare
    assert all(not one.said_by for one in net.flows)
    assert not {"held0", "held1", *(s.key for s in chain.shielded)} & {
        e for f in net.flows for e in (f.source, f.target)
    }
    ids = {json.loads(line)["id"] for line in flows.lines(net, dataset="case")}
    for entity in flows.entities(net, dataset="case"):
        for name in (
            "payer",
            "beneficiary",
            "owner",
            "asset",
            "subject",
            "object",
            "payerAccount",
            "beneficiaryAccount",
        ):
            assert set(entity["properties"].get(name, [])) <= ids


def test_no_place_for_a_shielded_person() -> None:
    with pytest.raises(TypeError):
        Actor("v", Kind.PERSON, roles=frozenset((ShieldedRole.VICTIM,)))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Network({"v": Shielded("v", ShieldedRole.VICTIM)}, (), ())  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="two of its actors"):
        Network({}, (flow("f", "v", "w"),), ())


@pytest.mark.parametrize(("many", "told"), [(4, None), (5, 5)])
def test_a_sum_passes_with_five_persons_behind_it(many: int, told: int | None) -> None:
    victims = tuple(Shielded(f"v{n}", ShieldedRole.VICTIM) for n in range(many))
    paid = tuple(flow(f"f{n}", f"v{n}", "boss", "10") for n in range(many))
    net = flows.network(Chain((Actor("boss", Kind.PERSON),), victims, paid))
    assert net.persons == told
    passed = [(f.source, f.amount, f.start) for f in net.flows]
    assert passed == ([(flows.CROWD, Decimal(10 * many), date(2026, 1, 1))] if told else [])
    assert net.left_out == (0 if told else many)
    assert sum(e["schema"] == "Payment" for e in flows.entities(net, dataset="x")) == (told is not None)


def test_one_person_who_pays_five_times_is_one() -> None:
    paid = tuple(flow(f"f{n}", "v", "boss", "10") for n in range(5))
    net = flows.network(Chain((Actor("boss", Kind.PERSON),), (Shielded("v", ShieldedRole.VICTIM),), paid))
    assert (net.flows, net.persons, net.left_out) == ((), None, 5)


def test_what_a_witness_paid_is_left_out() -> None:
    chain = Chain(
        (Actor("boss", Kind.PERSON),),
        (Shielded("w", ShieldedRole.PROTECTED_WITNESS),),
        (flow("f", "w", "boss"),),
    )
    net = flows.network(chain)
    assert (net.flows, net.left_out) == ((), 1)


def test_sums_stay_in_their_currency_until_there_are_rates() -> None:
    net = flows.network(Chain(
        (Actor("a", Kind.PERSON), Actor("b", Kind.PERSON)), (),
        (flow("1", "a", "b", "0.10"), flow("2", "a", "b", "0.20"), flow("3", "a", "b", "5", currency="USD"),
         flow("4", "a", "b", "900", kind=FlowKind.DEBT), flow("5", "a", "b", "7", currency="XAF")),
    ))  # fmt: skip
    found = flows.totals(net, "stage")
    assert [(t.currency, t.amount) for t in found] == [
        ("EUR", Decimal("0.30")),
        ("USD", Decimal(5)),
        ("XAF", Decimal(7)),
    ]
    whole, missing = flows.converted(found, flows.Rates("EUR", DAY, "Central bank", {"USD": Decimal("0.9")}))
    assert ([t.amount for t in whole], missing) == ([Decimal("4.80")], ("XAF",))
    with pytest.raises(TypeError):
        Flow("x", FlowKind.FEE, "a", "b", 1.5, "EUR", Stage.TRANSFER, DAY)  # type: ignore[arg-type]


def test_who_profits_ways_and_bridges() -> None:
    people = (
        Actor("r", Kind.PERSON),
        Actor("acc", Kind.ACCOUNT, holder="boss"),
        Actor("boss", Kind.PERSON),
        Actor("shop", Kind.COMPANY),
    )
    net = flows.network(Chain(people, (), (
        flow("1", "r", "acc", "80"), flow("2", "acc", "boss", "50"), flow("3", "acc", "shop", "20"), flow("4", "shop", "boss", "5"),  # noqa: E501
    )))  # fmt: skip
    best = flows.profits(net)[Stage.EXPLOITATION]
    assert [(one.key, one.net) for one in best] == [("boss", Decimal(65)), ("shop", Decimal(15))]
    assert flows.shortest(net, "r", "boss") == [("r", "acc", "boss")]
    assert flows.shortest(net, "boss", "r") == []
    assert flows.bridges(net) == ["acc"]


def test_the_picture_is_the_same_again_and_escapes() -> None:
    net = flows.network(
        Chain((Actor("a", Kind.PERSON, "<b>"), Actor("b", Kind.PERSON)), (), (flow("1", "a", "b"),))
    )
    once = flows.svg(net, words(net))
    assert once == flows.svg(net, words(net))
    assert "<b>" not in once
    assert "&lt;b&gt;" in once
