"""The way of a referral: who sees what in which state, and what each move brings about."""

from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant, Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound
from palermo.kernel.vault.actions import reveal
from palermo.rooms.cases.models import Case
from palermo.rooms.consents import actions as consents
from palermo.rooms.referral import actions, queries
from palermo.rooms.referral.models import Packet, Receiving, Referral, Sending, Transfer

from .conftest import FAMILY, NEEDS, agree_to, brought, drafted, open_case, state_of, step


def count(viewer: Viewer, table: str) -> int:
    with acting(viewer), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM referral_{table}")
        return int(cursor.fetchone()[0])


def test_nothing_is_sent_without_consent(people: Any, about: Any) -> None:
    row = drafted(people, about)
    with pytest.raises(Conflict, match="has not agreed"):
        step(people.case_worker, row, "send")
    agree_to(people, about, recipients=[people.organisation.pk])
    with pytest.raises(Conflict, match="has not agreed"):
        step(people.case_worker, row, "send")
    agree_to(people, about)
    assert step(people.case_worker, row, "send").state == "sent"


def test_more_than_the_consent_covers_is_not_told(people: Any, about: Any, agreed: Any) -> None:
    row = drafted(people, about, "health", texts={"needs": NEEDS, "health": "Insulin twice a day."})
    with pytest.raises(Conflict, match="has not agreed"):
        step(people.case_worker, row, "send")


def test_the_whole_way_to_a_confirmed_help(people: Any, about: Any, agreed: Any) -> None:
    row = brought(people, about, "closed")
    assert (row.outcome, row.arrived) == ("helped", "yes")
    with acting(people.other_worker.viewer) as viewer:
        own = Receiving.objects.get(pk=row.pk)
        case = Case.objects.get(pk=own.case_id)
        assert (case.organisation_id, case.person_id) == (people.other_organisation.pk, about.person_id)
        assert case.pk != about.key
        assert not Sending.objects.exists()
        assert not Case.objects.filter(pk=about.key).exists()
        assert actions.open_packet(actor=viewer, row=row).parts[0][2] == NEEDS
    with acting(people.case_worker.viewer):
        assert not Receiving.objects.exists()
        assert not Case.objects.filter(pk=case.pk).exists()


def test_the_receivers_role_reads_no_packet_before_acceptance(
    people: Any, about: Any, agreed: Any, third: Any
) -> None:
    row = brought(people, about, "sent")
    receiver = people.other_worker.viewer
    for event in ("acknowledge", "accept"):
        assert (count(receiver, "referral"), count(receiver, "packet"), count(receiver, "sending")) == (
            1,
            0,
            0,
        )
        step(people.other_worker, row, event)
    assert (count(receiver, "packet"), count(receiver, "receiving")) == (1, 1)
    for table in ("referral", "packet", "sending", "receiving", "feedback", "past"):
        assert count(third.viewer, table) == 0, table
        assert count(people.administrator.viewer, table) == 0, table
        assert count(people.coordinator.viewer, table) == 0, table


def test_a_draft_is_seen_by_nobody_else(people: Any, about: Any, agreed: Any) -> None:
    row = drafted(people, about)
    assert count(people.other_worker.viewer, "referral") == 0
    step(people.case_worker, row, "revoke", ending="mistake")
    assert count(people.other_worker.viewer, "referral") == 0


