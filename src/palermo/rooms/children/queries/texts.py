"""Where the sealed texts about a child stand: each in its own row, under the key of the case."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.rooms.children.models import ChildProtection

Sealed = tuple[Place, bytes | memoryview]


def owner_of(child: ChildProtection) -> Owner:
    """Whose key seals what is written about a child: that of the case."""
    return Owner("case", child.pk, child.organisation_id)


def place(table: str, row: UUID, column: str = "sealed") -> Place:
    """Where one text stands. Rows of this room are written once."""
    return Place(f"children_{table}", column, row)


def opened(viewer: Viewer, child: ChildProtection, sealed: Iterable[Sealed]) -> list[str]:
    """The texts in words that can be shown, in two queries however many there are."""
    spoilt = _("[This text was changed outside palermo and is not shown. An alarm was recorded.]")
    texts = open_texts(actor=viewer, owner=owner_of(child), sealed=sealed)
    return [spoilt if text is None else text for text in texts]
