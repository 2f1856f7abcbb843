"""Two at once, on connections of their own: one wins, the other is told, and nothing is half done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from palermo.kernel.access.actions import revoke
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant, User
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.errors import Conflict, DomainError, NotFound
from palermo.kernel.organisations.models import Membership, Organisation
from palermo.kernel.workflow import timer
from palermo.kernel.workflow.models import Deadline, Transition
from palermo.rooms.cases.models import Case
from palermo.rooms.consents import actions as consents
from palermo.rooms.referral import actions, queries
from palermo.rooms.referral.models import Receiving, Referral, Sending

from .conftest import agree_to, brought, drafted, open_case, state_of, step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Any:
    return make_cast()


@pytest.fixture
def ready(cast: Any) -> Any:
    """The case, with the consent to tell Northern Shelter what is needed."""
    about = open_case(cast)
    agree_to(cast, about)
    return about


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Run the calls at the same moment; "done" or the kind of refusal, in the order of the calls."""
    gate, said = threading.Barrier(len(calls)), [""] * len(calls)

    def run(number: int) -> None:
        try:
            gate.wait(20)
            calls[number]()
            said[number] = "done"
        except DomainError as error:
            said[number] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def doing(person: Any, row: Any, event: str, **answers: Any) -> Callable[[], Any]:
    """The move as the person saw the row before: with the version of now."""
    with acting(person.viewer) as viewer:
        version = queries.referral(viewer, row.pk).version

    def call() -> Any:
        with acting(person.viewer) as viewer:
            now = queries.referral(viewer, row.pk)
            return actions.move(actor=viewer, row=now, event=event, expected_version=version, answers=answers)

    return call


def receivers_cases(cast: Any) -> int:
    with acting(cast.other_worker.viewer):
        assert Receiving.objects.count() == Case.objects.count()
        return Case.objects.count()


def steps(event: str) -> int:
    with acting(make_cast().case_worker.viewer):
        return Transition.objects.filter(event=event, machine__in=("referral", "transfer")).count()


