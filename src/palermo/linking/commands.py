"""`palermo link`: thin; no database.

`--json` prints one JSON object on standard output and nothing else; progress and messages go to standard error.
Exit codes: 0 done, 2 bad input.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.linking.group import FilesOrCommand

app = typer.Typer(
    cls=FilesOrCommand,
    no_args_is_help=True,
    help="Which records of several lists are of one person: palermo link FILE... --out DIR; no database.",
)
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Out = Annotated[Path, typer.Option("--out", help="The folder for the files; made where it is not there.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer.")]


@app.command()
def invent(
    out: Out,
    records: Annotated[int, typer.Option(min=0, help="About how many records over five lists.")] = 5000,
    noise: Annotated[float, typer.Option(min=0, help="1 is the full noise of the benchmarks.")] = 0.5,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Invented lists of people whose truth is known, to try a linkage on. Nobody in them exists."""
    from palermo.linking import inventing

    found = inventing.invent(out, records=records, noise=noise, seed=seed)
    _say(found, inventing.text(found), as_json)


def _say(found: dict[str, Any], text: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else text) + "\n")
