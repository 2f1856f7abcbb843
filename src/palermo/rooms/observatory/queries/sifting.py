"""The `$filter` of OData, as far as ODK Central takes it, as a condition of the database."""

import re
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import (
    ExtractDay,
    ExtractHour,
    ExtractMinute,
    ExtractMonth,
    ExtractSecond,
    ExtractYear,
)
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from palermo.kernel.errors import DomainError
from palermo.rooms.observatory.models import ReviewState

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),])|(?P<word>[^\s(),']+))", re.UNICODE)
MOST, DEEPEST = 2_000, 20
FIELDS = {"submissionDate": "received_at", "updatedAt": "updated_at"}
PARTS: dict[str, Any] = {
    "year": ExtractYear, "month": ExtractMonth, "day": ExtractDay, "hour": ExtractHour, "minute": ExtractMinute,
    "second": ExtractSecond,
}  # fmt: skip
COMPARED: dict[str, Any] = {
    "eq": Exact, "lt": LessThan, "le": LessThanOrEqual, "gt": GreaterThan, "ge": GreaterThanOrEqual, "ne": Exact,
}  # fmt: skip
# Central's words for what was found of a record; what nobody has looked at has none.
REVIEWS: dict[str | None, tuple[str, ...]] = {
    None: (ReviewState.RECEIVED, ReviewState.FLAGGED), "hasIssues": (ReviewState.ON_HOLD,),
    "approved": (ReviewState.APPROVED,), "rejected": (ReviewState.REJECTED,), "edited": (), "received": (),
}  # fmt: skip


class Unsupported(DomainError):
    """What was asked is OData, but not of what is offered here."""

    status = 501


def review_of(state: str) -> str | None:
    """A state in Central's words."""
    return next((word for word, states in REVIEWS.items() if state in states), None)


def condition(text: str) -> Q:
    """The condition that `$filter` asks for. Raises Unsupported with what was not understood."""
    if len(text) > MOST:
        raise Unsupported("The filter is too long.", rule="odata.filter")
    return _Reader(_words(text)).whole()


def _words(text: str) -> list[str]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Unsupported("The filter cannot be read.", rule="odata.filter")
        found.append(match.group().strip())
        at = match.end()
    return found


class _Reader:
    """or < and < not < comparison, as OData has it (part 2, 5.1.1)."""

    def __init__(self, words: list[str]) -> None:
        self.words, self.at, self.depth = words, 0, 0

    def whole(self) -> Q:
        found = self.either()
        if self.at < len(self.words):
            raise _unread(self.words[self.at])
        return found

    def either(self) -> Q:
        found = self.both()
        while self.took("or"):
            found = found | self.both()
        return found

    def both(self) -> Q:
        found = self.one()
        while self.took("and"):
            found = found & self.one()
        return found

    def one(self) -> Q:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unsupported("The filter is nested too deeply.", rule="odata.filter")
        if self.took("not"):
            found = ~self.one()
        elif self.took("("):
            found = self.either()
            self.need(")")
        else:
            found = self.comparison()
        self.depth -= 1
        return found

    def comparison(self) -> Q:
        left = self.next()
        if _name(left) == "reviewState":
            return self.review()
        a, operator = self.value(left), self.next()
        if operator not in COMPARED:
            raise _unread(operator)
        found = Q(COMPARED[operator](a, self.value(self.next())))
        return ~found if operator == "ne" else found

    def review(self) -> Q:
        operator, word = self.next(), self.next()
        given = None if word == "null" else word.strip("'")
        if operator not in ("eq", "ne") or given not in REVIEWS:
            raise _unread(word)
        found = Q(state__in=REVIEWS[given])
        return ~found if operator == "ne" else found

    def value(self, word: str) -> Any:
        if word == "now":
            self.need("(")
            self.need(")")
            return Value(timezone.now())
        if word in PARTS:
            self.need("(")
            inner = self.value(self.next())
            self.need(")")
            return PARTS[word](inner, tzinfo=UTC)
        if (name := _name(word)) in FIELDS:
            return F(FIELDS[name])
        if word.isascii() and word.isdigit() and len(word) < 10:
            return Value(int(word))
        if (moment := _moment(word.strip("'"))) is not None:
            return Value(moment)
        raise _unread(word)

    def next(self) -> str:
        if self.at >= len(self.words):
            raise Unsupported("The filter ends too early.", rule="odata.filter")
        self.at += 1
        return self.words[self.at - 1]

    def took(self, word: str) -> bool:
        if self.at < len(self.words) and self.words[self.at] == word:
            self.at += 1
            return True
        return False

    def need(self, word: str) -> None:
        if not self.took(word):
            raise _unread(self.words[self.at] if self.at < len(self.words) else word)


def _name(word: str) -> str:
    """The field of a path: of the record itself, or seen from a repeat."""
    return word.removeprefix("$root/Submissions/").removeprefix("__system/") if "__system/" in word else ""


def _moment(word: str) -> datetime | None:
    try:
        found = parse_datetime(word)
        day = parse_date(word) if found is None else None
    except ValueError:
        return None
    if day is not None:
        found = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return found.replace(tzinfo=found.tzinfo or UTC) if found is not None else None


def _unread(word: str) -> Unsupported:
    return Unsupported(f"The filter is not understood at: {word[:60]}", rule="odata.filter")
