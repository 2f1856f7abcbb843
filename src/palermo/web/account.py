"""Who is signed in, in words, for the menu at the top of the page."""

from dataclasses import dataclass

from django.http import HttpRequest

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Organisation, Role


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    organisation: str
    roles: tuple[str, ...]


def account_of(request: HttpRequest, viewer: Viewer) -> Account:
    """The display name, the organisation in whose name the person acts, and the roles; one query."""
    name = ""
    if viewer.organisation_id is not None:
        name = (
            Organisation.objects.filter(pk=viewer.organisation_id).values_list("name", flat=True).first()
            or ""
        )
    return Account(
        name=str(request.user) if viewer.is_person else "",
        organisation=name,
        roles=tuple(str(role.label) for role in Role if role.value in viewer.roles),
    )
