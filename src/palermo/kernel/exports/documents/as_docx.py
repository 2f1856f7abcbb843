"""A document as DOCX: the same blocks as Word's own paragraphs and tables, right to left where the language is.

Word reads direction in three places (ECMA-376 part 1): the paragraph (w:bidi, 17.3.1.6), the run (w:rtl, 17.3.2.30)
and the table (w:bidiVisual, 17.4.1). All three are set; what is written in the other script is a run of its own.
"""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from palermo.kernel.exports.documents.blocks import (
    Block,
    Boxes,
    Document,
    Facts,
    Heading,
    Lines,
    PageBreak,
    Paragraph,
    Plot,
    Points,
    Table,
)
from palermo.kernel.exports.documents.direction import pieces
from palermo.kernel.exports.documents.plots import add_plot
from palermo.kernel.exports.documents.words import in_language

NORMAL = 10.5  # points
BOX = "\u2610 "
BLUE, RED, GREY = RGBColor(0x08, 0x45, 0x62), RGBColor(0xA8, 0x20, 0x1A), RGBColor(0x33, 0x33, 0x33)
# Word knows these on every machine; its own replacement shapes what they lack.
FONT = "Arial"
# Not allowed in XML 1.0 (section 2.2), and no letter of any name.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ABOUT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/extended-properties"><Application>palermo</Application></Properties>'
)
# The oldest time that a ZIP archive can tell: a document tells a date inside, not when it was made.
EPOCH = (1980, 1, 1, 0, 0, 0)


def docx_bytes(document: Document) -> bytes:
    """The document for a word processor. The same document gives the same bytes; it names no author and no machine."""
    book = docx.Document()
    _page(book, document)
    _head(book, document)
    for block in document.blocks:
        _add(book, block, document.rtl)
    _foot(book, document)
    _about(book, document)
    out = io.BytesIO()
    book.save(out)
    return _without_times(out.getvalue())


def _add(book: Any, block: Block, rtl: bool) -> None:
    match block:
        case Heading():
            _write(book.add_paragraph(style="Heading 2"), block.text, rtl)
        case Paragraph():
            _paragraph(book, block, rtl)
        case Facts():
            _table(book, (), block.rows, rtl)
        case Table():
            _captioned(book, block, rtl)
        case Plot():
            add_plot(book.add_paragraph(), block, rtl)
        case PageBreak():
            book.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case _:
            _listed(book, block, rtl)


def _paragraph(book: Any, block: Paragraph, rtl: bool) -> None:
    for run in _write(book.add_paragraph(), block.text, rtl).runs:
        _bold(run, block.weight == "lead")
        _size(run, {"lead": 12, "quiet": 9}.get(block.weight, NORMAL))


def _listed(book: Any, block: Points | Boxes | Lines, rtl: bool) -> None:
    match block:
        case Points():
            for text in block.texts:
                _write(book.add_paragraph(style="List Bullet"), text, rtl)
        case Boxes():
            for text in block.texts:
                _box(book, text, rtl)
        case Lines():
            for label in block.labels:
                _line(book, label, rtl)


def _box(book: Any, text: str, rtl: bool) -> None:
    """A box first, in the direction of the document, then its text in its own."""
    paragraph = book.add_paragraph()
    run = paragraph.add_run(BOX)
    if rtl:
        _mark(run._r.get_or_add_rPr(), "w:rtl")
    _write(paragraph, text, rtl)


def _write(paragraph: Any, text: str, rtl: bool) -> Any:
    """The text into the paragraph, in runs of one direction each."""
    if rtl:
        _mark(paragraph._p.get_or_add_pPr(), "w:bidi")
    for piece, backwards in pieces(UNWRITABLE.sub("", text), rtl):
        run = paragraph.add_run(piece)
        if backwards:
            _mark(run._r.get_or_add_rPr(), "w:rtl")
    return paragraph


def _mark(properties: Any, name: str) -> None:
    """Set a switch at the place that the schema wants it: Word refuses a file with its switches out of order."""
    switch = OxmlElement(name)
    after = {
        "w:bidi": (
            "w:adjustRightInd",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:contextualSpacing",
            "w:jc",
            "w:rPr",
        ),
        "w:rtl": ("w:cs", "w:em", "w:lang"),
        "w:bidiVisual": ("w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblCellMar", "w:tblLook"),
    }[name]
    following = next((child for child in properties if child.tag in {qn(tag) for tag in after}), None)
    if following is None:
        properties.append(switch)
    else:
        following.addprevious(switch)


def _captioned(book: Any, block: Table, rtl: bool) -> None:
    if block.caption:
        paragraph = _write(book.add_paragraph(), block.caption, rtl)
        paragraph.paragraph_format.keep_with_next = True
        for run in paragraph.runs:
            _bold(run, True)
    _table(book, block.head, block.rows, rtl)


