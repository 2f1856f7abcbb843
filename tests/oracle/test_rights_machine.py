"""Grants, their times and ends, emergencies, handing over, transfers, roles, accounts, merged persons in random order.

After every step each person sees exactly what the oracle says: in the list, on the page, and by raw SQL behind the
walls (cases, notes, persons, sealed identities, the grants themselves, the pairs of persons that may be one, and what
he can do with each). PALERMO_ORACLE_EXAMPLES=400 runs it for longer (CI and `make check` take the short profile).
"""

import os
import secrets
from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from palermo.kernel.access import accounts, actions
from palermo.kernel.access.cast import member, signed_in_client
from palermo.kernel.access.context import acting, enter, leave, open_context
from palermo.kernel.access.permissions import registry
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.errors import DomainError, NotFound, Refused
from palermo.kernel.organisations.models import Membership, Role
from palermo.kernel.vault import actions as vault
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import Person
from palermo.kernel.vault.pairings import one_with
from palermo.kernel.vault.tests.pair_oracle import ANSWERS
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries
from palermo.rooms.cases.models import Case
from palermo.rooms.consents import actions as consents
from palermo.rooms.referral import actions as referral
from palermo.rooms.referral import queries as referrals
from palermo.web.room import subject
from tests.oracle.oracle import Given, Oracle, Record, Somebody

EXAMPLES = int(os.environ.get("PALERMO_ORACLE_EXAMPLES", "10"))
STEPS = 12
BREAKERS = {"case_manager", "supervisor", "child_protection"}
NAMES = (
    "case_worker",
    "first_responder",
    "supervisor",
    "colleague",
    "other_worker",
    "other_supervisor",
    "analyst",
)
WHO = st.sampled_from(NAMES)
WHICH = st.integers(min_value=0, max_value=50)
ROLES = st.sampled_from(
    ((), ("case_manager",), ("supervisor",), ("case_manager", "supervisor"), ("analyst",))
)
WORDS = "She asked for it at the desk."

# What each person reads by raw SQL: every case, every case with a note, every person, every sealed identity.
RAW = (
    "SELECT 'case', id FROM cases_case UNION ALL SELECT 'notes', case_id FROM cases_note "
    "UNION ALL SELECT 'person', id FROM vault_person UNION ALL SELECT 'identity', person_id FROM vault_sealedfield"
)


