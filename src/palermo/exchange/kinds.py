"""Kinds of letters: which fields of a body may leave, and which versions are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from palermo.exchange.errors import Cause, Refusal
from palermo.exchange.letters import Letter


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter as this side speaks it. fields: the allow list of its body."""

    name: str
    major: int
    minor: int
    fields: frozenset[str]

    @property
    def version(self) -> str:
        return f"{self.major}.{self.minor}"


Kinds = Mapping[str, Kind]


def parts(version: str) -> tuple[int, int]:
    """ "1.4" as two numbers. Raises Refusal (malformed)."""
    major, dot, minor = version.partition(".")
    if not (dot and major.isascii() and major.isdigit() and minor.isascii() and minor.isdigit()):
        raise Refusal(Cause.MALFORMED, "version")
    return int(major[:6]), int(minor[:6])


def may_leave(letter: Letter, kinds: Kinds) -> None:
    """Raises Refusal (unknown_kind, not_allowed with the names of the fields) where a body holds more than its list."""
    kind = kinds.get(letter.kind)
    if kind is None or letter.version != kind.version:
        raise Refusal(Cause.UNKNOWN_KIND, letter.kind)
    if more := sorted(set(letter.body) - kind.fields):
        raise Refusal(Cause.NOT_ALLOWED, ", ".join(more))


def may_be_read(letter: Letter, kinds: Kinds) -> None:
    """The same major number is read; a newer minor one may bring fields that are kept but not understood.

    Raises Refusal: unknown_kind (also for another major), not_allowed (a field that its own minor version has not).
    """
    kind = kinds.get(letter.kind)
    major, minor = parts(letter.version)
    if kind is None or major != kind.major:
        raise Refusal(Cause.UNKNOWN_KIND, letter.kind)
    if minor <= kind.minor and (more := sorted(set(letter.body) - kind.fields)):
        raise Refusal(Cause.NOT_ALLOWED, ", ".join(more))
