"""Texts about a person in the legal status: sealed where they stand, under the key of the identification."""

from palermo.kernel.vault.texts import seal_text
from palermo.rooms.identification.models.status import Written
from palermo.rooms.identification.queries.texts import owner_of_status, place_of_line


def sealed(line: Written, column: str, text: str) -> bytes:
    """The sealed form of a text for this line alone."""
    place = place_of_line(line, column)
    return seal_text(owner=owner_of_status(line.identification), place=place, text=text)
