"""The command `palermo treaties`: import actions of States, count who is a party on a day."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Status of treaties: import actions, count parties.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]


@app.command("import")
def treaties_import(
    file: Annotated[Path, typer.Argument(help="CSV, one action a line.", exists=True, dir_okay=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add the actions of a file to the log: all of them, or none and what is wrong."""
    from palermo.cli import emit, operating, prepare, say

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.treaties.actions import import_lines

    with operating():
        done = import_lines(actor=Viewer.operator(), content=file.read_bytes(), dry_run=dry_run)
    for one in done.bad:
        say(f"{file.name}, line {one.row}, {one.column}: “{one.value}”. {one.rule}")
    found = {"file": file.name, "dry_run": dry_run, **asdict(done), "added": 0 if done.bad else done.added}

    def text(told: dict[str, Any]) -> str:
        verb = "would be added" if dry_run else "added"
        return f"{told['lines']} lines: {told['added']} {verb}, {told['known']} known already."

    emit(as_json, found, text)
    raise typer.Exit(2 if done.bad else 0)


@app.command("count")
def treaties_count(
    name: Annotated[
        str, typer.Argument(metavar="[INSTRUMENT]", help="UNTOC, TIP or SOM; all without it.")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", "--as-of", help="A day such as 2015-04-12; today without it.")
    ] = "",
    instrument: Annotated[str, typer.Option(help="The same as INSTRUMENT.")] = "",
    as_json: Json = False,
) -> None:
    """Parties and signatories on a day, and how many of them have no date that is known to the day."""
    from palermo.cli import emit, fail, operating, prepare

    try:
        day = date.fromisoformat(on) if on else datetime.now(UTC).date()
    except ValueError:
        raise fail(f"“{on}” is not a day such as 2015-04-12.") from None
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import NotFound
    from palermo.rooms.treaties.queries import counts

    code = (name or instrument).upper()
    try:
        with operating():
            made = counts(Viewer.operator(), day, code)
    except NotFound:
        raise fail(f"There is no instrument “{code}”. There are: UNTOC, TIP, SOM.") from None
    found: dict[str, Any] = {"as_of": day.isoformat(), "instruments": made}
    if code:
        found |= {"instrument": code, **made[code]}

    def text(_found: dict[str, Any]) -> str:
        return "\n".join(
            f"{key} on {day}: {one['parties']} parties ({one['parties_uncertain']} without a certain date), "
            f"{one['signatories']} signatories ({one['signatories_uncertain']} without a certain date)"
            for key, one in made.items()
        )

    emit(as_json, found, text)
