"""All that a search finds, for the feed, for files and for what a person keeps; whether likeness sees every script."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.doctor import Check
from palermo.rooms.caselaw.models import Case, CaseRemark, SavedSearch, State
from palermo.rooms.caselaw.queries.searching import FACETS, LONGEST, concepts_of

IDS = "SELECT id FROM caselaw_find(%s, %s, %s)"
TOLD = (
    "short_name",
    "court",
    "legal_system",
    "outcome",
    "unodc_no",
    "source_url",
    "verified_in_primary_source",
)
CODED = ("crime", "act", "means", "purpose", "issue")
COLUMNS = (
    "palermo_id", "title", "short_name", "language", "country", "court", "legal_system", "decided", "ecli", "unodc_no",
    "citations", "outcome", *CODED, "verified_in_primary_source", "source_url", "collection", "url",
)  # fmt: skip
# A word in each script: where LC_CTYPE is C, pg_trgm sees no letters in the last three, and no trigram.
SCRIPTS = {"Latin": "Brackwater", "Cyrillic": "Ветлужин", "Arabic": "الكوثراني", "Chinese": "欧阳明月"}


def found(viewer: Viewer, query: str, wanted: Mapping[str, str]) -> QuerySet[Case]:
    """Every published case that a search finds, without an order."""
    require(viewer, "caselaw.public.view")
    query = " ".join(query.replace("\x00", " ").split())[:LONGEST]
    codes = [f"{facet}:{code}" for facet, code in wanted.items() if facet in FACETS and code]
    rows = Case.objects.filter(state=State.PUBLISHED).defer("body", "words", "names")
    if not query:
        return rows.filter(codes__contains=codes) if codes else rows
    with connection.cursor() as cursor:
        cursor.execute(IDS, [query, codes, concepts_of(query)])
        return rows.filter(pk__in=[key for (key,) in cursor.fetchall()])


def newest(viewer: Viewer, query: str, wanted: Mapping[str, str], most: int = 50) -> list[Case]:
    """The cases of a search that were published last."""
    rows = found(viewer, query, wanted).defer("body", "words", "names", "record")
    return list(rows.order_by("-published_at", "palermo_id")[:most])


def table(viewer: Viewer, query: str, wanted: Mapping[str, str], address: str) -> Iterator[dict[str, Any]]:
    """A row for each case of a search, the latest decision first; `address` is that of a case called ID."""
    told = {f"r_{name}": KeyTextTransform(name, "record") for name in (*TOLD, "citations", "collection")}
    rows = found(viewer, query, wanted).annotate(**told).order_by("-decided", "palermo_id")
    plain = ("palermo_id", "title", "language", "country", "decided", "ecli", "codes")
    for row in rows.values(*plain, *told):
        coded = {kind: "; ".join(_of(row["codes"], kind)) for kind in CODED}
        yield {
            **{name: row[name] for name in plain[:-1]}, **{name[2:]: row[name] for name in told}, **coded,
            "url": address.replace("ID", row["palermo_id"]),
        }  # fmt: skip


def _of(codes: list[str], kind: str) -> list[str]:
    return [code.partition(":")[2] for code in codes if code.startswith(f"{kind}:")]


def kept(viewer: Viewer) -> list[tuple[SavedSearch, int, str]]:
    """The searches that this person keeps, how many cases came since he looked, and the question in the address."""
    require(viewer, "caselaw.search.keep")
    return [
        (one, found(viewer, one.query, one.wanted).filter(published_at__gt=one.seen_at).count(), asked(one))
        for one in SavedSearch.objects.filter(user_id=viewer.user_id)
    ]


def asked(one: SavedSearch) -> str:
    return urlencode(({"q": one.query} if one.query else {}) | one.wanted)


def remarks(viewer: Viewer, case: Case) -> list[CaseRemark]:
    require(viewer, "caselaw.case.view")
    return list(case.remarks.select_related("by"))


def checks() -> list[Check]:
    """Whether names are found by likeness in every script (`show_trgm` gives something)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM unnest(%s::text[]) s WHERE cardinality(show_trgm(s)) = 0", [[*SCRIPTS.values()]]
        )
        blind = {word for (word,) in cursor.fetchall()}
    wrong = [script for script, word in SCRIPTS.items() if word in blind]
    if not wrong:
        words = _("Names are found by likeness in Latin, Cyrillic, Arabic and Chinese script.")
        return [Check("caselaw.scripts", True, words)]
    words = _("Names are not found by likeness in: %(scripts)s.") % {"scripts": ", ".join(wrong)}
    todo = _(
        "Make the database with LC_CTYPE C.UTF-8 (not C): create it anew and restore the last backup into it."
    )
    return [Check("caselaw.scripts", False, words, todo)]
