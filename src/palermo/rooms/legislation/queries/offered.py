"""What the search over all rooms is told of legislation: the provisions of published wordings."""

from collections.abc import Collection, Iterator

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.legislation.models import Law, State, Wording
from palermo.web.searched import Asked, Document, Match, Source

FOUND = """
SELECT l.id::text, CASE WHEN lower(l.uri) = lower(%(q)s) THEN 'identifier' ELSE 'text' END AS why
FROM legislation_law l WHERE l.state = 'published' AND (lower(l.uri) = lower(%(q)s)
  OR to_tsvector('simple', l.title) @@ websearch_to_tsquery('simple', %(q)s)
  OR EXISTS (SELECT 1 FROM legislation_wording w WHERE w.law_id = l.id AND w.state = 'published'
    AND to_tsvector(caselaw_config(w.language), w.body) @@ websearch_to_tsquery(caselaw_config(w.language), %(all)s)))
ORDER BY (lower(l.uri) = lower(%(q)s)) DESC, l.adopted DESC, l.id LIMIT %(limit)s
"""
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


SOURCE = Source(find, named, documents, pieces, gettext_lazy("Legislation"))
