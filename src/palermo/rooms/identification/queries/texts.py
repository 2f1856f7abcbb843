"""Opening what was written in a legal status: packets, questions, answers, reasons."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.rooms.identification.models import Identification
from palermo.rooms.identification.models.status import Written


def owner_of_status(found: Identification) -> Owner:
    """Whose key seals what is written about an identification."""
    return Owner("identification", found.pk, found.organisation_id)


def place_of_line(line: Written, column: str) -> Place:
    """Written once: the row alone binds it."""
    return Place(line._meta.db_table, column, line.pk)


def opened(viewer: Viewer, found: Identification, lines: Iterable[tuple[Written, str]]) -> list[str]:
    """The texts of the lines, each given with its column, in two queries. One changed outside palermo says so."""
    spoilt = _("[This text was changed outside palermo and is not shown. An alarm was recorded.]")
    wanted = [(place_of_line(line, column), getattr(line, column)) for line, column in lines]
    texts = open_texts(actor=viewer, owner=owner_of_status(found), sealed=wanted)
    return [spoilt if text is None else text for text in texts]
