"""The command `palermo legislation`: laws and readings in, what a State's law needs out, Akoma Ntoso both ways."""

import csv
import io
import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Laws, readings against the checklists, Akoma Ntoso.")
akoma = typer.Typer(no_args_is_help=True, help="Texts of laws as Akoma Ntoso.")
app.add_typer(akoma, name="akn")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Given = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


def _records(file: Path) -> list[Any]:
    """What a JSON array or a CSV with a header holds. In CSV, `relied` is a JSON array in its cell."""
    from palermo.cli import fail

    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".csv":
            rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text), strict=True))
            return [{**row, "relied": json.loads(row.get("relied") or "[]")} for row in rows]
        found = json.loads(text)
    except (UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise fail(f"{file.name} cannot be read: {type(error).__name__}. UTF-8 is expected.") from None
    if not isinstance(found, list):
        raise fail(f"{file.name} does not hold an array of laws and readings.")
    return found


@app.command("import")
def law_import(
    file: Given,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring in laws with their texts, and readings, from JSON or CSV: all of a file or nothing of it."""
    from palermo.cli import emit, operating, prepare, say

    values = _records(file)
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.legislation.actions import bring_in

    with operating():
        done = bring_in(actor=Viewer.operator(), values=values, dry_run=dry_run)
    for one in done.bad:
        say(f"{file.name}, record {one.record}, {one.field or 'all of it'}: {one.rule}")

    def text(told: dict[str, Any]) -> str:
        verb = "would be new" if dry_run else "new"
        return (
            f"{told['laws']} laws, {told['wordings']} texts and {told['readings']} readings {verb}; "
            f"{told['known']} were here already."
        )

    emit(as_json, {"file": file.name, "dry_run": dry_run, **asdict(done)}, text)
    raise typer.Exit(2 if done.bad else 0)


@app.command("gaps")
def law_gaps(
    country: Annotated[str, typer.Argument(help="A State: three letters or its name.")],
    instrument: Annotated[str, typer.Option(help="TIP, SOM, UNTOC, COE or EU; all without it.")] = "",
    on: Annotated[str, typer.Option(help="A day such as 2020-01-31; today without it.")] = "",
    as_json: Json = False,
) -> None:
    """Every row of the checklists and how the State's law stands to it; rows nobody has assessed too."""
    from palermo.cli import emit, fail, operating, prepare
    from palermo.standards.checklists import INSTRUMENTS
    from palermo.standards.countries import find_country

    found = find_country(country) or find_country(country.upper())
    if found is None:
        raise fail(f"“{country}” is not a country that palermo knows.")
    if instrument and instrument.upper() not in INSTRUMENTS:
        raise fail(f"There is no checklist “{instrument}”. There are: {', '.join(INSTRUMENTS)}.")
    try:
        day = date.fromisoformat(on) if on else datetime.now(UTC).date()
    except ValueError:
        raise fail(f"“{on}” is not a day such as 2020-01-31.") from None
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.legislation import queries

    with operating():
        lines = queries.sheet(Viewer.operator(), found.alpha3, day, instrument.upper())
    rows = [
        {
            "code": line.row.code, "obligation": line.row.obligation, "pillar": line.row.pillar,
            "title": line.row.title, "standing": line.reading.standing if line.reading else "not_assessed",
            "on": line.reading.on.isoformat() if line.reading else None,
        }
        for line in lines
    ]  # fmt: skip

    def text(told: dict[str, Any]) -> str:
        words = [
            f"{one['code']:<22} {one['standing']:<15} {one['obligation']:<20} {one['title']}" for one in rows
        ]
        return "\n".join([*words, f"{told['assessed']} of {len(rows)} rows assessed as of {day}."])

    assessed = sum(one["standing"] != "not_assessed" for one in rows)
    emit(
        as_json,
        {"country": found.alpha3, "as_of": day.isoformat(), "assessed": assessed, "rows": rows},
        text,
    )


@akoma.command("import")
def akn_import(file: Given, as_json: Json = False) -> None:
    """Bring in one text from an Akoma Ntoso document, with its law where that is new."""
    from palermo.cli import emit, fail, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import Invalid
    from palermo.rooms.legislation.actions import take_akoma

    try:
        with operating():
            made = take_akoma(actor=Viewer.operator(), content=file.read_bytes())
            told = {
                "uri": made.law.uri,
                "valid_from": str(made.valid_from),
                "provisions": len(made.provisions),
            }
    except Invalid as error:
        raise fail(f"{file.name}: {error.problems[0].message if error.problems else error}") from None
    emit(
        as_json, told, lambda one: f"{one['uri']}: {one['provisions']} provisions since {one['valid_from']}."
    )


@akoma.command("export")
def akn_export(
    uri: Annotated[str, typer.Argument(help="The FRBR address of a law, such as /akn/xp/act/2015/12.")],
    out: Annotated[Path, typer.Option(help="Where to write it.", dir_okay=False)],
    on: Annotated[str, typer.Option(help="The day on which the text stood; today without it.")] = "",
) -> None:
    """Write the text of a published law as Akoma Ntoso."""
    from palermo.cli import fail, operating, prepare

    try:
        day = date.fromisoformat(on) if on else datetime.now(UTC).date()
    except ValueError:
        raise fail(f"“{on}” is not a day such as 2020-01-31.") from None
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.legislation import to_akoma
    from palermo.rooms.legislation import queries

    with operating():
        viewer = Viewer.operator()
        law = queries.law_by_uri(viewer, uri)
        wording = queries.at(queries.wordings_of(viewer, law), day) if law else None
        if law is None or wording is None:
            raise fail(f"No text of {uri} that stood on {day} is published.")
        out.write_bytes(to_akoma(queries.law_text(law, wording)))
