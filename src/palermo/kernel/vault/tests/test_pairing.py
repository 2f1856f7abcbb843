"""Two persons are one, or are not: two people say it, nothing is told to a stranger, and undoing leaves no trace behind
but the history."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from palermo.kernel.access.actions import break_glass, grant
from palermo.kernel.access.cast import member
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Notice
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import Role
from palermo.kernel.vault.actions import (
    answer_same,
    erase,
    look_for_doubles,
    propose_same,
    register_person,
    reveal,
    set_apart,
)
from palermo.kernel.vault.codes import new_code
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import Pairing, PairingStep, Person, SealedField
from palermo.kernel.vault.pairings import one_with, pair, pairs_of, waiting

pytestmark = pytest.mark.django_db
NAME = Identity(family_name="Vibbletonova", given_names="Zarquella", birth_date="1998-05-17")
ALIKE = Identity(family_name="Vibbletonova", given_names="Zarquela", birth_date="1998")


def registered(by: Any, identity: Identity = NAME, *also: Any, child: bool = False) -> Person:
    with acting(by.viewer) as viewer:
        return register_person(
            actor=viewer,
            organisation_id=viewer.organisation_ids[0],
            identity=identity,
            grantees=[("person", colleague.pk) for colleague in also],
            is_child=child,
        )


def proposed(by: Any, person: Person, other: Person | str, ground: str = "facts") -> UUID:
    with acting(by.viewer) as viewer:
        code = other if isinstance(other, str) else other.code
        return propose_same(actor=viewer, person_id=person.pk, other_code=code, ground=ground)


def answered(by: Any, pairing: UUID, event: str, ground: str = "") -> None:
    with acting(by.viewer) as viewer:
        answer_same(actor=viewer, pairing_id=pairing, event=event, ground=ground)


def told(who: Any) -> list[str]:
    with acting(who.viewer):
        return list(
            Notice.objects.filter(user_id=who.pk, object_kind="pairing").values_list("kind", flat=True)
        )


@pytest.fixture
def two(people: Any) -> tuple[Person, Person]:
    """One person known to Harbour House, and one known to Northern Shelter."""
    return registered(people.case_worker, NAME, people.supervisor), registered(people.other_worker, ALIKE)


def test_two_people_of_two_houses_make_two_codes_one(people: Any, two: tuple[Person, Person]) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    with acting(people.other_worker.viewer) as viewer:
        asked = pair(viewer, made)
        assert list(waiting(viewer).values_list("pk", flat=True)) == [made]
    assert (asked.mine.code, asked.other.code, asked.other.person_id) == (theirs.code, ours.code, None)
    assert asked.proposed_house == "Harbour House"
    assert set(asked.may) == {"confirm", "different", "unsure"}
    answered(people.other_worker, made, "confirm")
    for worker, code, house in ((people.case_worker, theirs.code, "Northern Shelter"),
                                (people.other_worker, ours.code, "Harbour House")):  # fmt: skip
        with acting(worker.viewer) as viewer:
            now = pair(viewer, made)
            assert (now.state, now.other.code, now.other.houses) == ("same", code, (house,))
            assert one_with(viewer, [now.mine.code]) == {now.mine.code: (code,)}
    assert told(people.other_worker) == ["same_person_proposed"]
    assert told(people.case_worker) == told(people.supervisor) == ["same_person_confirmed"]


def test_a_link_opens_nothing(people: Any, two: tuple[Person, Person]) -> None:
    ours, theirs = two
    answered(people.other_worker, proposed(people.case_worker, ours, theirs), "confirm")
    with acting(people.case_worker.viewer) as viewer:
        assert not Person.objects.filter(pk=theirs.pk).exists()
        assert not SealedField.objects.filter(person_id=theirs.pk).exists()
        with pytest.raises(NotFound):
            reveal(actor=viewer, person_id=theirs.pk, purpose="identify")
        assert reveal(actor=viewer, person_id=ours.pk, purpose="identify")["given_names"] == "Zarquella"


def test_a_code_of_nobody_is_like_one_of_somebody_elsewhere(people: Any, two: tuple[Person, Person]) -> None:
    """Neither the page nor SQL of his own tells the proposer afterwards whether there is such a code."""
    ours, theirs = two
    nobody = new_code()

    def seen(code: str) -> tuple[Any, ...]:
        made = proposed(people.case_worker, ours, code)
        with acting(people.case_worker.viewer) as viewer:
            now = pair(viewer, made)
            row = Pairing.objects.values().get(pk=made)
            steps = list(
                PairingStep.objects.filter(pairing=made).values_list("deed", "state", "ground", "by")
            )
            newest = list(Entry.objects.order_by("-seq").values_list("action", "object_id", "purpose")[:1])
            notices = Notice.objects.count()
        alone = {
            k: v for k, v in row.items() if k not in ("id", "right_code", "created_at", "updated_at", "since")
        }
        return (alone, steps, newest, notices, now.may, now.state, now.other.person_id, now.other.houses)

    assert seen(theirs.code) == seen(nobody)


def test_the_trail_does_not_count_who_was_asked(people: Any, two: tuple[Person, Person]) -> None:
    """Numbers in the trail have no gap: an entry about the other person would tell that there is one."""
    ours, theirs = two
    counts = []
    for code in (theirs.code, new_code()):
        with acting(people.administrator.viewer):
            before = Entry.objects.count()
        proposed(people.case_worker, ours, code)
        with acting(people.administrator.viewer):
            counts.append(Entry.objects.count() - before)
    assert counts[0] == counts[1] == 1


def test_nobody_confirms_what_he_proposed(people: Any) -> None:
    one, other = (registered(people.case_worker, identity, people.supervisor) for identity in (NAME, ALIKE))
    made = proposed(people.case_worker, one, other)
    with pytest.raises(Refused, match="second person"):
        answered(people.case_worker, made, "confirm")
    answered(people.supervisor, made, "confirm")
    with acting(people.supervisor.viewer) as viewer:
        assert {pair(viewer, made).mine.code, pair(viewer, made).other.code} == {one.code, other.code}
        assert pair(viewer, made).other.person_id is not None, "within one house each opens from the other"


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_child_too_needs_two_whoever_writes_it(people: Any) -> None:
    one, other = (registered(people.case_worker, i, people.supervisor, child=True) for i in (NAME, ALIKE))
    made = proposed(people.case_worker, one, other)
    with pytest.raises(Refused):
        answered(people.case_worker, made, "confirm")
    # The owner of the tables as well: no function, migration or hand writes "same" for one person alone.
    with pytest.raises(DatabaseError, match="two_people"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_pairing (id, version, created_at, updated_at, left_id, right_id, left_code, right_code, "
            "state, ground, proposed_by_id, proposed_house_id, answered_by_id, answered_house_id, since) "
            "SELECT i, 1, now(), now(), i, i, 'a', 'b', 'same', 'facts', i, i, i, i, now() FROM gen_random_uuid() i"
        )


def test_between_two_houses_one_speaks_for_each(people: Any, two: tuple[Person, Person]) -> None:
    """A colleague of the one who proposed is a second person, but of the same side."""
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    with pytest.raises(Refused):
        answered(people.supervisor, made, "confirm")
    # Even who was given the other person to look at does not answer for it.
    with acting(people.other_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="person", object_id=theirs.pk, grantee_kind="person",
            grantee_id=people.supervisor.pk, scopes=("case", "identity"), purpose="advice",
        )  # fmt: skip
    with pytest.raises(Refused):
        answered(people.supervisor, made, "confirm")
    answered(people.other_worker, made, "confirm")


def test_who_sees_both_and_answers_for_the_other_speaks_for_that_one(
    people: Any, two: tuple[Person, Person]
) -> None:
    ours, theirs = two
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="person", object_id=ours.pk, grantee_kind="person",
            grantee_id=people.other_worker.pk, scopes=("case",), purpose="advice",
        )  # fmt: skip
    made = proposed(people.other_worker, ours, theirs)
    with acting(people.case_worker.viewer) as viewer:
        asked = pair(viewer, made)
        assert asked.proposed_house == "Northern Shelter"
        assert "confirm" in asked.may
    answered(people.supervisor, made, "confirm")


@pytest.mark.parametrize("side", ["case_worker", "other_worker"])
def test_either_side_undoes_it_with_a_reason_and_all_is_as_before(
    people: Any, two: tuple[Person, Person], side: str
) -> None:
    ours, theirs = two

    def everything() -> list[Any]:
        found: list[Any] = []
        for worker in (people.case_worker, people.other_worker, people.supervisor):
            with acting(worker.viewer) as viewer:
                found.append(
                    sorted(Person.objects.values_list("pk", "version", "holder_id", "code", "is_child"))
                )
                found.append(sorted(SealedField.objects.values_list("person_id", "field", "row_version")))
                found.append(one_with(viewer, [ours.code, theirs.code]))
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM access_grant")
                    found.append(cursor.fetchone()[0])
        return found

    before = everything()
    made = proposed(people.case_worker, ours, theirs)
    answered(people.other_worker, made, "confirm")
    assert everything() != before
    with pytest.raises(Invalid):
        answered(getattr(people, side), made, "undo")
    answered(getattr(people, side), made, "undo", "document")
    assert everything() == before
    with acting(getattr(people, side).viewer) as viewer:
        lines = pair(viewer, made).history
        assert [line.did for line in lines] == [
            "proposed that they are one person",
            "confirmed that they are one person",
            "undid it: they are two persons again",
        ]
        assert lines[-1].why == "The documents say so"
    # Elsewhere a colleague is his house; at home he has a name.
    with acting(people.supervisor.viewer) as viewer:
        assert [line.who for line in pair(viewer, made).history][:2] == ["Case Worker", "Northern Shelter"]
    # Both trails hold it.
    for worker, person in ((people.case_worker, ours), (people.other_worker, theirs)):
        with acting(worker.viewer):
            actions = Entry.objects.filter(object_id=person.pk).values_list("action", flat=True)
            assert {"vault.same.confirm", "vault.same.undo"} <= set(actions)


def test_different_is_remembered_and_only_who_said_so_looks_again(
    people: Any, two: tuple[Person, Person]
) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    answered(people.other_worker, made, "different", "relatives")
    assert told(people.case_worker) == ["same_person_refused"]
    with pytest.raises(Conflict) as stopped:
        proposed(people.case_worker, ours, theirs)
    assert stopped.value.state == "different"
    with pytest.raises(Refused):
        answered(people.case_worker, made, "reopen")
    answered(people.other_worker, made, "reopen")
    again = proposed(people.other_worker, theirs, ours)
    assert again == made, "one pair, one history, from whichever side"
    answered(people.case_worker, made, "confirm")


def test_doubles_in_the_house_are_found_and_two_that_were_told_apart_are_not(people: Any) -> None:
    one, other = (registered(people.case_worker, identity) for identity in (NAME, ALIKE))
    with acting(people.case_worker.viewer) as viewer:
        assert [(m.code, state) for m, state in look_for_doubles(actor=viewer, person_id=one.pk)] == [
            (other.code, "")
        ]
        set_apart(actor=viewer, person_id=one.pk, other_code=other.code, ground="relatives")
        assert look_for_doubles(actor=viewer, person_id=one.pk) == []
        assert [p.state for p in pairs_of(viewer, one)] == ["different"]
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        look_for_doubles(actor=viewer, person_id=one.pk)


def test_who_sees_only_one_cannot_tell_them_apart_unasked(people: Any, two: tuple[Person, Person]) -> None:
    ours, theirs = two
    for code in (theirs.code, new_code()):
        with acting(people.case_worker.viewer) as viewer, pytest.raises(NotFound):
            set_apart(actor=viewer, person_id=ours.pk, other_code=code, ground="document")


def test_a_proposal_is_withdrawn_by_its_own_side(people: Any, two: tuple[Person, Person]) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    with pytest.raises(Refused):
        answered(people.other_worker, made, "withdraw")
    answered(people.supervisor, made, "withdraw")
    with pytest.raises(Conflict) as stopped:
        answered(people.other_worker, made, "confirm")
    assert stopped.value.state == "withdrawn"


def test_a_person_that_left_the_house_is_not_spoken_for_by_it(
    people: Any, two: tuple[Person, Person]
) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="person", object_id=ours.pk, grantee_kind="organisation",
            grantee_id=people.other_organisation.pk, scopes=("case", "identity"), purpose="transfer",
            roles=("supervisor",),
        )  # fmt: skip
    with connection.cursor() as cursor:
        for worker in (people.supervisor, people.case_worker):
            with acting(people.case_worker.viewer):
                cursor.execute(
                    "SELECT access_revoke(id) FROM access_grants_of(%s) WHERE grantee_id = %s",
                    [ours.pk, worker.pk],
                )
    with pytest.raises(Conflict, match="does not look after"):
        answered(people.other_worker, made, "confirm")


def test_an_emergency_shows_the_pair_and_speaks_for_nobody(people: Any, two: tuple[Person, Person]) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    with acting(Viewer.operator()):
        breaker = member("night-worker", Role.CASE_MANAGER, people.other_organisation)
    with acting(breaker.viewer) as viewer:
        break_glass(
            actor=viewer, object_kind="person", object_id=theirs.pk, reason="She is in danger tonight."
        )
        assert pair(viewer, made).may == ()
        with pytest.raises(Refused):
            answer_same(actor=viewer, pairing_id=made, event="confirm")
        with pytest.raises(Refused):
            propose_same(actor=viewer, person_id=theirs.pk, other_code=new_code(), ground="facts")


def test_a_stranger_finds_nothing_and_nobody_writes_it_by_sql(
    people: Any, two: tuple[Person, Person]
) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    for who in (people.analyst, people.administrator, people.coordinator, people.first_responder):
        with acting(who.viewer) as viewer:
            assert not Pairing.objects.exists()
            assert not PairingStep.objects.exists()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT vault_pair_may(%s), (SELECT count(*) FROM vault_pair_houses(%s))", [made, made]
                )
                assert cursor.fetchone() == ([], 0)
            with pytest.raises((NotFound, Refused)):
                answer_same(actor=viewer, pairing_id=made, event="confirm")
    with acting(people.first_responder.viewer) as viewer, pytest.raises(NotFound):
        answer_same(actor=viewer, pairing_id=uuid4(), event="confirm")
    for statement in (
        "UPDATE vault_pairing SET state = 'same'",
        "DELETE FROM vault_pairingstep",
        "INSERT INTO vault_pairingstep (pairing_id, at, deed, state, ground) SELECT id, now(), 'x', 'same', '' "
        "FROM vault_pairing",
        "SELECT vault_houses(gen_random_uuid())",
        "SELECT vault_tell('{}', 'same_person_proposed', gen_random_uuid())",
    ):
        with acting(people.case_worker.viewer), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_an_erased_person_is_one_with_nobody(people: Any, two: tuple[Person, Person]) -> None:
    ours, theirs = two
    made = proposed(people.case_worker, ours, theirs)
    answered(people.other_worker, made, "confirm")
    with acting(people.supervisor.viewer) as viewer:
        erase(actor=viewer, person_id=ours.pk, reason="request")
    with acting(people.other_worker.viewer) as viewer:
        now = pair(viewer, made)
        assert (now.state, now.other.houses, now.may) == ("undone", (), ())
        assert one_with(viewer, [theirs.code]) == {theirs.code: ()}


def test_chains_end_at_the_first_person_whom_one_does_not_hold(people: Any) -> None:
    """Who holds the one in the middle sees all three as one; who holds an end sees just its neighbour."""
    with acting(Viewer.operator()):
        third = member(
            "third-worker", Role.CASE_MANAGER, people.competent_authority.user.memberships.get().organisation
        )
    left, middle, right = (registered(w) for w in (people.case_worker, people.other_worker, third))
    answered(people.other_worker, proposed(people.case_worker, left, middle), "confirm")
    answered(third, proposed(people.other_worker, middle, right), "confirm")
    with acting(people.other_worker.viewer) as viewer:
        assert one_with(viewer, [middle.code])[middle.code] == tuple(sorted((left.code, right.code)))
    with acting(people.case_worker.viewer) as viewer:
        assert one_with(viewer, [left.code])[left.code] == (middle.code,)


@pytest.mark.parametrize("code", ["", "P-2222", "Zarquella", "P-7K3Q-M295"])
def test_what_is_no_code_is_said_beside_the_field(people: Any, code: str) -> None:
    ours = registered(people.case_worker)
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Invalid) as wrong:
            propose_same(actor=viewer, person_id=ours.pk, other_code=code, ground="because")
        assert {problem.field for problem in wrong.value.problems} == {"other_code", "ground"}
        with pytest.raises(Invalid, match="Nothing was proposed"):
            propose_same(actor=viewer, person_id=ours.pk, other_code=ours.code, ground="facts")
