"""Mutual legal assistance under article 18 of the Convention against Transnational Organized Crime, as plain data.

What a request must contain, on what grounds it may be declined, and what has to be looked at before: nothing here
decides. Codes and points of the article go out; their words are those of whoever shows them.

    from palermo.assistance import Request, missing
"""

from palermo.assistance.complete import MANDATORY, Missing, missing
from palermo.assistance.elements import Element, Elements, Side, compared
from palermo.assistance.grounds import GROUNDS, NO_GROUNDS, Answer, Ground, unreasoned
from palermo.assistance.request import Kind, Offence, Person, Request, Route

__all__ = [
    "GROUNDS",
    "MANDATORY",
    "NO_GROUNDS",
    "Answer",
    "Element",
    "Elements",
    "Ground",
    "Kind",
    "Missing",
    "Offence",
    "Person",
    "Request",
    "Route",
    "Side",
    "compared",
    "missing",
    "unreasoned",
]
