"""save_answers: ternary, never "no" by default, never last-write-wins."""

from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Stale
from palermo.kernel.vault.crypto import Tampered
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Answers, Screening


def save(viewer: Any, screening: Screening, version: int, base: dict[str, str], **answers: str) -> Answers:
    return actions.save_answers(
        actor=viewer,
        screening=screening,
        section="act",
        answers={name.replace("_", ".", 1): value for name, value in answers.items()},
        expected_version=version,
        base={name.replace("_", ".", 1): value for name, value in base.items()},
    )


def test_what_is_not_answered_is_not_stored_as_no(as_worker: Any, screening: Screening) -> None:
    saved = save(as_worker, screening, 1, {}, act_recruited="yes", act_received="")
    assert saved.values == {"act.recruited": "yes"}
    assert saved.version == 2


def test_an_answer_can_go_back_to_not_known(as_worker: Any, screening: Screening) -> None:
    save(as_worker, screening, 1, {}, act_recruited="yes")
    assert save(as_worker, screening, 2, {}, act_recruited="").values == {}


def test_saving_nothing_new_changes_nothing(as_worker: Any, screening: Screening) -> None:
    assert save(as_worker, screening, 1, {}, act_recruited="").version == 1


def test_two_people_who_answer_different_questions_both_win(as_worker: Any, screening: Screening) -> None:
    shown = {"act_recruited": "", "act_received": ""}
    save(as_worker, screening, 1, shown, act_recruited="yes", act_received="")
    saved = save(as_worker, screening, 1, shown, act_recruited="", act_received="no")
    assert saved.values == {"act.recruited": "yes", "act.received": "no"}


def test_the_same_question_answered_twice_shows_three_versions(as_worker: Any, screening: Screening) -> None:
    save(as_worker, screening, 1, {"act_recruited": ""}, act_recruited="yes")
    with pytest.raises(Stale) as caught:
        save(as_worker, screening, 1, {"act_recruited": ""}, act_recruited="no")
    error = caught.value
    versions = [side["act.recruited"] for side in (error.base, error.mine, error.theirs)]
    assert versions == ["", "no", "yes"]
    assert Answers.objects.get(screening=screening).values == {"act.recruited": "yes"}


def test_remarks_are_kept_as_typed(as_worker: Any, screening: Screening) -> None:
    save(as_worker, screening, 1, {}, remark="  first line\r\nsecond ")
    assert queries.remarks(as_worker, reread(screening)) == {"act": "  first line\nsecond "}


def reread(screening: Screening) -> Screening:
    return Screening.objects.select_related("answers").get(pk=screening.pk)


def test_remarks_lie_sealed_and_stay_when_answers_change(as_worker: Any, screening: Screening) -> None:
    save(as_worker, screening, 1, {}, remark="Secretword")
    saved = save(as_worker, screening, 2, {}, act_recruited="yes")
    assert queries.remarks(as_worker, reread(screening)) == {"act": "Secretword"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a::text, sealed_remarks FROM identification_answers a WHERE id = %s", [saved.pk]
        )
        row, raw = cursor.fetchone()
    assert "Secretword" not in row
    assert b"Secretword" not in bytes(raw)


def test_remarks_put_back_or_pasted_are_refused_with_an_alarm(as_worker: Any, screening: Screening) -> None:
    old = bytes(save(as_worker, screening, 1, {}, remark="He lied.").sealed_remarks)
    save(as_worker, screening, 2, {"remark": "He lied."}, remark="He told the truth.")
    Answers.objects.filter(screening=screening).update(sealed_remarks=old)
    shown = queries.remarks(as_worker, reread(screening))
    assert "not shown" in shown["act"]
    assert Entry.objects.filter(object_id=screening.pk, action="vault.text.tampered", result="alarm").exists()
    with pytest.raises(Tampered):
        save(as_worker, screening, 3, {}, act_recruited="yes")
    other = actions.start_screening(actor=as_worker)
    mine = save(as_worker, other, 1, {}, remark="Mine.")
    Answers.objects.filter(pk=mine.pk).update(sealed_remarks=old)
    assert "not shown" in queries.remarks(as_worker, reread(other))["act"]


def test_it_lists_every_problem_at_once(as_worker: Any, screening: Screening) -> None:
    with pytest.raises(Invalid) as caught:
        save(as_worker, screening, 1, {}, act_recruited="maybe", som_money="yes", remark="x" * 4001)
    assert {p.field for p in caught.value.problems} == {"act.recruited", "som.money", "remark"}


def test_it_is_audited_by_question_and_never_by_content(as_worker: Any, screening: Screening) -> None:
    save(as_worker, screening, 1, {}, act_recruited="yes", remark="Secretword")
    entry = Entry.objects.get(action="identification.screening.answer", object_id=screening.pk)
    assert entry.fields == ["act.recruited", "remark"]
    assert "Secretword" not in str(vars(entry))


def test_it_refuses_strangers_like_a_missing_screening(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.start_screening(actor=viewer)
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        save(viewer, made, 1, {}, act_recruited="yes")


def test_a_decided_screening_is_not_answered_any_more(as_worker: Any, screening: Screening) -> None:
    Screening.objects.filter(pk=screening.pk).update(state="decided")
    with pytest.raises(Conflict) as caught:
        save(as_worker, screening, 1, {}, act_recruited="yes")
    assert caught.value.state == "decided"


def test_an_unknown_section_does_not_exist(as_worker: Any, screening: Screening) -> None:
    with pytest.raises(NotFound):
        actions.save_answers(
            actor=as_worker, screening=screening, section="nowhere", answers={}, expected_version=1
        )
