"""From a submission (nested answers, or the XML itself) to typed facts, with a log of what was changed and why."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from palermo.fieldwork.facts import (
    DONT_KNOW,
    MISSING,
    REFUSED,
    AbuseEvent,
    Change,
    FacilitatorContact,
    Facts,
    Interview,
    Leg,
    Many,
    Number,
    OfficialContact,
    Payment,
)

REPEATS = ("legs", "abuses", "officials")
KINDS = ("S1", "S1-RDS", "S3")
CODES = {"88": DONT_KNOW, "99": REFUSED, "-88": DONT_KNOW, "-99": REFUSED, "": MISSING}
SINGLE = (
    "consent",
    "adult",
    "sex",
    "age_band",
    "nationality",
    "schooling",
    "driver_main",
    "decider",
    "risk_known",
    "legal_tried",
    "destination",
    "borrowed",
    "work_to_repay",
    "abuse_consent",
    "ransom_paid",
    "again",
    "deceived",
    "completed",
    "children_separated",
    "children_alone",
    "view",
    "stage",
    "country_now",
    "quality",
    "asylum",
    "debt_left",
    "threatened",
    "reported",
    "migrate_again",
    "repeated",
)
MULTIPLE = ("drivers", "information", "funds", "exploitation", "needs")
NUMBERS = ("network", "children_with", "months_since", "coupon")
MOST_DAYS = 3650


class Unreadable(ValueError):
    """A submission that cannot be read; the message says why and holds no answer."""


def parse(xml: bytes | str) -> dict[str, Any]:
    """The nested answers of an XForms instance; entities and document types are refused."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable("the submission is not safe, well-formed XML") from error
    nested = _nested(root)
    return nested if isinstance(nested, dict) else {}


def _nested(element: Any) -> Any:
    if not len(element):
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        tag, value = child.tag.rpartition("}")[2], _nested(child)
        if tag in REPEATS:
            found.setdefault(tag, []).append(value)
        else:
            found[tag] = value
    return found


