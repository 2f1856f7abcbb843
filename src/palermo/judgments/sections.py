"""The sections in which a record is written, each by itself, and what of them is still missing."""

import hashlib
import json
from dataclasses import Field, dataclass, fields
from typing import Any, get_args, get_type_hints

from palermo.judgments.record import Case


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields of the record, or one list of groups in it (of codings only some kinds), or both."""

    code: str
    fields: tuple[str, ...] = ()
    rows: str = ""
    kinds: tuple[str, ...] = ()


SECTIONS = {
    one.code: one for one in (
        Section("identification", (
            "title", "short_name", "language", "country", "court", "body", "legal_system", "decided", "citations",
            "ecli", "unodc_no",
        )),
        Section("facts", ("facts", "reasoning", "significance")),
        Section("parties", rows="parties"),
        Section("proceedings", rows="stages"),
        Section("charges", rows="charges"),
        Section("verdict", ("outcome",), rows="sentences"),
        Section("elements", rows="codings", kinds=("crime", "act", "means", "purpose", "issue", "form")),
        Section("smuggling", rows="codings", kinds=("som_act", "som_element")),
        Section("cooperation", rows="cooperation"),
        Section("sources", ("source_url", "instruments", "cases_cited", "verified_in_primary_source", "provenance")),
        Section("languages", rows="briefs"),
    )
}  # fmt: skip


def group_of(rows: str) -> type:
    """The dataclass of which a list of the record is made."""
    found: type = get_args(get_type_hints(Case)[rows])[0]
    return found


def fields_of(form: type, names: tuple[str, ...] = ()) -> list[tuple[Field[Any], Any]]:
    """The fields of a group with their types, all or those that are named, in that order."""
    known, hints = {one.name: one for one in fields(form)}, get_type_hints(form)
    return [(known[name], hints[name]) for name in names or known]


def places(record: dict[str, Any], section: Section) -> list[int]:
    """Which rows of the list belong to the section, counted from 1."""
    rows = record[section.rows] if section.rows else []
    return [n for n, row in enumerate(rows, 1) if not section.kinds or row["kind"] in section.kinds]


def content(record: dict[str, Any], section: Section) -> dict[str, Any]:
    """What stands in a section."""
    held = {name: record[name] for name in section.fields}
    return held | ({section.rows: record[section.rows]} if section.rows else {})


def mark(record: dict[str, Any], section: Section) -> str:
    """A fingerprint of what stands in a section: who saves over another one is told."""
    told = json.dumps(content(record, section), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def missing(record: dict[str, Any]) -> list[tuple[str, str]]:
    """What a reader would look for and not find: the section, and what is missing in it."""
    coded = {one["kind"] for one in record["codings"]}
    crimes = {one["concept"] for one in record["codings"] if one["kind"] == "crime"}
    charged = {one["defendant"] for one in record["charges"]}
    defendants = {one["key"] for one in record["parties"] if one["side"] == "defendant"}
    asked = (
        ("identification", "court", bool(record["court"])),
        ("identification", "decided", bool(record["decided"])),
        ("identification", "citations", bool(record["citations"] or record["ecli"])),
        ("facts", "reasoning", bool(record["reasoning"])),
        ("parties", "victims", any(one["side"] in ("victim", "migrant") for one in record["parties"])),
        ("parties", "defendants", bool(defendants)),
        ("proceedings", "stages", bool(record["stages"])),
        ("charges", "charges", bool(defendants) and defendants <= charged),
        ("verdict", "outcome", bool(record["outcome"])),
        ("elements", "crime", "crime" in coded),
        ("elements", "act", "act" in coded or "tip" not in crimes),
        ("elements", "purpose", "purpose" in coded or "tip" not in crimes),
        ("smuggling", "som_act", "som_act" in coded or "som" not in crimes),
        ("sources", "source_url", bool(record["source_url"])),
        ("sources", "verified_in_primary_source", bool(record["verified_in_primary_source"])),
    )
    return [(section, code) for section, code, there in asked if not there]
