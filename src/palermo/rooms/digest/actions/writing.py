"""Writing a finding, or what the editors say about an issue: as drafts."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import FieldProblem, Invalid
from palermo.rooms.digest.models import Finding, Intro
from palermo.standards import evidence
from palermo.web.reviewed import keep

MOST = 20_000


def wrong(field: str, words: str) -> Invalid:
    """One problem, beside its field."""
    problem = FieldProblem(field, words, "value")
    return Invalid(_("Nothing was kept."), problems=[problem], rule=f"digest.{field}")


@transaction.atomic
def write_finding(
    *, actor: Viewer, values: Mapping[str, Any], finding: Finding | None = None, expected_version: int = 0
) -> Finding:  # fmt: skip
    """What a court made of an issue. Raises Invalid: a quotation has a place and a language."""
    told = {**values, "issues_version": evidence.VERSION}
    if told["issue"] not in evidence.issues():
        raise wrong("issue", _("There is no such issue."))
    for field in ("note", "quote", "translation"):
        told[field] = (told.get(field) or "").strip()
        if len(told[field]) > MOST:
            raise wrong(field, _("At most 20,000 characters."))
    if not told["note"]:
        raise wrong("note", _("Say in our words what the court made of it."))
    if told["quote"] and not told.get("pinpoint", "").strip():
        raise wrong("pinpoint", _("Say where in the decision these words stand."))
    if told["quote"] and not told.get("quote_language"):
        raise wrong("quote_language", _("Say in which language the court wrote."))
    if told["translation"] and not (told["quote"] and told.get("translated")):
        raise wrong("translated", _("A translation is of a quotation, and says whose it is."))
    return keep(actor, Finding, told, finding, expected_version)


@transaction.atomic
def write_intro(
    *, actor: Viewer, values: Mapping[str, Any], intro: Intro | None = None, expected_version: int = 0
) -> Intro:  # fmt: skip
    """What the editors say about an issue. Raises Invalid."""
    if values["issue"] not in evidence.issues():
        raise wrong("issue", _("There is no such issue."))
    if not 3 <= len(values["text"].strip()) <= MOST:
        raise wrong("text", _("From 3 to 20,000 characters."))
    return keep(actor, Intro, values, intro, expected_version)
