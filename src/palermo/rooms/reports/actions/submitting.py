"""Submitting: the report is composed in every language, its files are made, and from then on it stays as it is."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, Refused
from palermo.kernel.exports.writers import json_bytes
from palermo.kernel.workflow.actions import transition
from palermo.rooms.reports import queries
from palermo.rooms.reports.actions.printing import files
from palermo.rooms.reports.models import Report, ReportFile

JSON = "application/json"


@transaction.atomic
def submit(*, actor: Viewer, report: Report, expected_version: int) -> Report:
    """Lay it before two other persons: what they read, page and files, is what is published.

    Raises Conflict with a sentence where figures are public no more or a recommendation of last year has no answer.
    """
    require(actor, "reports.report.write")
    if actor.user_id is None:
        raise Refused(_("A report is written by a person."), rule="reports.person")
    if report.state != "draft":
        raise Conflict(_("Only a draft can be submitted."), rule="reports.draft", state=report.state)
    if sentence := not_ready(actor, report):
        raise Conflict(sentence, rule="reports.ready", state=report.state)
    content = {code: queries.composed(actor, report, code, final=True) for code in queries.languages()}
    values = {
        "revision": report.revision + 1, "content": content,
        "prepared": list(dict.fromkeys([*report.prepared, actor.user_id])),
    }  # fmt: skip
    report.change(values, expected_version=expected_version)
    _make_files(report)
    transition(
        actor=actor, obj=report, event="submit", expected_version=report.version,
        inputs={"revision": report.revision},
    )  # fmt: skip
    record(
        actor=actor, action="reports.report.submit", object_kind="report", object_id=report.pk,
        detail={"revision": report.revision},
    )  # fmt: skip
    return report


def not_ready(actor: Viewer, report: Report) -> str:
    """What has to be done before it is submitted, as a sentence; empty where nothing is."""
    rows = list(report.sections.all())
    if not any(row.texts or row.figures for row in rows):
        return _("There is nothing in this report yet.")
    for row in rows:
        if row.figures and queries.standing(actor, row.source)[0] == "withdrawn":
            words = _("Section %(place)s shows a release that is public no more: %(name)s.")
            return words % {"place": row.place, "name": row.source}
    open_ones = report.recommendations.filter(of__isnull=False, outcome="").count()
    if open_ones:
        words = _("Say first what became of last year's recommendations: %(count)s have no answer.")
        return words % {"count": open_ones}
    return ""


def _make_files(report: Report) -> None:
    today = timezone.localdate()
    for language, told in report.content.items():
        for name, content_type, content in files(told, today):
            put_file(report, language, name, content_type, content)
    told_all: dict[str, Any] = {"identifier": report.identifier, "languages": report.content}
    put_file(report, "", "report.json", JSON, json_bytes(told_all))


def put_file(report: Report, language: str, name: str, content_type: str, content: bytes) -> None:
    ReportFile.objects.create(
        report=report, revision=report.revision, language=language, name=name, content_type=content_type,
        content=content, sha256=hashlib.sha256(content).hexdigest(), size=len(content), made_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def reopen(*, actor: Viewer, report: Report, expected_version: int) -> Report:
    """Take it back to a draft. Reviews of what was submitted are void."""
    require(actor, "reports.report.write")
    transition(actor=actor, obj=report, event="reopen", expected_version=expected_version)
    return report


@transaction.atomic
def discard(*, actor: Viewer, report: Report, why: str, expected_version: int) -> Report:
    """Give a draft up. It stays on record."""
    require(actor, "reports.report.write")
    transition(actor=actor, obj=report, event="discard", expected_version=expected_version, reason=why)
    return report
