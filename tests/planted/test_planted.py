"""Planted identities: what any room seals is in no table, log, mail, job or file, and on no page without the right.

The story of the access matrix is told with every room's own actions, and a spy at the vault's one door notes each text
that goes in: so what a new room seals is looked for at once. Invented names, telephones, documents and addresses
that nobody could mistake are planted besides. Then everything is looked through, in every form that a text could take.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core import mail as sent
from django.test import TransactionTestCase
from django.urls import reverse

from palermo.kernel.access import mail
from palermo.kernel.access.cast import make_cast
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.actions import carry_out
from palermo.kernel.jobs.models import Effect
from palermo.kernel.vault import sealing, texts
from palermo.kernel.vault.actions import reveal, update_identity
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.queries import Probe, search
from palermo.kernel.workflow import timer
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases import queries
from palermo.rooms.door import actions as door
from palermo.rooms.door import queries as door_queries
from palermo.web.room import subject
from tests.access_matrix.matrix import Cell, read
from tests.access_matrix.story import Story, tell
from tests.access_matrix.test_matrix import arguments, ask, body_of
from tests.planted.forms import Needles, dump, unpacked

IDENTITY = Identity(
    family_name="Vibbletonova",
    given_names="Zarquella",
    aliases="Quibberwick\nلوبزانة",
    birth_date="1987-11-29",
    phone="+99 555 31415926",
    document_number="XQ-7731942-Z",
    address="77 Wobblethorpe Crescent, Nowhereton",
    notes_on_identity="A scar like a wuzzlefish on the left wrist",
)
NOTE = "Grumblesnatch followed her to Wobblethorpe Crescent."
PAPER = "Doctor Fizzlebrook treated Zarquella Vibbletonova."
FEEDBACK = "Tell nobody that Snorkelby is my brother."
# A date alone is too common to be looked for; it is sealed like the rest.
UNMISTAKABLE = (
    *(v for k, v in IDENTITY.filled().items() if k not in ("birth_date", "aliases")),
    "Quibberwick", "لوبزانة", "Grumblesnatch", "Fizzlebrook", "Snorkelby", "31415926",
)  # fmt: skip
# Who has no right to any identity, in no house.
WITHOUT = (
    "anonymous", "password_only", "stranger", "coordinator", "analyst", "editor", "programme_officer",
    "administrator", "prosecutor",
)  # fmt: skip
# What a person writes for exactly these: a complaint goes past the organisation, to a coordinator.
MEANT_FOR = {"coordinator": ("door:complaint", "api:door_complaint")}


class Kept(logging.Handler):
    """Every record of every logger, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, entry: logging.LogRecord) -> None:
        self.lines.append(self.format(entry))


@dataclass
class Told:
    """The story, committed, with what was sealed in it and what was written elsewhere meanwhile."""

    story: Story
    superuser: Any
    log: Kept
    secrets: set[str] = field(default_factory=set)
    home: Path = Path()


@pytest.fixture(scope="module")
def told(cluster: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Told]:
    from django.db import connection

    patch, kept, seal = pytest.MonkeyPatch(), Kept(), texts.seal
    secrets: set[str] = set()

    def spy(key: Any, context: Any, text: str) -> bytes:
        secrets.update(words_in(text))
        return seal(key, context, text)

    for module in (texts, sealing):
        patch.setattr(module, "seal", spy)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    patch.setattr(settings, "STORAGES", {**settings.STORAGES, "staticfiles": plain})
    patch.setattr(settings, "PALERMO_ORIGIN", "https://palermo.example")
    patch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    sent.outbox = []
    with (
        django_db_blocker.unblock(),
        psycopg.connect(cluster.superuser_dsn("palermo"), autocommit=True) as superuser,
    ):
        try:
            story = tell(make_cast())
            plant(story)
            secrets.update(UNMISTAKABLE)
            yield Told(story, superuser, kept, secrets, cluster.home)
        finally:
            root.removeHandler(kept)
            root.setLevel(level)
            patch.undo()
            connection.close()
            TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]


