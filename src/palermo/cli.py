"""The one command, `palermo`. Each subcommand is thin: it prepares what it needs, calls a room, prints.

`--json` prints one JSON object on standard output and nothing else; messages go to standard error.
Exit codes: 0 done, 1 not healthy or a check failed, 2 bad input.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from palermo.assessing import app as assessing
from palermo.digest_commands import app as digesting
from palermo.disclosing import commands as disclosing
from palermo.estimating.commands import app as estimating
from palermo.exchange_commands import app as exchanging
from palermo.judging import app as judging
from palermo.law_commands import app as legislation
from palermo.library_commands import app as library
from palermo.linking.commands import app as linking
from palermo.searching import added as searching
from palermo.searching import thesaurus
from palermo.surveying import app as surveying
from palermo.treaty_commands import app as treaties

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
audit = typer.Typer(no_args_is_help=True, help="The audit chain: verify it, sign a checkpoint.")
keys = typer.Typer(no_args_is_help=True, help="The keys of the vault.")
app.add_typer(audit, name="audit")
people = typer.Typer(
    no_args_is_help=True, help="The first accounts, and requests that nobody else can decide."
)
app.add_typer(keys, name="keys")
app.add_typer(people, name="people")
app.add_typer(estimating, name="estimate")
app.add_typer(linking, name="link")
app.add_typer(surveying, name="survey")
app.add_typer(treaties, name="treaties")
app.add_typer(legislation, name="legislation")
app.add_typer(exchanging, name="exchange")
app.add_typer(judging, name="caselaw")
app.add_typer(digesting, name="digest")
app.add_typer(assessing, name="assessments")
app.add_typer(library, name="library")
app.add_typer(thesaurus, name="thesaurus")
searching(app)
disclosing.added(app)

notes = Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]


def say(message: str) -> None:
    """A message to the person, never to standard output."""
    notes.print(message, highlight=False, markup=False, soft_wrap=True)


def home() -> Path:
    return Path(os.environ.get("PALERMO_HOME", "var")).resolve()


def prepare(*, migrations: bool = True) -> None:
    """Start the embedded database if it is ours to start, set Django up, and bring the schema up to date."""
    import django

    from palermo.kernel.database import prepare as database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.settings")
    database.start(home(), os.environ, say)
    django.setup()
    if migrations:
        database.migrate(say)


def operating() -> Any:
    """A transaction with the rights of the instance, less identities."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer

    return acting(Viewer.operator())


def emit(as_json: bool, found: dict[str, Any], text: Callable[[dict[str, Any]], str]) -> None:
    """Print a result: as JSON for programs, as sentences for people."""
    print(json.dumps(found, ensure_ascii=False, default=str) if as_json else text(found))


def fail(message: str, *, code: int = 2) -> typer.Exit:
    say(message)
    return typer.Exit(code)


@app.command()
def run(
    port: Annotated[int, typer.Option(help="The port on this machine.")] = 8000,
    demo: Annotated[bool, typer.Option(help="Fill an empty database with the demo country.")] = True,
) -> None:
    """Database, migrations, demo country if empty, server and worker; Ctrl-C stops what this started."""
    from palermo.serving import serve

    serve(port=port, demo=demo, say=say, prepare=prepare)


@app.command()
def stop() -> None:
    """Stop the embedded database of this PALERMO_HOME, whoever started it."""
    from palermo.kernel.database import launcher

    launcher.stop(home())
    say("Stopped.")


@app.command()
def migrate() -> None:
    """Bring the database up to date and put up its walls."""
    prepare()
    say("The database is up to date.")


