"""Search across languages: what is found first of the regression set, and how fast among 20,000 cases."""

import time
from itertools import islice
from typing import Any

from bench_measure import Figure, median, p95, ready, scaled, tell

CASES, BATCH, TURNS, TOP1, TOP3 = 20_000, 2_000, 120, 0.95, 0.90


def figures(scale: float) -> list[Figure]:
    ready()
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.caselaw.actions import bring_in
    from palermo.rooms.search.actions import index
    from palermo.rooms.search.queries import search
    from palermo.rooms.search.tests.crossing import LANGUAGES, found_first, mixed

    def ask(query: str, language: str) -> list[str]:
        with acting(Viewer.anonymous()) as viewer:
            found = search(viewer, query, language=language, room="caselaw", size=40)
        assert found.meaning == "on", found.meaning
        return [hit.document.key for hit in found.hits]

    with acting(Viewer.operator()) as system:
        assert bring_in(actor=system, values=list(mixed())).problems == ()
    index(actor=Viewer.operator(), say=tell)
    rows = []
    for kind, first, least in (("statements", 1, TOP1), ("keywords", 3, TOP3)):
        for language in LANGUAGES:
            share, missed = found_first(ask, kind, language, first)
            name = f"{kind} in {language}: the right case among the first {first}"
            rows.append(
                Figure(name, f"{least:.0%}", 100 * share, "%", share >= least, beside=", ".join(missed))
            )
    _fill(scaled(CASES, scale, 200))
    from palermo.rooms.search.tests.crossing import SET

    asked = [told[language] for kind in SET.values() for told in kind.values() for language in LANGUAGES]
    times = []
    for turn in range(TURNS + 2):
        begun = time.perf_counter()
        ask(asked[turn * 7 % len(asked)], "en")
        times.append(1000 * (time.perf_counter() - begun))
    limit = p95(times[2:])
    return [
        *rows,
        Figure(
            "a search in all of them, with meaning", "p95 400 ms", median(times[2:]), "ms", limit < 400, limit
        ),
    ]


def _fill(cases: int) -> None:
    """So many invented cases, with vectors drawn by chance: only how long it takes is measured."""
    import numpy as np

    from palermo.judgments.synthetic import synthetic
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.caselaw.actions import bring_in
    from palermo.rooms.search.models import Vector
    from palermo.rooms.search.queries.meaning import ready as model_of

    draw, (model, _known) = np.random.default_rng(1), model_of() or (None, None)
    records = synthetic(cases, 1)
    while batch := list(islice(records, BATCH)):
        vectors = draw.normal(size=(len(batch), 384))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows: list[Any] = [
            Vector(room="caselaw", key=one["palermo_id"], language=one["language"], digest=str(n), model=model.model,
                   vector=vector.astype("<f2").tobytes())
            for n, (one, vector) in enumerate(zip(batch, vectors, strict=True))
        ]  # fmt: skip
        with acting(Viewer.operator()) as system:
            assert bring_in(actor=system, values=batch).problems == ()
            Vector.objects.bulk_create(rows, 500)
        tell(f"{len(batch)} more cases")
