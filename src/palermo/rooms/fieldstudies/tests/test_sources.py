"""Raw words are the team's; a redaction is undone step by step and approved by somebody else."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from palermo.rooms.fieldstudies import actions, queries
from palermo.rooms.fieldstudies.models import FieldStudy, Member, Source, Wording
from palermo.rooms.fieldstudies.tests.conftest import SOURCE, TEXT, fresh

pytestmark = pytest.mark.django_db


def test_raw_words_are_for_the_team_alone(raw: Any) -> None:
    with acting(raw.people.analyst.viewer) as viewer:
        assert actions.open_source(actor=viewer, source=fresh(raw.source)) == TEXT
        assert queries.notes(viewer, raw.study)["translator"] == "T-01"
    with acting(raw.people.second_analyst.viewer) as viewer:
        assert not Wording.objects.exists(), "the wall itself hides them"
        with pytest.raises(NotFound):
            actions.open_source(actor=viewer, source=fresh(raw.source))
        assert queries.notes(viewer, raw.study) == {}
        with pytest.raises(Refused):
            actions.add_source(
                actor=viewer, study=raw.study, values={**SOURCE, "code": "M-10"}, text="Words."
            )
        with pytest.raises(Refused):
            redact(viewer, raw, "Ali")
    with acting(raw.people.analyst.viewer) as viewer:
        actions.add_member(actor=viewer, study=raw.study, user_id=str(raw.people.second_analyst.pk))
    with acting(raw.people.second_analyst.viewer) as viewer:
        assert actions.open_source(actor=viewer, source=fresh(raw.source)) == TEXT


@pytest.mark.parametrize("who", ["case_worker", "supervisor", "coordinator", "administrator", "stranger"])
def test_nobody_else_sees_that_there_is_a_study(raw: Any, who: str) -> None:
    with acting(getattr(raw.people, who).viewer):
        assert not FieldStudy.objects.exists()
        assert not Source.objects.exists()
        assert not Member.objects.exists()
        assert not Wording.objects.exists()


def redact(viewer: Any, raw: Any, words: str, mark: str = "NAME", everywhere: bool = True) -> int:
    one = fresh(raw.source)
    return actions.redact(
        actor=viewer, source=one, words=words, mark=mark, everywhere=everywhere, expected_version=one.version
    )


def test_redaction_takes_whole_words_and_is_undone(raw: Any) -> None:
    with acting(raw.people.analyst.viewer) as viewer:
        assert redact(viewer, raw, "ali") == 2
        once = "[NAME] paid 400 to [NAME]. Alicante was far. They waited."
        assert actions.open_source(actor=viewer, source=fresh(raw.source)) == once
        redact(viewer, raw, "Alicante", "PLACE")
        one = fresh(raw.source)
        actions.undo(actor=viewer, source=one, expected_version=one.version)
        assert actions.open_source(actor=viewer, source=fresh(raw.source)) == once
        assert redact(viewer, raw, "Alicante", "PLACE") == 1, "after an undo one goes on from there"
        for _step in range(2):
            one = fresh(raw.source)
            actions.undo(actor=viewer, source=one, expected_version=one.version)
        assert (fresh(raw.source).state, fresh(raw.source).current) == ("raw", 0)
        with pytest.raises(Conflict):
            actions.undo(actor=viewer, source=fresh(raw.source), expected_version=fresh(raw.source).version)
        with pytest.raises(Invalid):
            redact(viewer, raw, "Nobody")
        with pytest.raises(Invalid):
            redact(viewer, raw, "Ali", "SHOUT")
        with pytest.raises(Stale):
            actions.redact(
                actor=viewer,
                source=fresh(raw.source),
                words="Ali",
                mark="NAME",
                everywhere=True,
                expected_version=1,
            )


def test_a_second_person_approves(raw: Any) -> None:
    with acting(raw.people.second_analyst.viewer) as viewer, pytest.raises(Conflict):
        actions.approve(actor=viewer, source=fresh(raw.source), expected_version=1)
    with acting(raw.people.analyst.viewer) as viewer:
        redact(viewer, raw, "Ali")
        with pytest.raises(Refused):
            actions.approve(actor=viewer, source=fresh(raw.source), expected_version=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            Source.objects.filter(pk=raw.source.pk).update(state="approved", approved_by_id=viewer.user_id)
    with acting(raw.people.second_analyst.viewer) as viewer:
        done = actions.approve(actor=viewer, source=fresh(raw.source), expected_version=2)
        assert [TEXT.replace("Ali ", "[NAME] ").replace("Ali.", "[NAME].")[a:b] for a, b in done.units] == [
            "[NAME] paid 400 to [NAME].", "Alicante was far.", "They waited.",
        ]  # fmt: skip
        with pytest.raises(IntegrityError, match="approved words stay"), transaction.atomic():
            Source.objects.filter(pk=raw.source.pk).update(current=0)
    with acting(raw.people.analyst.viewer) as viewer, pytest.raises(Conflict):
        redact(viewer, raw, "waited")


def test_words_are_never_rewritten(raw: Any) -> None:
    with acting(raw.people.analyst.viewer):
        for statement in (
            lambda: Wording.objects.update(sealed_text=b""),
            lambda: Wording.objects.all().delete(),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                statement()


def test_what_is_missing_is_said_at_once(raw: Any) -> None:
    with acting(raw.people.analyst.viewer) as viewer:
        bad = {**SOURCE, "code": "Ali Baba", "month": "2026-13", "audio": True}
        with pytest.raises(Invalid) as told:
            actions.add_source(actor=viewer, study=raw.study, values=bad, text=" ")
        assert {one.field for one in told.value.problems} == {"code", "month", "audio_until", "text"}
        with pytest.raises(Invalid):
            actions.open_study(actor=viewer, values={"code": "raw-study"})


def test_a_recording_that_should_be_gone_raises_an_alarm(coded: Any) -> None:
    with acting(coded.people.analyst.viewer) as viewer:
        assert queries.overdue(coded.study, date(2026, 6, 30)) == []
        (one,) = queries.overdue(coded.study, date(2026, 7, 1))
        assert one.code == "M-02"
        one = fresh(one)
        actions.destroyed(actor=viewer, source=one, expected_version=one.version)
        assert queries.overdue(coded.study, date(2026, 7, 1)) == []
