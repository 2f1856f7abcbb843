"""What a survey on smuggling must not hold: every finding of an XLSForm at once, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from palermo.fieldwork.forms import Row, Sheets

PERSONAL = (
    (
        "the name of a person",
        r"(first|last|full|family|sur|given|nick|fore)_?name|what is your name|(^|_)name($|_)|"
        r"\bprénom|\bnom de famille|quel est votre nom|\bvotre nom\b|ما اسمك|اسمك|الاسم الكامل",
    ),
    (
        "a telephone number",
        r"phone_?(number|no)?\b|telephone|téléphone|whats_?app|\bmobile_?(number|no)\b|رقم الهاتف|هاتفك",
    ),
    (
        "the number of a document",
        r"passport_?(number|no)|(id|document|card|permit)_?(number|no)($|\b|_)|"
        r"passport number|document number|numéro (du|de) (passeport|document|carte)|رقم (جواز|الوثيقة|البطاقة|الهوية)",
    ),
    ("an address", r"e_?mail|home_?address|your address|votre adresse|عنوانك|بريدك"),
)
MEDIA = {
    "image": "a photo may show a person",
    "video": "a film may show a person",
    "background-audio": "a recording that the person does not see",
    "geotrace": "a track of where people went",
    "geoshape": "a shape drawn where people are",
}
MEDIA["audio"] = "a voice is a person's own mark"
TEXTS = ("label", "hint", "constraint_message")
BARE_SUM = re.compile(r"\bsum\s*\(\s*\$\{\s*\w+\s*\}\s*\)")
CLOSING = ("end", "end group", "end repeat", "end_group", "end_repeat")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the rule, the sheet, the row as an editor shows it, and what to do."""

    rule: str
    sheet: str
    row: int
    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}, row {self.row} ({self.name or 'no name'}): {self.message}"


def lint(form: Sheets) -> list[Finding]:
    """Everything that is wrong with a form; an empty list means that it may be published."""
    found = [one for number, row in enumerate(form.get("survey", []), 2) for one in _question(number, row)]
    languages = _languages(form)
    for sheet in ("survey", "choices"):
        for number, row in enumerate(form.get(sheet, []), 2):
            found += _translations(sheet, number, row, languages)
    if len(languages) < 2:
        found.append(
            Finding(
                "translation",
                "survey",
                1,
                "",
                "the form is in fewer than two languages; give label::French (fr) and others",
            )
        )
    return found


def _question(number: int, row: Row) -> Iterator[Finding]:  # noqa: C901 - one rule after the other
    kind, name = row.get("type", "").strip(), row.get("name", "") or ""

    def found(rule: str, message: str) -> Finding:
        return Finding(rule, "survey", number, name, message)

    if kind not in CLOSING and not kind.startswith(("begin", "note", "calculate")):
        said = " ".join(
            str(value) for key, value in row.items() if key.partition("::")[0] in ("name", "label") and value
        )
        # A question may be asked about a name only where it cannot be written down.
        for what, pattern in PERSONAL:
            if re.search(pattern, f"{name.lower()} {said.lower()}") or re.search(pattern, name.lower()):
                yield found(
                    "personal", f"could hold {what}; these interviews are anonymous: take the question out"
                )
    for medium, why in MEDIA.items():
        if kind == medium:
            yield found(
                "background-audio" if medium == "background-audio" else "media", f"{medium} is refused: {why}"
            )
    if "or_other" in kind.split() or kind.endswith(" or other"):
        yield found("or_other", "or_other cannot be translated; add the choice `other` to the list")
    if kind in ("geopoint", "start-geopoint"):
        yield found(
            "geopoint", "an exact position is refused: ask for the site or the first-level area instead"
        )
    if kind == "audit" and "location" in (row.get("parameters") or ""):
        yield found(
            "geopoint",
            "the audit log must not keep where the enumerator walked: take the location parameters out",
        )
    for column in ("calculation", "relevant", "constraint", "default", "trigger", "repeat_count"):
        if BARE_SUM.search(str(row.get(column) or "")):
            yield found(
                "sum",
                f"{column}: sum() of a question is not a number as soon as one answer is empty; write "
                "if(count-non-empty(${x}) > 0, sum(${x}[. != '']), 0)",
            )


def _languages(form: Sheets) -> list[str]:
    every = {
        key.partition("::")[2]
        for rows in (form.get("survey", []), form.get("choices", []))
        for row in rows
        for key in row
        if key.startswith("label::")
    }
    return sorted(every)


def _translations(sheet: str, number: int, row: Row, languages: list[str]) -> Iterator[Finding]:
    for text in TEXTS:
        said = [key for key, value in row.items() if key.partition("::")[0] == text and value]
        missing = [one for one in languages if not row.get(f"{text}::{one}")]
        if said and missing:
            yield Finding(
                "translation",
                sheet,
                number,
                row.get("name", ""),
                f"{text} is missing in {', '.join(missing)}",
            )


def read(path: str) -> Sheets:
    """The sheets of an .xlsx file."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    form: Sheets = {}
    for sheet in book.worksheets:
        rows = [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        form[sheet.title] = [dict(zip(rows[0], row, strict=False)) for row in rows[1:]] if rows else []
    book.close()
    return form
