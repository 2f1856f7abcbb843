"""One form, by the actions of the other rooms: an adult who agreed, a child, and an adult who did not."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases.models import Case
from palermo.rooms.children.models import ChildProtection, Told
from palermo.rooms.consents.models import Consent
from palermo.rooms.identification.models import Answers, Decision
from palermo.rooms.identification.models.notification import Notification as Anonymous
from palermo.rooms.networks import actions, queries
from palermo.rooms.networks.models import Behind, Draft, Notification, Tally
from palermo.rooms.referral.models import Referral

from .conftest import ADULT, FAMILY, Inspectors, child_given, kept, sent


def test_an_adult_who_agreed_goes_the_usual_way(inspectors: Inspectors, people: Any) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    assert (row.kind, row.urgent, row.state, row.code[0]) == ("referral", True, "sent", "N")
    with acting(inspectors.inspector.viewer):
        behind = Behind.objects.get()
        case = Case.objects.get(pk=behind.case_id)
        referral = Referral.objects.get(pk=behind.referral_id)
        said = Answers.objects.get(screening_id=behind.screening_id).values
        consent = Consent.objects.get(case_id=case.pk)
        assert Decision.objects.get(screening_id=behind.screening_id).outcome == "tip"
        assert Draft.objects.count() == 0
    assert (case.crime, case.status, case.child) == ("tip", "presumed", False)
    assert (referral.state, referral.urgent, referral.receiver_id) == (
        "sent",
        True,
        people.other_organisation.pk,
    )
    assert consent.recipients == [people.other_organisation.pk]
    assert consent.categories == ["needs", "exploitation"]
    # A tick is a yes; what was not ticked is not known, never a no.
    assert said == {
        "there.documents": "yes",
        "there.wages": "yes",
        "urgent.shelter": "yes",
        "age.child_now": "no",
    }


def test_the_packet_says_what_was_seen_and_no_name(inspectors: Inspectors, people: Any) -> None:
    from palermo.rooms.referral import actions as referral
    from palermo.rooms.referral import queries as read

    who = Identity(family_name=FAMILY, given_names="Zarquella", phone="+99 555 1")
    row = sent(inspectors.inspector, inspectors.network, people, identity=who, searched=True)
    with acting(people.other_worker.viewer) as viewer:
        found = queries.behind(viewer, row)
        assert found is not None
        packet = read.referral(viewer, found.referral_id)
        for event in ("acknowledge", "accept"):
            referral.move(actor=viewer, row=packet, event=event, expected_version=packet.version)
        paper = referral.open_packet(actor=viewer, row=packet)
    told = " ".join(words or "" for _code, _name, words in paper.parts)
    assert "The employer keeps passports or papers" in told
    assert "reached through who sent this" in told
    assert FAMILY not in told
    assert not paper.has_identity


def test_without_a_yes_nothing_about_an_adult_is_kept(inspectors: Inspectors, people: Any) -> None:
    draft = kept(inspectors.inspector, inspectors.network)
    with pytest.raises(Invalid) as caught:
        sent(inspectors.inspector, inspectors.network, people, draft, agrees=False)
    assert [problem.field for problem in caught.value.problems] == ["agrees"]
    with acting(inspectors.inspector.viewer) as viewer:
        assert Case.objects.count() == Referral.objects.count() == Consent.objects.count() == 0
        assert queries.answers_of(viewer, queries.draft(viewer, draft.pk))["words"] == ADULT["words"]


def test_a_name_is_searched_before_it_is_kept(inspectors: Inspectors, people: Any) -> None:
    with pytest.raises(Invalid) as caught:
        sent(inspectors.inspector, inspectors.network, people, identity=Identity(family_name=FAMILY))
    assert [problem.rule for problem in caught.value.problems] == ["search"]


def test_sent_twice_is_one(inspectors: Inspectors, people: Any) -> None:
    draft = kept(inspectors.inspector, inspectors.network)
    first = sent(inspectors.inspector, inspectors.network, people, draft)
    again = sent(inspectors.inspector, inspectors.network, people, draft)
    assert again.pk == first.pk
    with acting(inspectors.inspector.viewer):
        assert Case.objects.count() == 1


def test_a_child_is_not_asked_for_consent_and_three_bodies_are_told(
    inspectors: Inspectors, people: Any, protectors: Any
) -> None:
    draft = kept(inspectors.inspector, inspectors.network, age="not_sure")
    given = child_given(protectors, people)
    with acting(inspectors.inspector.viewer) as viewer:
        row = actions.send_notification(actor=viewer, draft=draft, sent=actions.Sent(**given))
        child = ChildProtection.objects.get()
        assert Consent.objects.count() == 0
        assert Referral.objects.count() == 0
        assert {told.body for told in Told.objects.filter(child=child)} == {
            "child_protection",
            "police",
            "coordinator",
        }
    assert (row.kind, row.receiver_id, child.state) == (
        "child",
        protectors["agency"].pk,
        "interim_protection",
    )
    with acting(protectors["protector"].viewer) as viewer:
        assert queries.behind(viewer, row).case_id == child.pk  # type: ignore[union-attr]


def test_an_adult_who_says_no_leaves_codes_and_a_number(inspectors: Inspectors, people: Any) -> None:
    draft = kept(inspectors.inspector, inspectors.network)
    with acting(inspectors.inspector.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.notify_anonymously(
                actor=viewer, draft=draft, given={"crime": "tip", "rare_accepted": True}
            )
        with pytest.raises(Conflict, match=r"rare|Few"):
            actions.notify_anonymously(
                actor=viewer, draft=draft, given={"crime": "tip", "support_offered": True}
            )
        codes = {"crime": "tip", "support_offered": True, "rare_accepted": True}
        actions.notify_anonymously(actor=viewer, draft=draft, given=codes)
        assert Case.objects.count() == Draft.objects.count() == Notification.objects.count() == 0
        assert Tally.objects.count() == 0  # a number that nobody reads by itself
    with acting(people.coordinator.viewer):
        assert Anonymous.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM networks_tallies(current_date, current_date)")
            assert cursor.fetchall() == [(1,)]


def test_a_child_is_never_notified_anonymously(inspectors: Inspectors) -> None:
    draft = kept(inspectors.inspector, inspectors.network, age="under_18")
    codes = {"crime": "tip", "support_offered": True, "rare_accepted": True}
    with acting(inspectors.inspector.viewer) as viewer, pytest.raises(Conflict, match="child"):
        actions.notify_anonymously(actor=viewer, draft=draft, given=codes)


def test_a_draft_is_its_writers_alone(inspectors: Inspectors, people: Any) -> None:
    draft = kept(inspectors.inspector, inspectors.network)
    for who in (inspectors.focal, inspectors.head, people.coordinator, people.administrator):
        with acting(who.viewer) as viewer:
            assert Draft.objects.count() == 0
            if viewer.has("first_responder"):
                with pytest.raises(NotFound):
                    queries.draft(viewer, draft.pk)
    with acting(inspectors.inspector.viewer), connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM networks_draft")
        assert b"container" not in bytes(cursor.fetchone()[0])


def test_what_was_sent_is_for_three_sides_and_never_changes(inspectors: Inspectors, people: Any) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    sees = {"sender": inspectors.inspector, "receiver": people.other_worker, "focal": inspectors.focal}
    for who in sees.values():
        with acting(who.viewer):
            assert Notification.objects.count() == 1
    others = (inspectors.head, inspectors.outsider, people.case_worker, people.coordinator, people.analyst)
    for who in (*others, people.administrator):
        with acting(who.viewer):
            assert Notification.objects.count() == 0
    with acting(inspectors.focal.viewer):
        assert Behind.objects.count() == Case.objects.count() == Referral.objects.count() == 0
    with acting(Viewer.anonymous()):
        assert Notification.objects.count() == 0
    with acting(inspectors.inspector.viewer):
        # Who sent it writes no answer of it.
        assert Notification.objects.filter(pk=row.pk).update(state="answered") == 0
        with pytest.raises(ProgrammingError), transaction.atomic():
            row.answers.create(code="in_help", written_by=inspectors.inspector.user)


def test_the_house_learns_that_something_came_and_no_more(inspectors: Inspectors, people: Any) -> None:
    sent(inspectors.inspector, inspectors.network, people)
    with acting(people.other_worker.viewer) as viewer:
        notice = Notice.objects.get(kind="network_sent", role="case_manager")
        assert notice.object_kind == "notification"
        assert [line.row.urgent for line in queries.received(viewer)] == [True]
        titles = [str(due.title) for due in queries.due_for(viewer)]
    assert len(titles) == 1
    assert "Tell the referrer" in titles[0]


def test_the_first_target_fits_what_cannot_wait(inspectors: Inspectors, people: Any) -> None:
    with acting(inspectors.head.viewer) as viewer:
        actions.change_network(
            actor=viewer,
            network=queries.network(viewer, inspectors.network.pk),
            expected_version=1,
            values={"receiver_id": people.organisation.pk, "service_id": None},
        )
    with acting(inspectors.inspector.viewer) as viewer:
        network = queries.network(viewer, inspectors.network.pk)
        assert queries.receivers(viewer, network, ["shelter"])[0].receiver_id == people.organisation.pk
        assert queries.kinds_of({"urgent": ["urgent.medical", "urgent.shelter"]}) == ["medical", "shelter"]
