"""Searches that a person keeps for himself."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.rooms.caselaw.models import SavedSearch

MOST = 50


@transaction.atomic
def keep_search(*, actor: Viewer, name: str, query: str, wanted: Mapping[str, str]) -> SavedSearch:
    """Keep a search under a name. What is looked for stands in no audit."""
    require(actor, "caselaw.search.keep")
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid(_("Give it a name of at most 80 characters."), rule="caselaw.search_name")
    if actor.user_id is None:
        raise NotFound()
    if SavedSearch.objects.filter(user_id=actor.user_id).count() >= MOST:
        raise Conflict(_("You keep fifty searches already."), rule="caselaw.searches")
    made = SavedSearch.objects.create(
        user_id=actor.user_id, name=name, query=" ".join(query.split())[:300], wanted=dict(wanted),
        seen_at=timezone.now(),
    )  # fmt: skip
    record(actor=actor, action="caselaw.search.keep", object_kind="caselaw_savedsearch", object_id=made.pk)
    return made


@transaction.atomic
def look_again(*, actor: Viewer, search_id: UUID) -> SavedSearch:
    """The person looks at what it finds now; what comes from here on is new."""
    found = _own(actor, search_id)
    found.seen_at = timezone.now()
    found.save(update_fields=["seen_at"])
    return found


@transaction.atomic
def forget_search(*, actor: Viewer, search_id: UUID) -> None:
    """Keep it no longer."""
    found = _own(actor, search_id)
    record(actor=actor, action="caselaw.search.forget", object_kind="caselaw_savedsearch", object_id=found.pk)
    found.delete()


def _own(actor: Viewer, search_id: UUID) -> SavedSearch:
    require(actor, "caselaw.search.keep")
    found = SavedSearch.objects.filter(pk=search_id, user_id=actor.user_id).first() if actor.user_id else None
    if found is None:
        raise NotFound()
    return found
