"""The command `palermo assessments`: toolkits, forms to fill without a network, and reports."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

app = typer.Typer(no_args_is_help=True, help="Assessments: toolkits, offline forms out and in, reports.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The assessment, as in its address.")]
Language = Annotated[str, typer.Option("--lang", help="en, fr or ar.")]
LANGUAGES = ("en", "fr", "ar")


@app.command("toolkits")
def assessments_toolkits(as_json: Json = False) -> None:
    """The shipped toolkits with their versions. Needs no database."""
    from palermo.cli import emit
    from palermo.standards.toolkits import toolkits

    rows = [
        {
            "code": one.code, "version": one.version, "title": dict(one.title), "parts": len(one.parts),
            "measures": len(one.measures), "answers": len(one.cells), "sha256": one.sha256,
        }
        for one in toolkits().values()
    ]  # fmt: skip

    def text(_found: dict[str, Any]) -> str:
        return "\n".join(
            f"{r['code']} {r['version']}: {r['title']['en']} ({r['measures']} measures)" for r in rows
        )

    emit(as_json, {"toolkits": rows}, text)


@app.command("form")
def assessments_form(
    assessment_id: Id,
    out: Annotated[Path, typer.Option("--out", help="The .docx to write.", dir_okay=False)],
    assessor: Annotated[
        str, typer.Option(help="Username of the assessor; without it an empty form for anybody of the team.")
    ] = "",
    lang: Language = "en",
) -> None:
    """The form of an assessment, to fill in Word or LibreOffice without a network."""
    from palermo.cli import fail, operating, prepare, say

    _checked(lang)
    if out.suffix.lower() != ".docx":
        raise fail("A form is a Word file: name one that ends in .docx.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.kernel.exports.writers import write_atomically
    from palermo.rooms.assessments import actions, queries

    try:
        with operating():
            viewer = Viewer.operator()
            found = queries.assessment(viewer, _uuid(assessment_id))
            who = queries.assessor_of(found, assessor) if assessor else None
            file = actions.export_form(actor=viewer, assessment=found, assessor=who, language=lang)
    except DomainError as error:
        raise fail(error.message or "There is no such assessment or assessor.") from None
    write_atomically(out, file.content)
    say(f"Written: {out}")


@app.command("import")
def assessments_import(
    file: Annotated[Path, typer.Argument(help="A filled form (.docx).", exists=True, dir_okay=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, change nothing.")
    ] = False,
    assessor: Annotated[str, typer.Option(help="Username, where the form does not say whose it is.")] = "",
    as_json: Json = False,
) -> None:
    """Take a filled form into its assessor's answers: all of it, or nothing and what cannot be read."""
    from palermo.cli import emit, fail, operating, prepare, say

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.rooms.assessments import actions

    try:
        with operating():
            told = actions.import_form(
                actor=Viewer.operator(), content=file.read_bytes(), assessor_name=assessor, dry_run=dry_run
            )
    except DomainError as error:
        for problem in getattr(error, "problems", ()):
            say(f"{file.name}: {problem.message}")
        raise fail(error.message or "There is no such assessment or assessor.") from None
    for words in told.unreadable:
        say(f"{file.name}, {words}")

    def text(_found: dict[str, Any]) -> str:
        verb = "would change" if dry_run or told.unreadable else "changed"
        lines = [f"{one.measure} {one.column}: {one.before} -> {one.after}" for one in told.changes]
        return "\n".join(
            [*lines, f"Answers that {verb}: {len(told.changes)}. Not readable: {len(told.unreadable)}."]
        )

    emit(
        as_json,
        {
            "file": file.name,
            "changed": bool(told.changes) and not (dry_run or told.unreadable),
            **asdict(told),
        },
        text,
    )
    raise typer.Exit(2 if told.unreadable else 0)


@app.command("report")
def assessments_report(
    assessment_id: Id,
    out: Annotated[Path, typer.Option("--out", help="The .pdf or .docx to write.", dir_okay=False)],
    lang: Language = "en",
) -> None:
    """The report of an assessment whose answers stand side by side."""
    from palermo.cli import fail, operating, prepare, say

    _checked(lang)
    format = out.suffix.lower().lstrip(".")
    if format not in ("pdf", "docx"):
        raise fail("A report is a .pdf or a .docx: end the name of the file with one of them.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.kernel.exports.writers import write_atomically
    from palermo.rooms.assessments import actions, queries

    try:
        with operating():
            viewer = Viewer.operator()
            found = queries.assessment(viewer, _uuid(assessment_id))
            file = actions.export_report(actor=viewer, assessment=found, format=format, language=lang)
    except DomainError as error:
        raise fail(error.message or "There is no such assessment.") from None
    write_atomically(out, file.content)
    say(f"Written: {out}")


def _uuid(text: str) -> UUID:
    from palermo.cli import fail

    try:
        return UUID(text)
    except ValueError:
        raise fail(f"“{text}” is no assessment: its ID stands in the address of its page.") from None


def _checked(language: str) -> None:
    from palermo.cli import fail

    if language not in LANGUAGES:
        raise fail(f"“{language}” is not one of {', '.join(LANGUAGES)}.")
