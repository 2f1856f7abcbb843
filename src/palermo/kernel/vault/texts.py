"""Texts of the rooms (notes, remarks, letters), sealed where they stand.

Every object (a case, a screening, a referral) has one data key, wrapped by the key of an organisation and moved by
every rotation. A room keeps the sealed bytes in a column of its own and says where they stand; the vault keeps the key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from palermo.kernel.access.policy import heard
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.vault.crypto import Context, DataKey, Tampered, seal, unseal, unwrap
from palermo.kernel.vault.models import TextKey
from palermo.kernel.vault.unlock import house_key, new_data_key

ALARM = "vault.text.tampered"
KEPT = "key of its texts"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose key seals a text: the object on which the grants are, and the organisation that keeps its key."""

    kind: str
    id: UUID
    holder_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands. A row that is edited gives its `version`, so that an older text put back does not open."""

    table: str
    column: str
    row: UUID | int
    version: int = 1

    def context(self) -> Context:
        row = self.row if isinstance(self.row, UUID) else UUID(int=self.row)
        return Context(self.table, self.column, row, self.version)


def seal_text(*, owner: Owner, place: Place, text: str) -> bytes:
    """The sealed form for this place alone; empty for an empty text. Needs a live grant on the object."""
    return seal(_key(owner) or _made(owner), place.context(), text) if text else b""


def open_texts(
    *, actor: Viewer, owner: Owner, sealed: Iterable[tuple[Place, bytes | memoryview]]
) -> list[str | None]:
    """The texts in their order, for two queries however many there are. None where one was changed or moved.

    Such a text is never shown, and the audit gets one alarm that names the places.
    """
    wanted = list(sealed)
    try:
        key = _key(owner) if any(value for _place, value in wanted) else None
    except Tampered:
        key = None
    found = [_opened(key, place, bytes(value)) for place, value in wanted]
    spoilt = [place for (place, _value), text in zip(wanted, found, strict=True) if text is None]
    if spoilt:
        record(
            actor=actor,
            action=ALARM,
            object_kind=owner.kind,
            object_id=owner.id,
            fields=sorted({f"{place.table}.{place.column}" for place in spoilt}),
            detail={"row": str(spoilt[0].row), "count": len(spoilt)},
            result="alarm",
        )
    return found


def _opened(key: DataKey | None, place: Place, value: bytes) -> str | None:
    if not value:
        return ""
    try:
        return unseal(key, place.context(), value) if key else None
    except Tampered:
        return None


def _key(owner: Owner) -> DataKey | None:
    """The key of the object, or None where it has none yet. Raises Tampered when its row was changed.

    While a page is drawn (`asked_once`) it is unwrapped once, however many lists of texts the page has.
    """
    kept = heard()
    if kept is not None and (owner.id, KEPT) in kept:
        return cast(DataKey, kept[owner.id, KEPT])
    found = _unwrapped(owner)
    if kept is not None and found is not None:
        kept[owner.id, KEPT] = found
    return found


def _unwrapped(owner: Owner) -> DataKey | None:
    row = TextKey.objects.filter(object_id=owner.id).first()
    if row is None:
        return None
    return DataKey(unwrap(house_key(row.holder_id, row.key_number).secret, bytes(row.wrapped_key)))


def _made(owner: Owner) -> DataKey:
    """The first key of the object. Whoever comes second at the same moment uses the first one's."""
    house = house_key(owner.holder_id)
    wrapped = new_data_key(house)[1]
    row = TextKey(
        object_id=owner.id,
        object_kind=owner.kind,
        holder_id=owner.holder_id,
        wrapped_key=wrapped,
        key_number=house.number,
    )
    TextKey.objects.bulk_create([row], ignore_conflicts=True)
    made = _key(owner)
    assert made is not None
    return made
