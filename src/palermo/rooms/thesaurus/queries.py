"""What is read of the thesaurus: the tree, a concept with what rooms keep about it, what a search finds in it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.standards.thesaurus import Concept, concepts, narrower
from palermo.web.room import Tile
from palermo.web.searched import Asked, ConceptLink, Document, Match, Source, concept_links

Branch = tuple[str, str, list["Branch"]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A concept, the way up to the top, what is right below it, and what rooms keep about it, by heading."""

    concept: Concept
    up: tuple[Concept, ...]
    below: tuple[Concept, ...]
    links: tuple[tuple[str, tuple[ConceptLink, ...]], ...]


def branches(viewer: Viewer, language: str, code: str = "") -> list[Branch]:
    """Every concept as (code, name, what is below it), from the top."""
    require(viewer, "thesaurus.view")
    return [(one.code, one.name(language), branches(viewer, language, one.code)) for one in narrower(code)]


def sheet(viewer: Viewer, code: str) -> Sheet:
    """The page of a concept. NotFound where there is none of that code."""
    require(viewer, "thesaurus.view")
    one = concepts().get(code)
    if one is None:
        raise NotFound()
    links: dict[str, list[ConceptLink]] = {}
    for link in concept_links(viewer, code):
        links.setdefault(str(link.heading), []).append(link)
    told = tuple((heading, tuple(each)) for heading, each in links.items())
    return Sheet(one, tuple(_above(one)), narrower(code), told)


def _above(one: Concept) -> list[Concept]:
    up: list[Concept] = []
    while one.broader:
        one = concepts()[one.broader]
        up.insert(0, one)
    return up


def find(viewer: Viewer, asked: Asked, limit: int) -> Iterator[Match]:
    """The concepts that the query names, and those that an article names which stands in it."""
    require(viewer, "thesaurus.view")
    for one in concepts().values():
        if one.source in asked.references:
            yield Match(one.code, "identifier")
    for code in asked.codes[:limit]:
        yield Match(code, "concept")


def named(viewer: Viewer, keys: Collection[str], asked: Asked) -> Iterator[Document]:
    """Concepts in the language of who asks."""
    require(viewer, "thesaurus.view")
    for code in keys:
        if one := concepts().get(code):
            language = asked.language if asked.language in one.labels else "en"
            url = reverse("thesaurus:concept", args=[code])
            yield Document(code, one.name(language), language, url)


def pieces(viewer: Viewer, keys: Collection[str], asked: Asked) -> dict[str, str]:
    """What the concepts mean, in the language of who asks; in English where it is not said in it."""
    require(viewer, "thesaurus.view")
    found = (concepts()[code] for code in keys if code in concepts())
    return {one.code: one.notes.get(asked.language, one.notes.get("en", "")) for one in found}


def documents(viewer: Viewer) -> Iterator[Document]:
    """None: a concept is found by its names."""
    require(viewer, "thesaurus.view")
    yield from ()


def published_tiles(viewer: Viewer) -> list[Tile]:
    """The way to the thesaurus, for the public home page."""
    require(viewer, "thesaurus.view")
    return [Tile(label=_("Thesaurus"), value=len(concepts()), url=reverse("thesaurus:tree"), icon="book")]


def tongue() -> str:
    """The language of the page, where the thesaurus has it; English otherwise."""
    language = (get_language() or "en")[:2]
    return language if language in concepts()["consent"].labels else "en"


SOURCE = Source(find, named, documents, pieces, gettext_lazy("Thesaurus"))
