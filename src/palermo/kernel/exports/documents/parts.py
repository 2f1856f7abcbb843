"""What every letter shares: who it is about by code, when, from whom, and the mark of its wording's version."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from palermo.kernel.exports.documents.blocks import Block, Document, Facts, Lines, Paragraph
from palermo.kernel.exports.documents.words import Words, in_language, plain
from palermo.standards.instruments.letters import letters


def assembled(
    what: str,
    title: str,
    language: str,
    dated: date,
    blocks: Sequence[Block],
    code: str,
    reference: str,
    issuer: str,
) -> Document:
    say = in_language(language)
    made = Document(
        what=what,
        title=title,
        language=language,
        dated=dated,
        blocks=_noted(blocks, Paragraph(say("code_not_name"), "quiet")),
        version="",
        code=code,
        reference=reference,
        issuer=issuer,
        mark=say("confidential"),
    )
    return with_version(made, letters().version)


def _noted(blocks: Sequence[Block], note: Paragraph) -> tuple[Block, ...]:
    """The note before the signatures, so that it is never alone on a page; at the end where nobody signs."""
    if isinstance(blocks[-1], Lines):
        return (*blocks[:-1], note, blocks[-1])
    return (*blocks, note)


def with_version(document: Document, version: str) -> Document:
    return replace(document, version=in_language(document.language)("version", version=version))


def head(say: Words, language: str, person_code: str, reference: str, dated: date, authority: str) -> Facts:
    rows = (
        (say("person"), person_code),
        (say("reference"), reference),
        (say("date"), plain(dated, language)),
        (say("authority"), authority),
    )
    return Facts(rows)


def contact_line(say: Words, contact: str) -> list[Block]:
    return [Paragraph(say("contact", contact=contact))] if contact else []
