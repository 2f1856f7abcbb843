"""Synthetic rows of the register's persons: the library makes them, attacks say what they give away.

The rows of persons are read here, by the system, once for each booking in the ledger; nobody sees them. What is kept
is computed from noisy tables and drawn rows. What the attacks found is computed from persons: it is internal.
"""

import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from palermo.disclosure.microdata import MISSING, Rows
from palermo.disclosure.risk.figures import Contents, Promise
from palermo.disclosure.risk.harness import Assessment, trial
from palermo.disclosure.risk.report import report
from palermo.disclosure.spending import counted
from palermo.disclosure.synthesis import (
    BadDomain,
    Budget,
    Domain,
    MissingExtra,
    Plan,
    Result,
    losses,
    synthesize,
)
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.writers import csv_bytes, json_bytes
from palermo.rooms.register.queries.microdata import columns_of, lists_of, persons_for_synthesis
from palermo.rooms.releases.actions.ledger import cost
from palermo.rooms.releases.actions.parts import CSV, JSON, Found, Made, NewFile, Teller, codebook_file
from palermo.rooms.releases.models import Release

LEAST_PERSONS = 200
MOST_TRIAL = 20_000
MEANINGS = {
    "year": "Year of registration.", "sex": "Sex.", "majority": "Child or adult at registration.",
    "age_band": "Age band.", "citizenship": "Citizenship, ISO 3166-1 alpha-3.",
    "country": "Country of exploitation, ISO 3166-1 alpha-3.",
}  # fmt: skip


def make_microdata(viewer: Viewer, release: Release, teller: Teller) -> Made:
    """Rows, noisy tables, error sheet and codebook; and an internal report of attacks. Raises Conflict in words."""
    wanted, budget = tuple(release.columns), Budget(**release.parameters)
    domain = Domain.from_lists(lists_of(wanted, release.year_from, release.year_to)).with_other()
    with acting(Viewer.operator()) as system:
        records = list(persons_for_synthesis(system, wanted, release.year_from, release.year_to))
    if len(records) < LEAST_PERSONS:
        words = _("There are too few persons in these years for synthetic rows: fewer than %(least)s.")
        raise Conflict(words % {"least": LEAST_PERSONS}, rule="releases.few", state="few")
    try:
        people = domain.only(columns_of(wanted)).coded(records)
        teller(0.1, "noise")
        found = synthesize(people, domain, budget, Plan(), rng=_chance())
    except MissingExtra as error:
        raise Conflict(str(error), rule="releases.extra", state="absent") from error
    except BadDomain as error:
        # Values of rows are never told: which column it is, is enough.
        columns = ", ".join(sorted({column for column, _value, _message in error.problems if column}))
        words = _("Values of these columns are in no code list: %(columns)s.")
        raise Conflict(words % {"columns": columns}, rule="releases.domain", state="domain") from error
    teller(0.6, "attacks")
    assessment = _attacked(people, domain, budget)
    teller(0.95, "report")
    told = report(
        Contents(found.rows.n, dict(zip(domain.columns, domain.sizes, strict=True))), assessment=assessment,
        promise=Promise(budget.epsilon, budget.delta),
    )  # fmt: skip
    internal = {
        "report": told.as_json(),
        "losses": [_plain(loss) for loss in losses(people, found.rows, (1, 2))],
    }
    return Made(
        (*_public_files(found, wanted), NewFile("risk.json", "internal", JSON, json_bytes(internal))),
        (_spent(found, cost(release)), _attacks(assessment), *_said(found)),
        about={
            "notes": found.explain(), "codebook": [list(line) for line in _codebook(wanted)],
            "hash": found.spent.hash, "rows": found.rows.n, "risk": told.public().as_json(),
        },
    )  # fmt: skip


def _chance() -> np.random.Generator:
    """Drawing needs no secret; noise comes from the operating system by itself."""
    return np.random.default_rng(secrets.randbits(64))


