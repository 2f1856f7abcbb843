"""The command `palermo survey`: a form to the devices of a study, its indicators to whoever runs the installation."""

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="Field studies: publish a form, read the indicators.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]


@app.command("publish")
def survey_publish(
    file: Annotated[
        Path, typer.Argument(help="An XLSForm (.xlsx).", exists=True, dir_okay=False, readable=True)
    ],
    study: Annotated[str, typer.Option(help="Code of the study, as in the address of its devices.")],
    as_json: Json = False,
) -> None:
    """Convert, judge and publish a form; nothing is published that the engine of the devices refuses."""
    from palermo.cli import emit, fail, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.rooms.observatory import actions

    try:
        with operating():
            made = actions.publish_file(actor=Viewer.operator(), study=study, source=file.read_bytes())
    except actions.NoValidator as error:
        raise fail(str(error)) from None
    except DomainError as error:
        told = [str(one.message) for one in getattr(error, "problems", None) or []]
        raise fail("\n".join(told) or error.message or f"There is no study {study!r}.") from None
    found = {"study": study, "form_id": made.form.form_id, "version": made.label, "md5": made.md5}
    emit(as_json, found, lambda one: f"Published: {one['form_id']}, version {one['version']}.")


@app.command("indicators")
def survey_indicators(
    study: Annotated[str, typer.Argument(help="Code of the study.")],
    received: Annotated[
        bool, typer.Option("--received", help="All interviews, not the approved alone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """All indicators of a study, computed of what is there now; none of them is representative."""
    from palermo.cli import emit, fail, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.errors import DomainError
    from palermo.rooms.observatory import actions, queries

    basis = "received" if received else "approved"
    try:
        with operating():
            actor = Viewer.operator()
            one = actions.compute_now(actor=actor, study=study)
            made = queries.figures(actor, one, basis=basis).made
    except DomainError as error:
        raise fail(error.message or f"There is no study {study!r}.") from None
    values = made.values if made else []
    found = {
        "study": study, "round": one.round, "basis": basis, "representative": False,
        "interviews": made.interviews if made else 0, "indicators": values,
    }  # fmt: skip
    emit(as_json, found, lambda _all: _indicators_told(values))


def _indicators_told(values: list[dict[str, Any]]) -> str:
    if not values:
        return "No interview counts yet."
    lines = []
    for one in values:
        number = "too few" if one["value"] is None else f"{one['value']:.4g}"
        ends = "" if one["low"] is None else f" ({one['low']:.4g} to {one['high']:.4g})"
        lines.append(f"{one['code']:4} {' '.join(one['cell']):40} {number}{ends}, n {one['n']}")
    return "\n".join([*lines, "Not representative."])
