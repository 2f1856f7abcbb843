"""Letters and forms: each in every language and format, as text and never as markup, in the right direction."""

import importlib
import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string

from palermo.kernel.errors import Conflict
from palermo.kernel.exports.documents import as_pdf
from palermo.kernel.exports.documents.as_docx import docx_bytes
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.documents.direction import pieces, runs_rtl
from palermo.kernel.exports.documents.letters import (
    Step,
    certificate,
    consent_form,
    decision_letter,
    packet_sheet,
    plan_sheet,
    rights_sheet,
)

DAY = date(2026, 11, 22)
CODE, ATTACK = "P-7K3Q-94", "<script>x</script> & {{ name }} {% now %} {until}"
LANGUAGES = ("en", "fr", "ar")
needs_pango = pytest.mark.skipif(bool(as_pdf.unavailable()), reason="no pango on this machine")


def letters(language: str, text: str = "Reason") -> dict[str, Document]:
    who: dict[str, Any] = {"language": language, "person_code": CODE}
    office: dict[str, Any] = {**who, "reference": "ID-42", "authority": "Office"}
    return {
        "reasonable": decision_letter(
            kind="reasonable", positive=True, decided_on=DAY, reasons=[text], recovery_until=DAY, review_until=DAY,
            review_where=text, explained_in="Tigrinya", contact="+212 5 00", **office,
        ),
        "conclusive": decision_letter(
            kind="conclusive", positive=False, decided_on=DAY, reasons=[text], **office
        ),
        "certificate": certificate(status="identified", issued_on=DAY, valid_until=DAY, **office),
        "packet": packet_sheet(
            reference="R-1", sender="A", recipient="B", service=text, sent_on=DAY, reason=text,
            contents=[("Needs", text)], basis=text, answer_by=DAY, urgency="24 h", **who,
        ),
        "consent": consent_form(
            purpose="Referral", question=text, categories=[text], form_version="1", dated=DAY, child=True, **who
        ),
        "plan": plan_sheet(agreed_on=DAY, steps=[Step(text, text, "A.B.", DAY)], review_on=DAY, **who),
        "rights": rights_sheet(language=language, dated=DAY, contacts=[("Helpline", "+212 5 00")]),
    }  # fmt: skip


def fonts_of(pdf: Any) -> list[Any]:
    return [font for page in pdf.pages for font in page.Resources.Font.values()]


KINDS = tuple(letters("en"))


def docx_part(content: bytes, name: str = "word/document.xml") -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_a_page_and_a_word_file(kind: str, language: str) -> None:
    document = letters(language)[kind]
    page = as_pdf.markup(document)
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    content = docx_bytes(document)
    assert content == docx_bytes(document)
    written = docx_part(content)
    assert ("<w:bidi/>" in written) == ("<w:rtl/>" in written) == (language == "ar")
    if "<w:tbl>" in written:
        assert ("<w:bidiVisual/>" in written) == (language == "ar")
    if kind != "rights":
        assert CODE in page
        assert CODE in written
        assert CODE in docx_part(content, "word/footer1.xml")


@needs_pango
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["reasonable", "consent", "rights"])
def test_a_letter_is_a_pdf_with_its_fonts_inside(kind: str, language: str) -> None:
    document = letters(language)[kind]
    content = as_pdf.pdf_bytes(document)
    assert content == as_pdf.pdf_bytes(document)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == document.title
        assert str(pdf.docinfo["/Producer"]) == "palermo"
        assert "/Author" not in pdf.docinfo
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261122"
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.MarkInfo.Marked
        fonts = fonts_of(pdf)
        assert fonts
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@needs_pango
def test_arabic_is_shaped_and_not_replaced_by_boxes() -> None:
    """Letters joined by the font's own shaper read back as the letters that went in; no glyph is missing."""
    content = as_pdf.pdf_bytes(letters("ar")["reasonable"])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        names = {str(font.BaseFont) for font in fonts_of(pdf)}
        maps = [font.ToUnicode.read_bytes() for font in fonts_of(pdf)]
    assert any("Arabic" in name or "DejaVu" in name for name in names)
    qaf = "ق".encode("utf-16-be").hex()
    assert any(qaf in read.decode().lower() for read in maps)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_filled_in_is_text(kind: str, language: str) -> None:
    document = letters(language, ATTACK)[kind]
    page = as_pdf.markup(document)
    assert "<script" not in page
    if kind not in ("certificate", "rights"):
        assert "&lt;script&gt;x&lt;/script&gt; &amp; {{ name }} {% now %} {until}" in page
        read = docx_part(docx_bytes(document))
        assert "&lt;script&gt;x&lt;/script&gt; &amp; {{ name }} {% now %} {until}" in read.replace(
            "</w:t></w:r><w:r><w:rPr><w:rtl/></w:rPr><w:t>", ""
        )


