"""Opening a reconciliation and declaring the lists that take part: whose, on what legal basis, on which terms."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.actions import grant
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.organisations.models import Organisation, OrganisationType
from palermo.rooms.reconciliation.actions.registering import links_changed
from palermo.rooms.reconciliation.models import Crime, Project, Source
from palermo.standards import codelist

REVIEWERS = ("case_manager", "supervisor")
BASIS_AT_LEAST, PURPOSE_AT_LEAST = 10, 20


@transaction.atomic
def open_project(*, actor: Viewer, title: str, crime: str, purpose: str) -> Project:
    """A new reconciliation for one purpose. Raises Invalid."""
    require(actor, "reconciliation.project.open")
    problems = []
    title, purpose = " ".join(title.split()), purpose.strip()
    if not 3 <= len(title) <= 160:
        problems.append(FieldProblem("title", _("From 3 to 160 characters."), "length"))
    if crime not in Crime.values:
        problems.append(FieldProblem("crime", _("Choose one of the two."), "choice"))
    if not PURPOSE_AT_LEAST <= len(purpose) <= 2000:
        words = _("Say in a sentence what the links are for: they may be used for nothing else.")
        problems.append(FieldProblem("purpose", words, "length"))
    if problems:
        raise Invalid(_("Nothing was opened."), problems=problems, rule="reconciliation.project")
    made = Project.objects.create(title=title, crime=crime, purpose=purpose, made_by_id=actor.user_id)
    record(actor=actor, action="reconciliation.project.open", object_kind="reconciliation", object_id=made.pk)
    return made


@transaction.atomic
def declare_list(
    *, actor: Viewer, project: Project, name: str, organisation_id: UUID, legal_basis: str, terms: str = "",
    status: str = "",
) -> Source:  # fmt: skip
    """A list of an organisation takes part. A list that came in undeclared gets its basis here. Raises Invalid.

    status: what the body found of the people on it, a code of `palermo/person_status`; empty where it does not say.
    """
    require(actor, "reconciliation.list.declare")
    name, legal_basis = " ".join(name.split()), " ".join(legal_basis.split())
    known = Source.objects.filter(name=name).first()
    problems = []
    if not 1 <= len(name) <= 120:
        problems.append(FieldProblem("name", _("From 1 to 120 characters."), "length"))
    if not BASIS_AT_LEAST <= len(legal_basis) <= 300:
        words = _("Name the law, the article or the agreement under which the body gives its list.")
        problems.append(FieldProblem("legal_basis", words, "length"))
    if not Organisation.objects.filter(pk=organisation_id).exists():
        problems.append(FieldProblem("organisation", _("There is no such organisation."), "choice"))
    if known is not None and known.organisation_id != organisation_id:
        words = _(
            "This list came from another organisation, whose key seals it. Give the new list another name."
        )
        problems.append(FieldProblem("organisation", words, "holder"))
    if known is not None and known.project_id not in (None, project.pk):
        problems.append(FieldProblem("name", _("This list takes part in another reconciliation."), "project"))
    if status and status not in codelist("palermo/person_status"):
        problems.append(FieldProblem("status", _("Choose one of the words."), "choice"))
    if name.casefold().startswith("palermo:"):
        problems.append(FieldProblem("name", _("This name is kept for palermo itself."), "name"))
    if problems:
        raise Invalid(_("The list was not declared."), problems=problems, rule="reconciliation.list")
    values: dict[str, Any] = {
        "project_id": project.pk,
        "legal_basis": legal_basis,
        "terms": terms.strip()[:4000],
        "status": status,
    }
    if known is None:
        known = _made(actor, name, organisation_id, {**values, "declared_by_id": actor.user_id})
    else:
        known.change({**values, "declared_by_id": actor.user_id}, expected_version=known.version)
    links_changed(project.pk)
    record(
        actor=actor, action="reconciliation.list.declare", object_kind="linkage_list", object_id=known.pk,
        detail={"reconciliation": str(project.pk), "organisation": str(organisation_id)},
    )  # fmt: skip
    return known


@transaction.atomic
def leave_out(*, actor: Viewer, source: Source) -> None:
    """The list takes no part any more; its records and what was decided about them stay."""
    require(actor, "reconciliation.list.declare")
    if source.project_id is None:
        raise Conflict(_("This list takes part in nothing."), rule="reconciliation.list", state="out")
    leaving = Project.objects.filter(pk=source.project_id).exclude(counted="").exists()
    source.change({"project_id": None}, expected_version=source.version)
    if leaving:
        enqueue("reconciliation.left", source.pk)
    record(
        actor=actor, action="reconciliation.list.leave_out", object_kind="linkage_list", object_id=source.pk
    )


def source_for(*, actor: Viewer, name: str) -> Source:
    """The list of this name for an import. An undeclared one is held by the organisation of its name, which is made
    where there is none; without a legal basis it waits until somebody declares it."""
    found = Source.objects.filter(name=name).first()
    if found is not None:
        return found
    house, _made_now = Organisation.objects.get_or_create(
        name=name, defaults={"kind": OrganisationType.CENTRAL_GOVERNMENT}
    )
    return _made(actor, name, house.pk, {})


def _made(actor: Viewer, name: str, organisation_id: UUID, values: dict[str, Any]) -> Source:
    made = Source.objects.create(name=name, organisation_id=organisation_id, **values)
    grant(
        actor=actor, object_kind="linkage_list", object_id=made.pk, grantee_kind="organisation",
        grantee_id=organisation_id, scopes=("identity",), purpose="list", roles=REVIEWERS,
    )  # fmt: skip
    return made
