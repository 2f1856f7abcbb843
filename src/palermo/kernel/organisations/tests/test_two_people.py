"""An administrator alone reaches no case: the puppet, the orphaned house, the lapse, the second account of one hand."""

from typing import Any

import pytest
from django.db import connection

from palermo.kernel.access import accounts, recovery
from palermo.kernel.access.cast import Member, member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, StepUpNeeded
from palermo.kernel.organisations import actions, proposals
from palermo.kernel.organisations.models import Membership, Proposal, Role, Unit
from palermo.kernel.organisations.tests.conftest import WHY
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases.models import Case

pytestmark = pytest.mark.django_db


def ask(people: Any, user_id: Any, role: str = "case_manager", **more: Any) -> Proposal:
    with acting(people.administrator.viewer) as viewer:
        return proposals.ask_for_role(
            actor=viewer,
            user_id=user_id,
            organisation=more.pop("organisation", people.organisation),
            role=role,
            reason=WHY,
            **more,
        )


def agreed_by(who: Any, asked: Proposal) -> str:
    with acting(who.viewer) as viewer:
        return recovery.agree(actor=viewer, proposal_id=asked.pk)[1]


def made_by(people: Any, name: str) -> Member:
    """An account that the administrator makes, whose link he has, freshly signed in."""
    with acting(people.administrator.viewer) as viewer:
        made, _path = accounts.create_user(actor=viewer, username=name)
    return Member(made, viewer_for(made, session_ref="puppet", stepped_up=True))


@pytest.fixture
def case(people: Any) -> Any:
    """A case of the whole organisation, which every case manager of it reads."""
    from palermo.kernel.access.actions import grant

    with acting(people.case_worker.viewer) as viewer:
        made = cases.open_case(actor=viewer, reason="Asked for help at the desk.", crime="tip")
        grant(
            actor=viewer, object_kind="case", object_id=made.pk, grantee_kind="organisation",
            grantee_id=people.organisation.pk, scopes=["case"], purpose="team",
        )  # fmt: skip
        return made


def cases_seen(who: Member) -> int:
    viewer = viewer_for(who.user, session_ref="puppet", stepped_up=True)
    with acting(viewer), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        return int(cursor.fetchone()[0])


def test_a_puppet_sees_nothing_until_somebody_else_agrees(people: Any, case: Case) -> None:
    puppet = made_by(people, "puppet")
    asked = ask(people, puppet.pk)
    assert cases_seen(puppet) == 0
    helper = made_by(people, "second-puppet")
    for who in (
        people.administrator,
        puppet,
        helper,
        people.case_worker,
        people.coordinator,
        people.other_worker,
    ):
        with pytest.raises((Refused, NotFound)):
            agreed_by(who, asked)
    assert cases_seen(puppet) == 0
    agreed_by(people.supervisor, asked)
    assert cases_seen(puppet) == 1, "otherwise the zeros above would prove nothing"


def test_the_link_that_the_administrator_had_ends_with_the_first_role(people: Any) -> None:
    with acting(people.administrator.viewer) as viewer:
        made, path = accounts.create_user(actor=viewer, username="new.colleague")
    token = path.rstrip("/").rsplit("/", 1)[1]
    assert accounts.holder_of_link(made.pk, token) is not None
    new = agreed_by(people.supervisor, ask(people, made.pk))
    assert accounts.holder_of_link(made.pk, token) is None
    assert accounts.holder_of_link(made.pk, new.rstrip("/").rsplit("/", 1)[1]) == made


def test_a_password_that_the_administrator_set_himself_ends_with_the_first_role(people: Any) -> None:
    puppet = made_by(people, "puppet")
    puppet.user.set_password("six wild horses at sea")
    puppet.user.save(update_fields=["password"])
    agreed_by(people.supervisor, ask(people, puppet.pk))
    assert not User.objects.get(pk=puppet.pk).has_usable_password()


def test_a_second_role_leaves_the_way_to_sign_in_alone(people: Any) -> None:
    people.case_worker.user.set_password("six wild horses at sea")
    people.case_worker.user.save(update_fields=["password"])
    assert agreed_by(people.supervisor, ask(people, people.case_worker.pk, "child_protection")) == ""
    assert User.objects.get(pk=people.case_worker.pk).has_usable_password()


def test_the_supervisor_of_another_house_and_the_person_himself_do_not_decide(
    people: Any, second_supervisor: Any
) -> None:
    with acting(Viewer.operator()):
        elsewhere = member("northern-supervisor", Role.SUPERVISOR, people.other_organisation)
    own = ask(people, second_supervisor.pk, "case_manager")
    for who in (elsewhere, second_supervisor):
        with pytest.raises((Refused, NotFound)):
            agreed_by(who, own)
    agreed_by(people.supervisor, own)


@pytest.mark.parametrize("role", ["administrator", "coordinator"])
def test_no_supervisor_makes_somebody_who_decides_for_other_houses(
    people: Any, second_administrator: Any, role: str
) -> None:
    asked = ask(people, people.stranger.pk, role)
    with pytest.raises(Refused):
        agreed_by(people.supervisor, asked)
    agreed_by(second_administrator, asked)


