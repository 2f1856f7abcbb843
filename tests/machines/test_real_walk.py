"""Every state x event x role of every machine, on the rooms' own models, behind their own walls.

Generated from standards/workflows and from the models that are installed: a new machine is walked at once, and fails
here until the story of the access matrix has an object of it. What the data allows happens, or is refused by a guard
of that event in a sentence; all else is refused as the errors promise: 404 to who does not see the object, 409 in the
wrong state, 403 to the wrong role.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import TransactionTestCase
from psycopg.errors import CheckViolation, InsufficientPrivilege

from palermo.kernel.access.cast import make_cast, member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, DomainError, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import Organisation, Role
from palermo.kernel.workflow import deadlines
from palermo.kernel.workflow.actions import judge, transition
from palermo.kernel.workflow.rules import load_rules
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.standards import codelist
from palermo.standards.workflows import PREVIOUS, SYSTEM, Event, Machine, machine, names
from tests.access_matrix.story import tell

# Every statement is made, and every form has its coded answers: what refuses then, refuses for a reason of the record.
STATED: dict[str, Any] = {key: True for key, _sentence in STATEMENTS.values()}
ANSWERS: dict[str, dict[str, Any]] = {
    "notification": {"answer": codelist("palermo/network_answer").choices("en")[0][0]},
    "referral": {
        "decline": "full",
        "outcome": "helped",
        "ending": "mistake",
        "progress": "going_on",
        "arrived": "yes",
    },
    "transfer": {"decline": "full", "ending": "mistake"},
}


def model_of(name: str) -> Any:
    """The one model of a machine; None while no room has it."""
    found = [model for model in apps.get_models() if getattr(model, "machine", "") == name]
    assert len(found) < 2, f"the machine {name} has {len(found)} models"
    return found[0] if found else None


def first_of(name: str) -> Any:
    """Any object of that machine in the story, as the owner of the database sees it."""
    model = model_of(name)
    return model._default_manager.using("owner").order_by("-version").first() if model else None


@dataclass
class Country:
    """The story, committed; and people of every role in each house that an object names, who hold everything."""

    superuser: Any
    objects: dict[str, Any]
    actors: dict[str, list[tuple[int, Viewer]]] = field(default_factory=dict)
    strangers: list[Viewer] = field(default_factory=list)

    def put(self, model: Any, pk: Any, state: str) -> None:
        """The object stands in that state: written past triggers, as no person could."""
        self.superuser.execute(f'UPDATE "{model._meta.db_table}" SET state = %s WHERE id = %s', [state, pk])

    def came(self, m: Machine, pk: Any) -> None:
        """Where an event leads back to the state before, there was one: the first from which the data leads there."""
        for event in (event for event in m.events if event.to == PREVIOUS):
            for state in event.sources:
                self.superuser.execute(
                    "INSERT INTO workflow_origin (id, object_id, machine, state, came_from) "
                    "VALUES (gen_random_uuid(), %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    [pk, m.name, state, m.targets(event, state)[0]],
                )


@pytest.fixture(scope="module")
def country(cluster: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Country]:
    with (
        django_db_blocker.unblock(),
        psycopg.connect(cluster.superuser_dsn("palermo"), autocommit=True) as root,
    ):
        root.execute("SET session_replication_role = replica")
        try:
            load_rules()
            people = make_cast()
            told = tell(people)
            _transfer(people, told.ids["case"])
            # One envelope stands for all: the others of its case are not open beside it.
            root.execute("UPDATE referral_sending SET open = false")
            # It was accepted in the story; here it is accepted anew.
            root.execute("DELETE FROM referral_receiving")
            objects = {name: first_of(name) for name in names()}
            made = Country(root, objects)
            for name, obj in objects.items():
                made.actors[name] = _actors(root, obj) if obj is not None else []
            with acting(Viewer.operator()):
                far = Organisation.objects.create(name="Far away", kind="NGO")
                made.strangers = [member(f"far-{role}", role, far).viewer for role in Role]
            yield made
        finally:
            TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]


def _transfer(people: Any, case_id: Any) -> None:
    """The story hands no case over; here one is about to be."""
    from palermo.rooms.referral.actions import draft
    from palermo.web.room import subject

    with acting(people.case_worker.viewer) as viewer:
        draft(
            actor=viewer,
            about=subject(viewer, "case", case_id),
            receiver_id=people.other_organisation.pk,
            kind="shelter",
            texts={"needs": "Another house."},
            transfer=True,
        )


def _actors(root: Any, obj: Any) -> list[tuple[int, Viewer]]:
    """(0, viewer) of each role in the house of the object, (1, viewer) in the other that it names; all hold all."""
    named = [f.attname for f in obj._meta.concrete_fields if f.related_model is Organisation]
    houses = [getattr(obj, name) for name in sorted(named, key=lambda name: name != "organisation_id")]
    with acting(Viewer.operator()):
        houses.append(Organisation.objects.get(name="Harbour House").pk)  # the team of the story
    found: list[tuple[int, Viewer]] = []
    for number, house in enumerate(dict.fromkeys(h for h in houses if h)):
        with acting(Viewer.operator()):
            organisation = Organisation.objects.get(pk=house)
            for role in Role:
                found.append((number, member(f"walk-{role}-{str(house)[:8]}", role, organisation).viewer))
    ids = [viewer.user_id for _number, viewer in found]
    root.execute(
        "INSERT INTO access_grant (id, object_kind, object_id, grantee_kind, grantee_id, scopes, purpose, valid_from, "
        "break_glass, created_at) SELECT gen_random_uuid(), o.object_kind, o.object_id, 'person', u, "
        "ARRAY['case', 'notes', 'identity'], 'walk', now() - interval '1 day', false, now() "
        "FROM (SELECT DISTINCT ON (object_id) object_kind, object_id FROM access_grant) o, unnest(%s::uuid[]) u "
        "WHERE NOT EXISTS (SELECT 1 FROM access_grant g WHERE g.grantee_id = u AND g.object_id = o.object_id)",
        [ids],
    )
    return found


class Undo(Exception):
    """Takes an attempt back."""


def ask(viewer: Viewer, obj: Any, event: str, version: int) -> Any:
    """The object after the event, or the error of the domain. A refusal leaves nothing; what was done stays."""
    mine = type(obj)(pk=obj.pk)
    try:
        transition(
            actor=viewer,
            obj=mine,
            event=event,
            expected_version=version,
            reason="Because.",
            inputs=STATED | ANSWERS.get(obj.machine, {}),
        )
    except DomainError as error:
        return error
    return mine


def attempt(viewer: Viewer, obj: Any, event: str, version: int) -> tuple[str, Any]:
    """('done', (state, version)), ('refused', error) or ('wall', error) for one event; nothing of it stays."""
    answer: tuple[str, Any] = ("", None)
    try:
        with transaction.atomic():
            found = ask(viewer, obj, event, version)
            refused = isinstance(found, DomainError)
            answer = ("refused", found) if refused else ("done", (found.state, found.version))
            raise Undo
    except Undo:
        return answer
    except (IntegrityError, ProgrammingError) as error:
        return ("wall", error)


def judged(viewer: Viewer, seen: Any, m: Machine, event: Event) -> tuple[str, Any]:
    """The same question to what `transition` asks once it holds the row: no query where state or role refuse."""
    try:
        return ("allowed", judge(viewer, seen, m, event.code, "Because.", STATED | ANSWERS.get(m.name, {})))
    except DomainError as error:
        return ("refused", error)


def hindering(event: Event) -> set[str]:
    """What the data lets stand in the way of an event, besides state and role."""
    more = {"needs": event.needs, "after": event.after, "two_person": event.two_person}
    return {*event.guards, *(name for name, given in more.items() if given)}


def check(m: Machine, event: Event, state: str, seen: Any, viewer: Viewer, answer: tuple[str, Any]) -> str:
    """What the data promises, held against what happened. Returns the kind of answer, to be counted."""
    what, said = answer
    where = f"{m.name}: {event.code} in {state} by {sorted(viewer.roles) or viewer.kind}: {said!r}"
    if seen is None:
        assert isinstance(said, NotFound), where
        return "404"
    leaves = state in event.sources and deadlines.on_track(event, seen)
    may = SYSTEM in event.actors if viewer.kind == "operator" else bool(viewer.roles & event.actors)
    if not leaves:
        assert isinstance(said, Conflict), where
        assert (said.status, said.state, bool(said.message)) == (409, state, True), where
        return "409"
    if not may:
        assert isinstance(said, Refused), where
        assert said.status == 403, where
        return "403"
    if what == "done":
        after, version = said
        assert after in m.targets(event, state), where
        assert version == seen.version + 1, where
        return "done"
    if what == "wall":
        # The room writes first what this rests on (a ruling, a packet); without it the database itself says no.
        assert isinstance(said.__cause__, CheckViolation | InsufficientPrivilege), where
        return "wall"
    assert isinstance(said, Conflict | Invalid | Refused), where
    assert said.status in (403, 409, 422), where
    # A sentence for a person, and the rule that the data names for this event; or one of the room, where it acts.
    assert len(said.message) > 5, where
    assert said.rule, where
    assert said.message != str(said.rule), where
    prefix = f"workflow.{m.name}.{event.code}"
    named = {f"{prefix}.{name}" for name in hindering(event)}
    assert said.rule in named or (event.effects and not said.rule.startswith("workflow.")), where
    return "guard"


@dataclass
class Walk:
    """What came of the cells of one machine."""

    m: Machine
    counted: Counter[str] = field(default_factory=Counter)
    done: set[tuple[str, str]] = field(default_factory=set)
    said: dict[str, set[str]] = field(
        default_factory=dict
    )  # event: the rules that refused it to who may do it

    def cell(self, event: Event, state: str, seen: Any, viewer: Viewer, answer: tuple[str, Any]) -> None:
        kind = check(self.m, event, state, seen, viewer, answer)
        self.counted[kind] += 1
        if kind == "done":
            self.done.add((state, event.code))
        elif kind == "guard":
            self.said.setdefault(event.code, set()).add(answer[1].rule)

    def state_of(self, number: int, house: int, viewer: Viewer, obj: Any, state: str) -> None:
        """Every event for one viewer in one state. Whose state it leaves is asked at the door itself, as is what
        nobody sees; a wrong state is judged on the row for everybody, and asked at the door by one viewer in turn."""
        # Who may read and not change it is told the same as who may not read it.
        rows = type(obj)._default_manager.select_for_update(of=("self",))
        seen = rows.filter(pk=obj.pk).first()
        assert seen is None or (viewer.kind != "anonymous" and seen.state == state)
        for turn, event in enumerate(self.m.events):
            leaves = state in event.sources
            if house > 0 and not leaves:
                continue  # the wrong state is the same in every house
            if seen is not None and not leaves and (turn + number) % (len(Role) + 2):
                answer = judged(viewer, seen, self.m, event)
            else:
                answer = attempt(viewer, obj, event.code, seen.version if seen is not None else 1)
            self.cell(event, state, seen, viewer, answer)


@pytest.mark.parametrize("name", names())
def test_every_state_event_and_role(
    name: str, country: Country, django_db_blocker: Any, record_property: Any
) -> None:
    m, obj = machine(name), country.objects[name]
    assert obj is not None, f"tests/access_matrix/chapters tells of no object of the machine {name}"
    walk = Walk(m)
    everybody = [*country.actors[name], (0, Viewer.operator()), (0, Viewer.anonymous())]
    with django_db_blocker.unblock():
        country.came(m, obj.pk)
        for number, (house, viewer) in enumerate(everybody):
            with acting(viewer):
                for state in m.states:
                    country.put(type(obj), obj.pk, state)
                    # Taken back with its locks: the next state is written by somebody else.
                    with suppress(Undo), transaction.atomic():
                        walk.state_of(number, house, viewer, obj, state)
                        raise Undo
        country.put(type(obj), obj.pk, obj.state)
    assert walk.counted.total() >= len(m.states) * len(m.events) * (len(Role) + 2)
    assert walk.counted["409"] > 0
    record_property("walk", f"{name}: {dict(walk.counted)}, {len(walk.done)} moves made")
    made = {event for _state, event in walk.done}
    assert walk.done, f"no move of {name} could be made at all"
    for event in m.events:
        assert event.code in made or hindering(event) or event.effects, (
            f"nobody could do {event.code} of {name}"
        )


@pytest.mark.parametrize("name", names())
def test_who_does_not_hold_it_is_told_that_there_is_nothing(
    name: str, country: Country, django_db_blocker: Any
) -> None:
    """Somebody of every role in a house that has nothing to do with it: byte for byte what an unknown id gets."""
    m, obj = machine(name), country.objects[name]
    assert obj is not None, f"tests/access_matrix/chapters tells of no object of the machine {name}"
    with django_db_blocker.unblock():
        for viewer in country.strangers:
            with acting(viewer):
                if type(obj)._default_manager.filter(pk=obj.pk).exists():
                    continue  # its wall shows it to that role for a reason of its own
                unknown = ask(viewer, type(obj)(pk=uuid4()), m.events[0].code, obj.version)
                for event in m.events:
                    known = ask(viewer, obj, event.code, obj.version)
                    assert isinstance(known, NotFound)
                    assert (str(known), known.rule) == (str(unknown), unknown.rule)
