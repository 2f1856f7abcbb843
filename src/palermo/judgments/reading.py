"""From what a JSON file holds to a case and back. Every wrong thing is told in words with its place, all at once."""

import re
import types
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, asdict, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from palermo.judgments.record import Case, Coding, Stated
from palermo.judgments.vocabulary import labels
from palermo.standards import countries

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,79}")
# ECLI: country (or EU, CE ...), court of up to seven, year, up to 25 letters, digits and dots (Council 2011/C 127/01).
ECLI = re.compile(r"ECLI:[A-Z]{2}:[A-Z][A-Z0-9]{0,6}:[0-9]{4}:[A-Z0-9.]{1,25}", re.IGNORECASE)
NEEDED = ("palermo_id", "title", "language", "country", "facts", "status")
LONGEST = 200_000
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where: the record (from 1), the way to the field, the value and the rule it breaks."""

    row: int
    column: str
    value: str
    rule: str


def _date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _country(text: str) -> bool:
    return text == "XPA" or text in countries()


FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (_date, "A date is written 2026-11-23."),
    "language": (lambda text: bool(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text)), "A language is a code such as en."),  # noqa: E501
    "country": (_country, "A country is an ISO code of three letters, such as FRA."),
    "ecli": (lambda text: bool(ECLI.fullmatch(text)), "An ECLI has five parts, such as ECLI:CE:ECHR:2010:0107JUD002596504."),  # noqa: E501
    "url": (lambda text: bool(re.match(r"https?://[^\s]+$", text)), "An address begins with https:// or http://."),
}  # fmt: skip


@cache
def _hints(form: type) -> dict[str, Any]:
    return get_type_hints(form)


@cache
def _fields(form: type) -> tuple[Field[Any], ...]:
    return fields(form)


class _Reader:
    """Collects what is wrong while one record is read."""

    def __init__(self, row: int) -> None:
        self.row = row
        self.problems: list[Problem] = []

    def wrong(self, place: str, value: Any, rule: str) -> None:
        self.problems.append(Problem(self.row, place, str(value)[:80], rule))

    def record(self, form: type, value: Any, place: str) -> Any:
        if form is Stated and not isinstance(value, dict):
            value = {"state": "stated", "value": value} if value is not None else {}
        if not isinstance(value, dict):
            self.wrong(place, value, "A group of fields in braces is expected here.")
            return None
        known = {one.name: one for one in _fields(form)}
        for name in value.keys() - known.keys():
            self.wrong(_at(place, name), "", "There is no such field.")
        found = {}
        for name, one in known.items():
            if name in value and value[name] is not None:
                found[name] = self.value(_hints(form)[name], value[name], _at(place, name), one)
            elif one.default is MISSING:
                self.wrong(_at(place, name), "", "This is needed.")
        if self.problems:
            return None
        made = form(**found)
        self.together(made, place)
        return made

    def together(self, made: Any, place: str) -> None:
        """Rules between the fields of one group."""
        if isinstance(made, Stated) and (made.state == "stated") != (made.value is not None):
            self.wrong(place, made.state, "A value is given where it is stated, and only there.")
        if isinstance(made, Coding) and made.concept not in labels(made.kind):
            self.wrong(
                _at(place, "concept"), made.concept, f"The vocabulary knows no such {made.kind or 'kind'}."
            )

    def value(self, hint: Any, value: Any, place: str, one: Field[Any]) -> Any:
        if get_origin(hint) is tuple:
            if not isinstance(value, list):
                self.wrong(place, value, "A list is expected here.")
                return ()
            inner = get_args(hint)[0]
            return tuple(self.value(inner, item, f"{place}[{n}]", one) for n, item in enumerate(value, 1))
        if is_dataclass(hint):
            return self.record(hint, value, place)  # type: ignore[arg-type]
        return self.plain(hint, value, place, one)

    def plain(self, hint: Any, value: Any, place: str, one: Field[Any]) -> Any:
        allowed = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
        if float in allowed and type(value) is int:
            value = float(value)
        if type(value) not in allowed:
            self.wrong(
                place, value, f"This should be {' or '.join(WORDS[k] for k in allowed if k in WORDS)}."
            )
        elif isinstance(value, str):
            self.text(value, place, one)
        elif (isinstance(value, float) and abs(value) > 1e15) or value != value:
            self.wrong(place, value, "This number is too large.")
        return value

    def text(self, value: str, place: str, one: Field[Any]) -> None:
        codes, kind = one.metadata.get("codes"), one.metadata.get("vocabulary")
        form = one.metadata.get("form")
        if len(value) > LONGEST or HIDDEN.search(value):
            self.wrong(place, value[:20], "This text is too long, or holds characters that nobody sees.")
        elif codes and value not in codes:
            self.wrong(place, value, f"This is one of: {', '.join(c for c in codes if c)}.")
        elif kind and value and value not in labels(kind):
            self.wrong(place, value, f"This is one of: {', '.join(labels(kind))}.")
        elif form and value and not FORMS[form][0](value):
            self.wrong(place, value, FORMS[form][1])


WORDS = {str: "a text", int: "a whole number", bool: "true or false", float: "a number"}


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def read(value: Any, row: int = 1) -> tuple[Case | None, list[Problem]]:
    """A case of what a file holds; None and every problem where it is not one."""
    reader = _Reader(row)
    if isinstance(value, dict):
        for name in NEEDED:
            if not isinstance(value.get(name), str) or not value[name].strip():
                reader.wrong(name, value.get(name) or "", "This is needed, as a text.")
        if isinstance(value.get("palermo_id"), str) and not IDENTIFIER.fullmatch(value["palermo_id"]):
            reader.wrong(
                "palermo_id", value["palermo_id"], "Letters, digits, dots, hyphens; 2 to 80 of them."
            )
    first = list(reader.problems)
    reader.problems = []
    found = reader.record(Case, value, "")
    keys = {party.key for party in found.parties} if found else set()
    for name in ("charges", "sentences") if found else ():
        for n, one in enumerate(getattr(found, name), 1):
            if one.defendant not in keys:
                reader.wrong(f"{name}[{n}].defendant", one.defendant, "No party has this key.")
    told = {problem.column for problem in first}
    problems = first + [problem for problem in reader.problems if problem.column not in told]
    return (None if problems else found), problems


def read_all(values: Iterable[Any]) -> tuple[list[Case], list[Problem]]:
    """Every record of a file, and everything that is wrong in any of them; an id that comes twice is wrong."""
    cases: list[Case] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row, value in enumerate(values, 1):
        case, wrong = read(value, row)
        problems += wrong
        if case is None:
            continue
        if case.palermo_id in seen:
            rule = f"This id stands in record {seen[case.palermo_id]} already."
            problems.append(Problem(row, "palermo_id", case.palermo_id, rule))
        seen.setdefault(case.palermo_id, row)
        cases.append(case)
    return cases, problems


def written(case: Case) -> dict[str, Any]:
    """The case as JSON holds it: every field, and never the names that were marked for redaction."""
    found = _listed(asdict(case))
    del found["redact"]
    return found  # type: ignore[no-any-return]


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(one) for key, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, (list, tuple)) else value


def schema(form: type = Case) -> dict[str, Any]:
    """JSON Schema of a record, made of the dataclasses."""
    found = {one.name: _schema(_hints(form)[one.name], one) for one in _fields(form)}
    made = {"type": "object", "properties": found, "additionalProperties": False}
    return made | ({"required": list(NEEDED)} if form is Case else {})


def _schema(hint: Any, one: Field[Any]) -> dict[str, Any]:
    names = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], one)}
    if is_dataclass(hint):
        return schema(hint)  # type: ignore[arg-type]
    if args := get_args(hint):
        return {"type": [names[arg] for arg in args]}
    codes = one.metadata.get("codes") or (
        ["", *labels(one.metadata["vocabulary"])] if "vocabulary" in one.metadata else None
    )
    return {"type": names[hint]} | ({"enum": list(codes)} if codes else {})