class Rights(RuleBasedStateMachine):
    """Two houses with a team each, seven people, and a person who closes accounts."""

    people: ClassVar[Any] = None
    happened: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.oracle = Oracle()
        self.users: dict[str, Any] = {}
        self.known: dict[UUID, Given] = {}
        self.tokens: dict[str, bytes] = {}
        self.clients: dict[str, Client] = {}
        self.codes: dict[UUID, str] = {}
        self.pair_ids: dict[frozenset[UUID], UUID] = {}

    # --------------------------------------------------------------------------------------- who there is

    @initialize()
    def begin(self) -> None:
        number = secrets.token_hex(4)
        house, team, other = self.people.organisation, self.people.unit, self.people.other_organisation
        with acting(Viewer.operator()):
            # Those of the examples before have left: they are no supervisors of these houses any more.
            Membership.objects.filter(ended_at=None).exclude(role=Role.ADMINISTRATOR).update(
                ended_at=timezone.now()
            )
            found = {
                "case_worker": (Role.CASE_MANAGER, house, team),
                "first_responder": (Role.FIRST_RESPONDER, house, team),
                "supervisor": (Role.SUPERVISOR, house, None),
                "colleague": (Role.CASE_MANAGER, house, None),
                "other_worker": (Role.CASE_MANAGER, other, None),
                "other_supervisor": (Role.SUPERVISOR, other, None),
                "analyst": (Role.ANALYST, house, team),
            }
            for name, (role, where, unit) in found.items():
                self.users[name] = member(f"{name.replace('_', '-')}-{number}", role, where, unit).user
        self.oracle.teams[team.pk] = house.pk
        for name, (role, where, unit) in found.items():
            units = (unit.pk,) if unit else ()
            places = frozenset((place, str(role)) for place in (where.pk, *units))
            self.oracle.people[name] = Somebody(
                self.users[name].pk, where.pk, units, frozenset({str(role)}), places
            )
            self.tokens[name] = secrets.token_bytes(32)
            with transaction.atomic():
                open_context(self.tokens[name], viewer_for(self.users[name]), seconds=36000)

    def viewer(self, who: str) -> Viewer:
        return viewer_for(self.users[who], stepped_up=True)

    def record(self, which: int) -> Record:
        return self.oracle.records[which % len(self.oracle.records)]

    def can(self, who: str, permission: str) -> bool:
        person = self.oracle.people[who]
        return person.open and bool(person.roles & set(registry()[permission].roles))

    # ----------------------------------------------------------------------------------------- what they do

    @rule(who=st.sampled_from(("case_worker", "first_responder", "other_worker")))
    def opens_a_case(self, who: str) -> None:
        person = self.oracle.people[who]
        if not person.open or person.house is None or len(self.oracle.records) >= 4:
            return
        with acting(self.viewer(who)) as viewer:
            made = cases.open_case(
                actor=viewer, reason=WORDS, crime="tip", child=False, identity=Identity(family_name="Nobody")
            )
            cases.add_note(actor=viewer, case=made, text="A note.")
        self.oracle.opens(person, made.pk, made.person_id)
        self.codes[made.person_id] = made.person_code
        self.happened["opened"] += 1

    @precondition(lambda self: self.oracle.records)
    @rule(
        who=WHO, which=WHICH, to=WHO, kind=st.sampled_from(("person", "unit", "organisation")), roles=ROLES,
        scopes=st.sets(st.sampled_from(("case", "identity", "notes")), min_size=1),
        start=st.sampled_from((0, 0, 20)), minutes=st.sampled_from((None, 30, 90)), of_person=st.booleans(),
    )  # fmt: skip
    def gives(
        self, who: str, which: int, to: str, kind: str, roles: tuple[str, ...], scopes: set[str], start: int,
        minutes: int | None, of_person: bool,
    ) -> None:  # fmt: skip
        record, giver = self.record(which), self.oracle.people[who]
        thing = record.person if of_person else record.case
        scopes = scopes - {"notes"} or {"case"} if of_person else scopes
        grantee = {
            "person": self.oracle.people[to].id,
            "unit": self.people.unit.pk,
            "organisation": (
                self.people.other_organisation if to.startswith("other") else self.people.organisation
            ).pk,
        }[kind]
        roles = () if kind == "person" else roles
        ends = [self.oracle.holds_until(giver, thing, scope) for scope in scopes]
        now = timezone.now()
        try:
            with acting(self.viewer(who)) as viewer:
                made = actions.grant(
                    actor=viewer, object_kind="person" if of_person else "case", object_id=thing, grantee_kind=kind,
                    grantee_id=grantee, scopes=sorted(scopes), purpose="assistance", roles=roles,
                    valid_from=now + timedelta(minutes=start) if start else None,
                    valid_until=None if minutes is None else now + timedelta(minutes=minutes),
                )  # fmt: skip
        except (DatabaseError, Refused):
            assert min(ends) < 0, "a holder could not pass on what he holds"
            self.happened["refused to give"] += 1
            return
        assert min(ends) >= 0, "somebody passed on what he does not hold"
        until = min([self.oracle.now + minutes] if minutes is not None else [10**9], default=10**9)
        given = Given(
            thing, grantee, frozenset(scopes), frozenset(roles), self.oracle.now + start, min(until, *ends),
            house=self.oracle.house_of(grantee),
        )  # fmt: skip
        self.oracle.grants.append(given)
        self.known[made] = given
        self.happened[f"gave to a {kind}{' by role' if roles else ''}"] += 1

    @precondition(lambda self: self.known)
    @rule(who=WHO, which=WHICH)
    def revokes(self, who: str, which: int) -> None:
        key = list(self.known)[which % len(self.known)]
        given, person = self.known[key], self.oracle.people[who]
        allowed = not given.revoked and self.oracle.holds_until(person, given.object_id, "case") >= 0
        try:
            with acting(self.viewer(who)) as viewer:
                actions.revoke(actor=viewer, grant_id=key)
        except NotFound:
            assert not allowed
            return
        assert allowed
        given.revoked = True
        self.happened["revoked"] += 1

    @precondition(lambda self: self.oracle.records)
    @rule(who=WHO, which=WHICH)
    def breaks_the_glass(self, who: str, which: int) -> None:
        record, person = self.record(which), self.oracle.people[who]
        allowed = person.open and bool(person.roles & BREAKERS)
        try:
            with acting(self.viewer(who)) as viewer:
                made = actions.break_glass(
                    actor=viewer,
                    object_kind="case",
                    object_id=record.case,
                    reason="She is in danger this very night.",
                )
        except (DatabaseError, Refused):
            assert not allowed
            return
        assert allowed
        given = Given(
            record.case, person.id, frozenset(("case", "identity")), start=self.oracle.now,
            until=self.oracle.now + 60, emergency=True, house=person.house,
        )  # fmt: skip
        self.oracle.grants.append(given)
        self.known[made] = given
        self.happened["emergency"] += 1

    @precondition(lambda self: self.oracle.records)
    @rule(who=WHO, which=WHICH, to=WHO)
    def hands_over(self, who: str, which: int, to: str) -> None:
        """Inside the house. What refuses leaves everything as it was: the invariant looks."""
        record = self.record(which)
        try:
            with acting(self.viewer(who)) as viewer:
                row = queries.case(viewer, record.case)
                cases.reassign_worker(
                    actor=viewer,
                    case=row,
                    to=self.oracle.people[to].id,
                    reason=WORDS,
                    expected_version=row.version,
                )
        except (DomainError, DatabaseError):
            return
        giver, taker = self.oracle.people[who], self.oracle.people[to]
        assert giver.open
        assert giver.house == record.house
        assert "supervisor" in giver.roles or record.worker == giver.id
        assert taker.open
        assert taker.house == record.house
        assert self.oracle.holds_until(giver, record.case, "case") >= 0, "passed on from an emergency"
        self.oracle.hands_over(giver, record, taker)
        self.happened["handed over"] += 1

    @precondition(lambda self: self.oracle.records)
    @rule(which=WHICH)
    def moves_to_the_other_house(self, which: int) -> None:
        """By a transfer with its consent, sent, seen and accepted."""
        record, taker = self.record(which), self.oracle.people["other_worker"]
        if record.house != self.people.organisation.pk or record.worker is None:
            return
        name = next(n for n, p in self.oracle.people.items() if p.id == record.worker)
        try:
            row = self._sent(name, record)
            for event in ("acknowledge", "accept"):
                self._step("other_worker", row, event)
        except (DomainError, DatabaseError) as error:
            self.happened[f"not moved: {error}"[:90]] += 1
            return
        assert self.oracle.holds_until(self.oracle.people[name], record.case, "case") >= 0
        assert taker.open
        self.oracle.changes_house(record, taker)
        self.happened["moved house"] += 1

    def _sent(self, name: str, record: Record) -> Any:
        with acting(self.viewer(name)) as viewer:
            about = subject(viewer, "case", record.case)
            consents.record_consent(
                actor=viewer, about=about, purpose="transfer", categories=["needs", "identity"], decision="given",
                recipients=[self.people.other_organisation.pk], language="en", interpreting="shared",
                valid_until=timezone.now() + timedelta(days=30),
            )  # fmt: skip
            row = referral.draft(
                actor=viewer, about=about, receiver_id=self.people.other_organisation.pk, kind="shelter",
                texts={"needs": "Another house."}, categories=("identity",), transfer=True,
            )  # fmt: skip
        self._step(name, row, "send")
        return row

    def _step(self, name: str, row: Any, event: str) -> None:
        with acting(self.viewer(name)) as viewer:
            now = referrals.referral(viewer, row.pk)
            referral.move(actor=viewer, row=now, event=event, expected_version=now.version, answers={})

    @precondition(lambda self: len(self.oracle.records) > 1)
    @rule(who=WHO, which=WHICH, other=WHICH, apart=st.booleans())
    def proposes(self, who: str, which: int, other: int, apart: bool) -> None:
        """That two persons are one, or at once that they are two."""
        one, two = self.record(which).person, self.record(other).person
        deed = vault.set_apart if apart else vault.propose_same
        try:
            with acting(self.viewer(who)) as viewer:
                made = deed(actor=viewer, person_id=one, other_code=self.codes[two], ground="facts")
        except (DomainError, DatabaseError):
            assert not self.oracle.pairs.propose(self.oracle.people[who], one, two, apart=apart), who
            self.happened["refused to pair"] += 1
            return
        assert self.oracle.pairs.propose(self.oracle.people[who], one, two, apart=apart), who
        self.pair_ids[frozenset((one, two))] = made
        self.happened["told apart" if apart else "proposed"] += 1

    @precondition(lambda self: self.oracle.pairs.known)
    @rule(who=WHO, which=WHICH, event=st.sampled_from(tuple(ANSWERS)))
    def answers(self, who: str, which: int, event: str) -> None:
        key = list(self.oracle.pairs.known)[which % len(self.oracle.pairs.known)]
        person, pair = self.oracle.people[who], self.oracle.pairs.known[key]
        try:
            with acting(self.viewer(who)) as viewer:
                vault.answer_same(actor=viewer, pairing_id=self.pair_ids[key], event=event, ground="mistake")
        except (DomainError, DatabaseError):
            assert not self.oracle.pairs.answer(person, pair, event), (who, event)
            self.happened["refused to answer"] += 1
            return
        assert self.oracle.pairs.answer(person, pair, event), (who, event)
        self.happened[event] += 1

    @precondition(lambda self: self.oracle.records)
    @rule(minutes=st.sampled_from((7, 25, 61)))
    def time_passes(self, minutes: int) -> None:
        self.oracle.now += minutes
        things = [thing for record in self.oracle.records for thing in (record.case, record.person)]
        shift = timedelta(minutes=minutes)
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "UPDATE access_grant SET valid_from = valid_from - %s, valid_until = valid_until - %s "
                "WHERE object_id = ANY (%s)",
                [shift, shift, things],
            )

    @precondition(lambda self: len(self.oracle.records) > 1)
    @rule(who=WHO)
    def role_ends(self, who: str) -> None:
        with acting(Viewer.operator()):
            Membership.objects.filter(user=self.users[who], ended_at=None).update(ended_at=timezone.now())
        self.oracle.leaves(self.oracle.people[who])
        self.happened["role ended"] += 1

    @precondition(lambda self: len(self.oracle.records) > 1)
    @rule(who=WHO)
    def account_is_closed(self, who: str) -> None:
        if not self.oracle.people[who].open:
            return
        with acting(self.people.administrator.viewer) as viewer:
            accounts.deactivate(actor=viewer, user_id=self.oracle.people[who].id)
        self.oracle.people[who].open = False
        self.happened["account closed"] += 1

    @precondition(lambda self: self.oracle.records)
    @rule(who=WHO, which=WHICH)
    def opens_the_page(self, who: str, which: int) -> None:
        """In a browser: the page of a case opens for who may see it, and is not there for anybody else."""
        record, person = self.record(which), self.oracle.people[who]
        if who not in self.clients:
            if not person.open:
                return
            self.clients[who] = signed_in_client(self.users[who])
        answer = self.clients[who].get(reverse("cases:case", args=[record.case]))
        sees = (record.case, "case") in self.oracle.sees(person) and self.can(who, "cases.case.view")
        if not person.open:
            assert answer.status_code in (302, 404)
        elif not person.roles and not sees:
            assert answer.status_code in (403, 404)
        else:
            assert answer.status_code == (200 if sees else 404), (who, answer.status_code)
        self.happened["page"] += 1

    # ----------------------------------------------------------------------------------- what everybody sees

    @invariant()
    def everybody_sees_just_what_the_oracle_says(self) -> None:
        if not self.oracle.records:
            return
        with transaction.atomic():
            for name, person in self.oracle.people.items():
                viewer = enter(self.tokens[name])
                assert (viewer is not None) is person.open, name
                self._raw(name, person)
                self._pairs(name, person, viewer or Viewer.anonymous())
                self._list_and_pages(name, person, viewer or Viewer.anonymous())
            leave()

    def _raw(self, name: str, person: Somebody) -> None:
        things = [thing for r in self.oracle.records for thing in (r.case, r.person)]
        wanted = {
            ("case", r.case) for r in self.oracle.records if r.case in self.oracle.objects(person, "case")
        }
        noted = self.oracle.objects(person, "notes") | self.oracle.own_period(person, "notes")
        wanted |= {("notes", r.case) for r in self.oracle.records if r.case in noted}
        held = {g.object_id for g in self.oracle.held_by(person)}
        wanted |= {("person", r.person) for r in self.oracle.records if r.person in held}
        named = self.oracle.objects(person, "identity")
        wanted |= {("identity", r.person) for r in self.oracle.records if r.person in named}
        with connection.cursor() as cursor:
            cursor.execute(RAW)
            seen = {(kind, thing) for kind, thing in cursor.fetchall() if thing in things}
            assert seen == wanted, name
            cursor.execute("SELECT count(*) FROM access_grant WHERE object_id = ANY (%s)", [things])
            assert cursor.fetchone()[0] == len(
                [g for g in self.oracle.held_by(person) if g.object_id in things]
            ), name

    def _pairs(self, name: str, person: Somebody, viewer: Viewer) -> None:
        """Which pairs somebody reads, where they stand, what he can do with each, and which codes are one for him."""
        codes = {code: key for key, code in self.codes.items()}
        read = [
            (self.pair_ids[key], p)
            for key, p in self.oracle.pairs.known.items()
            if self.oracle.pairs.reads(person, p)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, left_code, right_code, state, vault_pair_may(id) FROM vault_pairing WHERE id = ANY (%s)",
                [list(self.pair_ids.values())],
            )
            seen = {
                (i, codes[left], codes[right], s, frozenset(m)) for i, left, right, s, m in cursor.fetchall()
            }
        wanted = {(i, p.left, p.right, p.state, frozenset(self.oracle.pairs.may(person, p))) for i, p in read}
        assert seen == wanted, name
        held = {g.object_id for g in self.oracle.held_by(person)}
        mine = {key: code for key, code in self.codes.items() if key in held}
        same = one_with(viewer, mine.values())
        for key, code in mine.items():
            assert {codes[other] for other in same[code]} == self.oracle.pairs.one_with(person, key), name
        assert set(Person.objects.filter(code__in=codes).values_list("pk", flat=True)) == set(mine), name

    def _list_and_pages(self, name: str, person: Somebody, viewer: Viewer) -> None:
        known = {r.case for r in self.oracle.records}
        wanted = self.oracle.objects(person, "case") & known if self.can(name, "cases.case.view") else set()
        try:
            listed = {row.pk for row in queries.cases(viewer).rows} & known
        except Refused:
            listed = set()
        assert listed == wanted, f"the list of {name}"
        for record in self.oracle.records:
            try:
                row: Case | None = queries.case(viewer, record.case)
            except (NotFound, Refused):
                row = None
            assert (row is not None) is (record.case in wanted), f"the page of {name}"
            if row is not None:
                assert (row.organisation_id, row.worker_id) == (record.house, record.worker)


