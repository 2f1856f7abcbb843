"""What a request still lacks, point by point of article 18. It names; it does not stop anybody.

Points of paragraph 15 that the article demands are `MANDATORY`. The others are what a central authority sends a request
back for: penalties, the link between facts and what is asked, a language that the other State takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from palermo.assistance.request import Kind, Request, Route

MANDATORY = frozenset({"13", "14", "15(a)", "15(b)", "15(c)", "15(d)", "15(f)"})
IDENTITY = ("identity", "location", "nationality")


@dataclass(frozen=True, slots=True)
class Missing:
    """point: of article 18, or "usual" for what practice asks for. code: which part of the request. place: from 1, in
    a list (offences, persons, kinds of assistance); 0 where there is none."""

    point: str
    code: str
    place: int = 0

    @property
    def mandatory(self) -> bool:
        return self.point in MANDATORY


def missing(request: Request) -> list[Missing]:
    """Everything that is missing, in the order of the article."""
    return [*_way(request), *_contents(request), *_persons(request), *_usual(request)]


def _empty(text: str) -> bool:
    return not text.strip()


def only_service(request: Request) -> bool:
    """Whether nothing but the service of documents is asked: then no summary of the facts is demanded (15(c))."""
    return bool(request.asked) and all(kind is Kind.SERVICE for kind, _words in request.asked)


def _way(request: Request) -> Iterator[Missing]:
    if request.route is Route.INTERPOL and not request.urgent:
        yield Missing("13", "route")
    if request.oral and not request.urgent:
        yield Missing("14", "oral")
    if request.oral and request.confirmed is None:
        yield Missing("14", "confirmed")
    if _empty(request.language):
        yield Missing("14", "language")
    elif request.accepted and request.language not in request.accepted:
        yield Missing("14", "accepted")


def _contents(request: Request) -> Iterator[Missing]:
    for point, code in (
        ("15(a)", "authority"), ("15(b)", "subject"), ("15(b)", "nature"), ("15(b)", "conducting"),
        ("15(b)", "functions"),
    ):  # fmt: skip
        if _empty(getattr(request, code)):
            yield Missing(point, code)
    if _empty(request.facts) and not only_service(request):
        yield Missing("15(c)", "facts")
    if not request.asked:
        yield Missing("15(d)", "asked")
    for place, (_kind, words) in enumerate(request.asked, 1):
        if _empty(words):
            yield Missing("15(d)", "asked", place)


def _persons(request: Request) -> Iterator[Missing]:
    """Where possible (15(e)): what somebody has written down as unknown is not missing."""
    for place, person in enumerate(request.persons, 1):
        for name in IDENTITY:
            kept_back = person.protected and name != "nationality"
            if _empty(getattr(person, name)) and name not in person.unknown and not kept_back:
                yield Missing("15(e)", name, place)
    if _empty(request.purpose):
        yield Missing("15(f)", "purpose")


def _usual(request: Request) -> Iterator[Missing]:
    if not request.offences:
        yield Missing("usual", "offences")
    for place, offence in enumerate(request.offences, 1):
        for name in ("article", "penalty", "text"):
            if _empty(getattr(offence, name)):
                yield Missing("usual", name, place)
    if _empty(request.link) and not only_service(request):
        yield Missing("usual", "link")
    if request.urgent and _empty(request.why_urgent):
        yield Missing("usual", "why_urgent")
    if request.urgent and request.reply_by is None:
        yield Missing("usual", "reply_by")
