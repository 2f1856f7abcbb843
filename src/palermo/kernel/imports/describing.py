"""What `palermo formats` tells a person who has a file in hand: the columns of a format and what stands in them."""

from typing import Any

from palermo.kernel.imports.formats import Format, declared, format_named


def describe(fmt: Format) -> dict[str, Any]:
    """The format as an object: its layouts with their columns, which are needed, which may say who a person is."""
    says = fmt.says()

    def column(name: str, needed: bool) -> dict[str, Any]:
        return {
            "name": name,
            "needed": needed,
            "values": says.get(name, ""),
            "identity": name in fmt.identity,
        }

    layouts = [
        {
            "name": layout.name,
            "columns": [column(c, True) for c in layout.required]
            + [column(c, False) for c in layout.optional],
        }
        for layout in fmt.layouts
    ]
    return {"format": fmt.name, "mapping": fmt.by_mapping, "terms": fmt.terms, "layouts": layouts}


def described(name: str = "") -> list[dict[str, Any]]:
    """One format, or all in the order of their names. Raises KeyError for a name that is not declared."""
    return [describe(format_named(known)) for known in ([name] if name else sorted(declared()))]


def in_words(found: list[dict[str, Any]]) -> str:
    """The same as text: all formats a line each, one format with its columns."""
    if len(found) > 1:
        return "\n".join(
            [*(_line(each) for each in found), "", "The columns of one: palermo formats NAME"],
        )
    return "\n".join(_whole(found[0]))


def _line(each: dict[str, Any]) -> str:
    counts = ", ".join(f"{len(layout['columns'])} columns" for layout in each["layouts"])
    return f"{each['format']:<12} {counts}"


def _whole(each: dict[str, Any]) -> list[str]:
    lines = [f"Format {each['format']}"]
    for layout in each["layouts"]:
        lines += ["", f"Columns of layout “{layout['name']}” (* must be there):"]
        lines += [_column(column) for column in layout["columns"]]
    lines.append("")
    if each["mapping"]:
        lines.append(
            "Another file can be mapped to these columns: --mapping FILE (see docs/kernel/imports.md)."
        )
    if each["terms"]:
        lines.append(f"Terms: {each['terms']}")
    return lines


def _column(column: dict[str, Any]) -> str:
    mark = "*" if column["needed"] else " "
    note = " (never shown in a list of rejected rows)" if column["identity"] else ""
    return f"  {mark} {column['name']:<26} {column['values']}{note}".rstrip()
