"""Looking for persons. Nothing here returns an identity; `actions.reveal` is the only way to one."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import NotFound
from palermo.kernel.vault.blind import Probe, asked
from palermo.kernel.vault.candidates import candidates
from palermo.kernel.vault.limits import SEARCH, count_search
from palermo.kernel.vault.models import MatchNotice, Person
from palermo.kernel.vault.scoring import Match, ranked
from palermo.kernel.vault.settling import settle
from palermo.kernel.vault.unlock import blind_keys


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
    """Persons who may be the one sought and whom the viewer may see, best first, at most twenty.

    What another organisation holds is never told, counted or hinted at; those who hold it are told later that the
    viewer's organisation asked. The answer, what is written and the work done here are the same either way.
    Refused when the viewer has searched more often within an hour than the instance allows.
    """
    require(viewer, SEARCH)
    count_search(viewer)
    sought = asked(blind_keys(), probe, this_year=timezone.now().year)
    found = ranked(probe, candidates(sought))
    _tell_later()
    record(actor=viewer, action=SEARCH, object_kind="person", detail={"shown": len(found)})
    return found


def _tell_later() -> None:
    from palermo.kernel.jobs.actions import enqueue

    enqueue("vault.settle")
