"""Every state x event x role of every machine, on the rooms' own models, behind their own walls.

Generated from standards/workflows and from the models that are installed: a new machine is walked at once, and fails
here until the story of the access matrix has an object of it. What the data allows happens, or is refused by a guard
of that event in a sentence; all else is refused as the errors promise: 404 to who does not see the object, 409 in the
wrong state, 403 to the wrong role.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import TransactionTestCase
from psycopg.errors import CheckViolation

from palermo.kernel.access.cast import make_cast, member
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, DomainError, Invalid, NotFound, Refused
from palermo.kernel.organisations.models import Organisation, Role
from palermo.kernel.workflow import deadlines
from palermo.kernel.workflow.actions import transition
from palermo.kernel.workflow.rules import load_rules
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.standards.workflows import SYSTEM, Event, Machine, machine, names
from tests.access_matrix.story import tell

STATED = {key: True for key, _sentence in STATEMENTS.values()}


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

    def put(self, model: Any, pk: Any, state: str) -> None:
        """The object stands in that state: written past triggers, as no person could."""
        self.superuser.execute(f'UPDATE "{model._meta.db_table}" SET state = %s WHERE id = %s', [state, pk])


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
            objects = {name: first_of(name) for name in names()}
            made = Country(root, objects)
            for name, obj in objects.items():
                made.actors[name] = _actors(root, obj) if obj is not None else []
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


def attempt(viewer: Viewer, obj: Any, event: str, version: int, inputs: Any) -> tuple[str, Any]:
    """('done', state) or ('refused', error) for one event; nothing of it stays."""
    answer: tuple[str, Any] = ("", None)
    try:
        with transaction.atomic():
            mine = type(obj)(pk=obj.pk)
            transition(
                actor=viewer,
                obj=mine,
                event=event,
                expected_version=version,
                reason="Because.",
                inputs=inputs,
            )
            answer = ("done", (mine.state, mine.version))
            raise Undo
    except Undo:
        return answer
    except DomainError as error:
        return ("refused", error)
    except IntegrityError as error:
        return ("wall", error)


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
        assert isinstance(said.__cause__, CheckViolation), where
        return "wall"
    assert isinstance(said, Conflict | Invalid | Refused), where
    assert said.status in (403, 409, 422), where
    # A sentence for a person, and a rule that names this event or the room's own.
    assert len(said.message) > 5, where
    assert said.rule, where
    assert said.message != str(said.rule), where
    return "guard"


@pytest.mark.parametrize("name", names())
def test_every_state_event_and_role(
    name: str, country: Country, django_db_blocker: Any, record_property: Any
) -> None:
    m, obj = machine(name), country.objects[name]
    assert obj is not None, f"tests/access_matrix/chapters tells of no object of the machine {name}"
    model, counted, done = model_of(name), Counter[str](), set[tuple[str, str]]()
    everybody = [*country.actors[name], (0, Viewer.operator()), (0, Viewer.anonymous())]
    with django_db_blocker.unblock():
        for state in m.states:
            country.put(model, obj.pk, state)
            for house, viewer in everybody:
                with acting(viewer):
                    # Who may read and not change it is told the same as who may not read it.
                    seen = model._default_manager.select_for_update(of=("self",)).filter(pk=obj.pk).first()
                    assert seen is None or viewer.kind != "anonymous"
                    for event in m.events:
                        if house > 0 and state not in event.sources:
                            continue  # the wrong state is the same in every house
                        version = seen.version if seen is not None else 1
                        answer = attempt(viewer, obj, event.code, version, STATED)
                        kind = check(m, event, state, seen, viewer, answer)
                        counted[kind] += 1
                        if kind == "done":
                            done.add((state, event.code))
        country.put(model, obj.pk, obj.state)
    first = len(Role) + 2
    assert counted.total() >= len(m.states) * len(m.events) * first
    assert counted["409"] > 0
    # Where every move rests on what only its room can write, guards say so; nowhere is all of it shut without a word.
    assert counted["done"] + counted["guard"] > 0, f"nothing of {name} could be tried at all: {dict(counted)}"
    record_property("walk", f"{name}: {dict(counted)}, {len(done)} moves made")


@pytest.mark.parametrize("name", names())
def test_who_does_not_hold_it_is_told_that_there_is_nothing(
    name: str, country: Country, django_db_blocker: Any
) -> None:
    """Somebody of every role in a house that has nothing to do with it: byte for byte what an unknown id gets."""
    m, obj, model = machine(name), country.objects[name], model_of(name)
    assert obj is not None, f"tests/access_matrix/chapters tells of no object of the machine {name}"
    with django_db_blocker.unblock():
        with acting(Viewer.operator()):
            far = Organisation.objects.create(name=f"Far away {name}", kind="NGO")
            strangers = [member(f"far-{role}-{name}", role, far).viewer for role in Role]
        for viewer in strangers:
            with acting(viewer):
                if model._default_manager.filter(pk=obj.pk).exists():
                    continue  # its wall shows it to that role for a reason of its own
                for event in m.events:
                    known = attempt(viewer, obj, event.code, obj.version, STATED)
                    unknown = attempt(viewer, model(pk=uuid4()), event.code, obj.version, STATED)
                    assert isinstance(known[1], NotFound)
                    assert (str(known[1]), known[1].rule) == (str(unknown[1]), unknown[1].rule)
