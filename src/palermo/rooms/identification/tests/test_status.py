"""The legal status of a presumed victim: its steps, its two deciders, its clocks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.kernel.workflow import timer
from palermo.kernel.workflow.models import Deadline
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries as held_cases
from palermo.rooms.consents import actions as consents
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.actions import rules
from palermo.rooms.identification.models import Identification, Packet, Question, Ruling
from palermo.rooms.identification.tests.way import CANARY, PRESUMED, REASONS, SERVED, TEXTS, Way
from palermo.standards.packs import pack
from palermo.web.room import subject


def clock(viewer: Viewer, found: Identification, event: str) -> Deadline | None:
    running = Deadline.objects.filter(object_id=found.pk, met_at=None, cancelled_at=None)
    return running.filter(Q(event=event) | Q(rule=event) | Q(rule=f"{event}_detained")).first()


def test_a_status_begins_with_the_case_and_is_presumed_once_rights_are_explained(way: Way) -> None:
    found = way.begin()
    assert found.state == "screening"
    with pytest.raises(Conflict):
        way.move(way.worker, found, "indicators", urgent_first=True)
    assert way.move(way.worker, found, "indicators", **PRESUMED).state == "presumed"
    assert way.begin().pk != found.pk


def test_nothing_is_referred_without_consent_for_this_authority_and_these_things(way: Way) -> None:
    found = way.presumed()
    with pytest.raises(Conflict):
        way.refer(found)
    way.consent("needs")
    with pytest.raises(Conflict):
        way.refer(found)
    with acting(way.worker.viewer):
        assert not Packet.objects.exists()
    way.consent("needs", "exploitation")
    with pytest.raises(Invalid):
        way.refer(found, texts={"needs": "A bed."})
    with pytest.raises(Conflict):
        way.refer(found, texts=TEXTS | {"health": "Told of pain in the back."})
    assert way.refer(found).state == "referred"


def test_a_detained_person_is_referred_and_decided_on_within_a_day(way: Way) -> None:
    found = way.presumed()
    with acting(way.worker.viewer) as viewer:
        before = clock(viewer, found, "refer")
        found = actions.set_detention(
            actor=viewer, found=found, detained=True, charged=True, expected_version=found.version
        )
        after = clock(viewer, found, "refer")
    assert before is not None
    assert after is not None
    assert after.due_at - after.started_at == timedelta(hours=24) < before.due_at - before.started_at


def test_information_is_asked_once_item_by_item_and_the_clock_stands_still(way: Way) -> None:
    found = way.referred()
    with pytest.raises(Invalid):
        way.move(way.first, found, "request_info", questions=[])
    found = way.move(way.first, found, "request_info", questions=["Who took the papers?", "Since when?"])
    with acting(way.worker.viewer) as viewer:
        found = Identification.objects.get(pk=found.pk)
        assert clock(viewer, found, "rg_positive").paused_at is not None  # type: ignore[union-attr]
        one, two = queries.questions(viewer, found)
        actions.answer_questions(
            actor=viewer, found=found, answers={one.id: "The boss."}, expected_version=found.version
        )
        assert found.state == "info_pending"
        with pytest.raises(Conflict):
            actions.answer_questions(
                actor=viewer, found=found, answers={one.id: "Nobody."}, expected_version=found.version
            )
        actions.answer_questions(
            actor=viewer, found=found, answers={two.id: "Not known."}, expected_version=found.version
        )
        assert found.state == "referred"
        assert clock(viewer, found, "rg_positive").paused_at is None  # type: ignore[union-attr]
    with acting(way.first.viewer) as viewer:
        assert [asked.answer for asked in queries.questions(viewer, found)] == ["The boss.", "Not known."]
    with pytest.raises(Conflict):
        way.move(way.first, found, "request_info", questions=["And before?"])
    assert way.move(way.first, found, "rg_positive", reasons=REASONS).state == "recovery"


def test_late_information_is_a_mark_and_decides_nothing(way: Way) -> None:
    found = way.move(way.first, way.referred(), "request_info", questions=["Since when?"])
    with acting(Viewer.operator()):
        Deadline.objects.filter(object_id=found.pk, fires=True, cancelled_at=None).update(
            due_at=timezone.now() - timedelta(minutes=1), next_at=timezone.now() - timedelta(minutes=1)
        )
    assert timer.run().fired == 1
    with acting(way.first.viewer):
        found.refresh_from_db()
    assert (found.state, found.information_late) == ("referred", True)


def test_a_positive_decision_starts_recovery_never_below_the_legal_minimum(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = way.recovery()
    assert found.recovery_until is not None
    assert (found.recovery_until - timezone.now()).days >= pack("demo").limit("recovery_period").amount - 1
    assert queries.removal_bar(found)
    country = pack("demo")
    short = replace(country, limits={**country.limits, "recovery_period": country.limits["refer_detained"]})
    monkeypatch.setattr(rules, "pack", lambda code: short if code == "demo" else pack(code))
    assert (actions.recovery_from(timezone.now()) - timezone.now()).days >= 29


def test_a_period_is_only_made_longer_with_a_coded_reason(way: Way) -> None:
    found = way.recovery()
    later = (found.recovery_until + timedelta(days=10)).date()  # type: ignore[operator]
    for wrong in ({"until": later}, {"extension_reason": "health", "until": timezone.localdate()}):
        with pytest.raises(Invalid):
            way.move(way.first, found, "extend", **wrong)
    found = way.move(way.first, found, "extend", extension_reason="health", until=later)
    with acting(way.first.viewer) as viewer:
        ends = Deadline.objects.get(object_id=found.pk, event="end_period", cancelled_at=None, met_at=None)
        assert timezone.localdate(ends.due_at) == later
        with pytest.raises(DatabaseError), transaction.atomic():
            Identification.objects.filter(pk=found.pk).update(recovery_until=timezone.now())
        with pytest.raises(Conflict):
            actions.move_status(actor=viewer, found=found, event="end_period", expected_version=found.version)


def test_recovery_ends_early_only_at_the_written_request(way: Way) -> None:
    found = way.recovery()
    with pytest.raises(Conflict):
        way.move(way.first, found, "early_request")
    found = way.move(way.first, found, "early_request", asked_in_writing=True)
    assert found.state == "determination"
    # CoE Convention art. 10(2): until the identification is completed, not only until recovery ends.
    assert queries.removal_bar(found)
    found = way.move(way.first, found, "cg_positive", reasons=REASONS, options_explained=True)
    assert not queries.removal_bar(found)


def test_a_negative_decision_takes_two_people_also_in_the_database(way: Way) -> None:
    found = way.move(way.first, way.referred(), "propose_rg_negative", reasons=REASONS)
    with pytest.raises(Refused):
        way.move(way.first, found, "rg_negative", reasons=REASONS, **SERVED)
    with acting(way.first.viewer) as viewer:
        proposal = Ruling.objects.get(identification_id=found.pk)
        version = Identification.objects.get(pk=found.pk).version
        insert = (
            "INSERT INTO identification_ruling (id, identification_id, written_by_id, written_at, event, at_version, "
            "authority_id, sentences, sealed_reasons, language, bearer, confirms_id) VALUES (gen_random_uuid(), %s, "
            "%s, now(), 'rg_negative', %s, %s, '{}', 'x', 'ar', 'worker', %s)"
        )
        values = [found.pk, viewer.user_id, version, way.office]
        for confirms in (proposal.pk, None):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(insert, [*values, confirms])
        with pytest.raises(DatabaseError), transaction.atomic():
            Identification.objects.filter(pk=found.pk).update(state="negative_rg")
        around = Identification.objects.filter(pk=found.pk)
        around.update(state="suspended")
        with pytest.raises(DatabaseError), transaction.atomic():
            around.update(state="negative_rg")
        around.update(state="rg_negative_proposed")
    with pytest.raises(Invalid):
        way.move(way.second, found, "rg_negative", reasons=REASONS)
    assert way.move(way.second, found, "rg_negative", reasons=REASONS, **SERVED).state == "negative_rg"


def test_the_time_for_a_review_runs_from_the_service_not_from_the_decision(way: Way) -> None:
    found = way.negative()
    with acting(way.worker.viewer) as viewer:
        assert clock(viewer, found, "request_review") is None
        assert clock(viewer, found, "lapse") is None
        ruling = way.ruling(found, "rg_negative")
        assert [due for due in queries.due_for(viewer) if str(ruling.pk) in due.url]
        served = timezone.now()
        told = {"language": "ar", "way": "phone", "bearer": "worker"}
        with pytest.raises(Invalid):
            actions.serve(
                actor=viewer, found=found, ruling=ruling, served_at=served + timedelta(days=1), **told
            )
        found = Identification.objects.get(pk=found.pk)
        actions.serve(actor=viewer, found=found, ruling=ruling, served_at=served, **told)
        runs = clock(viewer, found, "request_review")
        assert runs is not None
        assert runs.started_at == served
        assert (runs.due_at - served).days in (29, 30)
        assert clock(viewer, found, "lapse") is not None
        with pytest.raises(Conflict):
            actions.serve(actor=viewer, found=found, ruling=ruling, served_at=served, **told)


def test_a_review_is_decided_by_somebody_without_a_part_and_all_reasons_are_kept(way: Way) -> None:
    found = way.negative()
    with pytest.raises(Conflict):
        way.move(way.worker, found, "request_review", review_ground="because")
    found = way.move(way.worker, found, "request_review", review_ground="new_evidence")
    for decider in (way.first, way.second):
        with pytest.raises(Refused):
            way.move(decider, found, "overturn_rg", reasons=REASONS)
    found = way.move(way.third, found, "overturn_rg", reasons="New evidence came from the hospital.")
    assert found.state == "recovery"
    with acting(way.first.viewer) as viewer:
        rows = queries.rulings(viewer, found)
        assert [row.event for row in rows] == ["overturn_rg", "rg_negative", "propose_rg_negative"]
        assert all(queries.reasons(viewer, found, rows))
        with pytest.raises(DatabaseError), transaction.atomic():
            Ruling.objects.filter(pk=rows[0].pk).update(language="fr")


def test_an_upheld_decision_is_served_anew_and_lapses_and_can_still_be_looked_at(way: Way) -> None:
    found = way.move(way.worker, way.negative(), "request_review", review_ground="guidance")
    found = way.move(way.third, found, "uphold", reasons=REASONS, **SERVED)
    assert (found.state, found.served_at) == ("negative_rg", None)
    with acting(way.worker.viewer) as viewer:
        found = Identification.objects.get(pk=found.pk)
        ruling = way.ruling(found, "uphold")
        actions.serve(actor=viewer, found=found, ruling=ruling, language="ar", way="phone", bearer="worker",
                      served_at=timezone.now())  # fmt: skip
    with acting(Viewer.operator()):
        Deadline.objects.filter(object_id=found.pk, event="lapse", cancelled_at=None).update(
            due_at=timezone.now() - timedelta(minutes=1), next_at=timezone.now() - timedelta(minutes=1)
        )
    timer.run()
    with acting(way.first.viewer):
        found.refresh_from_db()
    assert found.state == "closed_negative"
    assert way.move(way.first, found, "late_review").state == "review"


def test_conclusive_decisions(way: Way) -> None:
    found = way.move(way.first, way.recovery(), "early_request", asked_in_writing=True)
    found = way.move(way.first, found, "propose_cg_negative", reasons=REASONS)
    found = way.move(way.second, found, "reject_cg_negative", reasons=REASONS)
    assert found.state == "determination"
    with pytest.raises(Conflict):
        way.move(way.first, found, "cg_positive", reasons=REASONS)
    assert (
        way.move(way.first, found, "cg_positive", reasons=REASONS, options_explained=True).state
        == "identified"
    )


def test_missing_stops_the_clocks_tells_the_supervisors_and_found_asks_for_the_risk(way: Way) -> None:
    found = way.recovery()
    found = way.move(way.worker, found, "missing")
    assert found.state == "suspended"
    with acting(way.people.supervisor.viewer):
        assert Notice.objects.filter(kind="identification_missing").exists()
    found = way.move(way.worker, found, "found")
    assert (found.state, found.missing_since) == ("recovery", None)
    with acting(way.worker.viewer) as viewer:
        found = Identification.objects.get(pk=found.pk)
        assert found.risk_due_at is not None
        assert any("risk" in due.title for due in queries.due_for(viewer))
        case = held_cases.case(viewer, found.case_id)
        cases.assess_risk(
            actor=viewer,
            case=case,
            risk="high",
            reason="Back from those who held her.",
            expected_version=case.version,
        )
        assert not any("risk" in due.title for due in queries.due_for(viewer))


def test_a_withdrawal_is_checked_by_a_supervisor_closes_the_door_and_leaves_a_way_back(way: Way) -> None:
    found = way.referred()
    with pytest.raises(Conflict):
        way.move(way.worker, found, "withdraw")
    found = way.move(way.people.supervisor, found, "check_coercion", met_alone=True)
    found = way.move(way.worker, found, "withdraw")
    assert found.state == "withdrawn"
    with acting(way.first.viewer) as viewer:
        assert not Identification.objects.exists()
        assert not Packet.objects.exists()
        with pytest.raises(NotFound):
            queries.status(viewer, found.pk)
    found = way.move(way.worker, found, "return_after_withdrawal")
    assert way.refer(found).state == "referred"
    with acting(way.first.viewer):
        assert Packet.objects.count() == 2


def test_a_consent_taken_back_calls_the_supervisor(way: Way) -> None:
    found = way.presumed()
    consent = way.consent()
    way.refer(found)
    with acting(way.worker.viewer) as viewer:
        about = subject(viewer, "case", way.case.pk)
        consents.withdraw_consent(actor=viewer, about=about, consent=consent)
    with acting(way.people.supervisor.viewer):
        assert Notice.objects.filter(kind="identification_consent_ended", object_id=found.pk).exists()


def test_a_child_is_notified_without_consent_and_gets_a_measure(way: Way) -> None:
    found = way.move(way.worker, way.begin(child=True), "indicators", **PRESUMED)
    with pytest.raises(Conflict):
        way.move(way.worker, found, "refuse", support_offered=True, crime="tip", rare_accepted=True)
    found = way.refer(found, "notify_child", child_heard=True, bodies_told=True)
    assert found.state == "referred"
    found = way.move(way.first, found, "rg_positive_child", reasons=REASONS, panel_met=True)
    assert found.state == "protection"
    assert queries.removal_bar(found)


def test_only_people_of_the_authority_decide(way: Way) -> None:
    found = way.referred()
    with pytest.raises(Refused):
        way.move(way.worker, found, "rg_positive", reasons=REASONS)
    with pytest.raises(Identification.DoesNotExist):
        way.move(way.people.other_worker, found, "rg_positive", reasons=REASONS)


def test_the_authority_sees_the_packet_and_nothing_of_the_case(way: Way) -> None:
    found = way.referred()
    with acting(way.first.viewer) as viewer, connection.cursor() as cursor:
        (told,) = [texts for _packet, texts in queries.packets(viewer, found)]
        assert told == TEXTS
        tables = ("cases_case", "cases_note", "cases_facts", "vault_person", "vault_sealedfield", "consents_consent",
                  "identification_screening")  # fmt: skip
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    "who", ["other_worker", "prosecutor", "coordinator", "analyst", "administrator", "stranger"]
)
def test_a_third_reads_nothing_in_raw_sql(way: Way, who: str) -> None:
    found = way.move(way.first, way.referred(), "request_info", questions=["Since when?"])
    assert found.state == "info_pending"
    with acting(getattr(way.people, who).viewer), connection.cursor() as cursor:
        for name in ("identification", "packet", "question", "reply", "ruling", "service", "extension"):
            cursor.execute(f"SELECT count(*) FROM identification_{name}")
            assert cursor.fetchone() == (0,), name


def test_the_name_reaches_the_authority_only_with_consent_to_it(way: Way) -> None:
    with pytest.raises(Conflict):
        way.referred(identity=True)
    found = way.referred(covers=("exploitation", "needs", "identity"), identity=True)
    with acting(way.first.viewer) as viewer:
        ((_packet, texts),) = queries.packets(viewer, found)
        assert CANARY in texts["identity"]
    with acting(way.first.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM identification_packet")
        assert CANARY.encode() not in bytes(cursor.fetchone()[0])


def test_questions_and_packets_are_written_once(way: Way) -> None:
    found = way.move(way.first, way.referred(), "request_info", questions=["Since when?"])
    with acting(way.worker.viewer):
        for rows in (Packet.objects, Question.objects):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.filter(identification_id=found.pk).update(sealed=b"x")
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.filter(identification_id=found.pk)._raw_delete("default")
