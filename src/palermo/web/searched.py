"""What a room offers to the search over all rooms. Rooms declare a `Source` in their apps.py, by dotted path."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.dispatch import Signal
from django.utils.module_loading import import_string

from palermo.kernel.access.viewer import Viewer
from palermo.web.room import Words, rooms

# Sent by a room, inside the transaction, when something that anybody may read came, changed or went.
changed = Signal()


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found. language: empty where it has none of its own."""

    key: str
    title: str
    language: str
    url: str
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: the query as it was typed; `others`: what its concepts are called, language -> labels.

    codes: the concepts of the thesaurus that the query names; references: articles that it names ("TIP 3(b)").
    """

    query: str
    language: str = "en"
    codes: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Something found, and why: identifier, text, name or concept."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """How the search asks a room. None of them looks at what the viewer may not see.

    find: what the words or the concepts of a query find, the best first, at most `limit` of each reason.
    named: the documents of these keys as they are now, without passages; who may not see one does not get it.
    pieces: of those that are shown, key -> a piece of the text in its own language, what matched between ⟦ and ⟧.
    documents: everything that anybody may see, with its passages, for the vectors; the latest first.
    """

    find: Callable[[Viewer, Asked, int], Iterable[Match]]
    named: Callable[[Viewer, Collection[str], Asked], Iterable[Document]]
    documents: Callable[[Viewer], Iterator[Document]]
    pieces: Callable[[Viewer, Collection[str], Asked], Mapping[str, str]]
    label: Words = ""


@dataclass(frozen=True, slots=True)
class ConceptLink:
    """What a room keeps about a concept: under `heading`, with the way to it; count 0 tells no number."""

    heading: Words
    title: str
    url: str
    language: str = ""
    count: int = 0


def sources() -> dict[str, Source]:
    """The source of every room that declares one, by the name of the room."""
    return {room.label: import_string(room.searched) for room in rooms() if room.searched}


def concept_links(viewer: Viewer, code: str) -> list[ConceptLink]:
    """What all rooms keep about a concept, of what the viewer may see."""
    return [
        link for room in rooms() if room.concept_links for link in import_string(room.concept_links)(viewer, code)
    ]  # fmt: skip
