"""What a form's answers look like as tables: one for the whole record, one for each repeat. Pure: schemas in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHOSEN = ("select1", "select", "rank", "range", "trigger")
OPEN_TYPES = ("int", "decimal", "date", "boolean")
MANY = ("select", "rank")
PLACES = ("geopoint", "geotrace", "geoshape")
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A question as a column. name: its path inside the group; coded: of few values, so that it stands open.

    kind: int, decimal, date, one (of the choices), many (of them) or text.
    """

    name: str
    path: str
    kind: str
    coded: bool
    label: Words
    choices: Mapping[str, Words]
    place: bool = False  # a point on the map


@dataclass(frozen=True, slots=True)
class Table:
    """A group that repeats, or the whole record (path "").

    parent: the path of the group around it; chain: the repeats from the outside, each by its path in the one before.
    """

    path: str
    name: str
    parent: str | None
    chain: tuple[str, ...]
    columns: tuple[Column, ...]


def is_coded(asked: Mapping[str, Any]) -> bool:
    """Whether an answer stands open: a choice, a number, a date. Everything else can say who somebody is."""
    return asked["control"] in CHOSEN or asked["type"] in OPEN_TYPES


def tables(schemas: Sequence[Mapping[str, Any]], name: str, telling: bool = False) -> list[Table]:
    """The tables of all wordings together, by path; the first schema is the newest and gives labels and order.

    A question that only an older wording asks stands behind those of the newer ones. Without `telling` there are
    columns for coded answers alone.
    """
    repeats = sorted({path for schema in schemas for path in schema["repeats"]})
    columns: dict[str, dict[str, Column]] = {path: {} for path in ("", *repeats)}
    for schema in schemas:
        for field in schema["fields"]:
            home = _home(field["path"], repeats)
            if field["path"].startswith("/meta/") or not (is_coded(field) or (telling and _is_asked(field))):
                continue
            made = _column(field, home)
            known = columns[home].get(made.name)
            columns[home][made.name] = made if known is None else _joined(known, made)
    names = _names(repeats, name)
    return [
        Table(
            path,
            names[path],
            _home(path, repeats) if path else None,
            _chain(path, repeats),
            tuple(columns[path].values()),
        )
        for path in ("", *repeats)
    ]


def keys_of_turn(root: str, table: Table, ordinals: Sequence[int]) -> tuple[str, str]:
    """The key of a turn and that of the turn around it: `uuid:a/leg[2]/pay[1]` belongs to `uuid:a/leg[2]`."""
    parts = [f"{step}[{number}]" for step, number in zip(table.chain, ordinals, strict=True)]
    return "/".join((root, *parts)), "/".join((root, *parts[:-1]))


def languages(schemas: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every language in which some wording asks."""
    return sorted({language for schema in schemas for language in schema["languages"]})


def chosen_language(there: Sequence[str], wanted: str = "") -> str:
    """The language that is asked for by its name or code ("English (en)", "en"); else English, else the first."""
    for code in (wanted, "en"):
        for one in there:
            if code and (one == code or one.endswith(f"({code})")):
                return one
    return there[0] if there else ""


def word(words: Words, language: str) -> str:
    """A label in the language, or in the first there is; empty without any."""
    return words.get(language) or next(iter(words.values()), "")


def _is_asked(field: Mapping[str, Any]) -> bool:
    return bool(
        field["control"] or field["preload"] or field["type"] in ("string", "dateTime", "time", *PLACES)
    )


def _home(path: str, repeats: Iterable[str]) -> str:
    """The innermost repeat around a path; the whole record outside of every one."""
    return max((one for one in repeats if path.startswith(f"{one}/")), key=len, default="")


def _chain(path: str, repeats: Iterable[str]) -> tuple[str, ...]:
    steps = []
    while path:
        around = _home(path, repeats)
        steps.append(path[len(around) + 1 :])
        path = around
    return tuple(reversed(steps))


def _column(field: Mapping[str, Any], home: str) -> Column:
    if field["control"] in MANY:
        kind = "many"
    elif field["type"] in ("int", "decimal", "date"):
        kind = field["type"]
    else:
        kind = "one" if is_coded(field) else "text"
    return Column(
        field["path"][len(home) + 1 :], field["path"], kind, is_coded(field), field["label"], field["choices"],
        field["type"] == "geopoint",
    )  # fmt: skip


def _joined(newer: Column, older: Column) -> Column:
    """One question of two wordings: choices that went away keep their labels. A number that became a choice is text."""
    kinds = {newer.kind, older.kind}
    kind = newer.kind if len(kinds) == 1 else "decimal" if kinds == {"int", "decimal"} else "mixed"
    label = newer.label or older.label
    return Column(
        newer.name, newer.path, kind, newer.coded, label, {**older.choices, **newer.choices}, newer.place
    )


def _names(repeats: Sequence[str], name: str) -> dict[str, str]:
    """A name for each table that no other one has, in files as in sheets."""
    found, taken = {"": name}, {name.lower()}
    for path in repeats:
        plain = made = path.strip("/").replace("/", "-")
        turn = 2
        while made.lower() in taken:
            made, turn = f"{plain}_{turn}", turn + 1
        taken.add(made.lower())
        found[path] = made
    return found
