"""The network in FollowTheMoney form: one entity a line, schemata and properties of followthemoney 4.11.

Only a `Network` can be written, so nobody shielded can. What persons exploited paid is written as a payment without a
payer; the wall lets a sum through only where enough of them stand behind it. The topic crime.traffick.human says that
somebody is under investigation for it; no entity says more of a person than the file does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from palermo.flows.actors import Actor, Kind, Role, Tie, TieKind
from palermo.flows.flows import Flow, FlowKind
from palermo.flows.wall import Network

SCHEMA = {
    Kind.PERSON: "Person", Kind.COMPANY: "Company", Kind.PUBLIC_BODY: "PublicBody", Kind.ACCOUNT: "BankAccount",
    Kind.WALLET: "CryptoWallet", Kind.VEHICLE: "Vehicle", Kind.PLACE: "Address",
}  # fmt: skip
NUMBER = {
    Kind.PERSON: "idNumber", Kind.COMPANY: "registrationNumber", Kind.PUBLIC_BODY: "registrationNumber",
    Kind.ACCOUNT: "accountNumber", Kind.WALLET: "publicKey", Kind.VEHICLE: "registrationNumber",
}  # fmt: skip
# Schemata that may own (LegalEntity), be owned (Asset) or employ (Organization).
LEGAL = frozenset((Kind.PERSON, Kind.COMPANY, Kind.PUBLIC_BODY))
# A CryptoWallet is no Asset of the model: its holder is told by an UnknownLink.
ASSETS = frozenset((Kind.ACCOUNT, Kind.VEHICLE, Kind.COMPANY))
BODIES = frozenset((Kind.COMPANY, Kind.PUBLIC_BODY))
TOPIC = "crime.traffick.human"
SMUGGLING_TOPIC = "crime.traffick"
ROLE = {role: role.value.replace("_", " ") for role in Role}
Entity = dict[str, Any]


def entities(net: Network, *, dataset: str, topic: str = TOPIC) -> list[Entity]:
    """Every entity, in the order of their ids' makings: actors, holders, ties, payments. Raises ValueError without a
    name of the data set."""
    if not dataset.strip():
        raise ValueError("an export names its data set")
    return [*_all(net, dataset.strip(), topic)]


def lines(net: Network, *, dataset: str, topic: str = TOPIC) -> Iterator[str]:
    """The same as JSON lines."""
    for entity in entities(net, dataset=dataset, topic=topic):
        yield json.dumps(entity, ensure_ascii=False, sort_keys=True) + "\n"


def _all(net: Network, dataset: str, topic: str) -> Iterator[Entity]:
    for actor in net.actors.values():
        yield _actor(actor, dataset, topic)
    for actor in net.actors.values():
        if (holder := net.actors.get(actor.holder)) is not None:
            yield _bound(Tie(TieKind.OWNS, holder.key, actor.key), net, dataset)
    for tie in net.ties:
        yield _bound(tie, net, dataset)
    for flow in net.flows:
        yield from _payment(flow, net, dataset)


def _id(dataset: str, *parts: str) -> str:
    return "palermo-" + sha256("\x1f".join((dataset, *parts)).encode()).hexdigest()[:32]


def _entity(key: str, schema: str, **properties: str) -> Entity:
    return {
        "id": key, "schema": schema,
        "properties": {name.rstrip("_"): [value] for name, value in properties.items() if value},
    }  # fmt: skip


def _actor(actor: Actor, dataset: str, topic: str) -> Entity:
    made = _entity(_id(dataset, actor.key), SCHEMA[actor.kind])
    told = {"name": actor.name, "country": actor.country.lower()}
    if actor.kind in NUMBER:
        told[NUMBER[actor.kind]] = actor.number
    if actor.kind is Kind.PLACE:
        told["full"] = actor.name
    if actor.kind is Kind.PERSON:
        told["birthDate"] = actor.birth_date
        told["position"] = ", ".join(sorted(ROLE[role] for role in actor.roles if role is not Role.UNKNOWN))
    if actor.kind in (Kind.PERSON, Kind.COMPANY) and actor.roles - {Role.UNKNOWN, Role.OWNER_OF_PLACE}:
        told["topics"] = topic
    made["properties"] = {name: [value] for name, value in told.items() if value}
    return made


def _bound(tie: Tie, net: Network, dataset: str) -> Entity:
    """A tie as the narrowest schema whose ends it fits."""
    source, target = net.actors[tie.source], net.actors[tie.target]
    key = _id(dataset, "tie", tie.kind, tie.source, tie.target)
    one, other = _id(dataset, source.key), _id(dataset, target.key)
    if tie.kind is TieKind.OWNS and source.kind in LEGAL and target.kind in ASSETS:
        return _entity(key, "Ownership", owner=one, asset=other)
    if tie.kind is TieKind.DIRECTS and source.kind in LEGAL and target.kind in BODIES:
        return _entity(key, "Directorship", director=one, organization=other)
    if tie.kind is TieKind.WORKS_FOR and source.kind is Kind.PERSON and target.kind in BODIES:
        return _entity(key, "Employment", employee=one, employer=other)
    return _entity(key, "UnknownLink", subject=one, object=other, role=tie.kind.replace("_", " "))


def _payment(flow: Flow, net: Network, dataset: str) -> Iterator[Entity]:
    """A payment; ends that FollowTheMoney has no place for in one (a wallet, a vehicle, a place) by an UnknownLink."""
    key = _id(dataset, "flow", flow.key)
    told = {
        "amount": f"{flow.amount:f}", "currency": flow.currency, "purpose": f"{flow.kind.value}, {flow.stage.value}",
    }  # fmt: skip
    if flow.end is None or flow.end == flow.start:
        told["date"] = flow.start.isoformat()
    else:
        told |= {"startDate": flow.start.isoformat(), "endDate": flow.end.isoformat()}
    if flow.kind is FlowKind.DEBT:
        told["summary"] = "owed, not paid"
    loose = []
    for end, who in ((flow.source, "payer"), (flow.target, "beneficiary")):
        actor = net.actors.get(end)
        if actor is None:
            continue
        holder = net.actors.get(actor.holder)
        if actor.kind in LEGAL:
            told[who] = _id(dataset, end)
        elif actor.kind is Kind.ACCOUNT:
            told[who + "Account"] = _id(dataset, end)
        else:
            loose.append(actor)
        if actor.kind not in LEGAL and holder is not None and holder.kind in LEGAL:
            told[who] = _id(dataset, holder.key)
    yield _entity(key, "Payment", **told)
    if loose and all(end in net.actors for end in (flow.source, flow.target)):
        yield _entity(
            _id(dataset, "loose", flow.key), "UnknownLink", subject=_id(dataset, flow.source),
            object=_id(dataset, flow.target), role=flow.kind.value,
            summary=f"{flow.amount:f} {flow.currency}",
        )  # fmt: skip
