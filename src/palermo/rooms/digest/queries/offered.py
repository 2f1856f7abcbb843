"""What the search over all rooms is told of the digest: issues, with what editors and findings say of them."""

from collections.abc import Collection, Iterator

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.digest.models import Intro, State
from palermo.rooms.digest.queries.reading import counts, listed
from palermo.standards.evidence import Issue, issues
from palermo.web.searched import Asked, ConceptLink, Document, Match, Source

# What is public of each issue: one row a text, each searched in its own language.
TEXTS = """
SELECT f.issue, f.note_language AS language, f.note AS text FROM digest_finding f
  JOIN caselaw_case c ON c.id = f.case_id AND c.state = 'published' WHERE f.state = 'published'
UNION ALL
SELECT f.issue, f.quote_language, f.quote FROM digest_finding f
  JOIN caselaw_case c ON c.id = f.case_id AND c.state = 'published' WHERE f.state = 'published' AND f.quote <> ''
UNION ALL
SELECT issue, language, text FROM digest_intro WHERE state = 'published'
"""
FOUND = f"""
SELECT issue FROM ({TEXTS}) t
WHERE to_tsvector(caselaw_config(language), text) @@ websearch_to_tsquery(caselaw_config(language), %s)
GROUP BY issue ORDER BY count(*) DESC, issue LIMIT %s
"""  # noqa: S608 - no value of a user stands in it
SNIPPET = f"""
SELECT DISTINCT ON (issue) issue, ts_headline(caselaw_config(language), text,
  websearch_to_tsquery(caselaw_config(language), %s), 'StartSel=⟦, StopSel=⟧, MaxWords=35, MinWords=15')
FROM ({TEXTS}) t WHERE issue = ANY (%s)
ORDER BY issue, to_tsvector(caselaw_config(language), text) @@ websearch_to_tsquery(caselaw_config(language), %s) DESC,
  text
"""  # noqa: S608 - as above


def find(viewer: Viewer, asked: Asked, limit: int) -> list[Match]:
    """Issues whose texts hold what is asked, those called so, and those about its concepts."""
    require(viewer, "digest.public.view")
    query = asked.query.strip()
    if not query:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [query, limit])
        found = [Match(code, "text") for (code,) in cursor.fetchall()]
    there = _spoken_of(viewer)
    found += [Match(one.code, "name") for one in there if query.casefold() in _names(one)]
    about = [one for one in there if set(one.concepts) & set(asked.codes)]
    return found + [Match(one.code, "concept") for one in about[:limit]]


def _names(issue: Issue) -> set[str]:
    return {label.casefold() for label in issue.labels.values()}


def _spoken_of(viewer: Viewer) -> list[Issue]:
    """Issues about which something is public."""
    said = {*listed(viewer).order_by().values_list("issue", flat=True).distinct()}
    said |= {*Intro.objects.filter(state=State.PUBLISHED).values_list("issue", flat=True)}
    return [one for one in issues().values() if one.code in said]


def named(viewer: Viewer, keys: Collection[str], asked: Asked) -> Iterator[Document]:
    """Issues by their codes, called as in the language of who asks."""
    require(viewer, "digest.public.view")
    for one in _spoken_of(viewer):
        if one.code in keys:
            language = asked.language[:2] if asked.language[:2] in one.labels else "en"
            yield Document(one.code, one.label(language), language, reverse("digest:issue", args=[one.code]))


def pieces(viewer: Viewer, keys: Collection[str], asked: Asked) -> dict[str, str]:
    """The text of each issue that holds the query best, with what matched marked."""
    require(viewer, "digest.public.view")
    names = [f'"{name}"' for each in (asked.others or {}).values() for name in each]
    words = " OR ".join([asked.query, *names])
    with connection.cursor() as cursor:
        cursor.execute(SNIPPET, [words, list(keys), words])
        return dict(cursor.fetchall())


def documents(viewer: Viewer) -> Iterator[Document]:
    """Every public introduction and finding, under its issue."""
    require(viewer, "digest.public.view")
    for intro in Intro.objects.filter(state=State.PUBLISHED).order_by("-updated_at", "pk"):
        yield Document(intro.issue, _label(intro.issue), intro.language, "", passages=(intro.text,))
    for one in listed(viewer).order_by("-updated_at", "pk").iterator(chunk_size=500):
        yield Document(one.issue, _label(one.issue), one.note_language, "", passages=(one.note,))
        if one.quote:
            yield Document(one.issue, _label(one.issue), one.quote_language, "", passages=(one.quote,))


def _label(code: str) -> str:
    return issues()[code].label() if code in issues() else code


def concept_links(viewer: Viewer, code: str) -> list[ConceptLink]:
    """The issues that are about a concept, with how many cases each has."""
    by_issue, _coded, _published = counts(viewer)
    return [
        ConceptLink(_("Digest"), one.label(), reverse("digest:issue", args=[one.code]), "en", by_issue[one.code])
        for one in issues().values()
        if code in one.concepts and by_issue[one.code]
    ]  # fmt: skip


SOURCE = Source(find, named, documents, pieces, gettext_lazy("Digest"))
