"""What is written fits the model: schemata, properties and ranges, as followthemoney 4.11.2 has them."""

from datetime import date
from decimal import Decimal

from palermo import flows
from palermo.flows import (
    Actor,
    Chain,
    Flow,
    FlowKind,
    Kind,
    Role,
    Shielded,
    ShieldedRole,
    Stage,
    Tie,
    TieKind,
)

LEGAL = {"Person", "Company", "PublicBody"}
BODY = {"Company", "PublicBody"}
THING = {*LEGAL, "BankAccount", "CryptoWallet", "Vehicle", "Address"}
PLAIN = {
    "Person": {"name", "country", "idNumber", "birthDate", "position", "topics"},
    "Company": {"name", "country", "registrationNumber", "topics"},
    "PublicBody": {"name", "country", "registrationNumber"},
    "BankAccount": {"name", "country", "accountNumber"},
    "CryptoWallet": {"name", "country", "publicKey"},
    "Vehicle": {"name", "country", "registrationNumber"},
    "Address": {"name", "country", "full"},
    "Payment": {"amount", "currency", "date", "startDate", "endDate", "purpose", "summary"},
    "UnknownLink": {"role", "summary"},
}
POINTS = {
    "Payment": {
        "payer": LEGAL, "beneficiary": LEGAL, "payerAccount": {"BankAccount"}, "beneficiaryAccount": {"BankAccount"},
    },
    "Ownership": {"owner": LEGAL, "asset": {"Company", "BankAccount", "Vehicle"}},
    "Directorship": {"director": LEGAL, "organization": BODY},
    "Employment": {"employee": {"Person"}, "employer": BODY},
    "UnknownLink": {"subject": THING, "object": THING},
}  # fmt: skip


def _everything() -> Chain:
    """One actor of each kind, held by the person; each pays and is bound to each in every way."""
    role = frozenset((Role.RECRUITER,))
    actors = tuple(
        Actor(kind, kind, "Dock", role, "12345", "SY", "1980", "" if kind is Kind.PERSON else "person")
        for kind in Kind
    )
    pairs = [(one.key, other.key) for one in actors for other in actors if one is not other]
    paid = [
        Flow(f"{n}", list(FlowKind)[n % 7], *pair, Decimal("10.50"), "EUR", Stage.TRANSFER, date(2026, 1, 1))
        for n, pair in enumerate(pairs)
    ]
    paid += [
        Flow(f"v{n}", FlowKind.FEE, f"v{n}", "person", Decimal(1), "EUR", Stage.TRANSPORT, date(2026, 1, 1))
        for n in range(5)
    ]
    ties = tuple(Tie(kind, *pair) for kind in TieKind for pair in pairs)
    return Chain(actors, tuple(Shielded(f"v{n}", ShieldedRole.VICTIM) for n in range(5)), tuple(paid), ties)


def test_every_property_is_of_the_model_and_points_to_what_it_may() -> None:
    found = flows.entities(flows.network(_everything()), dataset="case")
    schema = {entity["id"]: entity["schema"] for entity in found}
    assert set(schema.values()) == {*PLAIN, *POINTS}
    for entity in found:
        plain, points = PLAIN.get(entity["schema"], set()), POINTS.get(entity["schema"], {})
        for name, values in entity["properties"].items():
            if name in points:
                assert {schema[value] for value in values} <= points[name], (entity["schema"], name)
            else:
                assert name in plain, (entity["schema"], name)
    assert {t for e in found for t in e["properties"].get("topics", ())} == {"crime.traffick.human"}
