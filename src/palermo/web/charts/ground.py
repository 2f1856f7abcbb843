"""What maps are drawn on: the boundaries of this installation, and where its country lies."""

import logging

from django.conf import settings

from palermo.standards import find_country
from palermo.standards.packs import pack
from palermo.standards.world import Point, UnfitMap, World, project, world

logger = logging.getLogger(__name__)


def boundaries() -> World | None:
    """The map of this installation; None where its file cannot be used, which is logged."""
    try:
        return world(settings.PALERMO_BOUNDARIES)
    except (UnfitMap, OSError) as error:
        logger.error("no map is drawn: %s", error)
        return None


def place_of_here() -> Point | None:
    """Where this country lies: as its pack says, or as its code does."""
    ours = pack(settings.PALERMO_PACK)
    if ours.here is not None:
        return project(*ours.here)
    drawn, found = boundaries(), find_country(ours.country)
    return drawn.places.get(found.alpha2) if drawn and found else None


def place_of(code: str) -> Point | None:
    """Where a country lies; None where it is none, or not on the map."""
    drawn, found = boundaries(), find_country(code)
    if found is not None and found.alpha3 == pack(settings.PALERMO_PACK).country:
        return place_of_here()
    return drawn.places.get(found.alpha2) if drawn and found else None
