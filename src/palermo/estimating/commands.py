"""`palermo estimate mse FILE`, `palermo estimate rds FILE --outcome COLUMN`, `palermo estimate nsum FILE`: thin; no
database.

`--json` prints one JSON object on standard output and nothing else; progress and messages go to standard error.
Exit codes: 0 done (also where the answer is that there is no estimate), 2 bad input.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="The part of a population that nobody saw, from files of counts or of recruitment; no database.",
)
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
File = Annotated[str, typer.Argument(help="A CSV file; - for standard input.")]
Bootstrap = Annotated[
    int | None,
    typer.Option(help="Replicates for the range; 0 for none, the method's own number where left out."),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same answer, to the last digit.")]
Threads = Annotated[int, typer.Option(help="Threads at work; the answer does not depend on them.")]
Confidence = Annotated[float, typer.Option("--level", help="The level of the range.")]
Force = Annotated[bool, typer.Option(help="Show a number that a warning would withhold; the warning stays.")]
Pictures = Annotated[Path | None, typer.Option(help="A folder for the pictures, as SVG files.")]


@app.command()
def mse(
    file: File,
    more: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            help="main, stepwise, bic, downhill, average, decomposable, latent, hierarchical, chao, coverage, "
            "closedp or all; several may be given. stepwise where left out."
        ),
    ] = None,
    order: Annotated[int, typer.Option(help="The highest interaction: 2 for pairs of lists.")] = 2,
    p: Annotated[float, typer.Option("--p", help="The threshold of the stepwise choice.")] = 0.02,
    bootstrap: Bootstrap = None,
    seed: Seed = 1,
    threads: Threads = 1,
    level: Confidence = 0.95,
    by: Annotated[
        list[str] | None, typer.Option(help="A column that divides people into strata; several may be given.")
    ] = None,
    population: Annotated[
        str | None,
        typer.Option(
            help="A CSV file with the people living there, by stratum: adds the rates of SDG 16.2.2."
        ),
    ] = None,
    checks: Annotated[
        bool,
        typer.Option(
            help="Hold the headline against itself: lists left out, lists merged, other methods, fewer data."
        ),
    ] = True,
    force: Force = False,
    pictures: Pictures = None,
    as_json: Json = False,
) -> None:
    """People on no list, from how the lists overlap (multiple systems estimation).

    FILE has one column of 0 and 1 for each list and a column `count`; without it each row is one person. A count may
    be an interval such as "<5". With a column `draw` it holds several tables, drawn from a linkage that knows its
    doubt; the range then holds that doubt too.
    """
    from palermo.estimating import inputs, rates, running, showing, tables, waiting
    from palermo.estimation import Options

    options = Options(order=order, p=p, bootstrap=bootstrap, seed=seed, threads=threads, level=level)
    asked, everything = running.names([*(method or []), *(more or [])])
    wrong = [*inputs.option_problems(options), *running.name_problems(asked)]
    try:
        table, people = tables.inputs(
            file, running.words(by or []), population, [] if everything else asked, wrong
        )
        asked = asked or running.usual(table.k)
        with waiting.shown("estimating") as step:
            done = running.run(table, asked, options, lenient=everything, force=force, step=step)
        if checks:
            with waiting.shown("checking") as step:
                done = running.checked(done, table, options, step=step)
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json)) from None
    found = running.as_json(done, table)
    shown = showing.text(done.results, done.headline, done.left_out)
    if people and done.headline:
        rows = rates.rows(table, done.headline, people)
        found["sdg_16_2_2"] = [row.as_json() for row in rows]
        shown += f"\n\n{rates.text(rows)}"
    if pictures:
        from palermo.estimating.drawing import mse_pictures

        found["pictures"] = mse_pictures(pictures, table, done)
    _out(found, shown, as_json)


@app.command()
def rds(
    file: File,
    outcome: Annotated[str, typer.Option(help="The column with the answer whose share is asked for.")],
    value: Annotated[
        str | None, typer.Option(help="The group in question; the last of the alphabet where left out.")
    ] = None,
    estimator: Annotated[
        str | None,
        typer.Option(
            help="rds-i, rds-ii, rds-ss or rds-size; rds-ss where the population's size is given, otherwise rds-ii."
        ),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option(help="The size of the population where known; for rds-size, what is believed of it."),
    ] = None,
    coupons: Annotated[int | None, typer.Option(help="Coupons that each person got, where known.")] = None,
    missing_degrees: Annotated[
        str, typer.Option(help="People without a network size: refuse the file, or impute the median.")
    ] = "refuse",
    bootstrap: Bootstrap = None,
    seed: Seed = 1,
    threads: Threads = 1,
    level: Confidence = 0.95,
    force: Force = False,
    pictures: Pictures = None,
    as_json: Json = False,
) -> None:
    """Shares of a hidden population from a sample in which people recruited one another (respondent-driven sampling).

    FILE has the columns id, recruiter_id ("seed" or empty for a seed), network_size and the outcome.
    """
    from palermo.estimating import inputs, sampling, showing, waiting
    from palermo.estimation import Options

    said = {"outcome": outcome, "value": value, "population": population}
    options = Options(
        bootstrap=bootstrap, seed=seed, threads=threads, level=level,
        more={name: one for name, one in said.items() if one is not None},
    )  # fmt: skip
    try:
        with waiting.shown("estimating") as step:
            sample, result = sampling.estimate(
                file, options, estimator, coupons=coupons, missing_degrees=missing_degrees, step=step
            )
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json)) from None
    result = result.insist() if force else result
    found = sampling.as_json(result)
    if pictures:
        from palermo.estimating.drawing import rds_pictures

        found["pictures"] = rds_pictures(pictures, sample, result)
    _out(found, showing.text([result], result), as_json)


@app.command()
def nsum(
    file: File,
    population: Annotated[int, typer.Option(help="Everybody among whom the hidden group lives.")],
    known: Annotated[
        list[str],
        typer.Option(help="A column and the size of its group, such as nurses=300; several may be given."),
    ],
    hidden: Annotated[str, typer.Option(help="The column of the hidden group.")] = "hidden",
    tau: Annotated[
        float | None, typer.Option(help="The part of ties to members that people are aware of.")
    ] = None,
    delta: Annotated[
        float | None, typer.Option(help="Acquaintances of a member over those of anybody.")
    ] = None,
    visibility: Annotated[
        float | None, typer.Option(help="People aware of a member, asked of members; replaces tau and delta.")
    ] = None,
    weight: Annotated[str, typer.Option(help="The column of the survey's weights.")] = "",
    stratum: Annotated[str, typer.Option(help="The column of the strata of the survey.")] = "",
    unit: Annotated[str, typer.Option(help="The column of the units that were drawn first.")] = "",
    bootstrap: Bootstrap = None,
    seed: Seed = 1,
    level: Confidence = 0.95,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """The size of a hidden group from how many of its members ordinary people know (network scale-up).

    FILE has one row a respondent: how many people he knows in each group of known size, and in the hidden one.
    """
    from palermo.estimating import inputs, scaling, showing, waiting
    from palermo.estimation import Options

    said = {"tau": tau, "delta": delta, "visibility": visibility}
    options = Options(
        bootstrap=bootstrap, seed=seed, level=level, more={name: one for name, one in said.items() if one is not None}
    )  # fmt: skip
    design = {"weight": weight, "stratum": stratum, "unit": unit}
    try:
        with waiting.shown("estimating") as step:
            result = scaling.estimate(
                file, options, known, population, hidden=hidden, design=design, step=step
            )
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json)) from None
    result = result.insist() if force else result
    _out(scaling.as_json(result), showing.text([result], result), as_json)


def _out(found: dict[str, Any], text: str, as_json: bool) -> None:
    written = json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else text
    for path in () if as_json else found.get("pictures", ()):
        written += f"\n{path}"
    sys.stdout.write(written + "\n")
