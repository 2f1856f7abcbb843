"""`palermo protect` and `palermo attack`: thin; no database.

`--json` prints one JSON object on standard output and nothing else; progress and messages go to standard error.
Exit codes: 0 done, 1 something under the threshold can be deduced, 2 bad input.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.disclosing.synthesize import synthesize

Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Files = Annotated[list[str], typer.Argument(help="CSV files with counts; several are taken together.")]
By = Annotated[
    str, typer.Option("--by", help="The columns that classify the persons, with commas between them.")
]
Count = Annotated[str, typer.Option("--count", help="The column of counts.")]
Threshold = Annotated[int, typer.Option(help="Counts below this are small.")]
Apart = Annotated[
    list[str] | None, typer.Option(help="Columns of --by without a total: one table for each value.")
]
Overlapping = Annotated[
    list[str] | None, typer.Option(help="Columns of --by in which a person may stand under several values.")
]
Total = Annotated[list[str] | None, typer.Option(help="Other words for a total (Total and _T are known).")]
Parents = Annotated[
    str | None, typer.Option(help="Hierarchies: a CSV file with the columns dimension, child, parent.")
]
Where = Annotated[list[str] | None, typer.Option(help="Only rows with COLUMN=VALUE; several may be given.")]


def added(app: typer.Typer) -> None:
    """Mount the commands."""
    app.command()(protect)
    app.command()(attack)
    app.command()(synthesize)


def protect(
    file: Files,
    count: Count,
    by: By,
    out: Annotated[
        Path, typer.Option("--out", help="The file to write; a folder where there are several files.")
    ],
    threshold: Threshold = 5,
    method: Annotated[str, typer.Option(help="suppress, round, suppress+round or cellkey.")] = "suppress",
    earlier: Annotated[
        list[str] | None,
        typer.Option(
            help="What was published before, oldest first; files of one edition with commas between them."
        ),
    ] = None,
    status: Annotated[
        str, typer.Option(help="AD: A for small counts, D for others that are hidden. C: one mark for both.")
    ] = "AD",
    zeros: Annotated[bool, typer.Option("--zeros", help="Zeros are small counts too.")] = False,
    parents: Parents = None,
    overlapping: Overlapping = None,
    apart: Apart = None,
    total: Total = None,
    where: Where = None,
    drop: Annotated[list[str] | None, typer.Option(help="Columns to leave out.")] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="Columns of numbers that tell nothing of counts.")
    ] = None,
    largest: Annotated[
        str, typer.Option(help="Columns with the largest contributions of organisations to each count.")
    ] = "",
    dominance: Annotated[
        str, typer.Option(help="N,K: hide where the N largest contributors give more than K %.")
    ] = "",
    p_percent: Annotated[
        float, typer.Option(min=0, max=100, help="Hide where one contributor can be estimated to P %.")
    ] = 0.0,
    full_cells: Annotated[
        bool,
        typer.Option(
            "--full-cells", help="Hide where a whole group stands in one category; costs many cells."
        ),
    ] = False,
    base: Annotated[int, typer.Option(min=2, max=100, help="round: to multiples of this.")] = 5,
    noise: Annotated[int, typer.Option(min=2, max=50, help="cellkey: at most so many persons off.")] = 4,
    key: Annotated[
        str | None, typer.Option(help="cellkey: the file of the secret, 16 random bytes or more.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Hide every small count of a file, and as few others as keep it hidden.

    The same columns come out, and status: a hidden count is empty. Margins are rows with Total; they are checked where
    the file has them and made where it has none. The result has passed the attack that `palermo attack` makes.
    """
    from palermo.disclosing import blurring, options, showing
    from palermo.disclosing import protect as protecting
    from palermo.disclosing.files import written
    from palermo.disclosure import Rule
    from palermo.estimating import inputs, waiting
    from palermo.estimation import Problem

    wrong: options.Wrong = []
    columns = options.columns(
        count, by, threshold=threshold, apart=apart, overlapping=overlapping, totals=total, parents_file=parents,
        wrong=wrong,
    )  # fmt: skip
    try:
        rule = Rule(2)
        try:
            rule = Rule(threshold, zeros, marked=status == "AD" and not full_cells)
        except ValueError as error:
            wrong.append(("", Problem("options", str(error), column="--threshold", value=str(threshold))))
        if status not in ("AD", "C"):
            wrong.append(("", Problem("options", "this is AD or C", column="--status", value=status)))
        if method not in blurring.WAYS:
            told = f"this is {', '.join(blurring.WAYS)}"
            wrong.append(("", Problem("options", told, column="--method", value=method)))
        dominant = options.dominance(dominance, p_percent, bool(largest), wrong)
        before = tuple(options.listed(one) for one in earlier or ())
        rows = options.pairs(where, "--where", wrong)
        if wrong:
            raise inputs.Refused(wrong)
        blur = blurring.Blur(base, noise, blurring.secret_of(key) if method == "cellkey" else b"")
        wish = protecting.Wish(
            rule, earlier=before, where=rows, drop=options.several(drop), keep=options.several(keep), way=method,
            blur=blur, largest=options.listed(largest), dominance=dominant, full_cells=full_cells,
        )  # fmt: skip
        with waiting.shown("protecting") as step:
            done = protecting.protect(file, columns, wish, step)
            paths = written(protecting.contents(done, out, folder=len(file) > 1))
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json, ending="Nothing was written.")) from None
    _say({**done.found, "files": paths}, showing.protected(done.found, paths), as_json)


def attack(
    file: Annotated[list[str], typer.Argument(help="Published CSV files, taken together.")],
    count: Count = "",
    by: By = "",
    earlier_first: Annotated[
        bool, typer.Option("--earlier-first", help="The files are editions of one table, oldest first.")
    ] = False,
    threshold: Threshold = 5,
    parents: Parents = None,
    overlapping: Overlapping = None,
    apart: Apart = None,
    total: Total = None,
    where: Where = None,
    rounded: Annotated[int, typer.Option(min=0, help="The figures are rounded to multiples of this.")] = 0,
    noise: Annotated[int, typer.Option(min=0, help="The figures have noise of at most so many persons.")] = 0,
    as_json: Json = False,
) -> None:
    """What can be deduced from published tables, with the sums that give it; exit 1 where it is under the threshold.

    A hidden count is empty or a range ("<5"); a mark A or D beside it is used. All files, and all editions of them, are
    taken together.
    """
    from palermo.disclosing import attack as attacking
    from palermo.disclosing import options, showing
    from palermo.estimating import inputs, waiting

    wrong: options.Wrong = []
    try:
        with waiting.shown("attacking") as step:
            found = attacking.attack(
                file, count=count, by=by, earlier_first=earlier_first, threshold=threshold, parents=parents,
                overlapping=overlapping, apart=apart, totals=total, where=where, wrong=wrong, step=step,
                blur=max(rounded - 1, noise, 0),
            )  # fmt: skip
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json, ending="Nothing was attacked.")) from None
    _say(found, showing.attacked(found), as_json)
    raise typer.Exit(1 if found["under_threshold"] else 0)


def _say(found: dict[str, Any], text: str, as_json: bool) -> None:
    sys.stdout.write((json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else text) + "\n")
