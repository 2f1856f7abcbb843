"""Who saw a confidential address and with whom it is shared, for the shelter itself."""

from palermo.kernel.access.models import Grant
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.services.models import AddressReveal, Service


def address_reveals(viewer: Viewer, service: Service) -> list[AddressReveal]:
    """Who opened the address and what for; to others than the shelter's keepers only what they did themselves."""
    require(viewer, "services.service.list")
    return list(AddressReveal.objects.filter(service=service).select_related("seen_by")[:50])


def address_shares(viewer: Viewer, service: Service) -> list[tuple[Grant, str]]:
    """Live shares with other organisations: (grant, name)."""
    if not can(viewer, "services.address.share", service.pk):
        return []
    rows = [
        row
        for row in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [service.pk])
        if row.revoked_at is None and row.grantee_id != service.organisation_id
    ]
    names = dict(
        Organisation.objects.filter(pk__in=[row.grantee_id for row in rows]).values_list("pk", "name")
    )
    return [(row, names.get(row.grantee_id, "")) for row in rows]


def possible_recipients(viewer: Viewer, service: Service) -> list[Organisation]:
    """Organisations with whom an address can be shared."""
    require(viewer, "services.service.list")
    return list(
        Organisation.objects.filter(closed_on=None).exclude(pk=service.organisation_id).order_by("name")
    )
