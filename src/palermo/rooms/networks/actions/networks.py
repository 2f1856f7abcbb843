"""Open and change a network."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.networks import queries
from palermo.rooms.networks.models import Network
from palermo.rooms.networks.queries.words import SECTORS
from palermo.standards import codelist

FIELDS = ("name", "about", "area", "receiver_id", "service_id")


@transaction.atomic
def open_network(
    *, actor: Viewer, name: str, sector: str, organisation_id: UUID, about: str = "", area: str = ""
) -> Network:
    """Open a network that an organisation coordinates: by its supervisor, or a coordinator. It begins empty."""
    require(actor, "networks.network.open")
    problems = _problems(name)
    if sector not in codelist(SECTORS):
        problems.append(FieldProblem("sector", _("Choose the kind of work."), "networks.sector"))
    if str(organisation_id) not in dict(queries.houses(actor)):
        problems.append(
            FieldProblem("organisation", _("Choose an organisation of the list."), "networks.house")
        )
    if problems:
        raise Invalid(_("The network was not opened."), problems=problems)
    assert actor.user_id is not None
    made = Network(
        name=name.strip(),
        sector=sector,
        organisation_id=organisation_id,
        about=about.strip(),
        area=area,
        opened_by_id=actor.user_id,
    )
    _save(lambda: made.save(force_insert=True))
    _trace(actor, made, "open", ("name", "sector", "organisation"))
    return made


@transaction.atomic
def change_network(
    *, actor: Viewer, network: Network, expected_version: int, values: dict[str, Any]
) -> Network:
    """Change name, purpose, area and the usual place of its notifications. `values`: some of FIELDS."""
    queries.led(actor, network.pk)
    given = {field: values[field] for field in FIELDS if field in values}
    problems = _problems(str(given.get("name", network.name)))
    receiver = given.get("receiver_id")
    if receiver and not Organisation.objects.filter(pk=receiver, closed_on=None).exists():
        problems.append(FieldProblem("usual", _("Choose an organisation of the list."), "networks.receiver"))
    if problems:
        raise Invalid(_("Nothing was changed."), problems=problems)
    base = {field: getattr(network, field) for field in given}
    _save(lambda: network.change(given, expected_version=expected_version, base=base))
    _trace(actor, network, "change", tuple(given))
    return network


@transaction.atomic
def close_network(*, actor: Viewer, network: Network, expected_version: int) -> Network:
    """Close a network: nothing is sent through it any more; what was sent goes on."""
    queries.led(actor, network.pk)
    if network.closed_on is not None:
        raise Conflict(_("This network is closed already."), rule="networks.network.open", state="closed")
    network.change({"closed_on": timezone.localdate()}, expected_version=expected_version)
    _trace(actor, network, "close", ())
    return network


def _problems(name: str) -> list[FieldProblem]:
    if 3 <= len(name.strip()) <= 120:
        return []
    return [FieldProblem("name", _("Give it a name of 3 to 120 characters."), "length")]


def _save(save: Any) -> None:
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        if "networks_network_name" not in str(
            getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        ):
            raise
        problem = FieldProblem("name", _("A network of this name exists already."), "unique")
        raise Invalid(_("Nothing was saved."), problems=[problem]) from None


def _trace(actor: Viewer, row: Network, what: str, fields: tuple[str, ...]) -> None:
    record(
        actor=actor,
        action=f"networks.network.{what}",
        object_kind="network",
        object_id=row.pk,
        fields=fields,
        detail={"sector": row.sector},
    )