def test_characters_that_no_word_processor_takes_are_left_out() -> None:
    assert "Reas\u00f3n" in docx_part(docx_bytes(letters("en", "Reas\x00\x0b\u00f3n")["plan"]))


@needs_pango
@pytest.mark.parametrize(
    "tag", ['<img src="{}">', '<link rel="attachment" href="{}">', '<link rel="stylesheet" href="{}">']
)
def test_nothing_is_fetched_while_drawing(tag: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("sesame")
    page = f"<html lang=en><title>t</title>{tag.format(secret.as_uri())}</html>"
    monkeypatch.setattr(as_pdf, "markup", lambda document: page)
    fetcher, asked = as_pdf._nothing_fetched(), []
    refuse = fetcher.fetch

    def heard(url: str, headers: Any = None) -> None:
        asked.append(url)
        refuse(url, headers)

    monkeypatch.setattr(fetcher, "fetch", heard)
    monkeypatch.setattr(as_pdf, "_nothing_fetched", lambda: fetcher)
    content = as_pdf.pdf_bytes(letters("en")["rights"])
    assert asked == [secret.as_uri()]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert not list(pdf.attachments)
    with pytest.raises(ValueError, match="fetches nothing"):
        refuse(secret.as_uri())


def test_without_pango_a_sentence_says_what_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise OSError("cannot load library 'libpangoft2-1.0-0'")

    monkeypatch.setattr(as_pdf, "_weasyprint", lambda: missing("weasyprint"))
    with pytest.raises(Conflict, match="print the page") as refused:
        as_pdf.pdf_bytes(letters("en")["rights"])
    assert refused.value.rule == "exports.pdf_unavailable"
    assert docx_bytes(letters("en")["rights"])


def test_a_telephone_number_runs_left_to_right_in_arabic() -> None:
    assert not runs_rtl("+212 5 00 00", True)
    assert not runs_rtl("24 h", True)
    assert runs_rtl("22 نوفمبر 2026", True)
    text = "اتصل: \u2068+212 5 00\u2069."
    assert list(pieces(text, True)) == [("اتصل: ", True), ("+212 5 00", False), (".", True)]
    assert '<bdi dir="ltr">+212 5 00</bdi>' in as_pdf.markup(letters("ar")["reasonable"])


def test_a_decision_without_reasons_is_no_letter() -> None:
    with pytest.raises(ValueError, match="reasons"):
        decision_letter(
            kind="conclusive", positive=False, language="en", person_code=CODE, reference="1", authority="A",
            decided_on=DAY, reasons=[" "],
        )  # fmt: skip


def test_a_document_tells_nothing_in_a_log() -> None:
    named = replace(letters("en")["plan"], name="Zarquella Vibbletonova")
    assert "Vibbletonova" not in repr(named)
    assert "Vibbletonova" in render_to_string("web/documents/body.html", {"document": named})


def test_a_language_without_texts_gets_english_and_says_so() -> None:
    document = letters("de")["certificate"]
    assert (document.language, document.title) == ("en", "Certificate of identification")


def test_every_text_has_its_languages_and_its_fillings_in_common() -> None:
    wording = importlib.import_module("palermo.standards.instruments.letters").letters()
    for code, text in wording.texts.items():
        gaps = {
            language: sorted(part.split("}")[0] for part in text[language].split("{")[1:])
            for language in LANGUAGES
        }
        assert len({tuple(names) for names in gaps.values()}) == 1, code
