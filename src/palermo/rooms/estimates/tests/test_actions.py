"""Questions, runs and headlines: what is refused, what is kept, what comes out again to the last digit."""

from importlib import import_module
from typing import Any

import pytest

from palermo.estimation import CaptureTable, Options, mse
from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, DomainError, Invalid, Refused, Stale
from palermo.kernel.jobs import progress
from palermo.kernel.jobs.models import Effect
from palermo.rooms.estimates import actions, queries
from palermo.rooms.estimates.models import Run, Study
from palermo.rooms.estimates.tests.conftest import SETTINGS, TABLE, VALUES, carried_out, study_of

pytestmark = pytest.mark.django_db
WHY = "The lists were kept by bodies that do not refer to each other."


def test_a_run_is_what_the_library_says(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study, methods=("main", "stepwise", "chao"))
    assert run.state == "done"
    assert [one["method"] for one in run.results] == ["main", "stepwise", "chao"]
    table = CaptureTable.from_json(study.tables[0]["table"])
    direct = mse("stepwise").estimate(table, Options(bootstrap=50, seed=7)).as_json()
    assert run.results[1]["estimate"] == pytest.approx(direct["estimate"], rel=1e-12)
    assert run.results[1]["interval"] == direct["interval"]


def test_a_repeated_run_is_the_same_to_the_last_digit(people: Any, study: Study) -> None:
    first = carried_out(people.analyst, study, methods=("main", "stepwise"))
    with acting(people.coordinator.viewer) as viewer:
        again = actions.repeat_run(actor=viewer, run=first)
        actions.carry_out(viewer, Effect.objects.get(object_id=again.pk))
        assert Run.objects.get(pk=again.pk).same is True


