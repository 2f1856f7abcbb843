"""What the search over all rooms is told of legislation: the provisions of published wordings."""

from collections.abc import Collection, Iterator

from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.legislation.models import Law, Reading, State, Wording
from palermo.rooms.legislation.queries.laws import country_name
from palermo.rooms.legislation.queries.readings import side_by_side
from palermo.standards.checklists import ChecklistRow, rows_of
from palermo.standards.thesaurus import concepts
from palermo.web.searched import Asked, ConceptLink, Document, Match, Source

FOUND = """
SELECT l.id::text, CASE WHEN lower(l.uri) = lower(%(q)s) THEN 'identifier' ELSE 'text' END AS why
FROM legislation_law l WHERE l.state = 'published' AND (lower(l.uri) = lower(%(q)s)
  OR to_tsvector('simple', l.title) @@ websearch_to_tsquery('simple', %(q)s)
  OR EXISTS (SELECT 1 FROM legislation_wording w WHERE w.law_id = l.id AND w.state = 'published'
    AND to_tsvector(caselaw_config(w.language), w.body) @@ websearch_to_tsquery(caselaw_config(w.language), %(all)s)))
ORDER BY (lower(l.uri) = lower(%(q)s)) DESC, l.adopted DESC, l.id LIMIT %(limit)s
"""
SHOWN = 12  # provisions on the page of a concept; the pages of the rows have all of them
# What the thesaurus calls an instrument, and the checklists.
CALLED = {"CETS197": "COE"}
SNIPPET = """
SELECT DISTINCT ON (w.law_id) w.law_id::text, ts_headline(caselaw_config(w.language), left(w.body, 20000),
  websearch_to_tsquery(caselaw_config(w.language), %s), 'StartSel=⟦, StopSel=⟧, MaxWords=35, MinWords=15')
FROM legislation_wording w WHERE w.law_id = ANY (%s::uuid[]) AND w.state = 'published'
ORDER BY w.law_id, w.valid_from DESC
"""


def _all(asked: Asked) -> str:
    names = [f'"{name}"' for each in (asked.others or {}).values() for name in each]
    return " OR ".join([asked.query, *names])


def find(viewer: Viewer, asked: Asked, limit: int) -> list[Match]:
    """Laws whose title or published words hold what is asked, or a name of its concepts."""
    require(viewer, "legislation.public.view")
    if not asked.query.strip():
        return []
    with connection.cursor() as cursor:
        cursor.execute(FOUND, {"q": asked.query, "all": _all(asked), "limit": limit})
        return [Match(key, why) for key, why in cursor.fetchall()]


def named(viewer: Viewer, keys: Collection[str], asked: Asked) -> Iterator[Document]:
    """Published laws by their ids."""
    require(viewer, "legislation.public.view")
    for law in Law.objects.filter(pk__in=keys, state=State.PUBLISHED):
        yield Document(str(law.pk), law.title, law.language, reverse("legislation:law", args=[law.pk]))


def pieces(viewer: Viewer, keys: Collection[str], asked: Asked) -> dict[str, str]:
    """A piece of each law's latest wording, with what matched marked."""
    require(viewer, "legislation.public.view")
    with connection.cursor() as cursor:
        cursor.execute(SNIPPET, [_all(asked), list(keys)])
        return dict(cursor.fetchall())


def documents(viewer: Viewer) -> Iterator[Document]:
    """Every published wording, provision by provision."""
    require(viewer, "legislation.public.view")
    rows = Wording.objects.filter(state=State.PUBLISHED, law__state=State.PUBLISHED).select_related("law")
    for one in rows.order_by("-updated_at", "pk").iterator(chunk_size=200):
        told = tuple(
            f"{p['num']} {p['heading']} {p['text']}".strip()
            for p in one.provisions
            if p["text"] or p["heading"]
        )
        yield Document(str(one.law_id), one.law.title, one.language, "", passages=told or (one.law.title,))


def about(code: str) -> list[ChecklistRow]:
    """The rows of the checklists that a concept's article stands in: TIP 6 has all of its paragraphs."""
    instrument, _space, article = (
        concepts()[code].source.partition(" ") if code in concepts() else ("", "", "")
    )
    if not article:
        return []
    rows = rows_of(CALLED.get(instrument, instrument))
    wider = article.partition("(")[0]
    for asked in (article, wider):
        found = [
            row
            for row in rows
            if row.provision == asked or row.provision.startswith((f"{asked}(", f"{asked}-"))
        ]
        if found:
            return found
    return []


def concept_links(viewer: Viewer, code: str) -> list[ConceptLink]:
    """The rows of the checklists about a concept, with how many States were read; then what their laws say."""
    require(viewer, "legislation.public.view")
    language, on = get_language() or "en", localdate()
    rows = about(code)
    read = _read({row.slug for row in rows})
    found = [
        ConceptLink(
            _("Checklists"), f"{row.code} {row.title}", reverse("legislation:row", args=[row.slug]), "en",
            read.get(row.slug, 0),
        )
        for row in rows
    ]  # fmt: skip
    provisions: dict[str, ConceptLink] = {}
    for row in rows:
        for country, _name, line in (
            side_by_side(viewer, row.slug, on, language)[1] if row.slug in read else ()
        ):
            for one in line.relied:
                words = f"{one.provision.num} {one.provision.heading}".strip()
                title = f"{country_name(country, language)}: {one.law.title}, {words}"
                way = reverse("legislation:law", args=[one.law.pk])
                url = f"{way}?text={one.wording.pk}#{one.provision.eid}"
                provisions.setdefault(url, ConceptLink(_("Provisions"), title, url, one.wording.language))
    return found + list(provisions.values())[:SHOWN]


def _read(slugs: Collection[str]) -> dict[str, int]:
    """How many States have a published reading of each row."""
    rows = (
        Reading.objects.filter(row__in=slugs, state=State.PUBLISHED).values_list("row", "country").distinct()
    )
    found: dict[str, int] = {}
    for slug, _country in rows:
        found[slug] = found.get(slug, 0) + 1
    return found


SOURCE = Source(find, named, documents, pieces, gettext_lazy("Legislation"))
