"""Opening a study and naming its sites."""

import re
import uuid
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import FieldProblem, Invalid, Refused
from palermo.kernel.organisations.models import Unit
from palermo.kernel.vault.texts import Owner
from palermo.rooms.observatory.models import Site, Study, StudyKind

KIND = "study"
ROLES = ("analyst", "supervisor")


def owner_of(study: Study) -> Owner:
    """Whose key seals what belongs to a study."""
    return Owner(KIND, study.pk, study.organisation_id)


@transaction.atomic
def open_study(*, actor: Viewer, values: Mapping[str, Any]) -> Study:
    """A study of the actor's organisation. Only its analysts and supervisors see it from then on. Raises Invalid."""
    require(actor, "observatory.study.open")
    house = actor.organisation_id
    if house is None:
        raise Refused(_("A person of an organisation opens a study."), rule="observatory.study")
    given = {
        key: " ".join(str(values.get(key) or "").split()) for key in ("code", "title", "ethics_reference")
    }
    problems = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,39}", given["code"]):
        words = _("From 3 to 40 small Latin letters, digits and hyphens.")
        problems.append(FieldProblem("code", words, "code"))
    elif not _free(given["code"]):
        problems.append(FieldProblem("code", _("This code is taken. Choose another one."), "unique"))
    if not 3 <= len(given["title"]) <= 160:
        problems.append(FieldProblem("title", _("From 3 to 160 characters."), "length"))
    if not 3 <= len(given["ethics_reference"]) <= 200:
        words = _("Name the decision of the ethics board, or why none is needed.")
        problems.append(FieldProblem("ethics_reference", words, "length"))
    if values.get("kind") not in StudyKind.values:
        problems.append(FieldProblem("kind", _("Choose one of the two."), "choice"))
    number = values.get("round") or 1
    if not 1 <= number <= 999:
        problems.append(FieldProblem("round", _("From 1 to 999."), "range"))
    if problems:
        raise Invalid(_("Nothing was opened."), problems=problems, rule="observatory.study")
    study_id = uuid.uuid4()
    # First the grant: the wall shows a study to those whom it reaches, and to nobody else.
    grant(
        actor=actor, object_kind=KIND, object_id=study_id, grantee_kind="organisation", grantee_id=house,
        scopes=("case",), purpose="study", roles=ROLES,
    )  # fmt: skip
    made = Study.objects.create(
        id=study_id, organisation_id=house, opened_by_id=actor.user_id, kind=values["kind"], round=number,
        country=str(values.get("country") or "").upper()[:3], **given,
    )  # fmt: skip
    record(actor=actor, action="observatory.study.open", object_kind=KIND, object_id=made.pk)
    return made


def _free(code: str) -> bool:
    """Codes are addresses of this server: whether one is taken is asked of the whole table."""
    from palermo.kernel.access.context import acting

    with acting(Viewer.operator()):
        return not Study.objects.filter(code=code).exists()


@transaction.atomic
def add_site(*, actor: Viewer, study: Study, name: str, unit_id: UUID | None = None) -> Site:
    """A place of interviews, of one team where `unit_id` names it. Raises Invalid."""
    require(actor, "observatory.study.change", study.pk)
    name = " ".join(name.split())
    problems = []
    if not 2 <= len(name) <= 120:
        problems.append(FieldProblem("name", _("From 2 to 120 characters."), "length"))
    if unit_id and not Unit.objects.filter(pk=unit_id, organisation_id=study.organisation_id).exists():
        problems.append(FieldProblem("unit", _("There is no such team in the organisation."), "choice"))
    if not problems:
        try:
            with transaction.atomic():
                made = Site.objects.create(study=study, name=name, unit_id=unit_id)
        except IntegrityError:
            problems.append(FieldProblem("name", _("There is a site of this name."), "unique"))
    if problems:
        raise Invalid(_("The site was not added."), problems=problems, rule="observatory.site")
    record(
        actor=actor,
        action="observatory.site.add",
        object_kind=KIND,
        object_id=study.pk,
        detail={"site": str(made.pk)},
    )
    return made
