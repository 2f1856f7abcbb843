"""`palermo link`: thin; no database.

`--json` prints one JSON object on standard output and nothing else; progress and messages go to standard error.
Exit codes: 0 done, 2 bad input.
"""

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.linkage.spreading import Spread, here
from palermo.linking import private
from palermo.linking.group import FILES, FilesOrCommand

app = typer.Typer(
    cls=FilesOrCommand,
    no_args_is_help=True,
    help="Which records of several lists are of one person: palermo link FILE... --out DIR; no database.",
)
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Out = Annotated[Path, typer.Option("--out", help="The folder for the files; made where it is not there.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer.")]


@app.command(
    FILES,
    epilog="Beside it: palermo link encode, match and key (without names), palermo link invent (lists to try it on).",
)
def files(
    file: Annotated[list[str], typer.Argument(help="CSV files in the people format, one for each list.")],
    out: Out,
    threshold: Annotated[
        str,
        typer.Option(help="The probability from which two records are one person; auto: from the lists."),
    ] = "auto",
    draws: Annotated[
        int, typer.Option(min=0, max=1000, help="Draws of who is whom, as draws.csv; 0 for none.")
    ] = 20,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            help="A TOML file with other headers and values; LIST=FILE for one list; several may be given."
        ),
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="The code page of the files, where they are neither UTF-8 nor UTF-16.")
    ] = "",
    decisions: Annotated[
        str | None, typer.Option(help="A CSV file of pairs that people called same or different.")
    ] = None,
    spark: Annotated[
        str,
        typer.Option(help="A Spark cluster that compares (local[2], spark://host:7077); the extra spark."),
    ] = "",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Which records of these lists are of one person.

    Writes clusters.csv (source, record_id, cluster_id, probability), histories.csv (how many persons are in exactly
    which lists: what `palermo estimate mse` reads), draws.csv (the same, drawn as often as asked from what is not known
    about the links) and report.html, all or none. A link is a proposal, never a merge.
    """
    from palermo.estimating import inputs as refusing
    from palermo.estimating import waiting
    from palermo.linking import asking, running, showing
    from palermo.linking.inputs import read
    from palermo.linking.report import report

    try:
        mappings = asking.mappings(mapping or [])
        options = asking.options(threshold, seed)
        with waiting.shown("reading") as step:
            sources = read(file, mappings=mappings, encoding=encoding, step=step)
            decided = asking.decisions(decisions, sources)
        with waiting.shown("linking") as step, _spread(spark) as spread:
            done = running.run(sources, options, decided, step, spread)
        with waiting.shown("writing") as step:
            paths = running.files(done, out, draws=draws, seed=seed, report=report(done), step=step)
    except refusing.Refused as refused:
        raise typer.Exit(refusing.tell(refused, as_json=as_json, ending="Nothing was linked.")) from None
    _say({**done.found, "files": paths}, showing.text(done, paths), as_json)


@app.command()
def invent(
    out: Out,
    records: Annotated[int, typer.Option(min=0, help="About how many records in all.")] = 5000,
    noise: Annotated[float, typer.Option(min=0, help="1 is the full noise of the benchmarks.")] = 0.5,
    seed: Seed = 1,
    lists: Annotated[int, typer.Option(min=1, max=5, help="How many lists, the first of five.")] = 5,
    as_json: Json = False,
) -> None:
    """Invented lists of people whose truth is known, to try a linkage on. Nobody in them exists."""
    from palermo.linking import inventing

    found = inventing.invent(out, records=records, noise=noise, seed=seed, lists=lists)
    _say(found, inventing.text(found), as_json)


def _spread(spark: str) -> AbstractContextManager[Spread]:
    if not spark:
        return nullcontext(here)
    from palermo.linking.spark import spread_over

    return spread_over(spark)


def _say(found: dict[str, Any], text: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else text) + "\n")


private.added(app)
