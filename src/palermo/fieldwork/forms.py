"""The shipped surveys: readable sheets of modules, put together into an XLSForm in English, French and Arabic.

Every list gets don't know (88) and refused (99); `none`, 88 and 99 exclude every other answer; an unknown number is
-88 or -99, since 88 days and 99 dollars exist; an empty month is followed by the question why.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO

from palermo.standards.countries import countries

LANGUAGES = {"en": "English (en)", "fr": "French (fr)", "ar": "Arabic (ar)"}
VERSION = "2026112301"
UNKNOWN = (
    ("88", {"en": "Does not know", "fr": "Ne sait pas", "ar": "لا يعرف"}),
    ("99", {"en": "Does not want to answer", "fr": "Ne veut pas répondre", "ar": "لا يريد الإجابة"}),
)
HINT = {
    "en": "Does not know: -88. Does not want to answer: -99.",
    "fr": "Ne sait pas : -88. Ne veut pas répondre : -99.",
    "ar": "لا يعرف: -88. لا يريد الإجابة: -99.",
}
WHY = {
    "en": "Why is the month empty?",
    "fr": "Pourquoi le mois est-il vide ?",
    "ar": "لماذا تُرك الشهر فارغاً؟",
}
ALONE = {
    "en": "This answer excludes the others.",
    "fr": "Cette réponse exclut les autres.",
    "ar": "هذه الإجابة تستبعد غيرها.",
}
PARTS = {"interview": {"en": "The interview", "fr": "L'entretien", "ar": "المقابلة"}}
META = (("start", "start"), ("end", "end"), ("today", "today"), ("deviceid", "deviceid"), ("audit", "audit"))
ASKED = "${consent} = 'yes' and ${adult} = 'yes'"
Row = dict[str, str]
Sheets = dict[str, list[Row]]


def _rows(name: str) -> list[Row]:
    text = (files("palermo.fieldwork") / "surveys" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _forms() -> dict[str, Row]:
    return {row["form"]: row for row in _rows("forms")}


def codes() -> tuple[str, ...]:
    """The shipped forms: S1, S1-RDS, S2, S3."""
    return tuple(_forms())


def title(code: str, language: str) -> str:
    """What a shipped form is called, in English where it has no name in the language."""
    row = _forms()[code]
    return row.get(f"title_{language.split('-')[0]}") or row["title_en"]


def sheets(code: str) -> Sheets:
    """The three sheets of a shipped form."""
    form = _forms()[code]
    survey = [{"type": kind, "name": name} for kind, name in META]
    survey.append({"type": "calculate", "name": "respondent_id", "calculation": "once(uuid())"})
    survey += [row for raw in _rows("open") for row in _question(raw)]
    survey.append(
        {"type": "begin group", "name": "interview", "relevant": ASKED, **_labels(PARTS["interview"])}
    )
    survey += [row for part in form["modules"].split() for raw in _rows(part) for row in _question(raw)]
    survey.append({"type": "end group"})
    survey += [row for raw in _rows("close") for row in _question(raw)]
    settings = {
        "form_title": form["title_en"],
        "form_id": code.lower().replace("-", "_"),
        "version": VERSION,
        "default_language": LANGUAGES["en"],
    }
    return {"survey": survey, "choices": list(_choices(survey)), "settings": [settings]}


def _labels(words: Row, column: str = "label") -> Row:
    return {f"{column}::{name}": words[key] for key, name in LANGUAGES.items()}


def _question(raw: Row) -> Iterator[Row]:  # noqa: C901 - one kind after the other
    kind, _, listed = raw["type"].partition(" ")
    if kind == "end":
        yield {"type": f"end {listed}"}
        return
    row = {"name": raw["name"], **_labels(raw)}
    if raw["relevant"]:
        row["relevant"] = raw["relevant"]
    if kind in ("group", "repeat"):
        yield {"type": f"begin {kind}", **row}
    elif kind == "say":
        yield {"type": "note", **row}
    elif kind == "site":
        yield {"type": "select_one_from_file sites.csv", "required": "yes", **row}
    elif kind == "choose":
        yield {"type": f"select_one {listed}_only", "required": "yes", **row}
    elif kind == "one":
        # A list of all countries is searched, not scrolled: as buttons it makes a page of fifty screens.
        searched = {"appearance": "minimal autocomplete"} if listed == "country" else {}
        yield {"type": f"select_one {listed}", "required": "yes", **searched, **row}
    elif kind == "many":
        alone = " and ".join(
            f"not(selected(., '{x}') and count-selected(.) > 1)" for x in ("none", "88", "99")
        )
        yield {
            "type": f"select_multiple {listed}",
            "required": "yes",
            "constraint": alone,
            **_labels(ALONE, "constraint_message"),
            **row,
        }
    elif kind in ("number", "money"):
        wanted = f". >= 0 and {raw['constraint']}" if raw["constraint"] else ". >= 0"
        yield {
            "type": "integer" if kind == "number" else "decimal",
            "required": "yes",
            **_labels(HINT, "hint"),
            "constraint": f"({wanted}) or . = -88 or . = -99",
            **row,
        }
    elif kind == "month":
        yield {"type": "date", "appearance": "month-year", **row}
        empty = f"${{{raw['name']}}} = ''"
        why = f"({raw['relevant']}) and {empty}" if raw["relevant"] else empty
        yield {
            "type": "select_one why",
            "name": f"{raw['name']}_why",
            **_labels(WHY),
            "relevant": why,
            "required": "yes",
        }
    else:
        raise ValueError(f"{raw['name']}: no such kind of question: {raw['type']}")


def _choices(survey: list[Row]) -> Iterator[Row]:
    used = {
        row["type"].split()[1]
        for row in survey
        if row["type"].startswith(("select_one ", "select_multiple "))
    }
    shipped = _rows("choices")
    for name in sorted(used):
        base = name.removesuffix("_only")
        if base == "country":
            yield from (
                {"list_name": name, "name": one.alpha3, **_labels({k: one.name(k) for k in LANGUAGES})}
                for one in countries().values()
            )
        else:
            yield from (
                {"list_name": name, "name": row["name"], **_labels(row)}
                for row in shipped
                if row["list"] == base
            )
        if base == name:
            yield from ({"list_name": name, "name": key, **_labels(words)} for key, words in UNKNOWN)


def media() -> dict[str, bytes]:
    """The files that go with every form; the sites of a round replace the sample."""
    return {"sites.csv": (files("palermo.fieldwork") / "surveys" / "sites.csv").read_bytes()}


def write(form: Sheets, path: Path | IO[bytes]) -> None:
    """An XLSForm as an .xlsx file, or into one that is open."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in form.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column, "") for column in columns])
    book.save(path)
