"""The search in published cases, behind one function: text by language, fuzzy names, concepts; facets over all of it."""  # noqa: E501

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from palermo.judgments.vocabulary import kinds, label, labels
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw.models import Case
from palermo.standards import countries

FACETS = (
    "country", "crime", "act", "means", "purpose", "issue", "outcome", "legal_system", "language", "collection",
)  # fmt: skip
SIZE = 20
LONGEST = 300
SQL = "SELECT kind, key, why, n FROM caselaw_page(%(q)s, %(wanted)s, %(concepts)s, %(size)s, %(skip)s)"
SNIPPET = """
SELECT id, ts_headline(caselaw_config(language), body, websearch_to_tsquery(caselaw_config(language), %s),
  'StartSel=⟦, StopSel=⟧, MaxWords=35, MinWords=15') FROM caselaw_case WHERE id = ANY (%s)
"""


@dataclass(frozen=True)
class Hit:
    """A case that was found, with a piece of its text (what matched between ⟦ and ⟧) and why it was found."""

    case: Case
    snippet: str
    why: str


@dataclass(frozen=True)
class Found:
    """One page of hits; how many there are; and of each facet (code, label, how many), counted over all of them."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, str, int]]]


def concepts_of(query: str) -> list[str]:
    """The concepts that are called exactly what is looked for, in any language."""
    plain = query.casefold().strip()
    return [
        f"{kind}:{code}" for kind in kinds() if kind in FACETS for code, words in labels(kind).items()
        if plain in (word.casefold() for word in words)
    ]  # fmt: skip


def named(facet: str, code: str, language: str) -> str:
    """The code of a facet in words."""
    if facet == "country":
        country = countries().get(code)
        return country.name(language) if country else code
    return label(facet, code, language)


def search(
    viewer: Viewer, query: str = "", *, wanted: Mapping[str, str] | None = None, page: int = 1, size: int = SIZE,
    language: str = "en",
) -> Found:  # fmt: skip
    """Published cases in which the query is found, the best first; the same question always in the same order."""
    require(viewer, "caselaw.public.view")
    query = " ".join(query.replace("\x00", " ").split())[:LONGEST]
    codes = [f"{facet}:{code}" for facet, code in (wanted or {}).items() if facet in FACETS and code]
    values = {
        "q": query, "wanted": codes, "concepts": concepts_of(query), "size": size, "skip": (max(page, 1) - 1) * size,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SQL, values)
        rows = cursor.fetchall()
        order = {key: why for kind, key, why, _n in sorted(rows, key=lambda row: row[3]) if kind == "hit"}
        cursor.execute(SNIPPET, [query, list(order)])
        snippets = {str(key): text for key, text in cursor.fetchall()}
    cases = {
        str(one.pk): one for one in Case.objects.filter(pk__in=list(order)).defer("body", "words", "record")
    }
    hits = tuple(Hit(cases[key], snippets.get(key, ""), why) for key, why in order.items() if key in cases)
    total = next(n for kind, _key, _why, n in rows if kind == "total")
    return Found(total, hits, _facets(rows, language))


def _facets(rows: list[Any], language: str) -> dict[str, list[tuple[str, str, int]]]:
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for kind, key, _why, n in rows:
        if kind == "facet":
            facet, _colon, code = key.partition(":")
            found[facet].append((code, named(facet, code, language), n))
    return {
        facet: sorted(found[facet], key=lambda one: (-one[2], one[1])) for facet in FACETS if facet in found
    }
