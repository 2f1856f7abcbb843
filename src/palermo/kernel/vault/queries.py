"""Looking for persons. Nothing here returns an identity; `actions.reveal` is the only way to one."""

from collections import defaultdict
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.blind import Probe, asked
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import MatchNotice, Person, SealedField
from palermo.kernel.vault.scoring import SHOWN_FROM, Match, score
from palermo.kernel.vault.sealing import opened
from palermo.kernel.vault.settling import settle
from palermo.kernel.vault.unlock import HouseKey, blind_keys, house_key, person_key

COMPARED = ("family_name", "given_names", "aliases", "birth_date", "phone", "document_number")


def persons(viewer: Viewer) -> QuerySet[Person]:
    """The persons on whom the viewer holds a live grant, by code. The database filters, not this function."""
    return Person.objects.order_by("code")


def person(viewer: Viewer, person_id: UUID) -> Person:
    """One person by code, or NotFound, the same for a foreign and a missing one."""
    require(viewer, "vault.person.view", person_id)
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise NotFound()
    return found


def notices(viewer: Viewer) -> QuerySet[MatchNotice]:
    """Searches elsewhere for persons whom the viewer looks after, newest first."""
    require(viewer, "vault.notice.list")
    settle()
    return MatchNotice.objects.select_related("person", "asking")


@transaction.atomic
def search(viewer: Viewer, probe: Probe) -> list[Match]:
    """Persons who may be the one sought and whom the viewer may see, best first.

    What another organisation holds is never told, counted or hinted at; those who hold it are told later that the
    viewer's organisation asked. The answer, what is written and the work done here are the same either way.
    """
    require(viewer, "vault.person.search")
    sought, telling = asked(blind_keys(), probe, this_year=timezone.now().year)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM vault_search(%s, %s)", [list(sought), list(telling)])
        ids = [row[0] for row in cursor.fetchall()]
    found = sorted(_matches(ids, probe), key=lambda match: (-match.score, match.code))
    _tell_later()
    record(actor=viewer, action="vault.person.search", object_kind="person", detail={"shown": len(found)})
    return found


def _matches(ids: list[UUID], probe: Probe) -> list[Match]:
    rows: dict[UUID, list[SealedField]] = defaultdict(list)
    for row in SealedField.objects.filter(person_id__in=ids, field__in=COMPARED):
        rows[row.person_id].append(row)
    houses: dict[tuple[UUID, int], HouseKey] = {}
    found = []
    for candidate in Person.objects.filter(pk__in=ids, erased_at=None):
        place = (candidate.holder_id, candidate.key_number)
        house = houses.setdefault(place, house_key(*place)) if place not in houses else houses[place]
        fields = opened(person_key(candidate, house), candidate.pk, candidate.version, rows[candidate.pk])
        points, why = score(probe, Identity(**fields))
        if points >= SHOWN_FROM:
            found.append(Match(candidate.pk, candidate.code, points, why))
    return found


def _tell_later() -> None:
    from palermo.kernel.jobs.actions import enqueue

    enqueue("vault.settle")
