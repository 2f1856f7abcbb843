"""What can be done in the room: take in published figures, publish, withdraw, hand out."""

from palermo.rooms.statistics.actions.glotip import GLOTIP
from palermo.rooms.statistics.actions.population import POPULATION

__all__ = ["GLOTIP", "POPULATION"]
