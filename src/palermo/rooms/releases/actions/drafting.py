"""Drafts: what is to be released, why, of which years, and how."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.kernel.workflow.actions import begin, transition
from palermo.rooms.releases import queries
from palermo.rooms.releases.models import YEARS, Product, Release

SERIES = re.compile(r"^[A-Z][A-Z0-9]{1,19}$")
FIELDS = (
    "product", "source", "title", "series", "year", "year_from", "year_to", "purpose", "columns", "parameters",
    "changes",
)  # fmt: skip
EPSILON = (0.1, 12.0)
DELTA = (1e-12, 1e-5)
MOST_COHORTS = 40


@transaction.atomic
def open_release(*, actor: Viewer, values: Mapping[str, Any]) -> Release:
    """Begin a release as a draft. Raises Invalid with everything that is wrong at once."""
    require(actor, "releases.release.make")
    if actor.user_id is None:
        raise Refused(_("A release is prepared by a person."), rule="releases.person")
    clean = _clean(actor, values)
    made = Release(**clean, made_by_id=actor.user_id, prepared=[actor.user_id])
    begin(actor=actor, obj=made)
    _audit(actor, "open", made)
    return made


@transaction.atomic
def change_release(
    *, actor: Viewer, release: Release, values: Mapping[str, Any], expected_version: int
) -> Release:
    """Change a draft. What was checked or reviewed goes back to a draft: it has to be made and reviewed anew."""
    require(actor, "releases.release.make")
    if actor.user_id is None:
        raise Refused(_("A release is prepared by a person."), rule="releases.person")
    clean = _clean(actor, values)
    if release.state in ("checked", "reviewed"):
        transition(actor=actor, obj=release, event="reopen", expected_version=expected_version)
        expected_version = release.version
    if release.state != "draft":
        words = _("Only a draft can be changed. Make a new version instead.")
        raise Conflict(words, rule="releases.draft", state=release.state)
    prepared = list(dict.fromkeys([*release.prepared, actor.user_id]))
    release.change({**clean, "prepared": prepared}, expected_version=expected_version)
    _audit(actor, "change", release)
    return release


@transaction.atomic
def discard(*, actor: Viewer, release: Release, why: str, expected_version: int) -> Release:
    """Give a draft up. It stays on record; what its runs have spent stays spent."""
    require(actor, "releases.release.make")
    transition(actor=actor, obj=release, event="discard", expected_version=expected_version, reason=why)
    return release


def _clean(actor: Viewer, values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: values.get(name) for name in FIELDS}
    given["columns"] = list(given["columns"] or [])
    given["parameters"] = dict(given["parameters"] or {})
    for name in ("title", "purpose", "changes", "series"):
        given[name] = str(given[name] or "").strip()
    problems = [*_of_words(given), *_of_years(given), *_of_source(actor, given)]
    if given["product"] == Product.MICRODATA:
        problems += _of_noise(given)
    else:
        given["columns"], given["parameters"] = [], {}
    if problems:
        raise Invalid(_("The release was not saved."), problems=problems, rule="releases.draft")
    return given


def _of_words(given: Mapping[str, Any]) -> Iterator[FieldProblem]:
    if not 3 <= len(given["title"]) <= 160:
        yield FieldProblem("title", _("From 3 to 160 characters."), "length")
    if not 20 <= len(given["purpose"]) <= 4000:
        words = _("Say in a sentence or two what it is for and whom it serves (at least 20 characters).")
        yield FieldProblem("purpose", words, "length")
    if not SERIES.match(given["series"]):
        words = _("From 2 to 20 capital letters and digits, a letter first: GLOTIP, VICTIMS.")
        yield FieldProblem("series", words, "code")
    if len(given["changes"]) > 2000:
        yield FieldProblem("changes", _("At most 2,000 characters."), "length")


def _of_years(given: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for name in ("year", "year_from", "year_to"):
        if not isinstance(given[name], int) or not YEARS[0] <= given[name] <= YEARS[1]:
            yield FieldProblem(name, _("A year such as 2026."), "year")
            return
    if given["year_from"] > given["year_to"]:
        yield FieldProblem("year_to", _("Not before the first year."), "order")
    if given["year_to"] - given["year_from"] >= MOST_COHORTS:
        yield FieldProblem("year_to", _("At most 40 years."), "range")


def _of_source(actor: Viewer, given: Mapping[str, Any]) -> Iterator[FieldProblem]:
    if given["product"] not in Product.values:
        yield FieldProblem("product", _("Choose what is released."), "product")
        return
    offered = {offer.key for offer in queries.offers(actor, given["product"])}
    if given["source"] not in offered:
        yield FieldProblem("source", _("This is not offered for release now."), "source")


def _of_noise(given: Mapping[str, Any]) -> Iterator[FieldProblem]:
    asked = given["parameters"]
    for name, (least, most), words in (
        ("epsilon", EPSILON, _("From 0.1 to 12: smaller protects more.")),
        ("delta", DELTA, _("From 1e-12 to 1e-5.")),
    ):
        value = asked.get(name)
        if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
            yield FieldProblem(name, words, "range")
    known = queries.microdata_columns()
    if len(given["columns"]) < 2 or not set(given["columns"]) <= set(known):
        yield FieldProblem("columns", _("Choose at least two columns."), "columns")


def _audit(actor: Viewer, verb: str, release: Release) -> None:
    record(
        actor=actor, action=f"releases.release.{verb}", object_kind="release", object_id=release.pk,
        detail={"product": release.product, "series": release.series, "revision": release.revision},
    )  # fmt: skip
