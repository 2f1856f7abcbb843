"""Everything that changes the vault or opens an identity."""

from palermo.kernel.vault.actions.batches import register_persons
from palermo.kernel.vault.actions.notices import mark_notice_seen
from palermo.kernel.vault.actions.pairing import answer_same, look_for_doubles, propose_same, set_apart
from palermo.kernel.vault.actions.persons import erase, register_person, update_identity
from palermo.kernel.vault.actions.reveals import reveal
from palermo.kernel.vault.actions.rotation import rotate
from palermo.kernel.vault.settling import settle

__all__ = (
    "answer_same",
    "erase",
    "look_for_doubles",
    "mark_notice_seen",
    "propose_same",
    "register_person",
    "register_persons",
    "reveal",
    "rotate",
    "set_apart",
    "settle",
    "update_identity",
)
