"""`palermo import` without the argument parsing: run, show progress on standard error, print the outcome."""

import json as json_format
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError
from palermo.kernel.imports.actions import Outcome, run_import
from palermo.kernel.imports.problems import ProblemLike, Unreadable

BAD_INPUT = 2
FAILED = 1


@contextmanager
def _bar(shown: bool) -> Iterator[Any]:
    """A progress callback that draws two bars on standard error; None when not wanted."""
    if not shown:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        names = {"check": _("checking (bytes)"), "write": _("writing (rows)")}
        tasks: dict[str, Any] = {}

        def step(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(names[phase], total=total)
            bars.update(tasks[phase], completed=done)

        yield step


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")


def _err(text: str) -> None:
    sys.stderr.write(text + "\n")


def _as_json(file: str, problem: ProblemLike) -> dict[str, Any]:
    fields = ("row", "column", "value", "rule")
    return {"file": file} | {name: getattr(problem, name) for name in fields}


def _sentence(file: str, problem: ProblemLike) -> str:
    where = ", ".join(
        part
        for part in (
            file,
            _("row %d") % problem.row if problem.row else "",
            _("column %s") % problem.column if problem.column else "",
            f"“{problem.value}”" if problem.value else "",
        )
        if part
    )
    return f"{where}: {problem.rule}"


def _say(outcome: Outcome) -> str:
    text = (
        _(
            "%(read)s rows read: %(added)s added, %(updated)s updated, %(unchanged)s unchanged, "
            "%(rejected)s rejected."
        )
        % outcome.as_json()
    )
    if outcome.rejected_path:
        text += "\n" + _("The rejected rows are listed in %s") % outcome.rejected_path
    return text


def main(
    path: Path,
    format: str,
    source: str,
    mapping: Path | None = None,
    json: bool = False,
    progress: bool = True,
) -> int:
    """Import as the operator of this instance. Returns the exit code: 0, 1 (interrupted), 2 (bad input)."""
    try:
        with _bar(progress) as step:
            outcome = run_import(
                actor=Viewer.operator(),
                path=path,
                format=format,
                source=source,
                mapping=mapping,
                progress=step,
            )
    except Unreadable as error:
        if json:
            listed = [_as_json(path.name, problem) for problem in error.problems]
            _out(json_format.dumps({"problems": listed, "not_listed": error.more}))
        lines = [_sentence(path.name, problem) for problem in error.problems]
        if error.more:
            lines.append(_("… and more problems: %d") % error.more)
        if any(problem.column and problem.row <= 1 for problem in error.problems):
            lines.append(_("The columns of this format: palermo formats %s") % format)
        lines.append(_("Nothing was imported; the database is unchanged."))
        _err("\n".join(lines))
        return BAD_INPUT
    except DomainError as error:
        if json:
            _out(json_format.dumps({"error": error.message, "rule": error.rule}))
        _err(error.message)
        return FAILED
    _out(json_format.dumps(outcome.as_json()) if json else _say(outcome))
    return 0
