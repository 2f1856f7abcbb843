"""From lists to people: runs, decisions, the two-person rule, merges and their undoing, the sample, removal."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.jobs.models import Effect
from palermo.linkage import explaining
from palermo.rooms.reconciliation import actions, queries
from palermo.rooms.reconciliation.models import (
    Change,
    Decision,
    Link,
    Listed,
    Pair,
    Project,
    Run,
    Source,
    Version,
)
from palermo.rooms.reconciliation.queries.reasons import REASONS
from palermo.rooms.reconciliation.tests.conftest import carried_out, pair_of, say

pytestmark = pytest.mark.django_db


def settled(project: Project) -> None:
    """What the worker does after decisions."""
    with acting(Viewer.operator()) as viewer:
        actions.settle(viewer, Effect(kind="reconciliation.settle", object_id=project.pk))


def person_of(record: Any) -> Any:
    with acting(Viewer.operator()):
        return Link.objects.get(listed_id=record, closed=None).person_id


def test_a_run_links_and_keeps_no_name(people: Any, project: Project, run: Run) -> None:
    assert run.state == "done", run.why_failed
    assert run.summary["records"] == 10
    assert run.summary["persons"] < 10
    with acting(people.coordinator.viewer):
        for pair in Pair.objects.filter(run=run):
            assert pair.left_id < pair.right_id
            assert all(isinstance(v, int) for one in pair.reasons for v in one["values"].values())


def test_identities_open_to_the_worker_only_while_a_run_waits(
    people: Any, project: Project, run: Run
) -> None:
    with acting(Viewer.operator()):
        assert Version.objects.count() == 0
    with acting(people.coordinator.viewer) as viewer:
        waiting = actions.start_run(actor=viewer, project=project)
        assert Version.objects.count() == 0
    with acting(Viewer.operator()):
        assert Version.objects.count() == 10
    assert waiting.open


def test_a_list_without_a_basis_is_not_opened(
    people: Any, project: Project, lists: dict[str, Source]
) -> None:
    with acting(people.coordinator.viewer) as viewer:
        Source.objects.filter(name="Help").update(legal_basis="")
        with pytest.raises(Conflict, match="no legal basis"):
            actions.start_run(actor=viewer, project=project)


def test_codes_of_people_stay_when_lists_are_linked_again(people: Any, project: Project, run: Run) -> None:
    with acting(Viewer.operator()):
        before = dict(Link.objects.filter(closed=None).values_list("listed_id", "person__code"))
    again = carried_out(people, project)
    with acting(Viewer.operator()):
        assert dict(Link.objects.filter(closed=None).values_list("listed_id", "person__code")) == before
    assert again.summary["changed"] == 0


def test_a_merge_across_organisations_needs_one_of_each(people: Any, project: Project, run: Run) -> None:
    pair = pair_of(run, across=True)
    say(people.case_worker, pair, "same")
    say(people.supervisor, pair, "same")
    with acting(people.coordinator.viewer):
        assert queries.standing_of(pair).word == "second"
    say(people.other_worker, pair, "same")
    with acting(people.coordinator.viewer):
        assert queries.standing_of(pair).word == "same"


def decision(by: str, house: str, verdict: str) -> Decision:
    return Decision(by_id=by, house=house, left_house="A", right_house="B", verdict=verdict)


@pytest.mark.parametrize(
    ("rows", "child", "across", "word"),
    [
        ([], False, False, "none"),
        ([("x", "A", "same")], False, False, "same"),
        ([("x", "A", "same")], True, False, "second"),
        ([("x", "A", "same"), ("y", "A", "same")], True, False, "same"),
        ([("x", "A", "same"), ("y", "A", "same")], False, True, "second"),
        ([("x", "A", "same"), ("y", "B", "same")], True, True, "same"),
        ([("x", "A", "different")], True, True, "different"),
        ([("x", "A", "same"), ("y", "B", "different")], False, True, "disputed"),
        ([("x", "A", "unsure")], False, False, "unsure"),
    ],
)
def test_what_decisions_come_to(rows: list[Any], child: bool, across: bool, word: str) -> None:
    assert queries.standing([decision(*row) for row in rows], child=child, across=across).word == word


def test_different_is_respected_by_the_next_run(people: Any, project: Project, run: Run) -> None:
    with acting(Viewer.operator()):
        pair = Pair.objects.get(
            run=run, linked=True, across=False, left__nationality="COL", right__nationality="COL"
        )
    assert person_of(pair.left_id) == person_of(pair.right_id)
    say(people.case_worker, pair, "different")
    carried_out(people, project)
    assert person_of(pair.left_id) != person_of(pair.right_id)


def test_a_merge_and_its_undoing_restore_everything(people: Any, project: Project, run: Run) -> None:
    with acting(Viewer.operator()):
        one = Listed.objects.filter(source__name="Harbour").order_by("recorded_on")[3]
        other = Listed.objects.filter(source__name="Help").order_by("recorded_on")[2]
        left, right = sorted((one, other), key=lambda record: record.pk)
        pair = Pair.objects.create(
            id=run.pk, run=run, left=left, right=right, left_code=left.code, right_code=right.code,
            left_source=left.source_id, right_source=right.source_id, left_house=left.house, right_house=right.house,
            probability=0.3, weight=-1, linked=False, child=False, across=False, band=2,
        )  # fmt: skip
        before = dict(Link.objects.filter(closed=None).values_list("listed_id", "person_id"))
    say(people.case_worker, pair, "same")
    settled(project)
    assert person_of(left.pk) == person_of(right.pk)
    with acting(people.coordinator.viewer) as viewer:
        change = Change.objects.filter(kind="merge").get()
        actions.undo(actor=viewer, change=change)
        with pytest.raises(Conflict):
            actions.undo(actor=viewer, change=change)
        assert dict(Link.objects.filter(closed=None).values_list("listed_id", "person_id")) == before
    settled(project)  # what a coordinator took back is not merged again behind his back
    with acting(Viewer.operator()):
        assert dict(Link.objects.filter(closed=None).values_list("listed_id", "person_id")) == before


def test_a_decision_is_never_rewritten(people: Any, project: Project, run: Run) -> None:
    pair = pair_of(run, across=False)
    say(people.case_worker, pair, "same")
    say(people.case_worker, pair, "unsure")
    with acting(people.case_worker.viewer):
        assert Decision.objects.filter(left=pair.left, right=pair.right).count() == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.filter(until=None).update(verdict="different")
    with acting(people.supervisor.viewer):
        assert Decision.objects.filter(until=None).update(until=None) == 0


def test_nobody_decides_about_records_of_others(people: Any, project: Project, run: Run) -> None:
    pair = pair_of(run, across=False)
    with acting(people.other_worker.viewer) as viewer:
        assert not Pair.objects.filter(pk=pair.pk).exists()
        with pytest.raises(NotFound):
            queries.pair(viewer, project, pair.pk)
        with pytest.raises(NotFound):
            actions.decide(actor=viewer, pair=pair, verdict="same")
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid):
        actions.decide(actor=viewer, pair=pair, verdict="perhaps")


def test_a_reviewer_sees_his_own_side_only_and_it_is_on_record(
    people: Any, project: Project, run: Run
) -> None:
    pair = pair_of(run, across=True)
    with acting(people.case_worker.viewer) as viewer:
        assert actions.shown_records(actor=viewer, pair=pair) == {}
        actions.begin_review(actor=viewer)
        shown = actions.shown_records(actor=viewer, pair=pair)
        mine = pair.left_id if pair.left_house == people.organisation.pk else pair.right_id
        assert set(shown) == {mine}
        assert shown[mine].family_name == "Quillam"
        assert Entry.objects.filter(action="reconciliation.identity.reveal", object_id=pair.pk).count() == 1
    with acting(people.coordinator.viewer) as viewer:
        assert actions.shown_records(actor=viewer, pair=pair) == {}


def test_others_see_nothing_in_the_database(people: Any, project: Project, run: Run) -> None:
    for name in ("prosecutor", "administrator", "competent_authority", "first_responder", "stranger"):
        with acting(getattr(people, name).viewer), connection.cursor() as cursor:
            for table in (
                "project",
                "source",
                "listed",
                "version",
                "pair",
                "decision",
                "person",
                "link",
                "run",
                "handover",
            ):
                cursor.execute(f"SELECT count(*) FROM reconciliation_{table}")
                assert cursor.fetchone() == (0,), (name, table)
    with acting(people.analyst.viewer), connection.cursor() as cursor:
        for table in ("listed", "version", "pair", "decision", "person", "link"):
            cursor.execute(f"SELECT count(*) FROM reconciliation_{table}")
            assert cursor.fetchone() == (0,), table


def test_a_removed_record_is_gone_from_every_table(
    people: Any, project: Project, run: Run, tmp_path: Any
) -> None:
    from palermo.rooms.reconciliation.tests.conftest import HARBOUR, take

    pair = pair_of(run, across=True)
    say(people.case_worker, pair, "same")
    mine = pair.left_id if pair.left_house == people.organisation.pk else pair.right_id
    with acting(people.supervisor.viewer) as viewer:
        code = Listed.objects.get(pk=mine).code
        actions.remove_record(actor=viewer, code=code, why="request")
    with acting(Viewer.operator()) as viewer:
        actions.tidy(viewer, Effect(kind="reconciliation.tidy"))
    assert everywhere(str(mine), code) == []
    again = take(tmp_path, "Harbour", HARBOUR)
    assert again.added == 0


def everywhere(*texts: str) -> list[str]:
    """Tables of the room in which any of these texts stands, as the owner of the database sees them."""
    found = []
    with acting(Viewer.operator()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'reconciliation_%' OR tablename LIKE 'vault_%'"
        )
        for (table,) in cursor.fetchall():
            for text in texts:
                try:
                    with transaction.atomic():
                        cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{text}%"])
                        found += [table] if cursor.fetchone()[0] else []
                except DatabaseError:
                    continue
    return found


def test_the_blind_sample_gives_precision_and_agreement(people: Any, project: Project, run: Run) -> None:
    with acting(people.coordinator.viewer) as viewer:
        drawn = actions.draw_sample(actor=viewer, run=run)
        assert drawn == Pair.objects.filter(run=run).count()
        with pytest.raises(Conflict):
            actions.draw_sample(actor=viewer, run=run)
        pairs = list(Pair.objects.filter(run=run))
    # Every two reviewers say both words, whatever the pairs are numbered; agreement on one word alone has no kappa.
    for place, pair in enumerate(sorted(pairs, key=lambda one: (one.across, one.pk))):
        for someone in (people.case_worker, people.other_worker if pair.across else people.supervisor):
            if someone.viewer.organisation_ids[0] in (pair.left_house, pair.right_house):
                say(someone, pair, "same" if place % 2 else "different", blind=True)
    with acting(people.coordinator.viewer):
        told = queries.sampled(Run.objects.get(pk=run.pk))
        assert told.judged == drawn > 1
        assert told.precision is not None
        assert told.precision[1] <= told.precision[0] <= told.precision[2]
        assert told.recall is not None
        assert queries.pooled(queries.agreements(project.pk)).kappa == 1.0  # type: ignore[union-attr]


def test_kappa_is_cohens(people: Any) -> None:
    answers = (
        [("same", "same")] * 20
        + [("same", "different")] * 5
        + [("different", "same")] * 10
        + [("different", "different")] * 15
    )
    assert queries.kappa(answers) == pytest.approx(0.4)
    assert queries.kappa([("same", "same")] * 5) is None


def test_a_link_is_a_proposal_until_people_confirm_it(people: Any, project: Project, run: Run) -> None:
    with acting(Viewer.operator()):
        pair = Pair.objects.get(
            run=run, linked=True, across=False, left__nationality="COL", right__nationality="COL"
        )
    code = None
    for expected in (False, True):
        with acting(people.coordinator.viewer) as viewer:
            lines = [
                one
                for one in queries.several(viewer, project)
                if {r.pk for r in one.records} >= {pair.left_id}
            ]
            code = code or lines[0].person.code
            assert queries.person(viewer, project, code).confirmed is expected
        say(people.case_worker, pair, "same")


def test_conflicting_facts_stand_side_by_side_with_their_rule(
    people: Any, project: Project, run: Run
) -> None:
    with acting(people.coordinator.viewer) as viewer:
        lines = queries.several(viewer, project)
        facts = {fact.name: fact for line in lines for fact in line.facts if len(line.records) == 3}
        assert facts["nationality"].conflict
        assert (facts["nationality"].value, facts["nationality"].rule) == ("COL", "later")
        assert len(facts["nationality"].told) == 3


def test_histories_are_handed_over_with_their_draws(people: Any, project: Project, run: Run) -> None:
    with acting(people.analyst.viewer) as viewer:
        made = actions.hand_over(actor=viewer, run=run, by_stratum="sex")
        found = queries.handover(viewer, made.pk)
        assert (
            sum(count for table in found.tables.values() for _mask, count in table["cells"])
            == run.summary["persons"]
        )
        assert len(found.draws) == 20
        assert found.year_from == found.year_to == 2024
    with acting(people.case_worker.viewer) as viewer, pytest.raises(NotFound):
        queries.handover(viewer, made.pk)


def test_quality_says_what_is_wrong_with_a_list(people: Any, project: Project, run: Run) -> None:
    with acting(people.coordinator.viewer) as viewer:
        found = {row.name: row for row in queries.quality(viewer, project)}
        assert found["Harbour"].records == 4
        assert dict(found["Harbour"].faults) == {"first_of_january": 1}
        assert dict(found["Help"].filled)["given_name"] == pytest.approx(0.667)
        assert found["Harbour"].score > found["Help"].score
        assert actions.export_quality(actor=viewer, project=project).content.startswith(b"\xef\xbb\xbf"[:0])


def test_the_sentences_are_those_of_the_library() -> None:
    assert {key: str(text) for key, text in REASONS.items()} == dict(explaining.TEMPLATES)


def test_the_demonstration_has_pairs_that_wait(people: Any) -> None:
    actions.demo_reconciliation(cast=people)
    with acting(Viewer.operator()) as viewer:
        waiting = Run.objects.get(state="waiting")
        actions.carry_out(viewer, Effect(kind="reconciliation.run", object_id=waiting.pk))
    with acting(people.coordinator.viewer):
        run = Run.objects.get(pk=waiting.pk)
        assert run.state == "done"
        assert [one["records"] for one in run.lists if one["records"] < 80 or one["records"] > 120] == []
        assert run.summary["persons"] < run.summary["records"]
    for someone in (people.case_worker, people.other_worker):
        with acting(someone.viewer) as viewer:
            assert queries.due_for(viewer)
