"""Learning what texts mean, so that they are found by meaning too. Resumable: only what is new or changed is read."""

import logging
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.database.patience import be_patient
from palermo.kernel.jobs.actions import enqueue
from palermo.kernel.jobs.models import Effect
from palermo.retrieval.embedding import Embedder
from palermo.retrieval.passages import fingerprint, passages
from palermo.rooms.search.models import Vector
from palermo.rooms.search.queries import meaning
from palermo.web.searched import sources

log = logging.getLogger(__name__)
BATCH = 16
TURN = 20.0  # seconds of learning between which other jobs have their turn
TELL = 50
Passage = tuple[str, str, str, str, str]  # room, key, language, digest, text


def index(*, actor: Viewer, say: Callable[[str], None], seconds: float = 0) -> dict[str, Any]:
    """Learn every public text that is new or changed, and forget what is public no more; 0 seconds: however long.

    Works in small transactions of its own: what is learned stays learned when it is interrupted.
    """
    require(actor, "search.index")
    found = meaning.ready()
    if found is None:
        return {"meaning": "absent", "added": 0, "removed": 0, "kept": 0, "left": 0}
    model, ends = found[0], time.monotonic() + seconds if seconds else float("inf")
    there, wanted, fresh = _there(model.model), set(), []
    with acting(Viewer.anonymous()) as public:
        for one in _public(public):
            if one[:4] not in wanted:
                wanted.add(one[:4])
                if one[:4] not in there:
                    fresh.append(one)
    removed = _forget(actor, [there[place] for place in there if place not in wanted], model.model)
    added = _learn(actor, model, fresh, ends, say)
    return {
        "meaning": "on", "added": added, "removed": removed, "kept": len(wanted) - len(fresh),
        "left": len(fresh) - added,
    }  # fmt: skip


def ask_to_refresh(sender: object, **_more: object) -> None:
    """Something public changed: the worker learns what is new, and forgets at once what is public no more."""
    enqueue("search.index")


def refresh(viewer: Viewer, effect: Effect) -> None:
    """The worker's part, a little at a time: other jobs wait too."""
    be_patient()
    if index(actor=viewer, say=log.info, seconds=TURN)["left"]:
        enqueue("search.index")


def _there(model: str) -> dict[tuple[str, str, str, str], int]:
    rows = Vector.objects.filter(model=model).values_list("room", "key", "language", "digest", "pk")
    return {(room, key, language, digest): pk for room, key, language, digest, pk in rows}


def _public(public: Viewer) -> Iterator[Passage]:
    """Every passage that anybody may read, those of the latest documents first."""
    for label, source in sources().items():
        for document in source.documents(public):
            for text in document.passages:
                for passage in passages(text):
                    yield label, document.key, document.language, fingerprint(passage), passage


def _forget(actor: Viewer, keys: list[int], model: str) -> int:
    with acting(actor):
        gone, _each = Vector.objects.filter(pk__in=keys).delete()
        others, _each = Vector.objects.exclude(model=model).delete()
    return gone + others


def _learn(
    actor: Viewer, model: Embedder, fresh: list[Passage], ends: float, say: Callable[[str], None]
) -> int:
    added, told, rest = 0, time.monotonic(), iter(fresh)
    while time.monotonic() < ends and (batch := list(islice(rest, BATCH))):
        vectors = model.passages([one[4] for one in batch]).astype("<f2")
        with acting(actor):
            Vector.objects.bulk_create(
                (Vector(room=room, key=key, language=language, digest=digest, model=model.model, vector=one.tobytes())
                for (room, key, language, digest, _text), one in zip(batch, vectors, strict=True)),
                ignore_conflicts=True,  # the worker and a command may learn the same at once
            )  # fmt: skip
        added += len(batch)
        if time.monotonic() - told > TELL / 10:
            told = time.monotonic()
            say(f"{added} of {len(fresh)} passages learned")
    if added < len(fresh):
        say(f"{len(fresh) - added} passages are not learned yet: palermo search index")
    return added
