"""What the search over all rooms is told of case law: published cases, found by the room's own index."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.judgments.vocabulary import label
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.caselaw.models import Case, State
from palermo.standards.thesaurus import codes_in, concepts
from palermo.web.searched import Asked, ConceptLink, Document, Match, Source

FOUND = "SELECT palermo_id, why FROM caselaw_across(%s, %s, %s, %s, %s, %s, %s)"
SNIPPET = """
SELECT palermo_id, ts_headline(caselaw_config(language), left(body, 20000),
  websearch_to_tsquery(caselaw_config(language), %s), 'StartSel=⟦, StopSel=⟧, MaxWords=35, MinWords=15')
FROM caselaw_case WHERE palermo_id = ANY (%s) AND state = 'published'
"""
LANGUAGES = ("en", "fr", "es", "ar", "ru")
FUZZY = 60
LIST = "caselaw"
SHOWN = 5
TEXTS = ("facts", "reasoning", "significance")


def find(viewer: Viewer, asked: Asked, limit: int) -> list[Match]:
    """Cases that the query finds as it stands, then those that name its concepts or were coded so."""
    require(viewer, "caselaw.public.view")
    codes = [code for one in asked.codes for code in codes_in(one, LIST)]
    others = asked.others or {}
    along = [" OR ".join(f'"{name}"' for name in others.get(language, ())) for language in LANGUAGES]
    chinese = list(others.get("zh", ()))
    values = [asked.query, len(asked.query) <= FUZZY, list(LANGUAGES), along, chinese, codes, limit]
    with connection.cursor() as cursor:
        cursor.execute(FOUND, values)
        return [Match(key, why) for key, why in cursor.fetchall()]


def named(viewer: Viewer, keys: Collection[str], asked: Asked) -> Iterator[Document]:
    """Published cases by their ids."""
    require(viewer, "caselaw.public.view")
    rows = Case.objects.filter(palermo_id__in=keys, state=State.PUBLISHED)
    for key, title, language in rows.values_list("palermo_id", "title", "language"):
        yield Document(key, title, language, reverse("caselaw:case", args=[key]))


def pieces(viewer: Viewer, keys: Collection[str], asked: Asked) -> dict[str, str]:
    """A piece of each case in its own language, with what matched marked."""
    require(viewer, "caselaw.public.view")
    words = " OR ".join(
        [asked.query, *(f'"{name}"' for each in (asked.others or {}).values() for name in each)]
    )
    with connection.cursor() as cursor:
        cursor.execute(SNIPPET, [words, list(keys)])
        return dict(cursor.fetchall())


def documents(viewer: Viewer) -> Iterator[Document]:
    """Every published case with its texts, the latest change first; and its briefs in further languages."""
    require(viewer, "caselaw.public.view")
    rows = Case.objects.filter(state=State.PUBLISHED).order_by("-updated_at", "palermo_id")
    for key, title, language, record in rows.values_list(
        "palermo_id", "title", "language", "record"
    ).iterator(chunk_size=500):
        told = [text for name in TEXTS if (text := record.get(name, ""))]
        yield Document(key, title, language, "", passages=tuple(told) or (title,))
        for brief in record.get("briefs", ()):
            texts = tuple(text for name in TEXTS if (text := brief.get(name, "")))
            yield Document(key, brief.get("title") or title, brief["language"], "", passages=texts)


def concept_links(viewer: Viewer, code: str) -> list[ConceptLink]:
    """The cases that coders gave this concept: how many there are, and the latest of them."""
    require(viewer, "caselaw.public.view")
    found: list[ConceptLink] = []
    for one in codes_in(code, LIST) if code in concepts() else ():
        kind, _colon, value = one.partition(":")
        rows = Case.objects.filter(state=State.PUBLISHED, codes__contains=[one])
        if count := rows.count():
            way = f"{reverse('caselaw:public')}?{kind}={value}"
            found.append(ConceptLink(_("Case law"), label(kind, value), way, "en", count))
            found += [
                _link(row) for row in rows.order_by("-decided", "palermo_id").defer("body", "words")[:SHOWN]
            ]
    return found


def _link(row: Any) -> ConceptLink:
    return ConceptLink(_("Case law"), row.title, reverse("caselaw:case", args=[row.palermo_id]), row.language)


SOURCE = Source(find, named, documents, pieces, gettext_lazy("Case law"))
