"""The report as PDF and DOCX; the answers as CSV and JSON."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.documents.blocks import (
    Block,
    Document,
    Facts,
    Heading,
    Paragraph,
    Points,
    Table,
)
from palermo.kernel.exports.documents.handing import hand_out_document
from palermo.kernel.exports.writers import csv_bytes, json_bytes
from palermo.rooms.assessments import queries
from palermo.rooms.assessments.actions.opening import KIND
from palermo.rooms.assessments.models import Answer, Assessment, Reconciled, State

TAKE = "assessments.report.take"
COLUMNS = (
    "assessment", "country", "toolkit", "version", "measure", "dimension", "text", "by", "value", "words", "narrative",
    "evidence", "note",
)  # fmt: skip


def export_report(*, actor: Viewer, assessment: Assessment, format: str, language: str) -> File:
    """The report in one language. Raises Conflict while the assessment is open, and where no PDF can be made."""
    require(actor, TAKE, assessment.pk)
    if assessment.state == State.OPEN:
        raise Conflict(
            _("There is no report while the assessors answer."), rule="assessments.state", state=State.OPEN
        )
    made = document(actor, assessment, language.split("-")[0])
    return hand_out_document(
        actor=actor, permission=TAKE, document=made, format=format, object_id=assessment.pk, object_kind=KIND
    )


def document(actor: Viewer, of: Assessment, language: str) -> Document:
    """The report as declared blocks, in its own language."""
    with override(language):
        told = queries.report(of, language)
        blocks: list[Block] = [
            Facts((
                (_("State"), queries.state_name(of.country, language)),
                (_("Toolkit"), f"{told.toolkit.titled(language)} ({of.toolkit_version})"),
                (_("Period"), f"{of.starts:%Y-%m-%d} … {of.ends:%Y-%m-%d}"), (_("Scope"), of.scope),
                (_("State of the assessment"), str(of.get_state_display())),
            )),
            Paragraph(_(
                "Nothing here is added up into a score. What nobody answered reads “not answered”, never “not met”."
            ), "quiet"),
            *_agreement(told), Heading(_("The picture")), *_picture(told),
            Heading(_("Strengths")), *_list(told.strengths), Heading(_("Gaps")), *_list(told.gaps),
            Heading(_("Not known, not answered or not agreed")), *_list(told.unknown),
            Heading(_("Recommendations")), *_advice(actor, of), Heading(_("Reasons and evidence")), *_reasons(told),
            Paragraph(_("Fingerprint of the toolkit (SHA-256): %(sha)s") % {"sha": of.toolkit_sha256}, "quiet"),
        ]  # fmt: skip
        return Document(
            what="assessment", title=of.title, language=language, dated=timezone.localdate(of.updated_at),
            blocks=tuple(blocks), version=_("Version %(number)s") % {"number": of.version}, issuer=str(of.organisation),
        )  # fmt: skip


def _agreement(told: queries.Report) -> Iterator[Block]:
    for one in told.agreements:
        share = _("not defined") if one.share is None else f"{one.share:.0f} %"
        kappa = _("not defined") if one.kappa is None else f"{one.kappa:.2f}"
        words = _(
            "Assessors %(one)d and %(other)d: the same answer %(agreed)d times of %(n)d (%(share)s). "
            "Cohen's kappa: %(kappa)s."
        )
        yield Paragraph(
            words
            % {
                "one": one.one, "other": one.other, "agreed": one.agreed, "share": share, "n": one.n, "kappa": kappa,
            },
            "quiet",
        )  # fmt: skip


def _picture(told: queries.Report) -> Iterator[Block]:
    for section in told.sections:
        if section.matrix:
            rows = tuple(
                (f"{row.code} {row.text}", *(f"{c.code} {c.words}" if c.asked else "" for c in row.cells))
                for row in section.matrix
            )
            yield Table((_("Measure"), *told.columns), rows, caption=section.title)
        if section.others:
            rows = tuple((f"{row.code} {row.text}", row.cells[0].words) for row in section.others)
            yield Table((_("Measure"), _("Answer")), rows, caption=section.title)


def _list(rows: tuple[tuple[str, str, str, str], ...]) -> Iterator[Block]:
    if rows:
        yield Points(tuple(f"{code} {text} {column}: {words}" for code, text, column, words in rows))
    else:
        yield Paragraph(_("None."))


def _advice(actor: Viewer, of: Assessment) -> Iterator[Block]:
    rows = queries.recommendations(actor, of)
    if not rows:
        yield Paragraph(_("None yet."))
        return
    today = timezone.localdate()
    head = (_("Number"), _("Measure"), _("Recommendation"), _("Who does it"), _("Until"), _("How it stands"))
    yield Table(head, tuple(
        (
            str(one), one.measure, one.text, one.owner, f"{one.due:%Y-%m-%d}",
            " ".join(filter(None, (
                str(one.get_state_display()), f"({_('overdue')})" if queries.overdue(one, today) else "", one.note,
            ))),
        )
        for one in rows
    ))  # fmt: skip


def _reasons(told: queries.Report) -> Iterator[Block]:
    found = [(row, cell) for section in told.sections for row in section.rows for cell in row.said]
    if not found:
        yield Paragraph(_("None."))
        return
    head = (_("Measure"), _("Reasons"), _("Evidence"))
    yield Table(head, tuple(
        (f"{row.code} {cell.column}", "\n".join(filter(None, (*cell.narratives, cell.note))), "\n".join(cell.evidence))
        for row, cell in found
    ))  # fmt: skip


def export_answers(*, actor: Viewer, assessment: Assessment, format: str) -> File:
    """Every answer that the actor may see: while the assessment is open, an assessor's own alone."""
    require(actor, TAKE, assessment.pk)
    rows = list(_rows(assessment))
    body = csv_bytes(rows, COLUMNS) if format == "csv" else json_bytes({"answers": rows})
    return hand_out(
        actor=actor, permission=TAKE, what="answers", format=format, content=body, object_id=assessment.pk,
        object_kind=KIND,
    )  # fmt: skip


def _rows(of: Assessment) -> Iterator[dict[str, Any]]:
    """One row an answer, by assessor number; then what was found where they differed."""
    toolkit = queries.toolkit_of(of)
    numbers = {one.user_id: str(one.number) for one in queries.team(of)}
    given: list[tuple[str, Answer | Reconciled]] = [
        (numbers[one.assessor_id], one) for one in Answer.objects.filter(assessment=of)
    ]
    given += [("reconciled", one) for one in Reconciled.objects.filter(assessment=of)]
    order = {cell: place for place, cell in enumerate(toolkit.cells)}
    for by, one in sorted(given, key=lambda row: (order[row[1].measure, row[1].dimension], row[0])):
        yield {
            "assessment": str(of.pk), "country": of.country, "toolkit": of.toolkit, "version": of.toolkit_version,
            "measure": one.measure, "dimension": one.dimension, "text": toolkit.measures[one.measure].said("en"),
            "by": by, "value": one.value, "words": queries.value_words(one.value), "narrative": one.narrative,
            "evidence": " | ".join(getattr(one, "evidence", ())), "note": getattr(one, "note", ""),
        }  # fmt: skip
