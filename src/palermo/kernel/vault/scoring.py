"""How well an identity fits a probe, and why, in words. Pure but for the translation of the words.

The score orders candidates; it decides nothing. A document number that is equal stands above all, then names and the
year of birth together, then a telephone number, which people share and change.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.vault import normalise, phonetic
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.identity import Identity

SHOWN_FROM = 0.35


@dataclass(frozen=True, slots=True)
class Match:
    """A person whom the viewer may see and who may be the one sought. `why` is a list of sentences."""

    person_id: UUID
    code: str
    score: float
    why: tuple[str, ...]


def score(probe: Probe, identity: Identity) -> tuple[float, tuple[str, ...]]:
    """Between 0 and 1, with the reasons, strongest first."""
    total, why = 0.0, []
    number = normalise.document(probe.document)
    if number and number == normalise.document(identity.document_number):
        total, why = 0.9, [_("The document number is the same.")]
    name_part, name_reason = max((_name(probe.name, name) for name in identity.names), default=(0.0, ""))
    if name_reason:
        why.append(name_reason)
    year_part, year_reason = _year(probe.birth_year, identity.birth_year)
    if year_reason:
        why.append(year_reason)
    phone = normalise.phone(probe.phone)
    phone_part = 0.0
    if phone and phone == normalise.phone(identity.phone):
        phone_part = 0.4
        why.append(_("The telephone number is the same."))
    total += 0.6 * name_part + (year_part if name_part else min(year_part, 0.0)) + phone_part
    return round(min(max(total, 0.0), 1.0), 2), tuple(why)


def _name(asked: str, held: str) -> tuple[float, str]:
    mine, theirs = normalise.tokens(asked), normalise.tokens(held)
    if not mine or not theirs:
        return 0.0, ""
    equal = set(mine) & set(theirs)
    alike = {a for a in mine if a not in equal and any(phonetic.alike(a, b) for b in theirs)}
    share = (len(equal) + 0.85 * len(alike)) / max(len(mine), min(len(theirs), 2))
    if not equal and not alike:
        return 0.0, ""
    if len(equal) == len(mine) == len(theirs):
        return share, _("The name is the same.")
    if len(equal) + len(alike) == len(mine):
        return share, _("The name sounds alike.") if alike else _("All parts of the name occur.")
    return share, _("Part of the name sounds alike.")


def _year(asked: int | None, held: int | None) -> tuple[float, str]:
    if asked is None or held is None:
        return 0.0, ""
    if asked == held:
        return 0.3, _("The year of birth is the same.")
    if abs(asked - held) == 1:
        return 0.15, _("The year of birth differs by one.")
    return -0.3, _("The year of birth differs.")