def words_in(text: str) -> Iterator[str]:
    """What to look for of a sealed text: the text, or each value where it is a canonical form of several."""
    values = [text]
    with suppress(json.JSONDecodeError):  # words of a transcript may begin with [NAME]
        found = json.loads(text) if text.startswith(("{", "[")) else [text]
        values = [v for v in (found.values() if isinstance(found, dict) else found) if isinstance(v, str)]
    # Codes and single short words stand in many places for reasons of their own.
    yield from (v for v in values if len(v) >= 12 and re.search(r"\s", v.strip()))


def plant(story: Story) -> None:
    """Identities and free words through the actions of the rooms, and what people do with them."""
    worker, ids = story.people["case_worker"].viewer, story.ids
    with acting(worker) as viewer:
        case = queries.case(viewer, ids["case"])
        update_identity(actor=viewer, person_id=case.person_id, identity=IDENTITY, expected_version=1)
        cases.add_note(actor=viewer, case=case, text=NOTE)
        cases.add_case_file(
            actor=viewer, case=case, kind="medical", description=PAPER, name="Fizzlebrook.txt",
            content=io.BytesIO(PAPER.encode()),
        )  # fmt: skip
        code = door.give_page(actor=viewer, about=subject(viewer, "case", case.pk))
    with acting(Viewer.anonymous()):
        own = door_queries.own_of(door.hash_of(code))
        assert own is not None
        door.say_how_it_was(own=own, face="good", text=FEEDBACK, nonce="planted")
    with acting(worker) as viewer:
        assert reveal(actor=viewer, person_id=case.person_id, purpose="care")["family_name"] == "Vibbletonova"
        assert search(viewer, Probe(name="Zarquella Vibbletonova", phone=IDENTITY.phone))
    with acting(story.people["other_worker"].viewer) as viewer:
        assert search(viewer, Probe(name="Zarquella Vibbletonova", document=IDENTITY.document_number)) == []
    browse(story)


def browse(story: Story) -> None:
    """Forms with the planted words in every field, right and wrong, as somebody who may and somebody who may not."""
    everything = {name: value for name, value in IDENTITY.filled().items()} | {
        "q": "Vibbletonova",
        "text": NOTE,
    }
    for persona in ("case_worker", "analyst", "anonymous"):
        for cell in read():
            if cell.method == "POST" and cell.route.startswith(("cases:", "api:", "identification:")):
                client = story.client(persona, raise_request_exception=False)
                ask(client, Cell(**{**vars_of(cell), "data": everything}), arguments(cell, story))


def vars_of(cell: Cell) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in cell.__dataclass_fields__}


def test_the_spy_has_seen_every_room_that_seals(told: Told) -> None:
    """Without this the rest could pass for want of secrets."""
    assert set(UNMISTAKABLE) <= told.secrets
    assert NOTE in told.secrets
    kinds = {
        k for (k,) in told.superuser.execute("SELECT DISTINCT object_kind FROM vault_textkey").fetchall()
    }
    assert {"case", "referral", "identification", "help_request", "feedback", "service"} <= kinds, kinds
    assert len(told.secrets) > 25


def test_no_table_holds_any_of_it(told: Told) -> None:
    """As a dump would hold it: every column of every table, audit, jobs, notices, sessions, caches and all."""
    needles, seen, found = Needles(told.secrets), set[str](), {}
    for table, rows in dump(told.superuser):
        seen |= {table} if rows else set()
        if hits := needles.found_in(rows):
            found[table] = hits
    assert found == {}
    wanted = {"audit_entry", "vault_sealedfield", "procrastinate_jobs", "access_notice", "access_session"}
    assert {f"public.{name}" for name in wanted} <= seen


def test_the_dump_would_find_what_lies_open(told: Told) -> None:
    """The search itself: a canary in a table is found, plain, as hex and as base64."""
    told.superuser.execute(
        "CREATE TABLE planted AS SELECT convert_to('Zarquella x', 'UTF8') AS a, encode('..Zarquella Vibbletonova', "
        "'base64') AS b, 'ZARQUELLA'::text AS c"
    )
    try:
        hits = {table: Needles(["Zarquella"]).found_in(rows) for table, rows in dump(told.superuser)}
        assert {table for table, hit in hits.items() if hit} == {"public.planted"}
        for column in "abc":
            told.superuser.execute(f"UPDATE planted SET {column} = NULL")
        assert not Needles(["Zarquella"]).found_in(dict(dump(told.superuser))["public.planted"])
    finally:
        told.superuser.execute("DROP TABLE planted")


