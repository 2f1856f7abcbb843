"""Who can see a case, and whom it can be shared with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.models import Grant, User
from palermo.kernel.access.policy import heard, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Organisation, Role, Unit
from palermo.rooms.cases.models import Case
from palermo.rooms.cases.queries.seen import require_seen

WORKER_ROLES = (Role.FIRST_RESPONDER, Role.CASE_MANAGER, Role.SUPERVISOR, Role.CHILD_PROTECTION)
SCOPE_WORDS = {
    "case": gettext_lazy("case"),
    "notes": gettext_lazy("notes and files"),
    "identity": gettext_lazy("identity"),
}


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """What people, teams and organisations are called; each is looked up once while a page is drawn."""
    kept = heard()
    found = {key: kept[key, "name"] for key in ids if kept is not None and (key, "name") in kept}
    for model in (User, Unit, Organisation):
        missing = ids - found.keys()
        if missing:
            found |= {row.pk: str(row) for row in model._default_manager.filter(pk__in=missing)}
    if kept is not None:
        kept |= {(key, "name"): name for key, name in found.items()}
    return found


def scopes_in_words(scopes: Collection[str]) -> str:
    """What a grant opens, as a list in the language of the page."""
    words = [word for scope, word in SCOPE_WORDS.items() if scope == "case" or scope in scopes]
    return get_text_list([str(word) for word in words], _("and"))


@dataclass(frozen=True, slots=True)
class Share:
    """One grant on a case, in words."""

    id: UUID
    who: str
    kind: str
    scopes: tuple[str, ...]
    purpose: str
    since: datetime
    until: datetime | None
    live: bool
    emergency: bool

    @property
    def scopes_in_words(self) -> str:
        """What the grant opens, as a list in the language of the page."""
        return scopes_in_words(self.scopes)


def shares(viewer: Viewer, case: Case) -> list[Share]:
    """Everybody who can see the case now, then those who could; ended ones are its history."""
    require_seen(viewer, case)
    rows = list(Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [case.pk]))
    names = names_of({row.grantee_id for row in rows})
    now = timezone.now()
    found = [
        Share(
            id=row.pk,
            who=names.get(row.grantee_id, ""),
            kind=row.get_grantee_kind_display(),
            scopes=tuple(row.scopes),
            purpose=row.purpose,
            since=row.valid_from,
            until=row.revoked_at or row.valid_until,
            live=row.revoked_at is None and (row.valid_until is None or row.valid_until > now),
            emergency=row.break_glass,
        )
        for row in rows
    ]
    return sorted(found, key=lambda share: (not share.live, share.since))


def may_reassign(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may give the case to a colleague: a supervisor of its owner, or the worker himself."""
    return case.organisation_id in viewer.organisation_ids and (
        viewer.has(Role.SUPERVISOR) or case.worker_id == viewer.user_id
    )


def possible_workers(viewer: Viewer, case: Case) -> list[tuple[UUID, str]]:
    """(id, name) of colleagues in the owner organisation who work on cases and do not have this one."""
    require(viewer, "cases.case.reassign", case.pk)
    people = User.objects.filter(
        memberships__organisation_id=case.organisation_id,
        memberships__ended_at=None,
        memberships__role__in=WORKER_ROLES,
        is_active=True,
    ).exclude(pk=case.worker_id)
    return [(user.pk, str(user)) for user in people.distinct().order_by("display_name")]


def protection_authorities(case: Case) -> list[tuple[UUID, str]]:
    """(id, name) of other organisations with somebody who protects children there."""
    held = Membership.objects.filter(role=Role.CHILD_PROTECTION, ended_at=None)
    rows = Organisation.objects.filter(closed_on=None, pk__in=held.values("organisation_id"))
    rows = rows.exclude(pk=case.organisation_id).order_by("name")
    return list(rows.values_list("pk", "name"))


def possible_grantees(viewer: Viewer, case: Case) -> list[tuple[str, str]]:
    """("unit:<id>" or "person:<id>", name) of teams and colleagues in the organisation that owns the case."""
    require(viewer, "cases.grant.give", case.pk)
    units = Unit.objects.filter(organisation_id=case.organisation_id)
    people = User.objects.filter(
        memberships__organisation_id=case.organisation_id, memberships__ended_at=None, is_active=True
    ).distinct()
    found = [(f"unit:{unit.pk}", str(unit)) for unit in units]
    return found + [(f"person:{person.pk}", str(person)) for person in people.order_by("display_name")]
