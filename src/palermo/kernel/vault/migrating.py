"""For migrations that seal texts which stood in clear: as the owner, who sees every row and holds no grant."""

from typing import Any
from uuid import UUID

from palermo.kernel.vault.crypto import DataKey, new_key, seal, unwrap
from palermo.kernel.vault.texts import Owner, Place
from palermo.kernel.vault.unlock import HouseKey, keyring, new_data_key


class Sealer:
    """Seals texts of many objects inside one migration; makes the keys that are missing. Needs the key files."""

    def __init__(self, apps: Any, alias: str) -> None:
        self.text_keys = apps.get_model("vault", "TextKey").objects.using(alias)
        self.house_keys = apps.get_model("vault", "OrganisationKey").objects.using(alias)
        self.known: dict[UUID, DataKey] = {}

    def seal(self, owner: Owner, place: Place, text: str) -> bytes:
        if owner.id not in self.known:
            self.known[owner.id] = self._key(owner)
        return seal(self.known[owner.id], place.context(), text) if text else b""

    def _key(self, owner: Owner) -> DataKey:
        row = self.text_keys.filter(pk=owner.id).first()
        if row is not None:
            house = self._house(self.house_keys.get(organisation_id=row.holder_id, number=row.key_number))
            return DataKey(unwrap(house.secret, bytes(row.wrapped_key)))
        newest = self.house_keys.filter(organisation_id=owner.holder_id).order_by("-number").first()
        house = self._house(newest or self._first(owner.holder_id))
        key, wrapped = new_data_key(house)
        self.text_keys.create(
            object_id=owner.id,
            object_kind=owner.kind,
            holder_id=owner.holder_id,
            wrapped_key=wrapped,
            key_number=house.number,
        )
        return key

    def _first(self, holder_id: UUID) -> Any:
        version, wrapped = keyring().wrap(new_key().secret)
        return self.house_keys.create(
            organisation_id=holder_id, number=1, root_version=version, wrapped=wrapped
        )

    @staticmethod
    def _house(row: Any) -> HouseKey:
        return HouseKey(row.number, keyring().unwrap(row.root_version, bytes(row.wrapped)))