@pytest.mark.parametrize("persona", WITHOUT)
def test_no_page_export_or_json_of_them_shows_any_of_it(
    persona: str, told: Told, django_db_blocker: Any
) -> None:
    needles, found, looked = Needles(told.secrets), {}, 0
    with django_db_blocker.unblock():
        client = told.story.client(persona, raise_request_exception=False)
        for cell in read():
            if persona not in cell.open or cell.route in MEANT_FOR.get(persona, ()):
                continue
            waiting = [cell.query]
            while waiting:
                query = waiting.pop()
                answer = ask(client, Cell(**{**vars_of(cell), "query": query}), arguments(cell, told.story))
                body = unpacked(body_of(answer)) + str(dict(answer.headers)).encode()
                looked += 1
                if hits := needles.found_in(body):
                    found[f"{cell} {query}"] = hits
                if cell.method == "GET" and query == cell.query and b"format=" in body:
                    waiting += [f"{cell.query}&format={kind}" for kind in ("csv", "json", "xlsx", "docx")]
    assert found == {}
    assert looked > 5


def test_who_has_the_right_does_see_it(told: Told, django_db_blocker: Any) -> None:
    """The pages do hold the words: a walk that finds nothing anywhere proves nothing."""
    with django_db_blocker.unblock():
        client = told.story.client("case_worker")
        page = client.get(reverse("cases:case", args=[told.story.ids["case"]]))
        assert b"Grumblesnatch" in page.content


def test_no_mail_holds_any_of_it(told: Told, django_db_blocker: Any) -> None:
    """Reminders of everything that is overdue in the story, to everybody who may have them."""
    with django_db_blocker.unblock():
        for name in ("case_worker", "supervisor", "coordinator", "competent_authority"):
            with acting(told.story.people[name].viewer) as viewer:
                mail.ask_for_mail(actor=viewer, address=f"{name.replace('_', '-')}@office.example")
        told.superuser.execute(
            "UPDATE workflow_deadline SET started_at = started_at - interval '9 years', "
            "base_at = base_at - interval '9 years', due_at = due_at - interval '9 years', next_at = now() "
            "WHERE met_at IS NULL AND cancelled_at IS NULL AND NOT fires"
        )
        timer.run()
        while waiting := list(Effect.objects.filter(done_at=None).values_list("pk", flat=True)):
            for pk in waiting:
                carry_out(pk)
    assert len(sent.outbox) > 3
    whole = "\n".join(message.message().as_string() for message in sent.outbox)
    codes = [c for (c,) in told.superuser.execute("SELECT code FROM cases_case").fetchall()]
    codes += [c for (c,) in told.superuser.execute("SELECT code FROM vault_person").fetchall()]
    assert Needles([*told.secrets, *codes]).found_in(whole.encode()) == set()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}", re.sub(r"Message-ID:.*", "", whole))


def test_no_log_and_no_file_holds_any_of_it(told: Told) -> None:
    needles = Needles(told.secrets)
    assert len(told.log.lines) > 10
    assert needles.found_in("\n".join(told.log.lines).encode()) == set()
    looked = 0
    for path in sorted(told.home.rglob("*")):
        inside = path.relative_to(told.home).parts
        if path.is_file() and inside[0] in ("files", "log", "keys"):
            looked += 1
            assert needles.found_in(path.read_bytes()) == set(), path
            assert needles.found_in(str(path).encode()) == set(), path
    assert looked > 2


def test_no_argument_of_a_job_is_prose(told: Told) -> None:
    rows = told.superuser.execute("SELECT args::text FROM procrastinate_jobs").fetchall()
    rows += told.superuser.execute("SELECT ids::text FROM jobs_effect").fetchall()
    assert rows
    for (text,) in rows:
        for value in json.loads(text).values():
            assert re.fullmatch(r"[A-Za-z0-9._:-]{1,80}", str(value)), text
