"""Dual criminality: the elements of an offence in two laws beside each other. It says "check", never "refused".

Article 18(9) leaves it to the State asked. What counts is the conduct, not what it is called: so the table compares the
elements of the Protocols and not names of offences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Element(StrEnum):
    """Elements of the offences of the two Protocols (TIP 3(a), 3(c) and 5; SOM 3(a) and 6)."""

    ACT = "act"
    MEANS = "means"  # none is needed for a child: TIP 3(c)
    PURPOSE = "purpose"
    CROSSING = "crossing"  # SOM: illegal entry, or stay made possible
    BENEFIT = "benefit"  # SOM: financial or other material benefit


TIP = (Element.ACT, Element.MEANS, Element.PURPOSE)
SOM = (Element.ACT, Element.CROSSING, Element.BENEFIT)


class Side(StrEnum):
    """What one law says of an element."""

    DEMANDED = "demanded"
    NOT_DEMANDED = "not_demanded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Elements:
    """A national offence: what it demands, after which source, as it stood on a day."""

    article: str
    source: str
    on: date
    demands: Mapping[Element, Side]


@dataclass(frozen=True, slots=True)
class Line:
    """One element in both laws. check: whether somebody has to look whether the facts show it."""

    element: Element
    here: Side
    there: Side
    check: bool


def compared(here: Elements, there: Elements, *, smuggling: bool = False, child: bool = False) -> list[Line]:
    """The elements of the crime in both laws. here: of the State that asks; there: of the one asked.

    To be checked is what the State asked demands beyond ours, and whatever is not known of either. With a child the
    means need not be shown (TIP 3(c)) where the law of the State asked is known not to demand them.
    """
    lines = []
    for element in SOM if smuggling else TIP:
        one, other = (law.demands.get(element, Side.UNKNOWN) for law in (here, there))
        spared = child and element is Element.MEANS and other is Side.NOT_DEMANDED
        check = not spared and (
            Side.UNKNOWN in (one, other) or (other is Side.DEMANDED and one is not Side.DEMANDED)
        )
        lines.append(Line(element, one, other, check))
    return lines