class _Answers:
    """One level of answers with its groups opened; repeats stay lists. Cleaning writes into the shared log."""

    def __init__(self, raw: Mapping[str, Any], log: list[Change], where: str = "") -> None:
        self.flat: dict[str, Any] = {}
        self.log, self.where = log, where
        self._open(raw)

    def _open(self, raw: Mapping[str, Any]) -> None:
        for key, value in raw.items():
            if isinstance(value, Mapping) and key not in REPEATS:
                self._open(value)
            else:
                self.flat[key] = value

    def changed(self, name: str, before: str, after: str, why: str) -> None:
        self.log.append(Change(self.where + name, before, after, why))

    def text(self, name: str) -> str:
        value = self.flat.get(name)
        return "" if value is None else str(value).strip()

    def one(self, name: str) -> str:
        said = self.text(name)
        return CODES.get(said, said)

    def number(self, name: str, most: float = math.inf) -> Number:
        said = self.text(name)
        if said in ("", "-88", "-99"):
            return Number(None, CODES[said])
        try:
            value = float(said)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < 0 or value > most:
            self.changed(
                name, said, MISSING, "not a number that can be" if not 0 <= value <= most else "not a number"
            )
            return Number()
        return Number(value, "")

    def month(self, name: str) -> str:
        said = self.text(name)
        if not said:
            return self.one(f"{name}_why")
        match = re.match(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?", said)
        if not match:
            self.changed(name, said, MISSING, "not a month")
            return MISSING
        if match[3] and match[3] != "01":
            self.changed(name, said, said[:7], "days are not kept")
        return said[:7]

    def many(self, name: str) -> Many:
        chosen = set(self.text(name).split())
        for code in ("88", "99"):
            if code in chosen and len(chosen) > 1:
                self.changed(
                    name, self.text(name), " ".join(sorted(chosen - {code})), f"{code} beside other answers"
                )
                chosen.discard(code)
        if "none" in chosen and len(chosen) > 1:
            self.changed(
                name, self.text(name), " ".join(sorted(chosen - {"none"})), "none beside other answers"
            )
            chosen.discard("none")
        if not chosen or chosen <= {"88", "99"}:
            return Many(why=CODES[next(iter(chosen), "")])
        return Many(frozenset(chosen))

    def within(self, name: str) -> list[_Answers]:
        rows = self.flat.get(name) or []
        rows = [rows] if isinstance(rows, Mapping) else rows
        # A repeat that was opened and left empty is no leg and no event.
        filled = [
            row
            for row in rows
            if isinstance(row, Mapping) and any(value not in ("", None) for value in row.values())
        ]
        return [_Answers(row, self.log, f"{name}[{n}]/") for n, row in enumerate(filled, 1)]


def read(answers: Mapping[str, Any] | bytes | str, kind: str) -> Facts:
    """The facts of one submission of S1, S1-RDS or S3."""
    if kind not in KINDS:
        raise Unreadable(f"facts are read from {', '.join(KINDS)}, not from {kind}")
    raw = parse(answers) if isinstance(answers, bytes | str) else answers
    log: list[Change] = []
    all_ = _Answers(raw, log)
    interview = Interview(
        all_.text("respondent_id") or all_.text("instanceID"),
        kind,
        all_.number("round"),
        all_.one("site"),
        all_.number("enumerator"),
        _minutes(all_),
        {name: all_.one(name) for name in SINGLE},
        {name: all_.many(name) for name in MULTIPLE},
        {name: all_.number(name) for name in NUMBERS},
    )
    if interview.answer("consent") != "yes" or interview.answer("adult") != "yes":
        return Facts(interview)
    legs = tuple(_leg(n, row) for n, row in enumerate(all_.within("legs"), 1))
    consented = interview.answer("abuse_consent") == "yes"
    abuses = tuple(map(_abuse, all_.within("abuses"))) if consented else ()
    officials = tuple(map(_official, all_.within("officials")))
    ransom = _money(all_, "ransom", "ransom") if all_.one("ransom_paid") == "yes" else None
    return Facts(interview, legs, abuses, officials, ransom, tuple(log))


def _minutes(row: _Answers) -> Number:
    try:
        span = datetime.fromisoformat(row.text("end")) - datetime.fromisoformat(row.text("start"))
    except (ValueError, TypeError):
        return Number()
    if span.total_seconds() < 0:
        row.changed("end", row.text("end"), MISSING, "ends before it starts")
        return Number()
    return Number(span.total_seconds() / 60, "")


def _money(row: _Answers, stem: str, purpose: str) -> Payment:
    return Payment(
        Number(),
        row.number(f"{stem}_amount"),
        Number(),
        row.one(f"{stem}_currency"),
        row.month(f"{stem}_month"),
        MISSING,
        MISSING,
        MISSING,
        None,
        purpose,
    )


def _leg(n: int, row: _Answers) -> Leg:
    helped = row.one("leg_smuggler")
    contact = payment = None
    if helped == "yes":
        contact = FacilitatorContact(
            n,
            row.one("first_contact"),
            row.many("services"),
            row.one("smuggler_nationality"),
            row.one("smuggler_sex"),
            row.one("smuggler_role"),
            row.one("smuggler_same"),
            row.one("smuggler_organisation"),
        )
        payment = Payment(
            row.number("fee_agreed"),
            row.number("fee_paid"),
            row.number("fee_refund"),
            row.one("fee_currency"),
            row.month("fee_month"),
            row.one("fee_basis"),
            row.one("fee_when"),
            row.one("fee_method"),
            n,
        )
    return Leg(
        n,
        row.one("leg_from"),
        row.one("leg_to"),
        row.month("leg_month"),
        row.one("leg_mode"),
        row.number("leg_days", MOST_DAYS),
        row.number("leg_wait", MOST_DAYS),
        row.one("leg_crossing"),
        row.number("leg_attempts"),
        row.one("leg_detained"),
        row.number("leg_group"),
        helped,
        contact,
        payment,
    )


def _abuse(row: _Answers) -> AbuseEvent:
    return AbuseEvent(
        row.one("abuse_type"),
        row.one("abuse_where"),
        row.month("abuse_month"),
        row.one("abuse_by"),
        row.one("abuse_smuggler"),
        row.one("abuse_whom"),
        row.one("abuse_danger"),
        row.number("abuse_deaths"),
    )


def _official(row: _Answers) -> OfficialContact:
    gift = _money(row, "gift", "gift") if row.one("gift_paid") == "yes" else None
    return OfficialContact(
        row.one("official_where"), row.one("official_type"), row.one("gift_asked"), row.one("gift_paid"), gift
    )
