"""Nothing about a person is told without a live consent or a legal basis that a second person confirmed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.rooms.consents import actions, queries
from palermo.rooms.consents.models import Consent, LegalBasis
from palermo.web.room import Subject, subject

SOON = timezone.now() + timedelta(days=30)


def answer(viewer: Any, about: Subject, **more: Any) -> Consent:
    given = {
        "purpose": "referral",
        "categories": ["needs", "health"],
        "decision": "given",
        "language": "ar",
        "interpreting": "phone",
        "valid_until": SOON,
    }
    return actions.record_consent(actor=viewer, about=about, **(given | more))


def basis(viewer: Any, about: Subject, recipient: Any, *categories: str, purpose: str = "referral") -> Any:
    wanted = categories or ("needs",)
    return queries.basis(
        viewer, person_id=about.person_id, purpose=purpose, categories=wanted, recipient_id=recipient
    )


def test_a_consent_counts_for_its_purpose_its_categories_and_its_recipient_alone(
    people: Any, about: Subject
) -> None:
    other, state = people.other_organisation.pk, people.competent_authority.viewer.organisation_ids
    with acting(people.case_worker.viewer) as viewer:
        assert basis(viewer, about, other) is None
        answer(viewer, about, recipients=[other])
        assert basis(viewer, about, other, "needs", "health").kind == "consent"
        assert basis(viewer, about, other, "needs", "family") is None
        assert basis(viewer, about, next(iter(state))) is None
        assert basis(viewer, about, other, purpose="justice") is None


def test_a_withdrawal_a_later_refusal_and_the_end_of_time_each_end_a_consent(
    people: Any, about: Subject
) -> None:
    other = people.other_organisation.pk
    with acting(people.case_worker.viewer) as viewer:
        first = answer(viewer, about, recipients=[other])
        actions.withdraw_consent(actor=viewer, about=about, consent=first)
        assert basis(viewer, about, other) is None
        with pytest.raises(Conflict):
            actions.withdraw_consent(actor=viewer, about=about, consent=first)
        answer(viewer, about, recipients=[other])
        assert basis(viewer, about, other) is not None
        answer(viewer, about, recipients=[other], decision="refused")
        assert basis(viewer, about, other) is None


def test_a_consent_ends_by_itself(people: Any, about: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    other = people.other_organisation.pk
    with acting(people.case_worker.viewer) as viewer:
        answer(viewer, about, recipients=[other])
        monkeypatch.setattr(queries.timezone, "now", lambda: SOON + timedelta(seconds=1))
        assert basis(viewer, about, other) is None
        assert {s.purpose: s.state for s in queries.standings(viewer, about.person_id)}["referral"] == "ended"


def test_the_law_allows_statistics_until_the_person_objects(people: Any, about: Subject) -> None:
    with acting(people.case_worker.viewer) as viewer:
        assert basis(viewer, about, None, purpose="statistics").kind == "standing_law"
        answer(viewer, about, purpose="statistics", decision="refused", valid_until=None)
        assert basis(viewer, about, None, purpose="statistics") is None
        given = answer(viewer, about, purpose="statistics", valid_until=None)
        assert basis(viewer, about, None, purpose="statistics").kind == "consent"
        actions.withdraw_consent(actor=viewer, about=about, consent=given)
        assert basis(viewer, about, None, purpose="statistics") is None


def ask(viewer: Any, about: Subject, recipient: Any) -> LegalBasis:
    return actions.ask_legal_basis(
        actor=viewer,
        about=about,
        purpose="referral",
        categories=["needs", "health"],
        recipients=[recipient],
        ground="vital_interest",
        reason="Unconscious, the hospital needs the blood group now.",
        valid_until=SOON,
    )


def test_a_legal_basis_counts_only_after_a_second_person(people: Any, about: Subject) -> None:
    other = people.other_organisation.pk
    with acting(people.case_worker.viewer) as viewer:
        asked = ask(viewer, about, other)
        assert basis(viewer, about, other) is None
        with pytest.raises(Refused):
            actions.decide_legal_basis(
                actor=viewer,
                about=about,
                asked=asked,
                verdict="confirmed",
                note="I confirm what I asked for.",
            )
    with acting(people.supervisor.viewer) as viewer:
        own = ask(viewer, about, other)
        with pytest.raises(Refused):
            actions.decide_legal_basis(
                actor=viewer, about=about, asked=own, verdict="confirmed", note="I confirm what I asked for."
            )
    with acting(people.supervisor.viewer) as viewer:
        assert [due.url for due in queries.due_for(viewer)]
        actions.decide_legal_basis(
            actor=viewer,
            about=about,
            asked=asked,
            verdict="confirmed",
            note="Seen the hospital's call; agreed.",
        )
        assert basis(viewer, about, other, "health").kind == "legal_basis"
        assert not queries.due_for(viewer)  # what is left is his own request


def test_the_database_refuses_the_second_opinion_of_the_one_who_asked(people: Any, about: Subject) -> None:
    with acting(people.supervisor.viewer) as viewer:
        asked = ask(viewer, about, people.other_organisation.pk)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO consents_secondopinion (basis_id, verdict, note, at, decided_by_id) "
                "VALUES (%s, 'confirmed', 'mine', now(), %s)",
                [asked.pk, viewer.user_id],
            )


def test_the_ledger_is_written_once(people: Any, about: Subject) -> None:
    with acting(people.case_worker.viewer) as viewer:
        answer(viewer, about, recipients=[people.other_organisation.pk])
        for statement in (
            "UPDATE consents_consent SET decision = 'given'",
            "DELETE FROM consents_consent",
            "DELETE FROM consents_withdrawal",
            "UPDATE consents_secondopinion SET verdict = 'confirmed'",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_stranger_reads_nothing_and_writes_into_nobodys_ledger(people: Any, about: Subject) -> None:
    with acting(people.case_worker.viewer) as viewer:
        answer(viewer, about, recipients=[people.other_organisation.pk])
    with acting(people.other_worker.viewer) as viewer:
        assert not Consent.objects.exists()
        with pytest.raises(NotFound):
            subject(viewer, "case", about.key)
        with pytest.raises(NotFound):
            answer(viewer, about, recipients=[people.organisation.pk])
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent.objects.create(
                person_id=about.person_id, case_id=about.key, purpose="justice", categories=["identity"],
                decision="given", language="en", interpreting="shared", form_version="1",
                written_by_id=viewer.user_id,
            )  # fmt: skip


def test_every_problem_of_an_answer_is_named_at_once(people: Any, about: Subject) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
        answer(viewer, about, purpose="justice", categories=[], language="xx", interpreting="magic")
    assert {p.field for p in caught.value.problems} == {
        "categories", "recipients", "language", "interpreting",
    }  # fmt: skip


def test_an_adult_answers_in_person_and_a_child_is_heard(people: Any, about: Subject) -> None:
    other = people.other_organisation.pk
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Invalid) as caught:
            answer(viewer, about, recipients=[other], speaker="guardian")
        assert {p.field for p in caught.value.problems} >= {"child_view"}
        from dataclasses import replace

        adult = replace(about, child=False)
        with pytest.raises(Invalid):
            answer(viewer, adult, recipients=[other], speaker="guardian", child_view="agrees")
        child = replace(about, child=True)
        assert answer(viewer, child, recipients=[other], speaker="guardian", child_view="disagrees").pk


def test_what_is_used_leaves_a_trace_and_what_is_missing_says_what_to_do(people: Any, about: Subject) -> None:
    other = people.other_organisation.pk
    wanted = {"person_id": about.person_id, "purpose": "referral", "categories": ["needs"]}
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Conflict) as caught:
            actions.require_basis(actor=viewer, recipient_id=other, case_id=about.key, **wanted)
        assert "Ask the person" in caught.value.message
        answer(viewer, about, recipients=[other])
        actions.require_basis(actor=viewer, recipient_id=other, case_id=about.key, **wanted)
    with acting(people.supervisor.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE action = 'consents.basis.use'")
        assert cursor.fetchone()[0] == 1


def test_other_rooms_hear_of_a_withdrawal_in_the_same_transaction(
    people: Any, about: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(
        actions.ledger, "tell", lambda happening, **facts: heard.append((happening, facts["purpose"]))
    )
    with acting(people.case_worker.viewer) as viewer:
        given = answer(viewer, about, recipients=[people.other_organisation.pk])
        actions.withdraw_consent(actor=viewer, about=about, consent=given)
    assert heard == [("consents.ended", "referral")]
