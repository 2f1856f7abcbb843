"""Asking for a file of a form: what is in it, in which shape, for whom. The worker makes it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyrage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import Scalar, record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.actions import enqueue
from palermo.rooms.observatory.models import Export, ExportFormat, ExportState, Form, ReviewState, Site
from palermo.rooms.observatory.queries.leaving import schemas
from palermo.rooms.observatory.queries.shapes import languages

JOB = "observatory.export"
KEPT = timedelta(days=7)
MOST_WAITING = 3
OPTIONS = ("words", "language", "split", "telling", "states", "site", "since", "until")


@transaction.atomic
def ask_export(
    *, actor: Viewer, form: Form, format: str, options: Mapping[str, Any], recipient: str = ""
) -> Export:
    """A file of a form, made in the background and kept for seven days. Raises Invalid, Conflict.

    options: words, language, split, telling, states, site, since, until (see `Sieve`, `Choice`; moments in ISO 8601).
    Telling answers leave only encrypted to `recipient` (an age key); places as coarse cells, for a lead alone.
    """
    require(actor, "observatory.export.make", form.study_id)
    telling = bool(options.get("telling"))
    if telling or format == ExportFormat.GEOJSON:
        require(actor, "observatory.export.telling", form.study_id)
    if actor.user_id is None:
        raise Refused(_("A file is asked for by a person."), rule="observatory.export")
    recipient = recipient.strip()
    problems = _problems(form, format, options, recipient)
    if problems:
        raise Invalid(_("No file is made."), problems=problems, rule="observatory.export")
    waiting = Export.objects.filter(asked_by_id=actor.user_id, state=ExportState.WAITING).count()
    if waiting >= MOST_WAITING:
        words = _("Three files of yours are being made. Wait for one of them, or stop it.")
        raise Conflict(words, rule="observatory.export.many", state="waiting")
    made = Export.objects.create(
        study_id=form.study_id, form=form, asked_by_id=actor.user_id, format=format,
        options={name: options[name] for name in OPTIONS if options.get(name)},
        recipients=[recipient] if recipient else [], expires_at=timezone.now() + KEPT,
    )  # fmt: skip
    progress.begin(made.pk)
    enqueue(JOB, made.pk, actor=actor)
    detail: dict[str, Scalar] = {
        "export": str(made.pk),
        "format": format,
        "telling": telling,
        "encrypted": bool(recipient),
    }
    record(
        actor=actor, action="observatory.export.ask", object_kind="study", object_id=form.study_id, detail=detail
    )  # fmt: skip
    return made


@transaction.atomic
def stop_export(*, actor: Viewer, export: Export) -> None:
    """End the making of a file within a second or two; nothing of it is kept."""
    require(actor, "observatory.export.open", export.study_id)
    if not export.open:
        raise Conflict(
            _("This file is not being made any more."), rule="observatory.export", state=export.state
        )
    progress.ask_to_stop(export.pk)
    record(
        actor=actor, action="observatory.export.stop", object_kind="study", object_id=export.study_id,
        detail={"export": str(export.pk)},
    )  # fmt: skip


def _problems(form: Form, format: str, options: Mapping[str, Any], recipient: str) -> list[FieldProblem]:
    found = []
    if format not in ExportFormat.values:
        found.append(FieldProblem("format", _("Choose one of the formats."), "choice"))
    if options.get("language") and options["language"] not in languages(schemas(form)):
        found.append(FieldProblem("language", _("The form does not ask in this language."), "choice"))
    allowed = set(ReviewState.values) - {ReviewState.WITHDRAWN}
    if not set(options.get("states") or ()) <= allowed:
        found.append(
            FieldProblem("states", _("Choose among the states. What was withdrawn never leaves."), "choice")
        )
    site = options.get("site")
    if site and not Site.objects.filter(pk=site, study_id=form.study_id).exists():
        found.append(FieldProblem("site", _("There is no such site in this study."), "choice"))
    since, until = options.get("since"), options.get("until")
    if since and until and since >= until:
        found.append(FieldProblem("until", _("The end comes before the beginning."), "range"))
    if options.get("telling") and not recipient:
        words = _("Texts leave only encrypted. Give the age key (age1…) of whoever will open the file.")
        found.append(FieldProblem("recipient", words, "exports.recipient"))
    if recipient and not _is_key(recipient):
        found.append(FieldProblem("recipient", _("This is no age key. It begins with age1."), "age"))
    return found


def _is_key(given: str) -> bool:
    try:
        pyrage.x25519.Recipient.from_str(given)
    except pyrage.RecipientError:
        return False
    return True
