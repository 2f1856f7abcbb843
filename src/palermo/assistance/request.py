"""A request for assistance as a central authority would send it: article 18, paragraphs 3, 13 to 15, 19 and 20."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What is asked for (paragraph 3, and what paragraphs 18 and 19 to 21 of the Convention add)."""

    STATEMENTS = "statements"  # 3(a)
    SERVICE = "service"  # 3(b) of judicial documents
    SEARCH = "search"  # 3(c) searches, seizures, freezing
    EXAMINATION = "examination"  # 3(d) of objects and sites
    INFORMATION = "information"  # 3(e) information, evidentiary items, expert evaluations
    DOCUMENTS = "documents"  # 3(f) originals or certified copies, bank and business records included
    TRACING = "tracing"  # 3(g) proceeds, property, instrumentalities
    APPEARANCE = "appearance"  # 3(h) voluntary
    OTHER = "other"  # 3(i)
    VIDEO = "video"  # 18(18) hearing by video conference
    JOINT_TEAM = "joint_team"  # article 19
    TECHNIQUES = "techniques"  # article 20
    TRANSFER = "transfer"  # article 21


class Route(StrEnum):
    """How it goes (paragraphs 13 and 14)."""

    CENTRAL = "central"
    DIPLOMATIC = "diplomatic"
    INTERPOL = "interpol"  # in urgent circumstances, where the States agree, if possible


@dataclass(frozen=True, slots=True)
class Offence:
    """What is investigated: its name, the article of the law, the penalty, and where the text of the law stands."""

    title: str
    article: str
    penalty: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody concerned. role: suspect, witness, victim, other. unknown: what could not be found out, as field names.

    protected: identity goes out only in the way that protects it, never in the body of the request.
    """

    role: str
    identity: str = ""
    location: str = ""
    nationality: str = ""
    unknown: frozenset[str] = frozenset()
    protected: bool = False

    def __repr__(self) -> str:
        return f"Person({self.role})"


@dataclass(frozen=True, slots=True)
class Request:
    """authority: who asks. conducting, functions: who investigates, prosecutes or judges, and as what. subject, nature:
    what the proceeding is about and what sort it is. facts: their summary; link: why they call for what is asked.

    asked: each kind of assistance with its description. procedure: how it is to be done, where that matters. purpose:
    for what the evidence, information or action is sought. language: of the request; accepted: languages that the other
    State takes, empty where that is not known. confirmed: the day on which an oral request was confirmed in writing.
    """

    authority: str = ""
    conducting: str = ""
    functions: str = ""
    subject: str = ""
    nature: str = ""
    offences: tuple[Offence, ...] = ()
    facts: str = ""
    link: str = ""
    asked: tuple[tuple[Kind, str], ...] = ()
    procedure: str = ""
    persons: tuple[Person, ...] = ()
    purpose: str = ""
    route: Route = Route.CENTRAL
    language: str = ""
    accepted: frozenset[str] = frozenset()
    urgent: bool = False
    why_urgent: str = ""
    oral: bool = False
    confirmed: date | None = None
    confidential: bool = False
    reply_by: date | None = None
    annexes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        return f"Request({len(self.asked)} asked)"
