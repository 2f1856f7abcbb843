"""What time does to a proposal, and what two people at once do. On committed data, through the owner's clock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from palermo.kernel.access import accounts, notices, recovery
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.errors import Conflict, DomainError, NotFound, Refused
from palermo.kernel.organisations import proposals, queries
from palermo.kernel.organisations.models import Membership, Proposal
from palermo.kernel.organisations.tests.conftest import WHY

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def earlier(hours: float) -> None:
    """Everything that was asked for was asked for `hours` earlier."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_proposal SET asked_at = asked_at - make_interval(secs => %(s)s), "
            "expires_at = expires_at - make_interval(secs => %(s)s), "
            "ready_at = ready_at - make_interval(secs => %(s)s)",
            {"s": hours * 3600},
        )


def ask(people: Any) -> Proposal:
    with acting(people.administrator.viewer) as viewer:
        return proposals.ask_for_role(
            actor=viewer,
            user_id=people.stranger.pk,
            organisation=people.organisation,
            role="case_manager",
            reason=WHY,
        )


def agree(who: Any, asked: Proposal) -> None:
    with acting(who.viewer) as viewer:
        recovery.agree(actor=viewer, proposal_id=asked.pk)


def test_it_lapses_after_seven_days_and_is_asked_for_again(people: Any) -> None:
    asked = ask(people)
    earlier(7 * 24 - 0.1)
    with pytest.raises(Conflict):
        ask(people)
    earlier(0.2)
    with acting(people.supervisor.viewer) as viewer:
        assert not queries.open_proposals(viewer).exists()
        with pytest.raises(Conflict) as late:
            proposals.agree(actor=viewer, proposal_id=asked.pk)
    assert late.value.state == "expired"
    assert not Membership.objects.filter(user=people.stranger.user).exists()
    agree(people.supervisor, ask(people))
    assert Membership.objects.filter(user=people.stranger.user).count() == 1


def at_once(*deeds: Any) -> list[str]:
    """Run deeds at the same moment, each on a connection of its own: 'won', or what stopped each."""
    start = Barrier(len(deeds))

    def one(deed: Any) -> str:
        start.wait(timeout=30)
        try:
            deed()
        except Conflict as error:
            return f"found it {error.state}"
        except DomainError as error:
            return type(error).__name__
        else:
            return "won"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(one, deeds))


def test_two_who_agree_at_once_give_one_role(people: Any, second_supervisor: Any) -> None:
    asked = ask(people)
    said = at_once(lambda: agree(people.supervisor, asked), lambda: agree(second_supervisor, asked))
    assert said == ["found it done", "won"]
    assert Membership.objects.filter(user=people.stranger.user, ended_at=None).count() == 1
    with acting(people.administrator.viewer):
        assert Proposal.objects.get(pk=asked.pk).state == "done"


def test_agreeing_and_withdrawing_at_once_have_one_winner(people: Any) -> None:
    def take_back(asked: Proposal) -> None:
        with acting(people.administrator.viewer) as viewer:
            proposals.withdraw(actor=viewer, proposal_id=asked.pk)

    for _time in range(3):
        asked = ask(people)
        said = at_once(lambda a=asked: agree(people.supervisor, a), lambda a=asked: take_back(a))
        assert said.count("won") == 1, said
        with acting(people.administrator.viewer):
            state = Proposal.objects.get(pk=asked.pk).state
            held = Membership.objects.filter(user=people.stranger.user, ended_at=None)
            assert held.count() == (1 if state == "done" else 0)
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "UPDATE organisations_membership SET ended_at = now() WHERE user_id = %s",
                [people.stranger.pk],
            )


def lost(people: Any, asker: Any) -> Proposal:
    people.case_worker.user.set_password("six wild horses at sea")
    people.case_worker.user.save(update_fields=["password"])
    with acting(asker.viewer) as viewer:
        return proposals.ask_for_recovery(actor=viewer, user_id=people.case_worker.pk, reason=WHY)


def take(who: Any, asked: Proposal) -> str:
    with acting(who.viewer) as viewer:
        return recovery.take_link(actor=viewer, proposal_id=asked.pk)[1]


def still_has_his_password(people: Any) -> bool:
    return User.objects.get(pk=people.case_worker.pk).has_usable_password()


def test_a_recovery_takes_two_people_and_a_day_and_gives_its_link_once(people: Any) -> None:
    asked = lost(people, people.administrator)
    with pytest.raises(Refused):
        agree(people.administrator, asked)
    with pytest.raises(Refused):
        take(people.supervisor, asked)
    agree(people.supervisor, asked)
    with pytest.raises(Conflict) as early:
        take(people.supervisor, asked)
    assert early.value.state == "early"
    earlier(23.9)
    with pytest.raises(Conflict):
        take(people.supervisor, asked)
    assert still_has_his_password(people)
    earlier(0.2)
    with pytest.raises(Refused):
        take(people.administrator, asked)
    link = take(people.supervisor, asked)
    assert not still_has_his_password(people)
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert accounts.holder_of_link(people.case_worker.pk, token) is not None
    with pytest.raises(Conflict):
        take(people.supervisor, asked)


def test_of_a_supervisor_and_an_administrator_the_supervisor_gets_the_link(people: Any) -> None:
    asked = lost(people, people.supervisor)
    agree(people.administrator, asked)
    earlier(24.1)
    with pytest.raises(Refused):
        take(people.administrator, asked)
    assert take(people.supervisor, asked)


def test_the_person_is_told_at_once_and_stops_it(people: Any, client_for: Any) -> None:
    asked = lost(people, people.administrator)
    with acting(people.case_worker.viewer) as viewer:
        assert [n.kind for n in notices.unseen(viewer)] == ["recovery_asked"]
    agree(people.supervisor, asked)
    assert queries.recovery_of(people.case_worker.pk) is not None
    with acting(people.case_worker.viewer) as viewer:
        proposals.stop(actor=viewer, proposal_id=asked.pk)
    assert queries.recovery_of(people.case_worker.pk) is None
    earlier(25)
    with pytest.raises(Conflict) as stopped:
        take(people.supervisor, asked)
    assert stopped.value.state == "stopped"
    assert still_has_his_password(people)


def test_any_supervisor_of_the_house_stops_it_and_nobody_elsewhere(
    people: Any, second_supervisor: Any
) -> None:
    asked = lost(people, people.administrator)
    agree(people.supervisor, asked)
    for who in (people.other_worker, people.analyst, people.first_responder):
        with acting(who.viewer) as viewer, pytest.raises((Refused, NotFound)):
            proposals.stop(actor=viewer, proposal_id=asked.pk)
    with acting(second_supervisor.viewer) as viewer:
        proposals.stop(actor=viewer, proposal_id=asked.pk)
    with acting(people.supervisor.viewer) as viewer:
        assert "recovery_stopped" in [n.kind for n in notices.unseen(viewer)]


def test_a_link_that_nobody_takes_in_a_week_is_gone(people: Any) -> None:
    asked = lost(people, people.administrator)
    agree(people.supervisor, asked)
    earlier(8 * 24 + 0.1)
    with pytest.raises(Conflict) as late:
        take(people.supervisor, asked)
    assert late.value.state == "expired"
