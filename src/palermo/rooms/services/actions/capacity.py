"""How many places there are, and how many are free today, as the shelter itself tells."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Refused, Stale
from palermo.rooms.services.actions.keeping import require_keeper
from palermo.rooms.services.models import Places, Service
from palermo.standards.codes import codelist

MOST_PLACES = 2000


@transaction.atomic
def set_places(*, actor: Viewer, service: Service, totals: Mapping[str, int]) -> list[Places]:
    """How many places a service has for each group of palermo/place_group; 0 takes a group out.

    Never below what is taken or out of use: Invalid.
    """
    require_keeper(actor, service.organisation_id)
    groups, problems = codelist("palermo/place_group"), []
    rows = {row.group: row for row in Places.objects.select_for_update(of=("self",)).filter(service=service)}
    for group, total in totals.items():
        row = rows.get(group)
        least = row.taken + row.elsewhere if row else 0
        if group not in groups or not isinstance(total, int) or not 0 <= total <= MOST_PLACES:
            problems.append(FieldProblem(group, _("Give a number of places."), "range"))
        elif total < least:
            words = _("%(n)s of these places are taken or out of use.") % {"n": least}
            problems.append(FieldProblem(group, words, "services.places.taken"))
    if problems:
        raise Invalid(_("The number of places was not changed."), problems=problems)
    for group, total in totals.items():
        if group in rows and rows[group].total != total:
            rows[group].change({"total": total}, expected_version=rows[group].version)
        elif group not in rows and total:
            rows[group] = Places.objects.create(service=service, group=group, total=total)
    record(actor=actor, action="services.places.set", object_kind="service", object_id=service.pk)
    return list(rows.values())


@transaction.atomic
def tell_capacity(
    *, actor: Viewer, service: Service, free: Mapping[str, int], versions: Mapping[str, int]
) -> list[Places]:
    """How many places are free now, by group; also when nothing has changed, for then it is fresh again.

    Raises Invalid for more free places than are not taken, Stale when somebody came or went meanwhile.
    """
    require(actor, "services.capacity.tell")
    if service.organisation_id not in actor.organisation_ids and not actor.has("coordinator"):
        raise Refused(_("Only the service itself can tell this."), rule="services.capacity.own")
    rows = list(Places.objects.select_for_update(of=("self",)).filter(service=service, group__in=free))
    stale = [row for row in rows if versions.get(row.group) != row.version]
    if stale:
        raise Stale(
            _("Somebody came, went or counted since you opened this page. Look again, then save."),
            mine={row.group: free[row.group] for row in stale},
            theirs={row.group: row.free for row in stale},
        )
    problems = [
        FieldProblem(
            row.group,
            _("At most %(n)s can be free: %(total)s places, %(taken)s taken.")
            % {"n": max(0, row.total - row.taken), "total": row.total, "taken": row.taken},
            "services.capacity.most",
        )
        for row in rows
        if not _possible(row, free[row.group])
    ]
    problems += [
        FieldProblem(group, _("There are no places of this group."), "group")
        for group in set(free) - {row.group for row in rows}
    ]
    if problems:
        raise Invalid(_("The free places were not saved."), problems=problems)
    for row in rows:
        told: dict[str, Any] = {
            # A place given beyond the number is not out of use.
            "elsewhere": max(0, row.total - row.taken - free[row.group]),
            "told_at": timezone.now(),
            "told_by_id": actor.user_id,
        }
        row.elsewhere, row.told_at, row.told_by_id = told["elsewhere"], told["told_at"], told["told_by_id"]
        row.version += 1
        row.save(update_fields=["elsewhere", "told_at", "told_by", "version", "updated_at"])
    record(
        actor=actor,
        action="services.capacity.tell",
        object_kind="service",
        object_id=service.pk,
        detail={"free": sum(free.values())},
    )
    return rows


def _possible(row: Places, free: Any) -> bool:
    whole = isinstance(free, int) and not isinstance(free, bool)
    return whole and 0 <= free <= max(0, row.total - row.taken)