def test_a_repetition_that_differs_says_so(
    people: Any, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of the library."""
    first = carried_out(people.analyst, study, methods=("main",))
    table = CaptureTable.from_json(study.tables[0]["table"])
    other = mse("main").estimate(table.without(2), Options(bootstrap=50, seed=7))
    monkeypatch.setattr("palermo.estimation.Estimator.estimate", lambda *args, **more: other)
    with acting(people.analyst.viewer) as viewer:
        again = actions.repeat_run(actor=viewer, run=first)
        actions.carry_out(viewer, Effect.objects.get(object_id=again.pk))
        assert Run.objects.get(pk=again.pk).same is False


def test_only_a_checked_result_is_proposed(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study, checks=False)
    with acting(people.analyst.viewer) as viewer, pytest.raises(Conflict, match="not checked"):
        actions.propose(actor=viewer, study=study, run_id=run.pk, place=0, why=WHY, expected_version=1)


def test_the_verdict_hears_the_checks(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study, methods=("stepwise",))
    found = run.results[0]
    assert {"leave_one_out", "merges", "consistency", "trajectory", "others"} <= set(found["checks"])
    assert found["verdict"]


def test_a_fault_in_one_method_takes_nothing_from_the_others(
    people: Any, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(import_module("palermo.estimation.mse.bounds"), "chao", broken)
    run = carried_out(people.analyst, study, methods=("main", "chao"), checks=False)
    assert [one["method"] for one in run.results] == ["main"]
    assert [one["method"] for one in run.refused] == ["chao"]


def test_strata_get_a_number_each(people: Any) -> None:
    rows = TABLE.splitlines()
    text = "\n".join([f"sex,{rows[0]}", *(f"F,{row}" for row in rows[1:]), *(f"M,{row}" for row in rows[1:])])
    run = carried_out(people.analyst, study_of(people.analyst, text, by="sex"), methods=("main",))
    assert [(one["stratum"], one["n_observed"]) for one in run.results] == [("F", 226), ("M", 226)]


def test_everything_wrong_with_a_table_is_said_at_once() -> None:
    bad = "A,B,count\n1,0,-3\n0,2,5\n1,1,x\n"
    with pytest.raises(Invalid) as caught:
        actions.read_tables(bad.splitlines())
    assert len(caught.value.problems) >= 3
    assert all(problem.field == "file" for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("name", "value"),
    [("title", "x"), ("crime", "both"), ("year_to", 2001), ("about", "x" * 2001), ("year_from", 1850)],
)
def test_a_question_that_is_none_is_refused(people: Any, name: str, value: Any) -> None:
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid):
        actions.open_study(
            actor=viewer, values={**VALUES, name: value}, tables=actions.read_tables(TABLE.splitlines())
        )


@pytest.mark.parametrize("change", [{"bootstrap": 999_999}, {"order": 9}, {"p": 0.0}])
def test_settings_have_limits(people: Any, study: Study, change: dict[str, Any]) -> None:
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid):
        actions.start_run(actor=viewer, study=study, methods=["main"], settings={**SETTINGS, **change})


def test_an_unknown_method_is_refused(people: Any, study: Study) -> None:
    with acting(people.analyst.viewer) as viewer, pytest.raises(Invalid):
        actions.start_run(actor=viewer, study=study, methods=["main", "magic"], settings=SETTINGS)


def test_a_method_that_cannot_take_the_table_is_named_beside_the_others(people: Any) -> None:
    two = "A,B,count\n1,0,40\n0,1,30\n1,1,10\n"
    run = carried_out(people.analyst, study_of(people.analyst, two), methods=("main", "stepwise"))
    assert [one["method"] for one in run.results] == ["main"]
    assert [one["method"] for one in run.refused] == ["stepwise"]


def test_nobody_fills_the_queue(people: Any, study: Study) -> None:
    with acting(people.analyst.viewer) as viewer:
        for _number in range(3):
            actions.start_run(actor=viewer, study=study, methods=["main"], settings=SETTINGS)
        with pytest.raises(Conflict):
            actions.start_run(actor=viewer, study=study, methods=["main"], settings=SETTINGS)


def test_a_wish_to_stop_is_kept_for_the_worker(people: Any, study: Study) -> None:
    with acting(people.analyst.viewer) as viewer:
        run = actions.start_run(actor=viewer, study=study, methods=["main"], settings=SETTINGS)
        actions.stop_run(actor=viewer, run=run)
        found = progress.of(run.pk)
    assert found is not None
    assert found.stop


def test_a_run_that_ended_is_not_carried_out_again(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        actions.carry_out(viewer, Effect.objects.get(object_id=run.pk))
        with pytest.raises(Conflict):
            actions.stop_run(actor=viewer, run=run)
    assert Run.objects.count() == 0  # nobody is signed in here
    with acting(people.analyst.viewer):
        assert Run.objects.get(pk=run.pk).version == run.version


def test_the_table_stays_once_something_was_run(people: Any, study: Study) -> None:
    carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        with pytest.raises(Conflict):
            actions.change_study(
                actor=viewer, study=study, expected_version=1, values={**VALUES, "year_to": 2026}
            )
        actions.change_study(
            actor=viewer, study=study, expected_version=1, values={**VALUES, "title": "A better title"}
        )
    assert study.title == "A better title"


def test_two_persons_make_a_headline(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        actions.propose(actor=viewer, study=study, run_id=run.pk, place=0, why=WHY, expected_version=1)
        with pytest.raises(Refused):
            actions.agree(actor=viewer, study=study, expected_version=2)
        assert queries.due_for(viewer) == []
    with acting(people.coordinator.viewer) as viewer:
        assert len(queries.due_for(viewer)) == 1
        actions.agree(actor=viewer, study=study, expected_version=2)
        [(found, result)] = list(queries.agreed(viewer))
        assert (found.pk, result["method"]) == (study.pk, "main")
        with pytest.raises(Conflict):
            actions.propose(actor=viewer, study=study, run_id=run.pk, place=1, why=WHY, expected_version=3)
        actions.take_back(actor=viewer, study=study, expected_version=3)
        assert list(queries.agreed(viewer)) == []
    with acting(people.administrator.viewer):
        done = set(Entry.objects.filter(object_id=study.pk).values_list("action", flat=True))
    assert {"estimates.headline.propose", "estimates.headline.agree", "estimates.headline.take_back"} <= done


def test_a_number_that_its_method_withholds_is_no_headline(people: Any) -> None:
    alone = "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,20\n"
    study = study_of(people.analyst, alone)
    run = carried_out(people.analyst, study, methods=("main",))
    assert run.results[0]["estimate"] is None
    with acting(people.analyst.viewer) as viewer, pytest.raises(Conflict):
        actions.propose(actor=viewer, study=study, run_id=run.pk, place=0, why=WHY, expected_version=1)


@pytest.mark.parametrize(("place", "why"), [(0, "short"), (17, WHY), (-1, WHY)])
def test_a_proposal_needs_a_result_and_a_reason(people: Any, study: Study, place: int, why: str) -> None:
    run = carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer, pytest.raises(DomainError):
        actions.propose(actor=viewer, study=study, run_id=run.pk, place=place, why=why, expected_version=1)


def test_what_changed_meanwhile_is_not_overwritten(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        actions.change_study(actor=viewer, study=study, expected_version=1, values=VALUES)
        with pytest.raises(Stale):
            actions.propose(actor=viewer, study=study, run_id=run.pk, place=0, why=WHY, expected_version=1)


def test_the_files_say_all_that_is_needed_to_repeat_it(people: Any, study: Study) -> None:
    run = carried_out(people.analyst, study)
    with acting(people.analyst.viewer) as viewer:
        table = actions.export_table(actor=viewer, study=study).content.decode("utf-8-sig")
        whole = actions.export_run(actor=viewer, study=study, run=run).content.decode()
    assert (
        actions.read_tables(table.splitlines())[""].hash == actions.read_tables(TABLE.splitlines())[""].hash
    )
    assert study.data_hash in whole
    assert '"seed": 7' in whole
