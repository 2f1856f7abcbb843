"""Tables as OData knows them: entities with groups inside, repeats as collections, and the document that says so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from palermo.rooms.observatory.queries.shapes import Column, Table

EDM = {"int": "Edm.Int64", "decimal": "Edm.Decimal", "date": "Edm.Date"}
_UNFIT = re.compile(r"[^a-zA-Z0-9_]+")
SYSTEM = {
    "submissionDate": "Edm.DateTimeOffset", "updatedAt": "Edm.DateTimeOffset", "deletedAt": "Edm.DateTimeOffset",
    "submitterId": "Edm.String", "submitterName": "Edm.String", "attachmentsPresent": "Edm.Int64",
    "attachmentsExpected": "Edm.Int64", "status": "Edm.String",
    "reviewState": "Edm.String", "deviceId": "Edm.String", "edits": "Edm.Int64", "formVersion": "Edm.String",
    "site": "Edm.String",
}  # fmt: skip
Group = dict[str, "Column | Table | Group"]  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Entity:
    """A table with its OData name (`Submissions.leg`) and what stands in one of its rows, groups inside groups."""

    table: Table
    name: str
    group: Group


def identifier(name: str) -> str:
    """As Central names things: letters, digits and low lines, not beginning with a digit."""
    found = _UNFIT.sub("_", name)
    return found if found[:1].isalpha() or found[:1] == "_" else f"_{found}"


def entities(tables: Sequence[Table]) -> dict[str, Entity]:
    """Every table by its OData name, the whole record first."""
    found = {}
    for table in tables:
        steps = [identifier(part) for part in table.path.strip("/").split("/") if part]
        name = ".".join(["Submissions", *steps])
        found[name] = Entity(table, name, _group(table, tables))
    return found


def _group(table: Table, tables: Sequence[Table]) -> Group:
    group: Group = {}
    for column in table.columns:
        _put(group, column.name, column)
    for child in tables:
        if child.path and child.parent == table.path:
            _put(group, child.path[len(table.path) + 1 :], child)
    return group


def _put(group: Group, path: str, what: Column | Table) -> None:
    *outer, last = (identifier(part) for part in path.split("/"))
    for step in outer:
        inner = group.setdefault(step, {})
        while not isinstance(inner, dict):  # a question of one wording, a group of another
            step = f"{step}_"
            inner = group.setdefault(step, {})
        group = inner
    while last in group:
        last = f"{last}_"
    group[last] = what


def filled(
    group: Group, values: Mapping[str, Any], link: str, below: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A row: every question, answered or null; each repeat as a link, and as its rows where they were asked for."""
    found: dict[str, Any] = {}
    for name, what in group.items():
        if isinstance(what, dict):
            found[name] = filled(what, values, f"{link}/{name}", below)
        elif isinstance(what, Table):
            found[f"{name}@odata.navigationLink"] = f"{link}/{name}"
            if below is not None:
                found[name] = below.get(what.path, [])
        else:
            found[name] = _told(what, values.get(what.name))
    return found


def _told(column: Column, value: Any) -> Any:
    """The value in the type that the document promises."""
    if value is None:
        return None
    if isinstance(value, list):
        return " ".join(value)
    if column.kind in ("int", "decimal"):
        return value if isinstance(value, int | float) else None
    return str(value)


def link_of(root: str) -> str:
    """The address of one record within the service."""
    return f"Submissions('{quote(root.replace(chr(39), chr(39) * 2), safe='')}')"


def document(root: str, found: Mapping[str, Entity]) -> dict[str, Any]:
    """The service document: which feeds there are."""
    return {
        "@odata.context": f"{root}/$metadata",
        "value": [{"name": name, "kind": "EntitySet", "url": name} for name in found],
    }


def metadata(form_id: str, found: Mapping[str, Entity]) -> str:
    """The document of types (CSDL 4.0)."""
    space = f"org.opendatakit.user.{identifier(form_id)}"
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>',
        '<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="org.opendatakit.submission">',
        '<ComplexType Name="metadata">',
        *(f'<Property Name="{name}" Type="{kind}"/>' for name, kind in SYSTEM.items()),
        "</ComplexType></Schema>",
        f'<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace={quoteattr(space)}>',
    ]
    for entity in found.values():
        out += _entity(space, entity, found)
    out.append(f"<EntityContainer Name={quoteattr(identifier(form_id))}>")
    for name, entity in found.items():
        binds = "".join(
            f"<NavigationPropertyBinding Path={quoteattr(path)} Target={quoteattr(target)}/>"
            for path, target in _bindings(entity, found)
        )
        out.append(
            f"<EntitySet Name={quoteattr(name)} EntityType={quoteattr(f'{space}.{name}')}>{binds}</EntitySet>"
        )
    out.append("</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>")
    return "".join(out)


def _entity(space: str, entity: Entity, found: Mapping[str, Entity]) -> list[str]:
    types: list[str] = []
    inside = _properties(space, entity.name, entity.group, types, found)
    keys = ['<Property Name="__id" Type="Edm.String" Nullable="false"/>']
    if entity.table.parent is None:
        keys.append('<Property Name="__system" Type="org.opendatakit.submission.metadata"/>')
    else:
        keys.append(f'<Property Name={quoteattr(parent_key(entity, found))} Type="Edm.String"/>')
    head = f'<EntityType Name={quoteattr(entity.name)}><Key><PropertyRef Name="__id"/></Key>'
    return [*types, head, *keys, *inside, "</EntityType>"]


def _properties(
    space: str, name: str, group: Group, types: list[str], found: Mapping[str, Entity]
) -> list[str]:
    out = []
    for key, what in group.items():
        if isinstance(what, dict):
            inner = f"{name}.{key}"
            inside = _properties(space, inner, what, types, found)
            types += [f"<ComplexType Name={quoteattr(inner)}>", *inside, "</ComplexType>"]
            out.append(f"<Property Name={quoteattr(key)} Type={quoteattr(f'{space}.{inner}')}/>")
        elif isinstance(what, Table):
            target = next(one.name for one in found.values() if one.table.path == what.path)
            out.append(
                f"<NavigationProperty Name={quoteattr(key)} Type={quoteattr(f'Collection({space}.{target})')}/>"
            )
        else:
            out.append(f'<Property Name={quoteattr(key)} Type="{escape(EDM.get(what.kind, "Edm.String"))}"/>')
    return out


def _bindings(entity: Entity, found: Mapping[str, Entity]) -> list[tuple[str, str]]:
    return [
        (one.name[len(entity.name) + 1 :].replace(".", "/"), one.name)
        for one in found.values()
        if one.table.path and one.table.parent == entity.table.path
    ]


def parent_key(entity: Entity, found: Mapping[str, Entity]) -> str:
    """The name of what points to the row around: `__Submissions-id`, `__Submissions-leg-id`."""
    around = next(one.name for one in found.values() if one.table.path == entity.table.parent)
    return f"__{around.replace('.', '-')}-id"
