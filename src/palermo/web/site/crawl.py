"""Reads all that is public in one language: from the first pages, wherever their links lead inside the site."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from html import unescape

from palermo.web.site import places
from palermo.web.site.asking import Answer, Visitor
from palermo.web.site.rewriting import LINK, inside

GONE = 410  # a page that says that something was withdrawn, and why

Told = Callable[[int, int], None]


def crawl(language: str, begins: Sequence[str], told: Told | None = None) -> dict[str, Answer]:
    """Each public address that answers, with what it answers; and those that do not, with their status."""
    visitor = Visitor(language)
    waiting = deque(dict.fromkeys(places.normal(begin) for begin in begins))
    met, found = set(waiting), {}
    while waiting:
        address = waiting.popleft()
        answer = found[address] = visitor.ask(address)
        if answer.is_page and answer.status in (200, GONE):
            for link in _links(answer, address):
                if link not in met and places.belongs(link.partition("?")[0], begins):
                    met.add(link)
                    waiting.append(link)
        if told is not None:
            told(len(found), len(met))
    return found


def _links(answer: Answer, address: str) -> Iterator[str]:
    for match in LINK.finditer(answer.body.decode()):
        if path := inside(unescape(match["address"]), address):
            yield places.normal(path)