@app.command()
def doctor(as_json: Json = False) -> None:
    """Is this installation healthy and safe? Exit 1 and plain sentences if not."""
    from palermo.kernel.database.doctor import checks

    prepare()
    found = checks()
    bad = [c for c in found if not c.ok]
    rows = [{"code": c.code, "ok": c.ok, "message": c.message, "what_to_do": c.what_to_do} for c in found]

    def text(_result: dict[str, Any]) -> str:
        lines = [
            ("ok    " if c.ok else "WRONG ") + c.message + (f"\n      {c.what_to_do}" if not c.ok else "")
            for c in found
        ]
        return "\n".join([*lines, "", "Healthy and safe." if not bad else f"{len(bad)} things to put right."])

    emit(as_json, {"healthy": not bad, "checks": rows}, text)
    raise typer.Exit(1 if bad else 0)


@app.command()
def demo(
    cases: Annotated[int, typer.Option(help="How many cases.")] = 40,
    persons: Annotated[int, typer.Option(help="How many persons in the register.")] = 3000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same country.")] = 1,
    remove_accounts: Annotated[
        bool, typer.Option(help="Close the demonstration's accounts instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """A synthetic country with no real person in it."""
    prepare()
    if remove_accounts:
        from palermo.kernel.access.demo import remove_demo_accounts

        emit(as_json, {"accounts": remove_demo_accounts()}, lambda m: f"Closed accounts: {m['accounts']}")
        return
    from palermo.demo import build

    made = build(cases=cases, persons=persons, seed=seed, say=say)
    emit(as_json, made, lambda m: "Made: " + ", ".join(f"{n} {k}" for k, n in m.items()))


@app.command()
def workflows(
    pack: Annotated[
        str, typer.Option(envvar="PALERMO_PACK", help="The country pack whose limits to show.")
    ] = "default",
    as_json: Json = False,
) -> None:
    """Every state machine: states, events, guards, actors, limits and their sources."""
    from palermo.standards.packs import UnknownPack, packs
    from palermo.standards.workflows import describe, describe_text

    try:
        emit(as_json, describe(pack), lambda _found: describe_text(pack))
    except UnknownPack:
        raise fail(f"There is no country pack “{pack}”. There are: {', '.join(packs())}.") from None


@app.command()
def reconcile(as_json: Json = False) -> None:
    """Count the persons of the register anew where `palermo doctor` found that its counts differ from them."""
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.register.actions import reconcile as count_anew

    with operating():
        wrong = count_anew(actor=Viewer.operator())
    emit(
        as_json,
        {"corrected": wrong},
        lambda m: (
            f"Counts put right: {m['corrected']}" if m["corrected"] else "The counts were right already."
        ),
    )


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    format: Annotated[str, typer.Option(help="htcds, ctdc, glotip, people, offenders or population.")],
    source: Annotated[str, typer.Option(help="The name of the list this comes from.")],
    mapping: Annotated[Path | None, typer.Option(help="TOML file that maps columns and values.")] = None,
    as_json: Json = False,
) -> None:
    """Read a file into the register or the statistics. Importing twice adds nothing.

    Which columns a format has and what stands in them: palermo formats NAME.
    """
    prepare()
    from palermo.kernel.imports.command import main

    raise typer.Exit(main(path=file, format=format, source=source, mapping=mapping, json=as_json))


@app.command()
def formats(
    name: Annotated[str, typer.Argument(help="A format; all of them where left out.")] = "",
    as_json: Json = False,
) -> None:
    """The files that `palermo import` takes: their columns, and what may stand in them."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.settings")
    django.setup()
    from palermo.kernel.imports.describing import described, in_words

    try:
        found = described(name)
    except KeyError:
        raise fail(f"There is no format “{name}”. See: palermo formats") from None
    emit(as_json, {"formats": found}, lambda _all: in_words(found))


@app.command()
def tabulate(
    table: Annotated[
        str,
        typer.Argument(
            help="glotip, htcds-profile, sdg-16-2-2, global-report, reported, mechanism, eu-19a, eurostat, "
            "sdg-16-2-2-long, ic-tip, smuggling, children, assistance, justice, referral-mechanism; free: a table of "
            "your own; states: count every population anew."
        ),
    ],
    year: Annotated[int | None, typer.Option(help="One year; all years where left out.")] = None,
    format: Annotated[
        str, typer.Option(help="csv, hxl, json, xlsx or sdmx; glotip also unodc, questionnaire.")
    ] = "csv",
    region: Annotated[
        str, typer.Option(help="A region of the world (Global Report), or the code of a country (reported).")
    ] = "",
    population: Annotated[
        str, typer.Option(help="Who is counted (free), such as persons or smuggled.")
    ] = "persons",
    by: Annotated[str, typer.Option(help="Dimensions (free), such as year,sex,age.")] = "year,sex",
) -> None:
    """One statistical table, with every small cell protected."""
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.rooms.statistics.actions import tabulate as make

    try:
        with operating():
            body = make(
                actor=Viewer.operator(), table=table, year=year, format=format, region=region,
                population=population, by=tuple(name for name in by.split(",") if name),
            )  # fmt: skip
    except DomainError as error:
        raise fail(error.message or f"There is no table {table!r}.") from None
    sys.stdout.buffer.write(body)


@app.command("attack-published")
def attack_published(as_json: Json = False) -> None:
    """What somebody learns who kept everything that ever was public, withdrawn or not; exit 1 where it is too much."""
    prepare()
    from dataclasses import asdict

    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.releases.actions import attack_published as attacked

    with operating():
        found = [asdict(one) for one in attacked(actor=Viewer.operator())]
    learned = sum(one["learned"] for one in found)

    def text(_found: dict[str, Any]) -> str:
        lines = [
            f"{one['population']}: {one['editions']} publications, {one['cells']} counts, {one['withheld']} withheld, "
            f"{one['learned']} of them proved to be small"
            for one in found
        ]
        return "\n".join(
            [
                *lines,
                f"{learned} counts under the threshold can be learned." if found else "Nothing is public.",
            ]
        )

    emit(as_json, {"learned": learned, "populations": found}, text)
    raise typer.Exit(1 if learned else 0)


@app.command("export-site")
def export_site(
    folder: Annotated[Path, typer.Argument(help="The folder to write; an earlier export there is replaced.")],
    address: Annotated[
        str, typer.Option(help="Where it will be served from (https://...), as printed in citations.")
    ] = "",
    live: Annotated[
        str, typer.Option(help="Where palermo itself answers, for links to help; words without it.")
    ] = "",
    as_json: Json = False,
) -> None:
    """The public pages in every language as a folder of files: to be served from anywhere, without the register."""
    prepare()
    from palermo.estimating import waiting
    from palermo.web.site import Unfit, export

    try:
        with waiting.shown("the public pages") as step:
            done = export(folder, address=address, live=live, step=step)
    except Unfit as unfit:
        raise fail(unfit.message) from None
    found = {
        "folder": str(folder), "languages": list(done.languages), "pages": done.pages, "files": done.files,
        "bytes": done.bytes, "missing": list(done.missing),
    }  # fmt: skip

    def text(_result: dict[str, Any]) -> str:
        told = f"{done.pages} pages, {done.files} files, {done.bytes / 1e6:.1f} MB in {folder}; begin at index.html."
        lost = [f"Linked to and not there: {where}" for where in done.missing]
        return "\n".join([told, *lost])

    emit(as_json, found, text)


@audit.command("verify")
def audit_verify(as_json: Json = False) -> None:
    """Recompute the whole chain and compare it with the signed checkpoints; exit 1 on any break."""
    prepare(migrations=False)
    from palermo.kernel.audit.verify import main

    raise typer.Exit(main(["--checkpoints", str(home() / "checkpoints"), *(["--json"] if as_json else [])]))


@audit.command("checkpoint")
def audit_checkpoint(as_json: Json = False) -> None:
    """Sign the present head of the chain, to be kept somewhere else."""
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.audit.actions import checkpoint

    with operating():
        text = checkpoint(actor=Viewer.operator())
    emit(as_json, {"checkpoint": text}, lambda found: str(found["checkpoint"]))


@keys.command("rotate")
def keys_rotate(as_json: Json = False) -> None:
    """Make a new root key and wrap every data key anew; can be interrupted and run again."""
    prepare()
    from palermo.kernel.vault.rotation import rotate

    emit(as_json, rotate(progress=say), lambda found: f"Wrapped anew: {found}")


@people.command("add")
def people_add(
    username: Annotated[str, typer.Argument(help="Small letters, no spaces.")],
    organisation: Annotated[str, typer.Option(help="Its name; entered in the directory if it is new.")],
    role: Annotated[str, typer.Option(help="administrator, supervisor, ...")] = "administrator",
    kind: Annotated[
        str, typer.Option(help="The kind of a new organisation.")
    ] = "CentralGovernmentOrganisation",
    as_json: Json = False,
) -> None:
    """Make an account and ask for its role; agreed to at once only where nobody else could agree."""
    prepare()
    from palermo.kernel.organisations import command

    with operating():
        found = command.add(username=username, organisation=organisation, kind=kind, role=role)
    emit(as_json, found, command.text)


@people.command("waiting")
def people_waiting(as_json: Json = False) -> None:
    """What waits for a second person, and who decides it."""
    prepare()
    from palermo.kernel.organisations import command

    with operating():
        found = command.waiting()
    emit(as_json, {"waiting": found}, lambda _all: "\n".join(map(command.text, found)) or "Nothing waits.")


@people.command("agree")
def people_agree(
    request: Annotated[str, typer.Argument(help="The id that `palermo people waiting` shows.")],
    link: Annotated[bool, typer.Option(help="Show the link of a recovery whose day is over.")] = False,
    as_json: Json = False,
) -> None:
    """Agree to a request, only where there is nobody else who could."""
    prepare()
    from palermo.kernel.organisations import command

    with operating():
        found = (command.take if link else command.agree)(command.parse_id(request))
    emit(as_json, found, command.text)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the encrypted backup.")],
    recipient: Annotated[
        list[str] | None, typer.Option(help="An age public key; several may be given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """An encrypted copy of the database and files. The keys are never inside: keep them elsewhere."""
    prepare(migrations=False)
    from palermo.kernel.database.backup import backup_command

    raise typer.Exit(backup_command(file, recipients=recipient or [], as_json=as_json, say=say))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The encrypted backup.")],
    identity: Annotated[Path | None, typer.Option(help="File with the age secret key.")] = None,
    as_json: Json = False,
) -> None:
    """Bring a backup back into an empty database."""
    prepare(migrations=False)
    from palermo.kernel.database.backup import restore_command

    raise typer.Exit(restore_command(file, identity=identity, as_json=as_json, say=say))


@app.command(hidden=True)
def worker() -> None:
    """The job worker (started by `palermo run`)."""
    os.environ["PALERMO_ROLE"] = "job"
    prepare(migrations=False)
    from palermo.kernel.jobs.worker import work

    work()


def main() -> None:
    """Entry point of the `palermo` command: what goes wrong ends in a sentence, not in a traceback."""
    from palermo.kernel.database.launcher import LauncherError
    from palermo.kernel.errors import DomainError

    try:
        app()
    except (DomainError, LauncherError) as error:
        say(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        say("Interrupted. Nothing is half-written; run the same command again.")
        sys.exit(130)
    except Exception as error:
        if os.environ.get("PALERMO_DEBUG") == "1":
            raise
        say(_sentence(error))
        sys.exit(1)


def _sentence(error: Exception) -> str:
    """A fault in words, without what a database or a file might quote of a person."""
    kind = type(error).__name__
    if kind in ("OperationalError", "InterfaceError"):
        return (
            "The database does not answer or went away. What was acknowledged is safe. "
            "Run the same command again; if it fails again: palermo doctor"
        )
    if isinstance(error, OSError) and error.errno == 28:
        return "The disk is full. Nothing is half-written. Make room, then run the same command again."
    return f"This should not have happened ({kind}). Run it again with PALERMO_DEBUG=1 to see where, and report that."


if __name__ == "__main__":
    main()
