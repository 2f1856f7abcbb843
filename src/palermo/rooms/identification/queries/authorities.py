"""The bodies that decide: organisations with somebody who holds that role now; those of the country pack first."""

from uuid import UUID

from django.conf import settings

from palermo.kernel.organisations.models import Membership, Organisation, Role
from palermo.standards.packs import pack

DECIDE = (Role.COMPETENT_AUTHORITY,)


def authorities() -> list[tuple[UUID, str]]:
    """(id, name) of every organisation to which an identification can be referred."""
    deciding = Membership.objects.filter(role__in=DECIDE, ended_at=None).values("organisation_id")
    rows = Organisation.objects.filter(pk__in=deciding, closed_on=None).values_list("pk", "name")
    bodies = {
        name for body in pack(settings.PALERMO_PACK).bodies if body.role in DECIDE for name in body.names.values()
    }  # fmt: skip
    return sorted(rows, key=lambda row: (row[1] not in bodies, row[1]))
