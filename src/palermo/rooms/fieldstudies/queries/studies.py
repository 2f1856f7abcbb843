"""Studies, their team and their sources: all behind the wall of the grant."""

import json
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.organisations.models import Membership
from palermo.kernel.vault.texts import Owner, Place, open_texts
from palermo.rooms.fieldstudies.models import FieldStudy, Member, Source

NOTES = ("access_note", "security_plan", "site_description", "recruitment", "translator")


def owner_of(study: FieldStudy) -> Owner:
    """Whose key seals what belongs to a study."""
    return Owner("fieldstudy", study.pk, study.organisation_id)


def studies(viewer: Viewer) -> QuerySet[FieldStudy]:
    """Studies of the viewer's organisations, the newest first, with how many sources and findings they have."""
    require(viewer, "fieldstudies.study.list")
    return FieldStudy.objects.annotate(
        listened=Count("sources", distinct=True), found=Count("findings", distinct=True)
    )


def study(viewer: Viewer, study_id: UUID) -> FieldStudy:
    """One study. Raises NotFound for one that is not there and one that is not the viewer's."""
    require(viewer, "fieldstudies.study.view", study_id)
    found = FieldStudy.objects.select_related("organisation").filter(pk=study_id).first()
    if found is None:
        raise NotFound()
    return found


def notes(viewer: Viewer, of: FieldStudy) -> dict[str, str]:
    """What the study keeps sealed. For its team."""
    if not on_team(viewer, of):
        return {}
    place = Place("fieldstudies_fieldstudy", "sealed_notes", of.pk)
    (text,) = open_texts(actor=viewer, owner=owner_of(of), sealed=[(place, bytes(of.sealed_notes))])
    told: dict[str, str] = json.loads(text) if text else {}
    return told


def on_team(viewer: Viewer, of: FieldStudy) -> bool:
    """Whether the viewer was in the room."""
    return Member.objects.filter(study=of, user_id=viewer.user_id).exists()


def team(viewer: Viewer, of: FieldStudy) -> list[Member]:
    return list(Member.objects.filter(study=of).select_related("user"))


def colleagues(viewer: Viewer, of: FieldStudy) -> list[tuple[str, str]]:
    """Who of the organisation could join the team, for a form."""
    there = set(Member.objects.filter(study=of).values_list("user_id", flat=True))
    return [(key, name) for key, name in _house(of) if key not in {str(one) for one in there}]


def coders(viewer: Viewer, of: FieldStudy) -> list[tuple[str, str]]:
    """Who of the organisation could code, for a form."""
    return _house(of)


def colleague_keys(of: FieldStudy) -> set[str]:
    return {key for key, _name in _house(of)}


def _house(of: FieldStudy) -> list[tuple[str, str]]:
    rows = Membership.objects.filter(
        organisation_id=of.organisation_id, ended_at=None, role__in=("analyst", "supervisor")
    ).select_related("user")
    return sorted({(str(one.user_id), str(one.user)) for one in rows}, key=lambda one: one[1])


def sources(viewer: Viewer, of: FieldStudy) -> QuerySet[Source]:
    """Sources by their code, with how many codes each has."""
    live = Q(segments__removed=False)
    return Source.objects.filter(study=of).annotate(coded=Count("segments", filter=live)).order_by("code")


def overdue(of: FieldStudy, today: date) -> list[Source]:
    """Sources whose recording should be gone by now and is not."""
    return list(Source.objects.filter(study=of, audio=True, audio_gone_at=None, audio_until__lt=today))


def source(viewer: Viewer, of: FieldStudy, source_id: UUID) -> Source:
    found = Source.objects.select_related("study").filter(pk=source_id, study=of).first()
    if found is None:
        raise NotFound()
    return found