def _table(book: Any, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], rtl: bool) -> None:
    lines = ([head] if head else []) + list(rows)
    if not lines:
        return
    table = book.add_table(rows=len(lines), cols=len(lines[0]), style="Table Grid")
    if rtl:
        _mark(table._tbl.tblPr, "w:bidiVisual")
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            paragraph = _write(table.cell(number, place).paragraphs[0], text, rtl)
            for run in paragraph.runs:
                _bold(run, bool(head) and number == 0)
    if head:
        _mark_header(table.rows[0])
    if not head:
        for row in table.rows:
            row.cells[0].width, row.cells[1].width = Mm(55), Mm(115)
    book.add_paragraph().paragraph_format.space_after = Pt(0)


def _mark_header(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _line(book: Any, label: str, rtl: bool) -> None:
    """A line to write on, what belongs there under it."""
    paragraph = _write(book.add_paragraph(), label or " ", rtl)
    paragraph.paragraph_format.space_before = Pt(30)
    for run in paragraph.runs:
        _size(run, 9)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    properties = paragraph._p.get_or_add_pPr()
    place = next((child for child in properties if child.tag in (qn("w:bidi"), qn("w:spacing"))), None)
    properties.append(border) if place is None else place.addprevious(border)


def _size(run: Any, points: float) -> None:
    """The size, also of complex scripts: Word keeps a second one for Arabic (w:szCs)."""
    run.font.size = Pt(points)
    _second_size(run._r.rPr, points)


def _second_size(properties: Any, points: float) -> None:
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(int(points * 2)))
    properties.find(qn("w:sz")).addnext(size)


def _bold(run: Any, bold: bool) -> None:
    """Bold, also for complex scripts."""
    if bold:
        run.bold = run.font.cs_bold = True


def _page(book: Any, document: Document) -> None:
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for name in ("Normal", "Heading 1", "Heading 2", "List Bullet"):
        _style(book.styles[name], document)


def _style(style: Any, document: Document) -> None:
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    if style.name.startswith("Heading"):
        style.font.color.rgb = BLUE
        _style_size(style, 18 if style.name.endswith("1") else 12)
        style.font.bold = style.font.cs_bold = True
    elif style.name == "Normal":
        _style_size(style, NORMAL)
        _language(style, document)


def _style_size(style: Any, points: float) -> None:
    style.font.size = Pt(points)
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    _second_size(properties, points)


def _language(style: Any, document: Document) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:bidi" if document.rtl else "w:val"), document.language)
    style.element.get_or_add_rPr().append(language)


def _head(book: Any, document: Document) -> None:
    for text, color in ((document.issuer, None), (document.mark, RED)):
        if text:
            for run in _write(book.add_paragraph(), text, document.rtl).runs:
                _bold(run, True)
                run.font.color.rgb = color
    _write(book.add_paragraph(style="Heading 1"), document.title, document.rtl)
    if document.name:
        _write(book.add_paragraph(), document.name, document.rtl)


def _foot(book: Any, document: Document) -> None:
    """Reference, code, version and the number of the page: counted by the word processor itself."""
    paragraph = book.sections[0].footer.paragraphs[0]
    known = [part for part in (document.reference, document.code, document.version) if part]
    page = in_language(document.language)("page")
    _write(paragraph, " · ".join([*known, f"{page} "]), document.rtl)
    for code in ("PAGE", None, "NUMPAGES"):
        run = paragraph.add_run("" if code else " / ")
        if code:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            field.append(run._r)
            paragraph._p.append(field)
            run._r.append(_text("1"))
    for run in paragraph.runs:
        _size(run, 8.5)
        run.font.color.rgb = GREY


def _text(value: str) -> Any:
    element = OxmlElement("w:t")
    element.text = value
    return element


def _about(book: Any, document: Document) -> None:
    about = book.core_properties
    about.title, about.language = document.title, document.language
    about.author = about.last_modified_by = about.comments = about.keywords = about.subject = ""
    midnight = datetime(document.dated.year, document.dated.month, document.dated.day)  # noqa: DTZ001  a date alone
    about.created = about.modified = midnight
    about.revision = 1
    # python-docx's example brings a picture of itself along, and says it was made by another program.
    package = book.part.package
    for key in [key for key, link in package.rels.items() if link.reltype.endswith("/thumbnail")]:
        del package.rels[key]
    for link in package.rels.values():
        if link.reltype.endswith("/extended-properties"):
            link.target_part._blob = ABOUT


def _without_times(content: bytes) -> bytes:
    """The archive written anew, in one order and with no time of the machine."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return out.getvalue()
