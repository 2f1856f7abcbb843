"""The report as PDF and as DOCX, of the same blocks as its page."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.exports.documents.as_docx import docx_bytes
from palermo.kernel.exports.documents.as_pdf import pdf_bytes, unavailable
from palermo.kernel.exports.documents.blocks import Block, Document, Heading, Paragraph, Plot, Points, Table
from palermo.rooms.reports.actions.drawing import on_paper, plotted
from palermo.web.charts.model import Chart

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def document(told: Mapping[str, Any], dated: date) -> Document:
    """The report as a declared document, in its own language."""
    language = told["language"]
    with override(language):
        blocks: list[Block] = []
        if told["changes"]:
            blocks += [Heading(_("What has changed since the last edition")), Paragraph(told["changes"])]
        blocks += [block for one in told["blocks"] for block in _blocks(one, language)]
        return Document(
            what="report", title=told["title"], language=language, dated=dated, blocks=tuple(blocks),
            version=_("Edition %(number)s") % {"number": told["edition"]}, reference=told["identifier"],
            issuer=told["publisher"],
        )  # fmt: skip


def files(told: Mapping[str, Any], dated: date) -> Iterator[tuple[str, str, bytes]]:
    """(name, content type, bytes) of the report in this language. PDF is left out where this machine cannot make it."""
    made = document(told, dated)
    stem = f"{'story' if told.get('form') == 'story' else 'report'}-{told['language']}"
    yield f"{stem}.docx", DOCX, docx_bytes(made)
    if not unavailable():
        yield f"{stem}.pdf", PDF, pdf_bytes(made)


def _blocks(block: Mapping[str, Any], language: str) -> Iterator[Block]:
    match block["kind"]:
        case "heading":
            yield Heading(block["text"])
        case "text":
            yield Paragraph(block["text"])
        case "points":
            yield Points(tuple(block["texts"]))
        case "notice":
            yield Paragraph(block["text"], "quiet")
        case "table":
            yield from _table(block)
        case "plot":
            yield _plot(block, language)
        case "map":
            yield Paragraph(
                _("The map of this table stands on the page; the table has all of its figures."), "quiet"
            )
        case "advice":
            yield from _advice(block)
        case "sources":
            yield Heading(block["title"])
            heads = (_("Release"), _("Title"), _("Fingerprint (SHA-256)"))
            yield Table(heads, tuple((name, title, f"{sha[:16]}…") for name, title, sha in block["rows"]))


def _table(block: Mapping[str, Any]) -> Iterator[Block]:
    rows = tuple(tuple(text for text, _status in row) for row in block["rows"])
    yield Table((block["corner"], *block["heads"]), rows, caption=block["caption"], figures=True)
    said = [*block["notes"], _("Source: %(names)s.") % {"names": _(", ").join(block["sources"])}]
    yield Paragraph(" ".join(said), "quiet")


def _advice(block: Mapping[str, Any]) -> Iterator[Block]:
    if block["title"]:
        yield Paragraph(block["title"], "lead")
    if any(outcome for _text, outcome, _note in block["rows"]):
        heads = (_("Recommended last year"), _("What became of it"), _("Why, and what is next"))
        yield Table(heads, tuple(tuple(row) for row in block["rows"]))
    else:
        yield Points(tuple(row[0] for row in block["rows"]))


def _plot(block: Mapping[str, Any], language: str) -> Plot:
    chart: Chart = plotted(block)
    rtl = language.split("-")[0] in settings.LANGUAGES_BIDI
    return Plot(
        shape="line" if block["shape"] == "line" else "columns", title=block["title"], labels=tuple(block["labels"]),
        series=tuple((name, tuple(values)) for name, values in block["series"]),
        alt=f"{block['title']}. {chart.description()}", svg=on_paper(chart, rtl),
    )  # fmt: skip
