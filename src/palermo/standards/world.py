"""The world as a drawing: land, borders, and where each country lies on it, in Equal Earth.

The file is made from a public map by tools/boundaries.py and says where it came from. Another authority's boundaries
take its place with one setting (PALERMO_BOUNDARIES), in the same form. Standard library only.

Šavrič, Patterson, Jenny (2019): The Equal Earth map projection, International Journal of Geographical Information
Science 33(3), equations 1 and 2.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

WIDTH = 1000.0
HEIGHT = 430.0  # without Antarctica
NORTH = 84.0
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
ROOT = math.sqrt(3) / 2
PATH = re.compile(r"[MmLlHhVvZz0-9 ,.-]*")  # nothing but lines: it is written into pages

Point = tuple[float, float]


class UnfitMap(ValueError):
    """A file of boundaries that is not one."""


@dataclass(frozen=True, slots=True)
class World:
    """Land, borders and disputed borders as SVG paths; `places`: alpha-2 code -> a point in the country."""

    source: str
    licence: str
    land: str
    borders: str
    disputed: str
    places: Mapping[str, Point]


def project(longitude: float, latitude: float) -> Point:
    """A place on earth -> a point of the drawing, from its upper left corner."""
    x, y = _equal_earth(longitude, latitude)
    edge, top = _equal_earth(180, 0)[0], _equal_earth(0, NORTH)[1]
    unit = WIDTH / (2 * edge)
    return (x + edge) * unit, (top - y) * unit


def _equal_earth(longitude: float, latitude: float) -> Point:
    at = math.asin(ROOT * math.sin(math.radians(latitude)))
    two, six = at**2, at**6
    slope = A1 + 3 * A2 * two + six * (7 * A3 + 9 * A4 * two)
    return math.radians(longitude) * math.cos(at) / (ROOT * slope), at * (
        A1 + A2 * two + six * (A3 + A4 * two)
    )


@cache
def world(path: str = "") -> World:
    """The boundaries in that file, or those that come with palermo; raises UnfitMap with what is wrong."""
    text = (
        Path(path).read_text(encoding="utf-8")
        if path
        else files("palermo.standards").joinpath("data", "world.json").read_text(encoding="utf-8")
    )
    try:
        found: dict[str, Any] = json.loads(text)
        drawn = {name: _path(name, found[name]) for name in ("land", "borders", "disputed")}
        places = {str(code): (float(x), float(y)) for code, (x, y) in found["places"].items()}
        return World(str(found["source"]), str(found["licence"]), **drawn, places=MappingProxyType(places))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnfitMap(f"the file of boundaries cannot be used: {error}") from error


def _path(name: str, text: object) -> str:
    if not isinstance(text, str) or not PATH.fullmatch(text):
        raise ValueError(f"{name} is not a path of lines")
    return text