def _attacked(people: Rows, domain: Domain, budget: Budget) -> Assessment:
    """The mechanism on half of the persons, thrown away afterwards: what would an attacker gain?"""
    rng = _chance()
    some = people.take(rng.permutation(people.n)[:MOST_TRIAL])
    make: Callable[[Rows], Rows] = lambda rows: synthesize(rows, domain, budget, Plan(), rng=rng).rows  # noqa: E731
    return trial(make, some, rng=rng, method="palermo synthesis")


def _public_files(found: Result, wanted: tuple[str, ...]) -> tuple[NewFile, ...]:
    rows, known = found.rows, found.rows.categories
    records = [
        {name: _shown(known[j][code]) for j, (name, code) in enumerate(zip(rows.columns, line, strict=True))}
        for line in rows.codes.tolist()
    ]
    tables = [
        {"columns": " x ".join(one.columns), "values": " x ".join(one.values), "count": one.count,
         "within": round(one.within, 1)}
        for one in found.cells()
    ]  # fmt: skip
    sheet = [
        {"columns": " x ".join(one.columns), "cells": one.cells, "noise": round(one.noise, 1), "gap": round(one.gap, 1),
         "unreliable": round(one.unreliable, 4)}
        for one in found.sheet
    ]  # fmt: skip
    return (
        NewFile("data.csv", "public", CSV, csv_bytes(records, rows.columns)),
        NewFile("tables.csv", "public", CSV, csv_bytes(tables, ("columns", "values", "count", "within"))),
        NewFile(
            "errors.csv", "public", CSV, csv_bytes(sheet, ("columns", "cells", "noise", "gap", "unreliable"))
        ),
        codebook_file(_codebook(wanted)),
    )


def _shown(value: str) -> str:
    return "" if value == MISSING else value


def _codebook(wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name, MEANINGS.get(name, "yes or no: " + name.replace("_", ": ", 1)) + " Empty: not recorded.")
        for name in columns_of(wanted)
    ]


def _spent(found: Result, booked: Decimal) -> Found:
    spent = counted(found.spent.rho)
    values = {"spent": str(spent), "booked": str(booked)}
    if spent > booked:
        return Found(
            "spent", "block", gettext_noop("The run spent rho %(spent)s and had booked %(booked)s."), values
        )
    words = gettext_noop("The run spent rho %(spent)s of the %(booked)s that were booked.")
    return Found("spent", "ok", words, values)


def _attacks(assessment: Assessment) -> Found:
    """What the attacks say, in a sentence that says what to do. The names of attacks are put in by who shows it."""
    failed, unsure = list(assessment.failed), list(assessment.unsure)
    if failed:
        words = gettext_noop(
            "Attacks on a trial of half of the persons succeed: %(attacks)s What helps: fewer columns, more years (and "
            "so more persons) or a smaller epsilon. The promise holds all the same, but with so few persons what it "
            "allows can be seen."
        )
        return Found("attacks", "block", words, {"attacks": failed})
    if assessment.rests_on_promise:
        words = gettext_noop(
            "No attack succeeds, but files known to leak are not caught either: in these columns hardly anybody stands "
            "out, so that there is nothing to catch. What protects the persons is the promise of epsilon alone."
        )
        return Found("attacks", "warn", words)
    if not assessment.publishable:
        words = gettext_noop(
            "The attacks could not be shown to see: they do not catch files known to leak, so that a clean result says "
            "nothing. There are too few persons for so many columns: take more years, or fewer columns."
        )
        return Found("attacks", "block", words)
    if unsure:
        words = gettext_noop(
            "No attack succeeds; for these there are too few persons to be sure: %(attacks)s"
        )
        return Found("attacks", "warn", words, {"attacks": unsure})
    words = gettext_noop(
        "None of the %(tests)s attacks on a trial of half of the persons gains more from members than from others."
    )
    return Found("attacks", "ok", words, {"tests": len(assessment.tests)})


def _said(found: Result) -> list[Found]:
    if not found.warnings:
        return []
    words = gettext_noop("The library warns: %(warnings)s")
    return [Found("warnings", "warn", words, {"warnings": " ".join(found.warnings)})]


def _plain(loss: Any) -> dict[str, Any]:
    return {name: getattr(loss, name) for name in loss.__dataclass_fields__}
