"""`palermo link encode`, `match` and `key`: linkage without names. Thin; no database.

encode and key are for the bodies, match is for the linkage unit, which never holds a key.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.linkage.private.parameters import FIELDS

Say = Callable[[dict[str, Any], str, bool], None]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
Fields = Annotated[
    str | None,
    typer.Option(help=f"What goes into the filters, with commas: {', '.join(FIELDS)}; all where left out."),
]
Project = Annotated[
    str | None, typer.Option(help="The name of the project that all bodies agreed on; bound into the key.")
]
ENDING = {
    "encode": "Nothing was encoded.", "match": "Nothing was matched.", "share": "No share was made.",
    "join": "No key was made.",
}  # fmt: skip

key = typer.Typer(no_args_is_help=True, help="The key of a project, made of a share from every body.")


def encode(
    file: Annotated[str, typer.Argument(help="A CSV file in the people format: this body's list.")],
    key: Annotated[Path, typer.Option("--key", help="The joined key, or a file with the shared secret.")],
    out: Annotated[Path, typer.Option("--out", help="The encoded file: the only one that leaves this body.")],
    name: Annotated[
        str, typer.Option(help="What the list is called in the result; the file's name if not said.")
    ] = "",
    rows: Annotated[
        Path | None, typer.Option(help="A file that stays here: which opaque row number is which record.")
    ] = None,
    project: Project = None,
    fields: Fields = None,
    small: Annotated[
        bool, typer.Option("--small", help="Encode a list of fewer than 200 rows all the same.")
    ] = False,
    mapping: Annotated[
        list[str] | None, typer.Option(help="A TOML file with other headers and values.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="The code page of the file.")] = "",
    as_json: Json = False,
) -> None:
    """This body's list as an encoded file: filters under opaque row numbers, no name and no date in it."""
    from palermo.linking import unnamed

    def work(step: unnamed.Step) -> tuple[dict[str, Any], str]:
        return unnamed.encode(
            file, key, out, name=name, rows=rows, project=project, fields=_words(fields), small=small,
            mappings=mapping or (), encoding=encoding, step=step,
        )  # fmt: skip

    _done("encode", work, as_json)


def match(
    file: Annotated[list[str], typer.Argument(help="The encoded files of at least two bodies.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the files; made where it is not there.")],
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Also who is with whom, by opaque row numbers (clusters.csv).")
    ] = False,
    basis: Annotated[
        str, typer.Option(help="The legal basis of --pairs; written into the report and the log.")
    ] = "",
    again: Annotated[
        str,
        typer.Option(help="Why a list may be matched again of which a few rows changed; goes into the log."),
    ] = "",
    force: Annotated[
        bool,
        typer.Option("--force", help="Match files of different secrets: shows that nothing comes of it."),
    ] = False,
    draws: Annotated[
        int, typer.Option(min=0, max=1000, help="Draws of who is whom, as draws.csv; 0 for none.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same draws.")] = 1,
    threads: Annotated[
        int, typer.Option(min=1, help="Threads at work; the answer does not depend on them.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """How the lists of several bodies overlap, without names or key: histories.csv for `palermo estimate mse`."""
    from palermo.linking import overlaps

    def work(step: overlaps.Step) -> tuple[dict[str, Any], str]:
        return overlaps.match(
            file, out, pairs=pairs, basis=basis, again=again, force=force, threads=threads, draws=draws, seed=seed,
            step=step,
        )  # fmt: skip

    _done("match", work, as_json)


@key.command()
def share(
    out: Annotated[Path, typer.Option("--out", help="This body's share; it stays secret among the bodies.")],
    project: Annotated[
        str, typer.Option(help="The name of the project that all bodies agreed on.")
    ] = "palermo",
    body: Annotated[str, typer.Option(help="Whose share it is.")] = "",
    fields: Fields = None,
    as_json: Json = False,
) -> None:
    """Draws this body's share of the key: 256 random bits."""
    from palermo.linking import ceremony

    _done("share", lambda _step: ceremony.share(out, project, body, _words(fields) or ()), as_json)


@key.command()
def join(
    file: Annotated[list[Path], typer.Argument(help="The shares of all bodies, in any order.")],
    out: Annotated[
        Path, typer.Option("--out", help="The key; it stays with the bodies and dies with the project.")
    ],
    as_json: Json = False,
) -> None:
    """Makes the key of all shares and says its fingerprint: every body must read the same sixteen digits."""
    from palermo.linking import ceremony

    _done("join", lambda _step: ceremony.join(file, out), as_json)


def added(app: typer.Typer) -> None:
    """Puts these commands into `palermo link`."""
    app.command()(encode)
    app.command()(match)
    app.add_typer(key, name="key")


def _words(fields: str | None) -> tuple[str, ...] | None:
    return None if fields is None else tuple(fields.split(","))


def _done(
    what: str, work: Callable[[Callable[[float, str], None]], tuple[dict[str, Any], str]], as_json: bool
) -> None:
    """Runs it with progress; says the result, or all that is wrong."""
    import json
    import sys

    from palermo.estimating import inputs, waiting

    try:
        with waiting.shown({"encode": "encoding", "match": "matching"}.get(what, "")) as step:
            found, text = work(step)
    except inputs.Refused as refused:
        raise typer.Exit(inputs.tell(refused, as_json=as_json, ending=ENDING[what])) from None
    sys.stdout.write((json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else text) + "\n")
