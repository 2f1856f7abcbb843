"""The packet for the authority: what the consent covers, as it is said on that day, sealed and never changed."""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.vault.actions import reveal
from palermo.rooms.consents.actions import require_basis
from palermo.rooms.identification.actions.rules import MINIMUM
from palermo.rooms.identification.actions.sealing import sealed
from palermo.rooms.identification.models import Identification, Packet
from palermo.rooms.identification.queries.authorities import authorities
from palermo.standards import codelist

TEXT_AT_MOST = 4000
NAMES = ("family_name", "given_names", "birth_date")


def write_packet(
    *, actor: Viewer, found: Identification, event: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """The packet, and to whom. `given`: authority (id), texts (category -> words), identity (True: with the name).

    An adult's packet needs a consent (or a confirmed legal basis) for each category, for this authority. For a child
    the law commands it; still only what was written is told. The name comes from the vault, with its own trace.
    """
    authority_id, texts = _checked(given)
    categories = [*texts, "identity"] if given.get("identity") else list(texts)
    basis, basis_id = "law", None
    if event != "notify_child":
        allowed = require_basis(
            actor=actor,
            person_id=found.person_id,
            purpose="identification",
            categories=categories,
            recipient_id=authority_id,
            case_id=found.case_id,
        )
        basis, basis_id = allowed.kind, allowed.id
    if given.get("identity"):
        shown = reveal(actor=actor, person_id=found.person_id, fields=NAMES, purpose="refer")
        texts["identity"] = ", ".join(shown[name] for name in NAMES if name in shown) or _("Not known")
    assert actor.user_id is not None
    packet = Packet(
        id=uuid.uuid4(),
        identification=found,
        written_by_id=actor.user_id,
        recipient_id=authority_id,
        categories=categories,
        basis=basis,
        basis_id=basis_id,
    )
    packet.sealed = sealed(packet, "sealed", json.dumps(texts, ensure_ascii=False))
    packet.save(force_insert=True)
    # Set before the move: a referred status without an authority is refused by the database.
    now = timezone.now()
    Identification.objects.filter(pk=found.pk).update(authority_id=authority_id, referred_at=now)
    found.authority_id, found.referred_at = authority_id, now
    return {"packet": packet}


def _checked(given: Mapping[str, Any]) -> tuple[UUID, dict[str, str]]:
    problems = []
    known = codelist("palermo/consent_category")
    texts = {str(code): str(words).strip() for code, words in dict(given.get("texts") or {}).items() if words}
    texts = {code: words for code, words in texts.items() if words}
    if unknown := set(texts) - (set(c.code for c in known) - {"identity"}):
        problems.append(FieldProblem("texts", _("This is not asked here."), f"unknown {len(unknown)}"))
    for code in sorted(MINIMUM - set(texts)):
        problems.append(FieldProblem(code, _("The authority cannot decide without this."), "required"))
    for code, words in texts.items():
        if len(words) > TEXT_AT_MOST:
            problems.append(FieldProblem(code, _("This is too long."), "length"))
    names = {str(pk) for pk, _name in authorities()}
    if str(given.get("authority") or "") not in names:
        problems.append(FieldProblem("authority", _("Choose an authority."), "choice"))
    if problems:
        raise Invalid(_("It was not referred."), problems=problems)
    return UUID(str(given["authority"])), texts
