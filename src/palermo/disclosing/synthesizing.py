"""What `palermo synthesize` does: a file and code lists in, synthetic rows and what belongs beside them
out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from palermo.disclosing import domains
from palermo.disclosing.files import Sheet, limited, lines, missing_columns, read
from palermo.disclosure.microdata import MISSING
from palermo.disclosure.synthesis import (
    BadDomain,
    Budget,
    Domain,
    MissingExtra,
    Plan,
    Result,
    Utility,
    budget_problems,
    identifying,
    one_row_each,
)
from palermo.disclosure.synthesis import compare as compared
from palermo.disclosure.synthesis import synthesize as made
from palermo.estimating.inputs import Refused
from palermo.estimation import Problem

Step = Callable[[float, str], None]
LEAST_PEOPLE = 100
WIDTH = 96
WRITTEN = (
    "{file} holds the values that occur in the file. They are data: that a value is there at all tells of "
    "somebody. Take out "
    "what only the data tell, add what a code list has besides, and write yes into the column public where "
    "the value is "
    "in a public list; then give the file as --domain."
)
NO_DOMAIN = (
    "nobody said which values these columns may have, and a list found in the data would itself give people "
    "away. Give "
    "--domain with a CSV file (column,value) from your code lists or one of {names}; --write-domain FILE "
    "writes a list for a "
    "person to confirm"
)


@dataclass(frozen=True)
class Asked:
    """The command as it was given."""

    file: str
    epsilon: float
    delta: float = 1e-6
    columns: str = ""
    domain: str = ""
    impossible: str = ""
    outside: str = "refuse"
    person: str = ""
    refuse: bool = True
    model: str = "mixture"
    tables: str = "workload"
    compare: bool = False
    seed: int = 1


@dataclass(frozen=True)
class Done:
    """A release, not yet written."""

    result: Result
    found: dict[str, Any]
    utility: Utility | None


def check(asked: Asked, out: Path | None) -> None:
    """Refuse options that cannot be, before a file is opened for long: what is wrong with the file is told
    too."""
    wrong = _options(asked)
    if out is None:
        wrong.append(("", Problem("options", "name the file for the synthetic rows", column="--out")))
    elif out.resolve() == Path(asked.file).resolve():
        wrong.append(
            ("", Problem("options", "this is the file with the real rows", column="--out", value=str(out)))
        )
    _sheet, _domain, _columns = _read(asked, wrong)
    if wrong:
        raise Refused(wrong)


def run(asked: Asked, step: Step) -> Done:
    """Make the release. Raises Refused with everything that is wrong."""
    wrong: domains.Wrong = []
    sheet, domain, columns = _read(asked, wrong)
    if wrong or sheet is None or domain is None:
        raise Refused(wrong)
    records = _records(sheet, columns)
    if asked.person:
        at = sheet.place(asked.person)
        records = [records[i] for i in one_row_each([row[at].strip() for row in sheet.rows])]
    try:
        rows = domain.coded(records)
        budget, plan = Budget(asked.epsilon, asked.delta), Plan(asked.tables, asked.model, asked.refuse)
        step(0.1, "measuring and fitting")
        rng = np.random.default_rng(asked.seed)
        result = made(rows, domain, budget, plan, rng=rng)
        step(0.9, "comparing" if asked.compare else "writing")
        utility = compared(rows, result.rows, rng=rng) if asked.compare else None
    except BadDomain as error:
        raise Refused(_hinted(domains.problems_of(asked.file, error))) from None
    except (MissingExtra, ValueError) as error:
        raise Refused.inside(asked.file, [Problem("synthesis", str(error))]) from None
    return Done(result, _found(result, asked, len(records), utility), utility)


def template(asked: Asked) -> Iterable[str]:
    """The lines of a domain file with the values of the file."""
    wrong: domains.Wrong = []
    sheet = _sheet(asked, wrong)
    columns = _columns(asked, sheet, wrong) if sheet else []
    if wrong or sheet is None:
        raise Refused(wrong)
    return domains.template(sheet, columns)


def contents(done: Done, out: Path) -> dict[Path, Iterable[str]]:
    """The files of the release: rows, noisy tables, error sheet, ledger entry."""
    result = done.result
    cells = (
        [" x ".join(one.columns), *_beside(one.columns, one.values), one.count, f"{one.within:.1f}"]
        for one in result.cells()
    )
    sheet = (
        [" x ".join(one.columns), one.cells, f"{one.noise:.1f}", f"{one.gap:.1f}", f"{one.unreliable:.3f}"]
        for one in result.sheet
    )
    spent = {**asdict(result.spent), "sentences": result.explain()}
    return {
        out: lines(result.rows.columns, result.rows.to_records()),
        out.with_suffix(".tables.csv"): lines(
            ("table", "column", "value", "other_column", "other_value", "noisy_count", "within"), cells
        ),
        out.with_suffix(".errors.csv"): lines(("table", "cells", "noise", "gap", "unreliable"), sheet),
        out.with_suffix(".ledger.json"): [json.dumps(spent, ensure_ascii=False, indent=1) + "\n"],
    }


def text(done: Done, paths: Sequence[str]) -> str:
    """The release in sentences."""
    parts = [fill(one, WIDTH) for one in (*done.result.explain(), *done.found["notes"])]
    if done.utility:
        parts.append("For reviewers, not for publication (computed from the real rows):")
        parts += [
            f"  {one.length} column{'s' if one.length > 1 else ''}: mean error {one.error:.2f}, lost "
            f"{one.lost:.2f}, "
            f"fabricated {one.fabricated:.2f}, k-marginal {one.k_marginal:.0f} (columns shuffled "
            f"{other.k_marginal:.0f})"
            for one, other in zip(done.utility.release, done.utility.shuffled, strict=True)
        ]
    return "\n\n".join([*parts, "\n".join(paths)])


def say(found: dict[str, Any], words: str, as_json: bool) -> None:
    """Print the result."""
    sys.stdout.write((json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else words) + "\n")


def _options(asked: Asked) -> domains.Wrong:
    told = [(f"--{name}", message, str(getattr(asked, name))) for name, message in
            budget_problems(asked.epsilon, asked.delta).items()]  # fmt: skip
    for name, allowed in (
        ("model", ("mixture", "graphical")), ("tables", ("workload", "select")), ("outside", ("refuse", "other")),
    ):  # fmt: skip
        if getattr(asked, name) not in allowed:
            told.append((f"--{name}", f"this is {' or '.join(allowed)}", getattr(asked, name)))
    return [("", Problem("options", message, column=column, value=value)) for column, message, value in told]


def _read(asked: Asked, wrong: domains.Wrong) -> tuple[Sheet | None, Domain | None, list[str]]:
    sheet = _sheet(asked, wrong)
    if sheet is None:
        return None, None, []
    columns = _columns(asked, sheet, wrong)
    records = _records(sheet, columns)
    for name, message in identifying(columns, records):
        wrong.append((asked.file, Problem("identifier", message, column=name)))
    if len(sheet.rows) < LEAST_PEOPLE:
        told = (
            f"there are {len(sheet.rows)} rows; of fewer than {LEAST_PEOPLE} people no rows are released, "
            "since the noise "
            "would be larger than all there is"
        )
        wrong.append((asked.file, Problem("people", told)))
    domain = _domain(asked, columns, wrong)
    if domain is not None:
        try:
            domain.coded(records)
        except BadDomain as error:
            wrong += _hinted(domains.problems_of(asked.file, error))
    return sheet, domain, columns


def _sheet(asked: Asked, wrong: domains.Wrong) -> Sheet | None:
    try:
        return read(asked.file)
    except Refused as refused:
        wrong += refused.problems
        return None


def _columns(asked: Asked, sheet: Sheet, wrong: domains.Wrong) -> list[str]:
    named = [one.strip() for one in asked.columns.split(",") if one.strip()]
    wanted = [("--columns", one) for one in named]
    if asked.person:
        wanted.append(("--person", asked.person))
    wrong += [("", problem) for problem in missing_columns(sheet, wanted)]
    if asked.person in named:
        wrong.append(("", Problem("identifier", "this column names people and is not released", column="--columns",
                                  value=asked.person)))  # fmt: skip
    return [one for one in named or sheet.header if one in sheet.header and one != asked.person]


def _records(sheet: Sheet, columns: Sequence[str]) -> list[list[str]]:
    places = [sheet.place(name) for name in columns]
    return [[row[place].strip() for place in places] for row in sheet.rows]


def _domain(asked: Asked, columns: Sequence[str], wrong: domains.Wrong) -> Domain | None:
    name = asked.domain or domains.recognised(columns)
    if not name:
        told = NO_DOMAIN.format(names=" or ".join(domains.BUILT_IN))
        wrong.append(("", Problem("domain", told, column="--domain")))
        return None
    before = len(wrong)
    lists = domains.known(name) or domains.from_file(name, wrong)
    if len(wrong) > before:
        return None
    try:
        made = Domain.from_lists({one: lists[one] for one in columns if one in lists})
    except BadDomain as error:
        wrong += domains.problems_of(name, error)
        return None
    finally:
        absent = (
            "there is no code list for this column; add it to --domain, or leave the column out of --columns"
        )
        wrong += [(asked.file, Problem("domain", absent, column=one)) for one in columns if one not in lists]
    if any(one not in lists for one in columns):
        return None
    made = made.with_other() if asked.outside == "other" else made
    return domains.impossible_from(asked.impossible, made, wrong) if asked.impossible else made


def _hinted(wrong: domains.Wrong) -> domains.Wrong:
    hint = Problem(
        "domain", "values outside the code lists become one category with --outside other", column="--outside"
    )
    by_file: dict[str, list[Problem]] = {}
    for file, problem in wrong:
        by_file.setdefault(file, []).append(problem)
    return [*((file, one) for file, problems in by_file.items() for one in limited(problems)), ("", hint)]


def _found(result: Result, asked: Asked, people: int, utility: Utility | None) -> dict[str, Any]:
    notes = []
    if not asked.person:
        notes.append(
            "Every row was taken for one person. Where a person may have several rows, give --person."
        )
    if not asked.domain:
        notes.append(
            f"The code lists are those of {domains.recognised(result.rows.columns)}, recognised by the "
            "names of the columns."
        )
    spent = result.spent
    found: dict[str, Any] = {
        "rows": result.rows.n, "columns": list(result.rows.columns), "epsilon": spent.epsilon, "delta": spent.delta,
        "rho": spent.rho, "factor": spent.factor, "mechanism": spent.mechanism, "hash": spent.hash,
        "model": result.plan.model, "tables": len(result.sheet), "refusing": result.plan.refuse,
        "refused": round(result.refused, 4), "copied": result.copied, "sentences": result.explain(), "notes": notes,
    }  # fmt: skip
    if utility:
        found["reviewers"] = {
            "people": people,
            "release": [asdict(one) for one in utility.release],
            "shuffled": [asdict(one) for one in utility.shuffled],
            "not_for_publication": True,
        }
    return found


def _beside(columns: Sequence[str], values: Sequence[str]) -> list[str]:
    if len(columns) == 1:
        return [columns[0], values[0], MISSING, MISSING]
    return [columns[0], values[0], columns[1], values[1]]
