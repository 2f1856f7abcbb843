"""Two at once, on connections of their own: one wins, the other is told, and nothing is half done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from palermo.kernel.access.actions import revoke
from palermo.kernel.access.cast import make_cast, member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant, Notice, User
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.errors import Conflict, DomainError, NotFound
from palermo.kernel.organisations.actions import change_organisation
from palermo.kernel.organisations.models import Membership, Organisation, OrganisationType, Role
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


def run_out(row: Any) -> None:
    """Its time is over, as far as the timer knows."""
    with acting(Viewer.operator()):
        past = timezone.now() - timedelta(minutes=1)
        Deadline.objects.filter(object_id=row.pk, fires=True, met_at=None, cancelled_at=None).update(
            due_at=past, next_at=past
        )


def test_expiry_during_accept_has_one_winner(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")
    run_out(row)
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


@pytest.mark.parametrize("state", ["draft", "sent", "received", "accepted", "in_service"])
def test_withdrawal_against_the_next_step_never_leaves_it_shared(cast: Any, ready: Any, state: str) -> None:
    row = brought(cast, ready, state)
    who, event = {
        "draft": (cast.case_worker, "send"),
        "sent": (cast.other_worker, "acknowledge"),
        "received": (cast.other_worker, "accept"),
        "accepted": (cast.other_worker, "first_service"),
        "in_service": (cast.case_worker, "recall"),
    }[state]
    answers = {"ending": "safety"} if event == "recall" else {}
    said = at_once(doing(who, row, event, **answers), withdrawing(cast, ready))
    # The withdrawal waits for who is moving it, and always comes through.
    assert said[1] == "done"
    assert said[0] in ("done", "Stale", "Conflict")
    # Who took it back first has ended it already; there is nothing left that could be shared.
    assert state_of(row) == ("recalled" if event == "recall" and said[0] == "done" else "withdrawn")
    with acting(cast.other_worker.viewer) as viewer:
        shown = Referral.objects.filter(pk=row.pk).first()
        assert shown is None or queries.paper(viewer, shown) is None


def test_a_withdrawal_waits_for_two_that_are_moved_at_once(cast: Any, ready: Any) -> None:
    """Two envelopes of one person, both being moved, and the withdrawal of the consent on which both rest."""
    rows = [brought(cast, ready, "sent"), drafted(cast, ready, kind="medical", receiver_id=clinic(cast).pk)]
    said = at_once(
        doing(cast.other_worker, rows[0], "acknowledge"),
        doing(cast.case_worker, rows[1], "revoke", ending="mistake"),
        withdrawing(cast, ready),
    )
    assert said[2] == "done"
    assert state_of(rows[0]) == "withdrawn"
    assert state_of(rows[1]) == ("revoked" if said[1] == "done" else "withdrawn")


def clinic(cast: Any) -> Organisation:
    with acting(Viewer.operator()):
        house = Organisation.objects.create(name="Hill Clinic", kind=OrganisationType.HEALTH)
        member("clinic-worker", Role.CASE_MANAGER, house)
    return house


@pytest.mark.parametrize("state", ["declined", "redirected", "expired", "revoked", "recalled"])
def test_a_withdrawal_after_the_end_changes_nothing(cast: Any, ready: Any, state: str) -> None:
    row = brought(cast, ready, "accepted" if state == "recalled" else "received")
    if state == "expired":
        run_out(row)
        timer.run()
    else:
        who, event, answers = {
            "declined": (cast.other_worker, "decline", {"decline": "full"}),
            "redirected": (
                cast.other_worker,
                "redirect",
                {"decline": "full", "redirect_to": clinic(cast).pk},
            ),
            "revoked": (cast.case_worker, "revoke", {"ending": "mistake"}),
            "recalled": (cast.case_worker, "recall", {"ending": "mistake"}),
        }[state]
        step(who, row, event, **answers)
    said = at_once(withdrawing(cast, ready), withdrawing(cast, ready))
    assert sorted(said) == ["Conflict", "done"]
    assert state_of(row) == state


def test_decline_against_revoke_has_one_winner(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "received")
    said = at_once(
        doing(cast.other_worker, row, "decline", decline="full"),
        doing(cast.case_worker, row, "revoke", ending="mistake"),
    )
    assert said.count("done") == 1
    assert state_of(row) == ("declined", "revoked")[said.index("done")]
    assert steps("decline") + steps("revoke") == 1


def test_a_disabled_receiver_answers_nothing_and_is_sent_nothing(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "sent")
    old = cast.other_worker.viewer

    def disable() -> None:
        with acting(Viewer.operator()):
            Membership.objects.filter(user_id=cast.other_worker.pk, ended_at=None).update(
                ended_at=timezone.now()
            )

    said = at_once(doing(cast.other_worker, row, "acknowledge"), disable)
    assert said[1] == "done"
    assert state_of(row) == ("received" if said[0] == "done" else "sent")
    with acting(Viewer.operator()):
        now = viewer_for(User.objects.get(pk=cast.other_worker.pk), session_ref="x")
    for viewer in (old, now):
        # Also in a session that was open before: the database asks for the membership of this moment.
        with acting(viewer), pytest.raises(DomainError):
            queries.referral(viewer, row.pk)
    assert step(cast.case_worker, row, "revoke", ending="no_answer").state == "revoked"
    second = drafted(cast, ready)
    with pytest.raises(Conflict, match="Nobody at this organisation"):
        step(cast.case_worker, second, "send")


def closing(cast: Any, house: Organisation) -> Callable[[], Any]:
    """The administrator closes it in the directory."""

    def close() -> None:
        with acting(cast.administrator.viewer) as viewer:
            now = Organisation.objects.get(pk=house.pk)
            change_organisation(
                actor=viewer, organisation=now, expected_version=now.version, name=now.name, kind=now.kind,
                area=now.area, closed_on=timezone.localdate(),
            )  # fmt: skip

    return close


def notices_of(person: Any) -> list[str]:
    with acting(person.viewer):
        return list(Notice.objects.filter(user_id=person.pk).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("state", "event"),
    [("draft", "send"), ("sent", "acknowledge"), ("received", "accept"), ("accepted", "complete")],
)
def test_closing_the_receiver_ends_what_is_open_whoever_moves_it(
    cast: Any, ready: Any, state: str, event: str
) -> None:
    row = brought(cast, ready, state)
    who = cast.case_worker if event == "send" else cast.other_worker
    answers = {"outcome": "helped"} if event == "complete" else {}
    said = at_once(doing(who, row, event, **answers), closing(cast, cast.other_organisation))
    assert said[1] == "done"
    assert said[0] in ("done", "Stale", "Conflict")
    ends = {
        "send": ("declined", "draft"), "acknowledge": ("declined", "declined"),
        "accept": ("not_delivered", "declined"), "complete": ("completed", "not_delivered"),
    }[event]  # fmt: skip
    assert state_of(row) == ends[0 if said[0] == "done" else 1]
    if state_of(row) in ("declined", "not_delivered"):
        assert "referral_answered" in notices_of(cast.case_worker)
        with acting(cast.case_worker.viewer) as viewer:
            now = queries.referral(viewer, row.pk)
            assert "closed" in (now.decline, now.outcome)
    assert drafted_late(cast, ready) == "Invalid"


def test_closing_the_sender_takes_back_what_nobody_accepted(cast: Any, ready: Any) -> None:
    row, other = brought(cast, ready, "received"), drafted(cast, ready, kind="medical")
    said = at_once(
        doing(cast.other_worker, row, "accept"),
        closing(cast, cast.organisation),
    )
    assert said[1] == "done"
    # What was accepted goes on: the person is being helped.
    assert state_of(row) == ("accepted" if said[0] == "done" else "revoked")
    assert state_of(other) == "revoked"


def test_closing_ends_an_open_transfer_and_the_case_stays_where_it_is(cast: Any) -> None:
    about = open_case(cast)
    agree_to(cast, about, "needs", "identity", purpose="transfer")
    row = drafted(cast, about, "identity", transfer=True)
    step(cast.case_worker, row, "send")
    step(cast.other_worker, row, "acknowledge")
    said = at_once(doing(cast.other_worker, row, "accept"), closing(cast, cast.other_organisation))
    assert said[1] == "done"
    assert state_of(row) == ("accepted" if said[0] == "done" else "declined")
    owner = cast.other_worker if said[0] == "done" else cast.case_worker
    with acting(owner.viewer):
        assert Case.objects.get(pk=about.key).organisation_id == owner.viewer.organisation_id


def test_two_closings_at_once_end_it_once(cast: Any, ready: Any) -> None:
    row = brought(cast, ready, "sent")
    close = closing(cast, cast.other_organisation)
    assert "done" in at_once(close, close)
    assert (state_of(row), steps("receiver_closed")) == ("declined", 1)


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
