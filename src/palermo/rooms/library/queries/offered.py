"""What the search over all rooms is told of the library: published papers and the text of their files."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.viewer import Viewer
from palermo.rooms.library.models import Access, Item, Passage
from palermo.rooms.library.queries.reading import named as words_of
from palermo.rooms.library.queries.reading import published
from palermo.rooms.library.queries.searching import cleaned, lookup, snippets
from palermo.web.searched import Asked, ConceptLink, Document, Match, Source

SHOWN = 10
LEARNED = 60  # pages of each file whose meaning is learned; all of them are found by their words


def find(viewer: Viewer, asked: Asked, limit: int) -> list[Match]:
    """Papers that the query finds as it stands, then those about its concepts; the best first."""
    along = [
        " OR ".join(f'"{name}"' for name in each if '"' not in name) for each in (asked.others or {}).values() if each
    ]  # fmt: skip
    query = cleaned(asked.query)
    found = lookup(query, [f"concept:{code}" for code in asked.codes], along) if query else {}
    rows = published(viewer).filter(pk__in=found).values_list("pk", "palermo_id", "year")
    ordered = sorted(rows, key=lambda row: (-found[row[0]][0], -(row[2] or 0), row[1]))
    seen: dict[str, int] = {}
    matches = []
    for key, palermo_id, _year in ordered:
        why = found[key][1]
        seen[why] = seen.get(why, 0) + 1
        if seen[why] <= limit:
            matches.append(Match(palermo_id, why))
    return matches


def named(viewer: Viewer, keys: Collection[str], asked: Asked) -> Iterator[Document]:
    """Published papers by their ids, in the language of who asks where they have it."""
    for row in published(viewer).filter(palermo_id__in=keys):
        language, title = row.paper.title(asked.language)
        yield Document(row.palermo_id, title, language, reverse("library:item", args=[row.palermo_id]))


def pieces(viewer: Viewer, keys: Collection[str], asked: Asked) -> dict[str, str]:
    """The piece of a file that holds the query best, with its page; else what the paper is about."""
    rows = {row.pk: row for row in published(viewer).filter(palermo_id__in=keys)}
    found = snippets(cleaned(asked.query), list(rows))
    told = {row.palermo_id: row.paper.summary(asked.language)[1] for row in rows.values()}
    for key, piece in found.items():
        page = _("page %(page)s") % {"page": piece.page} + ": " if piece.page else ""
        told[rows[key].palermo_id] = page + piece.text
    return told


def documents(viewer: Viewer) -> Iterator[Document]:
    """Every paper that anybody may read: what it is about in each language, then the text of its files."""
    rows = published(viewer).filter(access=Access.PUBLIC).order_by("-updated_at", "palermo_id")
    for row in rows.iterator(chunk_size=200):
        yield from _of(row)


def _of(row: Item) -> Iterator[Document]:
    paper = row.paper
    for language in sorted({*paper.titles, *paper.summaries}):
        title = paper.titles.get(language, "")
        text = ". ".join(part for part in (title, paper.summaries.get(language, "")) if part)
        yield Document(row.palermo_id, title, language, "", passages=(text,))
    texts: dict[tuple[str, object], list[str]] = {}
    pages = Passage.objects.filter(item=row, page__lte=LEARNED).order_by("file_id", "page")
    for language, file_id, text in pages.values_list("language", "file_id", "text"):
        texts.setdefault((language, file_id), []).append(text)
    for (language, _file), each in texts.items():
        yield Document(row.palermo_id, paper.title(language)[1], language, "", passages=tuple(each))


def concept_links(viewer: Viewer, code: str) -> list[ConceptLink]:
    """The papers about a concept: how many there are, and the latest of them."""
    rows = published(viewer).filter(codes__contains=[f"concept:{code}"]).order_by("-year", "palermo_id")
    count = rows.count()
    if not count:
        return []
    way = f"{reverse('library:public')}?concept={code}"
    found = [ConceptLink(_("Library"), words_of("concept", code, "en"), way, "en", count)]
    for row in rows[:SHOWN]:
        language, title = row.paper.title()
        found.append(
            ConceptLink(_("Library"), title, reverse("library:item", args=[row.palermo_id]), language)
        )
    return found


SOURCE = Source(find, named, documents, pieces, gettext_lazy("Library"))
