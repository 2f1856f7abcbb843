"""`palermo synthesize`: thin; no database.

`--json` prints one JSON object on standard output and nothing else; progress and messages go to standard
error. Exit codes: 0 done, 2 bad input.
"""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]


def synthesize(
    file: Annotated[str, typer.Argument(help="A CSV file: one row a person, or a record (see --person).")],
    epsilon: Annotated[
        float, typer.Option(help="What may be spent: above 0, at most 20; 4 for a year is usual.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The file of synthetic rows; tables, errors and ledger beside it."),
    ] = None,
    delta: Annotated[
        float, typer.Option(help="The chance that the promise fails; far below 1 in the people.")
    ] = 1e-6,
    columns: Annotated[
        str, typer.Option(help="Columns to release, with commas between them; all where left out.")
    ] = "",
    domain: Annotated[
        str, typer.Option(help="Code lists: a CSV file (column,value), or ctdc-2017 or ctdc-2024.")
    ] = "",
    write_domain: Annotated[
        Path | None,
        typer.Option(
            help="Write the values that occur into this file, for a person to confirm; release nothing."
        ),
    ] = None,
    impossible: Annotated[
        str, typer.Option(help="Pairs that cannot be: a CSV file (column,value,other_column,other_value).")
    ] = "",
    outside: Annotated[
        str,
        typer.Option(help="A value that is in no code list: refuse the file, or make it the category other."),
    ] = "refuse",
    person: Annotated[
        str, typer.Option(help="The column that says who it is; each person counts with his first row alone.")
    ] = "",
    refuse: Annotated[
        bool, typer.Option("--refuse/--no-refuse", help="Draw rows with an unsupported pair of values again.")
    ] = True,
    model: Annotated[str, typer.Option(help="mixture or graphical.")] = "mixture",
    tables: Annotated[
        str, typer.Option(help="workload (all pairs of columns) or select (chosen in private).")
    ] = "workload",
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help="Compare with the real rows: figures for reviewers, not for publication."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="Of drawing the rows. The noise has no seed.")] = 1,
    as_json: Json = False,
) -> None:
    """Synthetic rows under differential privacy, and the noisy tables they are drawn from.

    Writes the rows, and beside them NAME.tables.csv (noisy counts), NAME.errors.csv (how far to rely on them)
    and NAME.ledger.json (what was spent), all or none. Categories come from code lists, never from the data.
    """
    from palermo.disclosing import synthesizing
    from palermo.disclosing.files import written
    from palermo.estimating import inputs, waiting

    asked = synthesizing.Asked(
        file=file, epsilon=epsilon, delta=delta, columns=columns, domain=domain, impossible=impossible,
        outside=outside, person=person, refuse=refuse, model=model, tables=tables, compare=compare, seed=seed,
    )  # fmt: skip
    try:
        if write_domain is not None:
            made = synthesizing.template(asked)
            paths = written({write_domain: made})
            synthesizing.say({"files": paths}, synthesizing.WRITTEN.format(file=write_domain), as_json)
            return
        synthesizing.check(asked, out)
        with waiting.shown("synthesizing") as step:
            done = synthesizing.run(asked, step)
            paths = written(synthesizing.contents(done, out or Path()))
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json, ending="Nothing was written.")) from None
    synthesizing.say({**done.found, "files": paths}, synthesizing.text(done, paths), as_json)
