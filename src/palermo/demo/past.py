"""An invented past of the mechanism: closed cases of three years, so that its key figures have something to count.

Written by the owner of the database, as no colleague holds a case that was closed long ago: nobody can open one, and no
person stands in the vault for it. Days and codes alone. For the demonstration country, never for anything else: this
stands above the rooms, none of which may write as the owner (tests/architecture).
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connections, transaction
from django.utils import timezone

from palermo.kernel.vault.codes import new_code

WHY = "An invented case of earlier years, closed."
KINDS = ("shelter", "medical", "legal_aid", "psychosocial", "education", "livelihood")
HOURS = {"rg_decision": 7 * 24, "rg_decision_detained": 24, "child_panel": 45 * 24, "cg_decision": 45 * 24}
GUARDIAN = 48.0
EVENTS = {
    "rg_decision": "rg_positive", "rg_decision_detained": "rg_positive", "child_panel": "rg_positive_child",
    "cg_decision": "cg_positive", "child_guardian": "appoint_guardian",
}  # fmt: skip
Row = dict[str, Any]


def make_past(rng: np.random.Generator, n: int, *, houses: Sequence[Any], author: Any, authority: Any) -> int:
    """`n` closed cases of `houses` (ids of organisations, the first with most of them) over eleven quarters.

    Returns how many were made; 0 where there is no service to have helped. Opens a transaction of its own.
    """
    rows: dict[str, list[Row]] = {}
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM services_service ORDER BY name LIMIT 1")
        found = cursor.fetchone()
        if found is None:
            return 0
        shared = {"author": author, "authority": authority, "service": found[0]}
        persons: list[tuple[Any, datetime]] = []
        for number in range(n):
            house = houses[min(int(rng.exponential(1.1)), len(houses) - 1)]
            receiver = houses[1] if house == houses[0] else houses[0]
            _one(rng, rows, persons, number / n, {**shared, "house": house, "receiver": receiver})
        for table, made in rows.items():
            _insert(cursor, table, made)
    return n


def _one(
    rng: np.random.Generator, rows: dict[str, list[Row]], persons: list[Any], share: float, of: Row
) -> None:
    """One case from contact to closure, with what belongs to it. Later years are a little faster."""
    began = _day(share, float(rng.uniform(0, 20)))
    person, code = uuid.uuid4(), "C" + new_code()[1:]
    before = [place for place, (_person, closed) in enumerate(persons) if closed < began - timedelta(days=30)]
    if before and rng.random() < 0.06:
        person = persons.pop(before[int(rng.integers(len(before)))])[0]
    closed = min(began + timedelta(days=float(rng.uniform(40, 240))), timezone.now() - timedelta(days=1))
    persons.append((person, closed))
    presumed, child = rng.random() < 0.8, rng.random() < 0.22
    case = {**_record(began), "id": uuid.uuid4(), "code": code, "state": "closed", "person_id": person,
            "person_code": "P" + code[1:], "opening_reason": WHY, "crime": "tip" if presumed else "som",
            "status": "presumed" if presumed else "smuggled_migrant", "child": child, "risk": "low",
            "plan_agreed": True, "ending": "goals_met", "exit_assessed": True, "opened_at": began, "closed_at": closed,
            "organisation_id": of["house"], "worker_id": None}  # fmt: skip
    rows.setdefault("cases_case", []).append(case)
    _needs(rng, rows, case, share, of)
    if rng.random() < 0.55:
        _referral(rng, rows, case, of)
    if presumed:
        _decisions(rng, rows, case, of)
    if child and rng.random() < 0.7:
        late = rng.random() < 0.3 - 0.2 * share
        took = GUARDIAN * float(rng.uniform(1.1, 3) if late else rng.uniform(0.1, 0.95))
        _clock(rows, case["id"], "child_protection", "child_guardian", began, GUARDIAN, took, of["house"])


def _needs(rng: np.random.Generator, rows: dict[str, list[Row]], case: Row, share: float, of: Row) -> None:
    """A need that was met after some days, and now and then one that was not."""
    began = case["opened_at"]
    waited = int(
        rng.choice([0, 1, 2, 3, 5, 7, 12, 24, 45], p=[0.22, 0.16, 0.13, 0.1, 0.13, 0.1, 0.08, 0.05, 0.03])
    )
    waited = waited if rng.random() < 0.5 + 0.5 * share else waited * 2
    shared = {"case_id": case["id"], "case_code": case["code"], "organisation_id": of["house"], "area": "PX-01",
              "urgency": "days", "recorded_by_id": of["author"], "since": began.date()}  # fmt: skip
    need = {**_record(began), **shared, "id": uuid.uuid4(), "kind": str(rng.choice(KINDS)), "state": "met",
            "unmet_reason": "", "settled_on": (began + timedelta(days=waited)).date()}  # fmt: skip
    rows.setdefault("services_need", []).append(need)
    if rng.random() < 0.94:
        started = (began + timedelta(days=waited)).date()
        rows.setdefault("services_delivery", []).append(
            {**_record(began), "id": uuid.uuid4(), "need_id": need["id"], "case_id": case["id"], "state": "delivered",
             "service_id": of["service"], "started_on": started, "ended_on": started, "outcome": "helped",
             "planned_by_id": of["author"]}
        )  # fmt: skip
    if rng.random() < 0.3:
        kind = str(rng.choice(KINDS, p=[0.42, 0.08, 0.14, 0.16, 0.06, 0.14]))
        rows["services_need"].append(
            {**_record(began), **shared, "id": uuid.uuid4(), "kind": kind, "state": "unmet",
             "unmet_reason": "full", "settled_on": (began + timedelta(days=10)).date()}
        )  # fmt: skip


def _referral(rng: np.random.Generator, rows: dict[str, list[Row]], case: Row, of: Row) -> None:
    """Most were accepted and helped; some were declined, some never answered."""
    sent = case["opened_at"] + timedelta(days=float(rng.uniform(0.2, 6)))
    fate = str(rng.choice(["helped", "unconfirmed", "declined", "expired"], p=[0.6, 0.12, 0.18, 0.1]))
    state = {"helped": "closed", "unconfirmed": "closed"}.get(fate, fate)
    answered = sent + timedelta(days=float(rng.uniform(0.1, 5)))
    accepted = answered if state == "closed" else None
    key = uuid.uuid4()
    rows.setdefault("referral_referral", []).append(
        {**_record(sent), "id": key, "code": "F" + new_code()[1:], "state": state, "transfer": False,
         "kind": str(rng.choice(KINDS, p=[0.3, 0.22, 0.2, 0.18, 0.04, 0.06])), "area": "PX-01", "urgent": False,
         "decline": "full" if fate == "declined" else "", "outcome": "helped" if state == "closed" else "",
         "still_needed": [], "arrived": {"helped": "yes", "unconfirmed": "unconfirmed"}.get(fate, ""),
         "organisation_id": of["house"], "receiver_id": of["receiver"], "sender_id": of["author"], "sent_at": sent,
         "received_at": None if fate == "expired" else answered, "accepted_at": accepted,
         "ended_at": answered + timedelta(days=20)}
    )  # fmt: skip
    rows.setdefault("referral_sending", []).append(
        {"referral_id": key, "case_id": case["id"], "case_code": case["code"], "person_id": case["person_id"],
         "child": case["child"], "transfer": False, "receiver_id": of["receiver"], "categories": ["needs"],
         "sealed": b"", "sealed_version": 1, "basis_kind": "consent", "open": False}
    )  # fmt: skip


def _decisions(rng: np.random.Generator, rows: dict[str, list[Row]], case: Row, of: Row) -> None:
    """The status that was decided, and the clocks of the two decisions."""
    referred = case["opened_at"] + timedelta(days=float(rng.uniform(0.2, 3)))
    detained = rng.random() < 0.12
    rule = "child_panel" if case["child"] else "rg_decision_detained" if detained else "rg_decision"
    key, open_still = uuid.uuid4(), rng.random() < 0.03
    rows.setdefault("identification_identification", []).append(
        {**_record(referred), "id": key, "code": "I" + new_code()[1:], "state": "identified",
         "person_id": case["person_id"], "person_code": case["person_code"], "case_id": case["id"],
         "child": case["child"], "detained": detained, "charged": False, "information_late": False,
         "review_ground": "", "before_missing": "", "begun_by_id": of["author"], "organisation_id": of["house"],
         "authority_id": of["authority"], "referred_at": referred}
    )  # fmt: skip
    late = rng.random() < (0.35 if detained else 0.16)
    took = HOURS[rule] * float(rng.uniform(1.1, 2.5) if late else rng.uniform(0.2, 0.98))
    _clock(
        rows,
        key,
        "identification",
        rule,
        referred,
        HOURS[rule],
        took,
        of["house"],
        called_off=bool(open_still),
    )
    second = referred + timedelta(hours=took, days=30)
    if not open_still and second < timezone.now() - timedelta(days=60):
        took = HOURS["cg_decision"] * float(
            rng.uniform(1.1, 2.2) if rng.random() < 0.3 else rng.uniform(0.3, 0.99)
        )
        _clock(rows, key, "identification", "cg_decision", second, HOURS["cg_decision"], took, of["house"])


def _clock(
    rows: dict[str, list[Row]], key: Any, machine: str, rule: str, started: datetime, hours: float, took: float,
    house: Any, *, called_off: bool = False,
) -> None:  # fmt: skip
    due, done = started + timedelta(hours=hours), min(started + timedelta(hours=took), timezone.now())
    rows.setdefault("workflow_deadline", []).append(
        {"id": uuid.uuid4(), "object_id": key, "object_kind": machine, "machine": machine, "state": "referred",
         "rule": rule, "event": EVENTS[rule], "roles": ["competent_authority"], "organisation_id": house,
         "started_at": started, "due_at": due, "base_at": due, "fires": False, "paused_for": "", "paused_in": [],
         "met_at": None if called_off else done, "cancelled_at": done if called_off else None}
    )  # fmt: skip


def _day(share: float, more: float) -> datetime:
    """From the first of January two years ago until a month before today, evenly, give or take some days."""
    now = timezone.now()
    first = datetime(now.year - 2, 1, 1, 9, tzinfo=UTC)
    last = now - timedelta(days=30)
    return min(first + share * (last - first) + timedelta(days=more), last)


def _record(at: datetime) -> Row:
    return {"version": 1, "created_at": at, "updated_at": at}


def _insert(cursor: Any, table: str, made: Iterable[Row]) -> None:
    rows = list(made)
    names = list(rows[0])
    places = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
    cursor.executemany(statement, [[row[name] for name in names] for row in rows])
