"""An unfinished notification: kept whatever is missing in it, sealed, for its writer alone, without identity."""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.kernel.vault.texts import seal_text
from palermo.rooms.identification.actions import this_transaction
from palermo.rooms.networks import queries
from palermo.rooms.networks.models import Draft, Network
from palermo.rooms.networks.queries.drafts import owner_of, place_of

# What a draft may hold: codes and words about what was seen, never who the person is.
FIELDS = ("urgent", "age", "seen", "thinks", "words", "area", "place", "alone")
LONGEST = 4000


@transaction.atomic
def keep_draft(
    *, actor: Viewer, network: Network, answers: Mapping[str, Any], draft_id: UUID | None = None
) -> Draft:
    """Keep what was written so far, complete or not. `draft_id`: the key of the form; sent twice, it is one draft."""
    require(actor, "networks.notification.send")
    _belongs(actor, network)
    key = draft_id or uuid.uuid4()
    row = Draft.objects.select_for_update().filter(pk=key, writer_id=actor.user_id).first()
    if row is None:
        row = _begun(actor, network, key)
    kept = {field: _short(answers[field]) for field in FIELDS if answers.get(field)}
    row.network_id, row.sealed_version = network.pk, row.sealed_version + 1
    row.sealed = seal_text(
        owner=owner_of(row), place=place_of(row), text=json.dumps(kept, ensure_ascii=False, sort_keys=True)
    )
    row.save()
    record(
        actor=actor,
        action="networks.draft.keep",
        object_kind="notification",
        object_id=row.pk,
        fields=tuple(kept),
    )
    return row


def _belongs(actor: Viewer, network: Network) -> None:
    if network.pk not in {found.pk for found in queries.joined(actor)}:
        problem = FieldProblem("network", _("Choose a network that you belong to."), "networks.joined")
        raise Invalid(_("Nothing was saved."), problems=[problem])


def _begun(actor: Viewer, network: Network, key: UUID) -> Draft:
    assert actor.user_id is not None
    house = queries.house_in(actor, network.pk)
    grant(
        actor=actor,
        object_kind="notification",
        object_id=key,
        grantee_kind="person",
        grantee_id=actor.user_id,
        scopes=("case",),
        purpose="network",
        valid_from=this_transaction(),
    )
    return Draft.objects.create(
        id=key, writer_id=actor.user_id, organisation_id=house, network=network, sealed_version=0
    )


def _short(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else [str(one)[:60] for one in value][:100]


@transaction.atomic
def drop_draft(*, actor: Viewer, row: Draft) -> None:
    """Throw an unfinished notification away."""
    require(actor, "networks.notification.send")
    key = row.pk
    row.delete()
    record(actor=actor, action="networks.draft.drop", object_kind="notification", object_id=key)