def test_identity_goes_along_only_where_it_is_covered(people: Any, about: Any) -> None:
    agree_to(people, about, "needs", "identity", "contact")
    row = brought(people, about, "accepted")
    with acting(people.other_worker.viewer) as viewer:
        assert not Grant.objects.filter(object_id=about.person_id).exists()
        with pytest.raises(NotFound):
            actions.open_identity(actor=viewer, row=row, purpose="service")
    step(people.case_worker, row, "recall", ending="not_needed")
    row = drafted(people, about, "identity", "contact")
    step(people.case_worker, row, "send")
    for event in ("acknowledge", "accept"):
        step(people.other_worker, row, event)
    with acting(people.other_worker.viewer) as viewer:
        shown = actions.open_identity(actor=viewer, row=row, purpose="service")
        assert shown == {"family_name": FAMILY, "given_names": "Zarquella", "phone": "+99 555 1"}
        assert reveal(actor=viewer, person_id=about.person_id, purpose="service")["family_name"] == FAMILY
    step(people.case_worker, row, "recall", ending="not_needed")
    with acting(people.other_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            actions.open_identity(actor=viewer, row=row, purpose="service")
        with pytest.raises(NotFound):
            reveal(actor=viewer, person_id=about.person_id, purpose="service")


def test_no_second_open_referral_to_the_same_service(people: Any, about: Any, agreed: Any) -> None:
    first, second = drafted(people, about), drafted(people, about)
    step(people.case_worker, first, "send")
    with pytest.raises(Conflict, match="open already"):
        step(people.case_worker, second, "send")
    step(people.case_worker, first, "revoke", ending="mistake")
    assert step(people.case_worker, second, "send").state == "sent"


@pytest.mark.parametrize("state", ["draft", "sent", "received", "accepted", "in_service"])
def test_consent_withdrawn_in_each_state(people: Any, about: Any, agreed: Any, state: str) -> None:
    row = brought(people, about, state)
    with acting(people.case_worker.viewer) as viewer:
        consents.withdraw_consent(actor=viewer, about=about, consent=agreed)
    assert state_of(row) == "withdrawn"
    assert count(people.other_worker.viewer, "packet") == 0
    told = {"referral_withdrawn"}
    with acting(people.case_worker.viewer):
        assert told <= set(
            Notice.objects.filter(user_id=people.case_worker.pk).values_list("kind", flat=True)
        )
    with acting(people.other_worker.viewer):
        kinds = set(Notice.objects.values_list("kind", flat=True))
        assert (told <= kinds) == (state != "draft")


@pytest.mark.parametrize("state", ["completed", "closed"])
def test_a_withdrawal_after_the_help_changes_nothing(
    people: Any, about: Any, agreed: Any, state: str
) -> None:
    row = brought(people, about, state)
    with acting(people.case_worker.viewer) as viewer:
        consents.withdraw_consent(actor=viewer, about=about, consent=agreed)
    assert state_of(row) == state


def test_a_law_lets_the_receiver_keep_what_it_was_told(people: Any, about: Any, agreed: Any) -> None:
    row = brought(people, about, "accepted")
    from datetime import timedelta

    from django.utils import timezone

    with acting(people.case_worker.viewer) as viewer:
        asked = consents.ask_legal_basis(
            actor=viewer, about=about, purpose="referral", categories=["needs"],
            recipients=[people.other_organisation.pk], ground="vital_interest",
            reason="Unconscious; the hospital has to know what was told.",
            valid_until=timezone.now() + timedelta(days=3),
        )  # fmt: skip
    with acting(people.supervisor.viewer) as viewer:
        consents.decide_legal_basis(
            actor=viewer,
            about=about,
            asked=asked,
            verdict="confirmed",
            note="Life in danger, as the doctor says.",
        )
    with acting(people.case_worker.viewer) as viewer:
        consents.withdraw_consent(actor=viewer, about=about, consent=agreed)
    assert state_of(row) == "withdrawn"
    assert count(people.other_worker.viewer, "packet") == 1


def test_high_risk_is_sent_by_a_supervisor(people: Any, about: Any, agreed: Any) -> None:
    from palermo.rooms.cases.actions import assess_risk

    row = drafted(people, about)
    with acting(people.case_worker.viewer) as viewer:
        case = Case.objects.get(pk=about.key)
        assess_risk(
            actor=viewer,
            case=case,
            risk="high",
            reason="Threats since Monday.",
            expected_version=case.version,
        )
    with pytest.raises(Conflict, match="supervisor"):
        step(people.case_worker, row, "send")
    assert step(people.supervisor, row, "send").state == "sent"


def test_a_packet_is_frozen(people: Any, about: Any, agreed: Any) -> None:
    row = brought(people, about, "sent")
    with acting(people.case_worker.viewer) as viewer:
        packet = Packet.objects.get(referral_id=row.pk)
        assert len(packet.digest) == 64
        assert NEEDS.encode() not in bytes(packet.sealed)
        half = Sending.objects.get(pk=row.pk)
        assert (bytes(half.sealed), half.basis_kind, half.open) == (b"", "consent", True)
        with pytest.raises(Conflict):
            actions.change_draft(
                actor=viewer,
                row=row,
                urgent=True,
                texts={"needs": "More"},
                categories=[],
                expected_version=row.version,
            )


def test_who_loses_the_case_loses_what_was_sent_from_it(people: Any, about: Any, agreed: Any) -> None:
    row = brought(people, about, "accepted")
    with acting(people.supervisor.viewer) as viewer:
        assert queries.referral(viewer, row.pk)
        from palermo.rooms.cases.actions import end_share

        case = Case.objects.get(pk=about.key)
        for grant in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [about.key]):
            if grant.grantee_id != people.supervisor.pk:
                end_share(actor=viewer, case=case, grant_id=grant.pk)
    with acting(people.case_worker.viewer) as viewer, pytest.raises(NotFound):
        queries.referral(viewer, row.pk)
    assert step(people.supervisor, row, "recall", ending="safety").state == "recalled"


def test_a_transfer_changes_the_owner_at_one_instant(people: Any, about: Any) -> None:
    agree_to(people, about, "needs", "identity", purpose="transfer")
    row = drafted(people, about, "identity", transfer=True)
    assert isinstance(row, Transfer)
    step(people.case_worker, row, "send")
    step(people.other_worker, row, "acknowledge")
    with acting(people.other_worker.viewer):
        assert not Case.objects.exists()
    step(people.other_worker, row, "accept")
    with acting(people.other_worker.viewer) as viewer:
        case = Case.objects.get(pk=about.key)
        assert (case.organisation_id, case.worker_id, case.state) == (
            people.other_organisation.pk, people.other_worker.pk, "transferred",
        )  # fmt: skip
        assert reveal(actor=viewer, person_id=about.person_id, purpose="service")["family_name"] == FAMILY
    with acting(people.case_worker.viewer) as viewer:
        assert not Case.objects.filter(pk=about.key).exists()
        assert queries.referral(viewer, row.pk).state == "accepted"
        assert Packet.objects.filter(referral_id=row.pk).exists()


def test_a_childs_case_needs_the_authority_and_one_transfer_at_a_time(people: Any) -> None:
    about = open_case(people, child=True)
    agree_to(people, about, "needs", "identity", purpose="transfer")
    row = drafted(people, about, "identity", transfer=True)
    with pytest.raises(Conflict, match="authority"):
        step(people.case_worker, row, "send")
    assert Referral.machine == "referral"


def test_the_demonstration_has_a_referral_in_each_state(people: Any) -> None:
    from palermo.rooms.referral.actions.demo import WAYS, demo_referrals

    for _number in WAYS:
        open_case(people, identity=None)
    assert demo_referrals(cast=people) == len(WAYS)
    with acting(Viewer.operator()):
        states = set(Referral.objects.values_list("state", flat=True))
    assert {
        "draft",
        "sent",
        "received",
        "accepted",
        "in_service",
        "completed",
        "closed",
        "declined",
    } <= states
