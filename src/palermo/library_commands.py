"""The command `palermo library`: papers and authorities from a file, papers into one, the starter collection."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Library: papers and competent authorities in and out.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")]
File = Annotated[Path, typer.Argument(help="A JSON array or a CSV file.", exists=True, dir_okay=False)]


@app.command("import")
def library_import(file: File, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Metadata of papers: all of them or none. The smallest has palermo_id, kind, language and a title."""
    _bring(_rows(file, as_json), "papers", file.name, dry_run, as_json)


@app.command("authorities")
def library_authorities(file: File, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Lines of the directory: all of them or none. The smallest has ref, kind, country and body."""
    _bring(_rows(file, as_json), "authorities", file.name, dry_run, as_json)


@app.command("starter")
def library_starter(dry_run: DryRun = False, as_json: Json = False) -> None:
    """The well-known public documents whose metadata palermo ships, each still to be checked in the paper itself."""
    from palermo.papers import starter
    from palermo.papers.reading import Row

    rows = [Row(number, 0, value) for number, value in enumerate(starter(), 1)]
    _bring(rows, "papers", "starter.json", dry_run, as_json)


@app.command("export")
def library_export(
    out: Annotated[Path | None, typer.Option(help="Where to write it; standard output without.")] = None,
    format: Annotated[str, typer.Option(help="json or csv.")] = "json",
) -> None:
    """Every published paper, as import takes it again. Never a contact of an authority."""
    from palermo.cli import fail, operating, prepare

    if format not in ("json", "csv"):
        raise fail(f"“{format}” is not a format. There are: json, csv.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.exports.writers import csv_bytes, json_bytes
    from palermo.rooms.library.queries import exported

    with operating():
        found = exported(Viewer.operator())
    content = json_bytes(found) if format == "json" else csv_bytes(*_flat(found))
    if out is None:
        typer.echo(content.decode().lstrip("\ufeff"), nl=False)
        return
    waiting = out.with_name(f".{out.name}.part")
    waiting.write_bytes(content)
    waiting.replace(out)


def _flat(found: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """One line a paper: lists with semicolons, titles and summaries by language; and the columns."""
    rows = []
    for one in found:
        row = {
            k: "; ".join(v) if isinstance(v, list) else v for k, v in one.items() if not isinstance(v, dict)
        }
        row["verified_in_primary_source"] = "yes" if one["verified_in_primary_source"] else "no"
        for stem, name in (("title", "titles"), ("summary", "summaries")):
            row |= {f"{stem}_{language}": text for language, text in one[name].items()}
        rows.append(row)
    return rows, sorted({name for row in rows for name in row})


def _rows(file: Path, as_json: bool) -> list[Any]:
    from palermo.papers.reading import Unreadable, rows_of

    try:
        return list(rows_of(file.read_bytes(), as_csv=file.suffix.lower() == ".csv"))
    except Unreadable as error:
        wrong = {
            "file": file.name,
            "row": 0,
            "line": error.line,
            "field": "",
            "value": "",
            "rule": error.rule,
        }
        _told({"problems": [wrong]}, as_json)
        raise  # not reached


def _bring(rows: list[Any], what: str, name: str, dry_run: bool, as_json: bool) -> None:
    from palermo.cli import operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.library import actions

    bring = actions.bring_in if what == "papers" else actions.bring_in_authorities
    with operating():
        done = bring(actor=Viewer.operator(), rows=rows, dry_run=dry_run)
    found = asdict(done) | {
        "file": name, "dry_run": dry_run, "problems": [{"file": name, **asdict(one)} for one in done.problems],
    }  # fmt: skip
    _told(found, as_json)


def _told(found: dict[str, Any], as_json: bool) -> None:
    """Print what happened; with problems, end with 2."""
    from palermo.cli import emit, say

    for one in () if as_json else found["problems"]:
        say(f"{one['file']}, line {one['line']}, {one['field']}: “{one['value']}”. {one['rule']}")

    def text(told: dict[str, Any]) -> str:
        if told["problems"]:
            return f"{len(told['problems'])} problems; nothing was changed."
        would = "would be " if told["dry_run"] else ""
        return (
            f"{told['read']} read: {told['added']} {would}added, {told['updated']} {would}changed, "
            f"{told['unchanged']} as they were."
        )

    emit(as_json, found, text)
    raise typer.Exit(2 if found["problems"] else 0)
