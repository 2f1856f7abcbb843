"""The search in the papers: identifiers, titles and summaries, the text of files, concepts; facets over all of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.library.models import Item
from palermo.rooms.library.queries.reading import named, published
from palermo.standards.thesaurus import expand

FACETS = ("kind", "concept", "language", "year")
SIZE = 20
LONGEST = 300
FUZZY = 60
FOUND = "SELECT id, rank, why FROM library_find(%s, %s, %s, %s)"
# The best page of each paper, else its summary; what matched between marks.
PIECES = """
SELECT b.item_id, b.page, f.pages IS NOT NULL, p.language,
  ts_headline(library_config(p.language), p.text, websearch_to_tsquery(library_config(p.language), %(q)s),
    'StartSel=⟦, StopSel=⟧, MaxWords=35, MinWords=15')
FROM (
  SELECT DISTINCT ON (p.item_id) p.item_id, p.page, p.id FROM library_passage p
  WHERE p.item_id = ANY (%(ids)s) AND p.words @@ websearch_to_tsquery(library_config(p.language), %(q)s)
  ORDER BY p.item_id, ts_rank(p.words, websearch_to_tsquery(library_config(p.language), %(q)s)) DESC, p.page, p.id
) b JOIN library_passage p ON p.id = b.id JOIN library_itemfile f ON f.id = p.file_id
"""


@dataclass(frozen=True)
class Piece:
    """A piece of a file's text: on which page (0: it has none), in which language."""

    page: int
    language: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A paper that was found, why, and the piece of its text in which it was."""

    item: Item
    why: str
    piece: Piece | None


@dataclass(frozen=True)
class Found:
    """One page of hits; how many there are; of each facet (code, label, how many), counted over all of them."""

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, str, int]]]


def lookup(query: str, codes: list[str], along: list[str]) -> dict[UUID, tuple[float, str]]:
    """The papers that the asker may read and in which something is found: id -> (rank, why)."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [query, len(query) <= FUZZY, along, codes])
        return {key: (rank, why) for key, rank, why in cursor.fetchall()}


def snippets(query: str, ids: list[UUID]) -> dict[UUID, Piece]:
    """Of each paper whose files hold the query: the piece that holds it best."""
    if not query or not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PIECES, {"q": query, "ids": ids})
        return {
            key: Piece(page if paged else 0, language, text)
            for key, page, paged, language, text in cursor.fetchall()
        }


def cleaned(query: str) -> str:
    """The query on one line, of a sensible length."""
    return " ".join(query.replace("\x00", " ").split())[:LONGEST]


def search(
    viewer: Viewer, query: str = "", *, wanted: Mapping[str, str] | None = None, page: int = 1, language: str = "en",
) -> Found:  # fmt: skip
    """Published papers in which the query is found, the best first; the same question always in the same order."""
    query = cleaned(query)
    codes = [f"{facet}:{code}" for facet, code in (wanted or {}).items() if facet in FACETS and code]
    rows = published(viewer).filter(codes__contains=codes)
    found: dict[UUID, tuple[float, str]] = {}
    if query:
        found = lookup(query, [f"concept:{one.code}" for one in expand(query)], [])
        rows = rows.filter(pk__in=found)
    kept = list(rows.values_list("pk", "palermo_id", "year", "codes"))
    kept.sort(key=lambda row: (-found.get(row[0], (0.0, ""))[0], -(row[2] or 0), row[1]))
    shown = [row[0] for row in kept[(page - 1) * SIZE : page * SIZE]]
    items = {one.pk: one for one in published(viewer).filter(pk__in=shown)}
    pieces = snippets(query, shown)
    hits = tuple(
        Hit(items[key], found.get(key, (0.0, ""))[1], pieces.get(key)) for key in shown if key in items
    )
    return Found(len(kept), hits, _facets([row[3] for row in kept], language))


def _facets(rows: list[list[str]], language: str) -> dict[str, list[tuple[str, str, int]]]:
    counted = Counter(code for codes in rows for code in codes)
    told: dict[str, list[tuple[str, str, int]]] = {}
    for key, count in counted.items():
        facet, _colon, code = key.partition(":")
        told.setdefault(facet, []).append((code, named(facet, code, language), count))
    for facet, each in told.items():
        each.sort(key=lambda one: one[0] if facet == "year" else (-one[2], one[1]), reverse=facet == "year")  # type: ignore[arg-type,return-value]
    return {facet: told[facet] for facet in FACETS if facet in told}
