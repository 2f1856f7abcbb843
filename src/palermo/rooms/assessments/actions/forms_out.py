"""The form that an assessor fills without a network: one table a measure, in Word or LibreOffice."""

import io
from collections.abc import Mapping
from typing import Any

import docx
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.documents.as_docx import UNWRITABLE
from palermo.rooms.assessments import queries
from palermo.rooms.assessments.actions.opening import KIND
from palermo.rooms.assessments.models import Answer, Assessment, Member
from palermo.standards.toolkits import Measure, Toolkit, spoken

MARK = "x"
FORM = "palermo-assessment-form-1"
RTL = ("ar",)


def key_line(of: Assessment, assessor: Member | None, language: str) -> str:
    """What the form is, in one line that stays in the text: properties of a file get lost in word processors."""
    number = assessor.number if assessor else 0
    return f"{FORM} {of.pk} {number} {of.toolkit} {of.toolkit_version} {of.toolkit_sha256[:16]} {language}"


def export_form(
    *, actor: Viewer, assessment: Assessment, assessor: Member | None, language: str
) -> File:  # fmt: skip
    """The form of one assessor with what he answered so far; without an assessor, an empty one. On record."""
    toolkit = queries.toolkit_of(assessment)
    there = queries.of_assessor(assessment, assessor.user_id) if assessor else {}
    content = form_bytes(assessment, toolkit, assessor, there, language.split("-")[0])
    return hand_out(
        actor=actor, permission="assessments.answer.write", what="assessment-form", format="docx", content=content,
        object_id=assessment.pk, object_kind=KIND,
    )  # fmt: skip


def form_bytes(
    of: Assessment, toolkit: Toolkit, assessor: Member | None, there: Mapping[tuple[str, str], Answer], language: str
) -> bytes:  # fmt: skip
    """The DOCX."""
    book, rtl = docx.Document(), language in RTL
    section = book.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    with override(language):
        _write(book.add_paragraph(style="Heading 1"), of.title, rtl)
        _write(book.add_paragraph(), f"{toolkit.titled(language)} ({toolkit.version})", rtl)
        for words in (
            _("Put an x under one answer of each line. Leave a line empty where you did not answer."),
            _("Under evidence, write one document or address a line."),
            _("Do not change the line below, the codes or the heads of the tables."),
        ):
            _write(book.add_paragraph(), words, rtl)
        _write(book.add_paragraph(), key_line(of, assessor, language), False)
        for part in toolkit.parts:
            _write(book.add_paragraph(style="Heading 1"), f"{part.code}. {spoken(part.title, language)}", rtl)
            for tool in part.tools:
                _write(book.add_paragraph(style="Heading 2"), spoken(tool.title, language), rtl)
                for measure in tool.measures:
                    _measure(book, measure, there, language)
    about = book.core_properties
    about.author = about.last_modified_by = about.comments = ""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line_head(dimension: str) -> str:
    """What a line is about: in words, and for a matrix with a code that no translation changes."""
    words = queries.dimension_words(dimension)
    return f"{words} [{dimension}]" if dimension else words


def heads(measure: Measure) -> list[str]:
    """The heads of a measure's table, after its code: the answers (or one column to write in), reasons, evidence."""
    answers = [queries.value_words(one) for one in measure.values] or [queries.dimension_words("")]
    return [*answers, str(_("Reasons")), str(_("Evidence"))]


def _measure(book: Any, measure: Measure, there: Mapping[tuple[str, str], Answer], language: str) -> None:
    rtl = language in RTL
    for run in _write(book.add_paragraph(), f"{measure.code} {measure.said(language)}", rtl).runs:
        run.bold = run.font.cs_bold = True
    legal = f" ({', '.join(measure.legal)})" if measure.legal else ""
    for run in _write(book.add_paragraph(), measure.helped(language) + legal, rtl).runs:
        run.font.size = Pt(9)
    columns = heads(measure)
    table = book.add_table(rows=1 + len(measure.dimensions), cols=1 + len(columns), style="Table Grid")
    if rtl:
        table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))
        _in_order(table._tbl.tblPr)
    _row(table.rows[0], [measure.code, *columns], rtl)
    for place, dimension in enumerate(measure.dimensions, 1):
        old = there.get((measure.code, dimension))
        _row(table.rows[place], [line_head(dimension), *_filled(measure, old)], rtl)
    book.add_paragraph()


def _filled(measure: Measure, old: Answer | None) -> list[str]:
    """The cells of one line as they were answered; empty where they were not."""
    value, words, evidence = (old.value, old.narrative, "\n".join(old.evidence)) if old else ("", "", "")
    answers = [MARK if one == value else "" for one in measure.values] if measure.values else [value]
    return [*answers, words, evidence]


def _row(row: Any, texts: list[str], rtl: bool) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        lines = text.split("\n")
        _write(cell.paragraphs[0], lines[0], rtl)
        for line in lines[1:]:
            _write(cell.add_paragraph(), line, rtl)


def _write(paragraph: Any, text: str, rtl: bool) -> Any:
    """The text, from right to left where the form is: paragraph (w:bidi) and run (w:rtl), as in as_docx."""
    run = paragraph.add_run(UNWRITABLE.sub("", text))
    if rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
    return paragraph


def _in_order(properties: Any) -> None:
    """Word wants w:bidiVisual right after the style of a table."""
    switch = properties.find(qn("w:bidiVisual"))
    style = properties.find(qn("w:tblStyle"))
    properties.remove(switch)
    properties.insert(0, switch) if style is None else style.addnext(switch)