@pytest.fixture
def country(people: Any, settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    Rights.people = people
    Rights.happened.clear()


# One walk on which everything happens; (rule, its choices). After each step everybody is looked at.
WALK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("opens_a_case", {"who": "case_worker"}),
    ("gives", {"who": "analyst", "to": "analyst", "kind": "person"}),  # who holds it not
    ("gives", {"who": "case_worker", "to": "colleague", "kind": "person", "minutes": 30}),
    ("gives", {"who": "case_worker", "to": "other_worker", "kind": "organisation", "roles": ("supervisor",)}),
    (
        "gives",
        {"who": "case_worker", "to": "analyst", "kind": "unit", "roles": ("analyst",), "scopes": {"notes"}},
    ),
    (
        "gives",
        {
            "who": "case_worker",
            "to": "colleague",
            "kind": "organisation",
            "of_person": True,
            "start": 20,
            "minutes": 30,
        },
    ),
    ("opens_the_page", {"who": "other_supervisor"}),
    ("opens_the_page", {"who": "other_worker"}),
    ("opens_a_case", {"who": "case_worker"}),
    ("proposes", {"who": "case_worker", "other": 0}),  # himself
    ("proposes", {"who": "analyst", "other": 1}),
    ("proposes", {"who": "case_worker", "other": 1}),
    ("answers", {"who": "case_worker", "event": "confirm"}),  # his own
    ("answers", {"who": "other_worker", "event": "confirm"}),  # a stranger to both
    ("answers", {"who": "supervisor", "event": "confirm"}),
    ("time_passes", {"minutes": 25}),
    ("time_passes", {"minutes": 7}),
    ("breaks_the_glass", {"who": "other_worker"}),
    ("breaks_the_glass", {"who": "first_responder"}),
    ("opens_the_page", {"who": "other_worker"}),
    ("gives", {"who": "other_worker", "to": "other_worker", "kind": "person"}),  # from an emergency
    ("time_passes", {"minutes": 61}),
    ("revokes", {"who": "case_worker", "which": 1}),
    ("revokes", {"who": "analyst", "which": 2}),
    ("hands_over", {"who": "case_worker", "to": "colleague"}),
    ("hands_over", {"who": "supervisor", "to": "case_worker"}),
    ("moves_to_the_other_house", {}),
    ("answers", {"who": "analyst", "event": "undo"}),
    ("answers", {"who": "other_worker", "event": "undo"}),  # who has the person now
    ("proposes", {"who": "case_worker", "which": 1, "other": 0}),
    ("answers", {"who": "supervisor", "event": "confirm"}),  # of the side that proposed
    ("answers", {"who": "other_worker", "event": "different"}),
    ("proposes", {"who": "case_worker", "which": 1, "other": 0}),  # it is remembered
    ("answers", {"who": "case_worker", "event": "reopen"}),
    ("answers", {"who": "other_worker", "event": "reopen"}),
    ("proposes", {"who": "other_worker", "which": 0, "other": 1}),
    ("answers", {"who": "supervisor", "event": "confirm"}),
    ("opens_the_page", {"who": "case_worker"}),
    ("opens_the_page", {"who": "other_worker"}),
    ("opens_a_case", {"who": "first_responder"}),
    ("role_ends", {"who": "case_worker"}),
    ("account_is_closed", {"who": "other_supervisor"}),
    ("opens_the_page", {"who": "other_supervisor"}),
)
CHOICES: dict[str, Any] = {
    "which": 0, "roles": (), "scopes": {"case"}, "start": 0, "minutes": None, "of_person": False, "apart": False,
}  # fmt: skip


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_on_a_walk_where_everything_happens(country: None) -> None:
    machine = Rights()
    machine.begin()
    for name, chosen in WALK:
        step = getattr(Rights, name)
        wanted = step.hypothesis_stateful_rule.arguments
        step(machine, **({k: v for k, v in CHOICES.items() if k in wanted} | chosen))
        machine.everybody_sees_just_what_the_oracle_says()
    for wanted in (
        "opened", "gave to a person", "gave to a unit by role", "gave to a organisation by role", "revoked",
        "emergency", "handed over", "moved house", "role ended", "account closed", "page", "refused to give",
        "proposed", "confirm", "undo", "different", "reopen", "refused to pair", "refused to answer",
    ):  # fmt: skip
        assert Rights.happened[wanted] > 0, (wanted, Rights.happened)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_everybody_sees_what_the_oracle_says(country: None) -> None:
    run_state_machine_as_test(Rights, settings=PROFILE)  # type: ignore[no-untyped-call]
    assert Rights.happened["opened"] > 0


PROFILE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    # A failing walk is told as it was found: making it shorter would take many minutes.
    phases=(Phase.explicit, Phase.generate),
    # The short profile is the same walk every time; the long one looks for new ways.
    derandomize="PALERMO_ORACLE_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
