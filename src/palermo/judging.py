"""The command `palermo caselaw`: records from a file into the room, the starter collection, invented cases."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Case law: bring records in, invent some for a trial.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and do nothing.")]


@app.command("import")
def caselaw_import(
    file: Annotated[Path, typer.Argument(help="A JSON array of records, or a CSV file.")],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Records of cases: all of them or none. The smallest has palermo_id, title, language, country, facts, status."""
    try:
        values = values_of(file)
    except (OSError, UnicodeDecodeError, ValueError, RecursionError, csv.Error) as error:
        reason = (
            error.strerror
            if isinstance(error, OSError) and error.strerror
            else "It is no JSON array and no CSV."
        )
        problem = {
            "file": str(file),
            "row": getattr(error, "lineno", 0),
            "column": "",
            "value": "",
            "rule": reason,
        }
        told({"problems": [problem]}, as_json)
    bring_in(values, str(file), dry_run, as_json)


@app.command("starter")
def caselaw_starter(dry_run: DryRun = False, as_json: Json = False) -> None:
    """The landmark decisions that palermo ships, each still to be checked in its primary source."""
    from palermo.judgments.starter import starter

    bring_in(starter(), "starter.json", dry_run, as_json)


@app.command("synthetic")
def caselaw_synthetic(
    cases: Annotated[int, typer.Option(min=0, max=1_000_000, help="How many.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same cases.")] = 1,
) -> None:
    """Invented cases in six languages over 90 jurisdictions, as the JSON array that import takes."""
    from palermo.judgments.synthetic import synthetic

    sys.stdout.write("[\n")
    for number, one in enumerate(synthetic(cases, seed)):
        sys.stdout.write((",\n" if number else "") + json.dumps(one, ensure_ascii=False))
    sys.stdout.write("\n]\n")


@app.command("schema")
def caselaw_schema() -> None:
    """The JSON Schema of a record."""
    from palermo.judgments import schema

    sys.stdout.write(json.dumps(schema(), indent=1) + "\n")


def values_of(file: Path) -> list[Any]:
    """The records of a file. In CSV, empty cells are left out, and a cell that begins with [ or { is read as JSON."""
    text = file.read_text("utf-8-sig")
    if file.suffix.lower() != ".csv":
        found = json.loads(text)
        if not isinstance(found, list):
            raise ValueError("not a list")
        return found
    return [
        {key: _cell(key, cell) for key, cell in row.items() if cell}
        for row in csv.DictReader(io.StringIO(text))
    ]


def _cell(column: str, text: Any) -> Any:
    if column == "verified_in_primary_source" and str(text).casefold() in ("yes", "true", "no", "false"):
        return str(text).casefold() in ("yes", "true")
    if isinstance(text, str) and text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def bring_in(values: list[Any], name: str, dry_run: bool, as_json: bool) -> None:
    """Hand the records to the room and say what became of them."""
    from palermo.cli import operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.caselaw import actions

    with operating():
        done = actions.bring_in(actor=Viewer.operator(), values=values, dry_run=dry_run)
    problems = [
        {"file": name, "row": one.row, "column": one.column, "value": one.value, "rule": one.rule}
        for one in done.problems
    ]
    counts = {"read": done.read, "added": done.added, "updated": done.updated, "unchanged": done.unchanged}
    told(counts | {"dry_run": dry_run, "problems": problems}, as_json)


def told(found: dict[str, Any], as_json: bool) -> None:
    """Print what happened; with problems, end with 2."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False))  # noqa: T201
    for one in () if as_json else found["problems"]:
        place = ", ".join(
            str(part) for part in (one["file"], f"record {one['row']}", one["column"], one["value"]) if part
        )
        sys.stderr.write(f"{place}: {one['rule']}\n")
    if found["problems"]:
        raise typer.Exit(2)
    if not as_json:
        told_as = "would be " if found["dry_run"] else ""
        print(  # noqa: T201
            f"{found['read']} records read: {found['added']} {told_as}added, {found['updated']} updated, "
            f"{found['unchanged']} unchanged."
        )
