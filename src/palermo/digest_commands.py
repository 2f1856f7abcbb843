"""The command `palermo digest`: what courts made of evidence, out and in; an edition frozen."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="What courts made of evidence, issue by issue.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]


@app.command("show")
def digest_show(
    issue: Annotated[
        str, typer.Argument(metavar="[ISSUE]", help="The code of an issue; all without it.")
    ] = "",
    lang: Annotated[str, typer.Option(help="Language of the issues' names: en, fr or ar.")] = "en",
    as_json: Json = False,
) -> None:
    """How many published cases are coded for each issue; of one issue also the findings."""
    from palermo.cli import emit, fail, operating, prepare
    from palermo.standards.evidence import issues

    if issue and issue not in issues():
        raise fail(f"There is no issue “{issue}”. palermo digest show lists them.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.digest import queries

    with operating():
        counted, coded, published = queries.counts(Viewer.operator())
        rows = queries.rows_out(Viewer.operator(), issue) if issue else []
    found: dict[str, Any] = {"published_cases": published, "coded_cases": coded}
    if issue:
        found |= {"issue": issue, "cases": counted[issue], "findings": rows}
    else:
        found["issues"] = [
            {"code": one.code, "parent": one.parent, "label": one.label(lang), "cases": counted[one.code]}
            for one in issues().values()
        ]

    def text(told: dict[str, Any]) -> str:
        if issue:
            lines = [f"{row['title']} ({row['country']}), {row['direction']}: {row['note']}" for row in rows]
            return "\n".join([f"{counted[issue]} of {published} published cases", *lines])
        lines = [
            f"{'  ' if one['parent'] else ''}{one['label']} [{one['code']}]: {one['cases']}"
            for one in told["issues"]
        ]
        return "\n".join([*lines, f"{coded} of {published} published cases are coded."])

    emit(as_json, found, text)


@app.command("import")
def digest_import(
    file: Annotated[Path, typer.Argument(help="A JSON array of findings.", exists=True, dir_okay=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring in findings (with `case`) and introductions (with `text`): all of a file or nothing of it."""
    from palermo.cli import emit, fail, operating, prepare, say

    try:
        values = json.loads(file.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise fail(
            f"{file.name} cannot be read: {type(error).__name__}. JSON in UTF-8 is expected."
        ) from None
    if not isinstance(values, list):
        raise fail(f"{file.name} does not hold an array.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.digest.actions import bring_in

    with operating():
        done = bring_in(actor=Viewer.operator(), values=values, dry_run=dry_run)
    for one in done.bad:
        say(f"{file.name}, record {one.record}, {one.field or 'all of it'}: {one.rule}")

    def text(told: dict[str, Any]) -> str:
        verb = "would be new" if dry_run else "new"
        new = f"{told['findings']} findings and {told['intros']} introductions {verb}"
        return f"{new}; {told['known']} were here already."

    emit(as_json, {"file": file.name, "dry_run": dry_run, **asdict(done)}, text)
    raise typer.Exit(2 if done.bad else 0)


@app.command("freeze")
def digest_freeze(
    title: Annotated[str, typer.Argument(help="The title of the edition.")],
    as_json: Json = False,
) -> None:
    """Keep the published digest as the next edition."""
    from palermo.cli import emit, fail, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import Conflict, Invalid
    from palermo.rooms.digest.actions import freeze

    try:
        with operating():
            made = freeze(actor=Viewer.operator(), title=title)
    except (Conflict, Invalid) as error:
        raise fail(str(error)) from None
    told = {
        "number": made.number,
        "title": made.title,
        "cases": len(made.content["cases"]),
        "sha256": made.sha256,
    }
    emit(as_json, told, lambda one: f"Edition {one['number']} with {one['cases']} cases: {one['sha256']}")


@app.command("export")
def digest_export(
    number: Annotated[int, typer.Argument(help="The number of an edition.")],
    out: Annotated[Path, typer.Option(help="A name that ends in .json, .pdf or .docx.", dir_okay=False)],
    lang: Annotated[str, typer.Option(help="en, fr or ar.")] = "en",
) -> None:
    """Write an edition to a file."""
    from palermo.cli import fail, operating, prepare

    kind = out.suffix.lstrip(".").lower()
    if kind not in ("json", "pdf", "docx"):
        raise fail("The name of the file ends in .json, .pdf or .docx.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.rooms.digest import queries
    from palermo.rooms.digest.actions import edition_file

    try:
        with operating():
            viewer = Viewer.operator()
            made = edition_file(
                actor=viewer, edition=queries.edition(viewer, number), format=kind, language=lang
            )
    except DomainError as error:
        raise fail(str(error) or f"There is no edition {number}.") from None
    out.write_bytes(made.content)