def test_double_accept_opens_one_case(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")
    accept = doing(cast.other_worker, row, "accept")
    said = at_once(accept, accept)
    assert said.count("done") == 1
    assert (receivers_cases(cast), state_of(row), steps("accept")) == (1, "accepted", 1)


def test_revoke_against_accept_has_one_winner(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")
    said = at_once(
        doing(cast.other_worker, row, "accept"), doing(cast.case_worker, row, "revoke", ending="mistake")
    )
    assert said.count("done") == 1
    won = said.index("done")
    assert state_of(row) == ("accepted", "revoked")[won]
    assert receivers_cases(cast) == (1, 0)[won]


def test_revoke_after_decline_is_refused(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")
    step(cast.other_worker, row, "decline", decline="full")
    with pytest.raises(Conflict) as caught:
        step(cast.case_worker, row, "revoke", ending="mistake")
    assert (caught.value.state, state_of(row)) == ("declined", "declined")


def test_a_second_referral_to_the_same_target_at_once(cast: Any, ready: Any) -> None:
    rows = [drafted(cast, ready), drafted(cast, ready)]
    said = at_once(*(doing(cast.case_worker, row, "send") for row in rows))
    assert sorted(said) == ["Conflict", "done"]
    assert sorted(state_of(row) for row in rows) == ["draft", "sent"]
    with acting(cast.case_worker.viewer):
        assert Sending.objects.filter(open=True).count() == 1


def test_expiry_during_accept_has_one_winner(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")
    with acting(Viewer.operator()):
        past = timezone.now() - timedelta(minutes=1)
        Deadline.objects.filter(object_id=row.pk, fires=True, met_at=None, cancelled_at=None).update(
            due_at=past, next_at=past
        )
    said = at_once(doing(cast.other_worker, row, "accept"), timer.run)
    state = state_of(row)
    assert state == ("accepted" if said[0] == "done" else "expired")
    assert receivers_cases(cast) == (1 if state == "accepted" else 0)


def withdrawing(cast: Any, about: Any) -> Callable[[], Any]:
    def call() -> Any:
        with acting(cast.case_worker.viewer) as viewer:
            consent = consents_of(viewer, about)
            return consents.withdraw_consent(actor=viewer, about=about, consent=consent)

    return call


def consents_of(viewer: Any, about: Any) -> Any:
    from palermo.rooms.consents import queries as ledger

    return ledger.entries(viewer, about.person_id, "referral").first()


@pytest.mark.parametrize("state", ["draft", "sent", "received"])
def test_withdrawal_against_the_next_step_never_leaves_it_shared(cast: Any, ready: Any, state: str) -> None:
    row = brought(cast, ready, state)
    who, event = {
        "draft": (cast.case_worker, "send"),
        "sent": (cast.other_worker, "acknowledge"),
        "received": (cast.other_worker, "accept"),
    }[state]
    said = at_once(doing(who, row, event), withdrawing(cast, ready))
    assert said[1] in ("done", "Conflict")
    if said[1] == "Conflict":
        # Told to do it once more, and nothing of the withdrawal was kept.
        assert said[0] == "done"
        withdrawing(cast, ready)()
    assert state_of(row) == "withdrawn"
    with acting(cast.other_worker.viewer) as viewer:
        shown = Referral.objects.filter(pk=row.pk).first()
        assert shown is None or queries.paper(viewer, shown) is None


def test_a_disabled_receiver_answers_nothing_and_is_sent_nothing(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "sent")
    old = cast.other_worker.viewer
    with acting(Viewer.operator()):
        Membership.objects.filter(user_id=cast.other_worker.pk, ended_at=None).update(ended_at=timezone.now())
        now = viewer_for(User.objects.get(pk=cast.other_worker.pk), session_ref="x")
    for viewer in (old, now):
        # Also in a session that was open before: the database asks for the membership of this moment.
        with acting(viewer), pytest.raises(DomainError):
            queries.referral(viewer, row.pk)
    assert step(cast.case_worker, row, "revoke", ending="no_answer").state == "revoked"
    second = drafted(cast, ready)
    with pytest.raises(Conflict, match="Nobody at this organisation"):
        step(cast.case_worker, second, "send")


def test_a_closed_organisation_accepts_nothing_and_is_sent_nothing(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")

    def close() -> None:
        with acting(Viewer.operator()):
            Organisation.objects.filter(pk=cast.other_organisation.pk).update(closed_on=timezone.localdate())

    said = at_once(doing(cast.other_worker, row, "accept"), close)
    assert said[1] == "done"
    assert receivers_cases(cast) == (1 if said[0] == "done" else 0)
    assert state_of(row) == ("accepted" if said[0] == "done" else "received")
    second = drafted_late(cast, ready)
    assert second == "Invalid"


def drafted_late(cast: Any, about: Any) -> str:
    try:
        drafted(cast, about)
    except DomainError as error:
        return type(error).__name__
    return "drafted"


def test_a_sender_who_loses_the_case_meanwhile_does_nothing_more(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "sent")

    def take_away() -> None:
        with acting(cast.supervisor.viewer) as viewer:
            for grant in Grant.objects.raw("SELECT * FROM access_grants_of(%s)", [ready.key]):
                if grant.grantee_id != cast.supervisor.pk and grant.revoked_at is None:
                    revoke(actor=viewer, grant_id=grant.pk)

    said = at_once(doing(cast.case_worker, row, "revoke", ending="mistake"), take_away)
    assert said[1] == "done"
    assert said[0] in ("done", "NotFound")
    assert state_of(row) == ("revoked" if said[0] == "done" else "sent")
    with acting(cast.case_worker.viewer) as viewer, pytest.raises(NotFound):
        queries.referral(viewer, row.pk)


def test_two_transfers_of_a_case_at_once(cast: Any) -> None:
    about = open_case(cast)
    agree_to(cast, about, "needs", "identity", purpose="transfer")
    rows = [drafted(cast, about, "identity", transfer=True) for _number in range(2)]
    said = at_once(*(doing(cast.case_worker, row, "send") for row in rows))
    assert sorted(said) == ["Conflict", "done"]
    sent = next(row for row in rows if state_of(row) == "sent")
    step(cast.other_worker, sent, "acknowledge")
    accept = doing(cast.other_worker, sent, "accept")
    said = at_once(accept, accept, doing(cast.case_worker, sent, "revoke", ending="mistake"))
    assert said.count("done") == 1
    owner = cast.other_worker if state_of(sent) == "accepted" else cast.case_worker
    with acting(owner.viewer):
        case = Case.objects.get(pk=about.key)
        assert case.organisation_id == owner.viewer.organisation_id
    other = cast.case_worker if owner is cast.other_worker else cast.other_worker
    with acting(other.viewer):
        assert not Case.objects.exists()
