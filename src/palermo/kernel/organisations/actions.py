"""Changes of the directory, and the end of roles; giving one needs two people (`proposals`). Each is audited."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, NotFound, Refused
from palermo.kernel.organisations.closing import tell_closed
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType, Unit


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        problem = FieldProblem("name", _("A name is needed."), "organisations.name")
        raise Invalid(_("A name is needed."), problems=[problem])
    return cleaned


def _name_taken() -> Invalid:
    problem = FieldProblem("name", _("There is one of this name already."), "organisations.name.unique")
    return Invalid(problem.message, problems=[problem])


@transaction.atomic
def add_organisation(
    *, actor: Viewer, name: str, kind: str, area: str = "", email: str = "", phone: str = ""
) -> Organisation:
    """Enter a body in the directory. Raises Invalid for an unknown kind or a name that is taken."""
    require(actor, "organisations.organisation.edit")
    if kind not in OrganisationType.values:
        problem = FieldProblem(
            "kind", _("This kind of organisation is not in the list."), "organisations.kind"
        )
        raise Invalid(problem.message, problems=[problem])
    try:
        with transaction.atomic():
            made = Organisation.objects.create(
                name=_clean_name(name), kind=kind, area=area, contact_email=email, contact_phone=phone
            )
    except IntegrityError as error:
        raise _name_taken() from error
    record(
        actor=actor, action="organisations.organisation.add", object_kind="organisation", object_id=made.pk
    )
    return made


@transaction.atomic
def change_organisation(
    *,
    actor: Viewer,
    organisation: Organisation,
    expected_version: int,
    name: str,
    kind: str,
    area: str = "",
    email: str = "",
    phone: str = "",
    closed_on: date | None = None,
) -> Organisation:
    """Correct the entry of a body. Raises Stale if somebody else saved since, Invalid for a name that is taken.

    Closing it ends what it has begun with others (`closing`), before the audit is written: nobody waits for another.
    """
    require(actor, "organisations.organisation.edit")
    values = {
        "name": _clean_name(name),
        "kind": kind,
        "area": area,
        "contact_email": email,
        "contact_phone": phone,
        "closed_on": closed_on,
    }
    changed = tuple(field for field, value in values.items() if getattr(organisation, field) != value)
    try:
        with transaction.atomic():
            organisation.change(values, expected_version=expected_version)
    except IntegrityError as error:
        raise _name_taken() from error
    if closed_on is not None and "closed_on" in changed:
        tell_closed(actor=actor, organisation_id=organisation.pk)
    record(
        actor=actor,
        action="organisations.organisation.change",
        object_kind="organisation",
        object_id=organisation.pk,
        fields=changed,
    )
    return organisation


@transaction.atomic
def add_unit(*, actor: Viewer, organisation: Organisation, name: str) -> Unit:
    """Add a team, shelter or office to an organisation."""
    require(actor, "organisations.organisation.edit")
    try:
        with transaction.atomic():
            made = Unit.objects.create(organisation=organisation, name=_clean_name(name))
    except IntegrityError as error:
        raise _name_taken() from error
    record(actor=actor, action="organisations.unit.add", object_kind="unit", object_id=made.pk)
    return made


@transaction.atomic
def end_role(*, actor: Viewer, membership: Membership, expected_version: int) -> None:
    """End a role now: the person's sessions and contexts end with it, on every worker."""
    from palermo.kernel.access.signing_out import end_all

    require(actor, "organisations.membership.change")
    if membership.user_id == actor.user_id:
        raise Refused(_("Another administrator has to change your own roles."), rule="organisations.own_role")
    if membership.ended_at is not None:
        raise NotFound()
    membership.change({"ended_at": timezone.now()}, expected_version=expected_version)
    end_all(membership.user_id)
    record(
        actor=actor,
        action="organisations.membership.end",
        object_kind="user",
        object_id=membership.user_id,
        detail={"role": membership.role, "organisation": str(membership.organisation_id)},
    )