def test_the_first_supervisor_of_a_new_house_needs_a_second_administrator_or_a_coordinator(
    people: Any,
) -> None:
    with acting(people.administrator.viewer) as viewer:
        house = actions.add_organisation(actor=viewer, name="Quay Clinic", kind="NGO")
    asked = ask(people, people.stranger.pk, "supervisor", organisation=house)
    with pytest.raises(Refused):
        agreed_by(people.administrator, asked)
    agreed_by(people.coordinator, asked)
    assert Membership.objects.get(user=people.stranger.user).role == "supervisor"


def test_ending_all_supervisors_does_not_make_administrators_the_ones_who_decide(
    people: Any, second_administrator: Any
) -> None:
    with acting(people.administrator.viewer) as viewer:
        for row in Membership.objects.filter(organisation=people.organisation, role="supervisor"):
            actions.end_role(actor=viewer, membership=row, expected_version=row.version)
    asked = ask(people, people.stranger.pk, "supervisor")
    with pytest.raises(Refused):
        agreed_by(second_administrator, asked)
    agreed_by(people.coordinator, asked)


def test_an_administrator_closes_the_only_supervisor_and_is_no_further(
    people: Any, second_administrator: Any
) -> None:
    with acting(people.administrator.viewer) as viewer:
        accounts.deactivate(actor=viewer, user_id=people.supervisor.pk)
    asked = ask(people, people.stranger.pk)
    for who in (second_administrator, people.supervisor):
        with pytest.raises((Refused, NotFound)):
            agreed_by(who, asked)


def test_the_command_line_decides_only_where_nobody_else_can(people: Any) -> None:
    asked = ask(people, people.stranger.pk)
    with acting(Viewer.operator()) as operator, pytest.raises(Refused):
        proposals.agree(actor=operator, proposal_id=asked.pk)


def test_refusing_needs_a_reason_and_withdrawing_is_for_who_asked(people: Any) -> None:
    asked = ask(people, people.stranger.pk)
    with acting(people.supervisor.viewer) as viewer:
        with pytest.raises(Invalid):
            proposals.refuse(actor=viewer, proposal_id=asked.pk, reason=" ")
        with pytest.raises(Refused):
            proposals.withdraw(actor=viewer, proposal_id=asked.pk)
        refused = proposals.refuse(
            actor=viewer, proposal_id=asked.pk, reason="Nobody here knows this person."
        )
    assert (refused.state, refused.decided_by_id) == ("refused", people.supervisor.pk)
    again = ask(people, people.stranger.pk)
    with acting(people.administrator.viewer) as viewer:
        assert proposals.withdraw(actor=viewer, proposal_id=again.pk).state == "withdrawn"
    with pytest.raises(Conflict) as gone:
        agreed_by(people.supervisor, again)
    assert gone.value.state == "withdrawn"


def test_agreeing_asks_for_a_fresh_second_factor(people: Any) -> None:
    asked = ask(people, people.stranger.pk)
    stale = viewer_for(people.supervisor.user)
    with acting(stale), pytest.raises(StepUpNeeded):
        recovery.agree(actor=stale, proposal_id=asked.pk)


def test_who_asked_and_was_dismissed_opens_nothing_any_more(people: Any) -> None:
    asked = ask(people, people.stranger.pk)
    with acting(Viewer.operator()):
        User.objects.filter(pk=people.administrator.pk).update(is_active=False)
    with pytest.raises(Conflict) as gone:
        agreed_by(people.supervisor, asked)
    assert gone.value.state == "orphan"


def test_a_team_moves_when_the_house_that_loses_it_agrees(people: Any, second_administrator: Any) -> None:
    with acting(people.administrator.viewer) as viewer:
        team = actions.add_unit(actor=viewer, organisation=people.organisation, name="Night team")
        with pytest.raises(Conflict):
            proposals.ask_to_move_unit(
                actor=viewer, unit=people.unit, organisation=people.other_organisation, reason=WHY
            )
        asked = proposals.ask_to_move_unit(
            actor=viewer, unit=team, organisation=people.other_organisation, reason=WHY
        )
    with pytest.raises(Refused):
        agreed_by(second_administrator, asked)
    agreed_by(people.supervisor, asked)
    assert Unit.objects.get(pk=team.pk).organisation_id == people.other_organisation.pk


def test_it_is_read_by_those_concerned_alone(people: Any) -> None:
    asked = ask(people, people.stranger.pk)
    for who in (people.supervisor, people.administrator, people.coordinator, people.stranger):
        with acting(who.viewer):
            assert Proposal.objects.filter(pk=asked.pk).exists()
    for who in (people.other_worker, people.case_worker, people.analyst, people.prosecutor):
        with acting(who.viewer):
            assert not Proposal.objects.exists()
    assert not Proposal.objects.exists()


def test_every_step_is_on_record(people: Any) -> None:
    asked = ask(people, people.stranger.pk)
    agreed_by(people.supervisor, asked)
    for who, deed in ((people.administrator, "ask"), (people.supervisor, "agree")):
        with acting(who.viewer):
            (entry,) = Entry.objects.filter(object_id=asked.pk, actor=who.pk)
            assert entry.action == f"organisations.proposal.{deed}"
