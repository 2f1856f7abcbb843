"""The anonymous notification of somebody who said no to a referral: codes only, tied to nothing."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.organisations.models import Organisation
from palermo.rooms.identification.models import Identification, Notification
from palermo.rooms.identification.models import notification as lists
from palermo.standards.packs import pack

FEW = 5
ONE: Mapping[str, tuple[str, ...]] = {
    "crime": lists.CRIMES,
    "sex": lists.SEXES,
    "age_band": lists.AGES,
    "region": lists.REGIONS,
}
MANY: Mapping[str, tuple[str, ...]] = {"forms": lists.FORMS, "sectors": lists.SECTORS}


def write_notification(
    *, actor: Viewer, found: Identification, event: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """`given["notification"]` was taken away by the caller; the codes stand beside it, and rare_accepted.

    A combination that fewer than five notifications share could point to one person: it is saved only when the
    writer has seen that and says so. The row keeps no id of anybody, and the audit does not name the row.
    """
    return {"notification": _written(actor, given, found.state)}


@transaction.atomic
def notify_without_status(*, actor: Viewer, given: Mapping[str, Any]) -> None:
    """The same for an adult who says no before any status or case began: nothing of the person is kept at all.

    Raises Invalid (a code on no list) and Conflict (a rare combination that the writer has not accepted).
    """
    require(actor, "identification.screening.start")
    _written(actor, given, "")
    record(actor=actor, action="identification.notification.write", object_kind="notification")


def _written(actor: Viewer, given: Mapping[str, Any], state: str) -> Notification:
    codes = coded(given)
    if similar_to(codes) < FEW and not given.get("rare_accepted"):
        raise Conflict(rare_words(codes), rule="identification.notification.rare", state=state)
    month = timezone.localdate().replace(day=1)
    return Notification.objects.create(**codes, month=month, organisation_kind=_kind(actor))


def coded(given: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of a form; Invalid where one is on no list. What is not given is left out."""
    areas = ("", *(area.code for area in pack(settings.PALERMO_PACK).areas if not area.parent))
    problems, found = [], dict[str, Any]()
    for name, known in {**ONE, "area": areas}.items():
        value = str(given.get(name) or "")
        if value not in known:
            problems.append(FieldProblem(name, _("Choose from the list."), "choice"))
        found[name] = value
    for name, known in MANY.items():
        values = list(given.get(name) or ())
        if any(value not in known for value in values):
            problems.append(FieldProblem(name, _("Choose from the list."), "choice"))
        found[name] = sorted({str(value) for value in values})
    if problems:
        raise Invalid(_("The notification was not sent."), problems=problems)
    return found


def similar_to(codes: Mapping[str, Any]) -> int:
    """How many notifications say the same in what was filled in; never more than five."""
    columns = ("crime", "sex", "age_band", "region", "area", "forms", "sectors")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identification_similar(%s, %s, %s, %s, %s, %s::text[], %s::text[])",
            [codes[name] for name in columns],
        )
        return int(cursor.fetchone()[0])


def rare_words(codes: Mapping[str, Any]) -> str:
    """What to leave out: the details that make a person stand out, those that tell most first."""
    names = {
        "region": _("the region of citizenship"),
        "sectors": _("the sector of work"),
        "area": _("the area"),
        "age_band": _("the age"),
        "forms": _("the form of exploitation"),
        "sex": _("the sex"),
    }
    filled = [words for name, words in names.items() if codes[name]]
    if not filled:
        return _("Few notifications exist yet. Confirm that it can be sent.")
    sentence = _("This combination is rare: it could point to one person. Leave out %(what)s, or confirm it.")
    return sentence % {"what": _(" or ").join(filled[:2])}


def _kind(actor: Viewer) -> str:
    assert actor.organisation_id is not None
    return str(Organisation.objects.get(pk=actor.organisation_id).kind)
