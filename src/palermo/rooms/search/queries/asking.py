"""One query to every room: references first, then words, concepts and meaning, made one order by reciprocal rank."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.retrieval.fusing import fuse
from palermo.retrieval.references import references
from palermo.rooms.search.queries import meaning
from palermo.standards.countries import LANGUAGES
from palermo.standards.thesaurus import Concept, concept, expand
from palermo.web.searched import Asked, Document, Source, sources

LONGEST = 1000
DEEP = 60
SIZE = 20
# What each reason counts for, where a query names something and where it tells something: a sentence names concepts in
# passing. A reference is one thing and no other, so it stands above all the rest.
NAMING = {"text": 1.0, "name": 0.6, "concept": 1.0, "meaning": 1.0}
TELLING = {"text": 1.0, "name": 0.05, "concept": 0.02, "meaning": 1.0}
FIRST = 10.0
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: the document as it is now, its room, its score, and every reason for which it was found."""

    room: str
    document: Document
    score: float
    why: tuple[str, ...]
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A concept that is searched along; without it the query is asked as it stands."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in their order; how many there are in each room and language; what was searched along; whether meaning was.

    meaning: "on", "off" (not wanted), "absent" (no model is installed) or "empty" (nothing is indexed yet).
    """

    hits: tuple[Hit, ...]
    total: int
    rooms: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    chips: tuple[Chip, ...]
    meaning: str


def search(
    viewer: Viewer, query: str, *, language: str = "en", lang: str = "", room: str = "",
    without: Collection[str] = (), exact: bool = False, page: int = 1, size: int = SIZE,
) -> Found:  # fmt: skip
    """What the viewer may see and the query finds, in all languages, the best first; the same question, the same order.

    lang and room narrow; without: concepts that are not searched along; exact: neither concepts nor meaning.
    """
    require(viewer, "search.view")
    query = " ".join(query.replace("\x00", " ").split())[:LONGEST]
    if not query:
        return Found((), 0, (), (), (), "off")
    along, vector = ((), None) if exact else _concepts(query, language, without)
    asked = Asked(
        query, language, tuple(one.code for one in along), _others(along),
        tuple(one.text for one in references(query)),
    )  # fmt: skip
    told, near = (
        ("off", [])
        if exact
        else meaning.nearest(query, vector, tuple(one.code for one in along if one.broader), DEEP)
    )
    scores, why = _fused(viewer, asked, near)
    hits = _hits(viewer, asked, scores, why)
    kept = [
        hit for hit in hits
        if (not lang or hit.document.language[:2] == lang) and (not room or hit.room == room)
    ]  # fmt: skip
    skip = (max(page, 1) - 1) * size
    return Found(
        _with_pieces(viewer, asked, kept[skip : skip + size]), len(kept), _counted(hit.room for hit in hits),
        _counted(hit.document.language for hit in hits),
        tuple(Chip(one.code, one.labels.get(language) or one.labels["en"]) for one in along), told,
    )  # fmt: skip


def _concepts(query: str, language: str, without: Collection[str]) -> tuple[tuple[Concept, ...], Any]:
    """The concepts that are searched along: those that the query names; where it names none below the top, the one
    that it means.
    """
    vector = meaning.vector_of(query, language)
    named = expand(query)
    if not any(one.broader for one in named) and (near := meaning.concept_near(query, vector)):
        named = (*named, concept(near))
    return tuple(one for one in named if one.code not in without), vector


def _others(along: Collection[Concept]) -> dict[str, tuple[str, ...]]:
    """What the concepts of the query are called in each language."""
    return {
        language: tuple(dict.fromkeys(name for one in along for name in one.names(language)))
        for language in LANGUAGES
    }


def _fused(
    viewer: Viewer, asked: Asked, near: list[Place]
) -> tuple[dict[Place, float], dict[Place, set[str]]]:
    """The score of each place, and why it was found: an order by reason and room, and the order by meaning."""
    orders: dict[tuple[str, str], list[Place]] = defaultdict(list)
    why: dict[Place, set[str]] = defaultdict(set)
    for label, source in sources().items():
        for match in source.find(viewer, asked, DEEP):
            orders[match.why, label].append((label, match.key))
            why[label, match.key].add(match.why)
    for place in near:
        why[place].add("meaning")
    weights = NAMING if meaning.is_short(asked.query) else TELLING
    ranked = [(weights[reason], order) for (reason, _label), order in orders.items() if reason in weights]
    scores = fuse([*ranked, (weights["meaning"], near)])
    for place, reasons in why.items():
        if "identifier" in reasons:
            scores[place] = scores.get(place, 0) + FIRST
    return scores, why


def _hits(viewer: Viewer, asked: Asked, scores: dict[Place, float], why: dict[Place, set[str]]) -> list[Hit]:
    """The documents as their rooms tell them now: what the viewer may not see, or is no longer there, is no hit."""
    found = []
    for label, source in sources().items():
        keys = [key for room, key in scores if room == label]
        for one in _named(source, viewer, keys, asked):
            place = (label, one.key)
            found.append(Hit(label, one, scores[place], tuple(sorted(why[place]))))
    return sorted(found, key=lambda hit: (-hit.score, hit.room, hit.document.key))


def _with_pieces(viewer: Viewer, asked: Asked, hits: list[Hit]) -> tuple[Hit, ...]:
    """The hits of one page with a piece of each text: only of those, for pieces take long."""
    told = {}
    for label, source in sources().items():
        if keys := [hit.document.key for hit in hits if hit.room == label]:
            told |= {(label, key): text for key, text in source.pieces(viewer, keys, asked).items()}
    return tuple(replace(hit, snippet=told.get((hit.room, hit.document.key), "")) for hit in hits)


def _named(source: Source, viewer: Viewer, keys: list[str], asked: Asked) -> list[Document]:
    return list(source.named(viewer, keys, asked)) if keys else []


def _counted(values: Collection[str] | object) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))  # type: ignore[arg-type]
