"""Every address x every persona x every method, against matrix.toml; foreign objects; CSRF; the half signed-in."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from .matrix import PERSONAS, Cell, read, routes
from .story import CANARY, Story

CELLS = read()
CLOSED = {"login", "refused", "missing"}


class Undo(Exception):
    """Ends a request's own transaction, so that each persona finds the story as it was told."""


def arguments(cell: Cell, story: Story) -> dict[str, Any]:
    return {k: story.ids[v[1:]] if str(v).startswith("@") else v for k, v in cell.args.items()}


def ask(client: Client, cell: Cell, args: dict[str, Any]) -> Any:
    """Send the request and undo what it did."""
    url = reverse(cell.route, kwargs=args) + (f"?{cell.query}" if cell.query else "")
    data = dict(cell.data)
    if cell.upload:
        data[cell.upload] = SimpleUploadedFile("letter.txt", b"The doctor writes.")
    kind = {"content_type": "application/json"} if cell.route.startswith("api:") and not cell.upload else {}
    answer: Any = None
    try:
        with transaction.atomic():
            answer = client.get(url) if cell.method == "GET" else client.post(url, data, **kind)
            raise Undo
    except Undo:
        return answer


def outcome(answer: Any) -> str:
    assert answer.status_code < 500, answer
    assert answer.status_code != 405, "the matrix has a method that this address does not know"
    where = answer.headers.get("Location", "")
    if answer.status_code in (301, 302) and where.startswith(("/account/login/", "/account/enrol/")):
        return "login"
    # A 401 with a challenge asks a device who it is; one without asks a person who may to sign in freshly.
    if answer.status_code == 401 and "WWW-Authenticate" in answer.headers:
        return "refused"
    return {403: "refused", 404: "missing"}.get(answer.status_code, "open")


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    there, written = routes(), {(cell.route, frozenset(cell.args)) for cell in CELLS}
    assert there - written == set(), "addresses of which nobody said who may open them"
    assert written - there == set(), "rows of addresses that are gone"


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_it_opens_for_those_it_is_for_and_nobody_else(cell: Cell, story: Story) -> None:
    args = arguments(cell, story)
    wrong = []
    for persona in PERSONAS:
        answer = ask(story.client(persona), cell, args)
        found = outcome(answer)
        # The planted name is on no page of anybody: a reveal is a form that was sent with its fields.
        assert CANARY.encode() not in body_of(answer), persona
        if cell.absent:
            expected = found in CLOSED or persona_is_sent_home(cell, found)
        elif persona in cell.open:
            expected = found == "open" or cell.route in ("account_login", "account_logout", "account_enrol")
        else:
            expected = found in CLOSED
        if not expected:
            wrong.append(f"{persona}: {found}")
    assert wrong == []


def persona_is_sent_home(cell: Cell, found: str) -> bool:
    """allauth answers a visit without its object by a way back; nothing of anybody is shown."""
    return cell.route.startswith("mfa_") and found == "open"


OUTSIDERS = (
    "anonymous",
    "password_only",
    "stranger",
    "other_worker",
    "coordinator",
    "administrator",
    "supervisor",
)
OBJECTS = [cell for cell in CELLS if cell.object]


@pytest.mark.parametrize("cell", OBJECTS, ids=str)
def test_a_foreign_object_answers_like_one_that_does_not_exist(cell: Cell, story: Story) -> None:
    args = arguments(cell, story)
    nowhere = {**args, cell.object: uuid4() if isinstance(args[cell.object], UUID) else 2_000_000_000}
    told_apart = []
    for persona in OUTSIDERS:
        if persona in cell.open | cell.holders:
            continue
        foreign = ask(story.client(persona), cell, args)
        missing = ask(story.client(persona), cell, nowhere)
        same = foreign.status_code == missing.status_code and foreign.content == missing.content
        closed = outcome(foreign) == "missing" or persona in ("anonymous", "password_only")
        if not (same and closed) and not _is_login(foreign, missing):
            told_apart.append(f"{persona}: {foreign.status_code} against {missing.status_code}")
    assert told_apart == []


def _is_login(foreign: Any, missing: Any) -> bool:
    # The way to the sign-in page names the page that was asked for, in both cases alike.
    return outcome(foreign) == outcome(missing) == "login"


# These set the visitor's own choice in the visitor's own browser and nothing else. They need no token, so that the
# public pages need no cookie before somebody chooses something.
OWN_CHOICE = {"web:theme", "web:language"}
# Devices have no session, and so no token: they prove themselves with every request, or are asked to.
BY_PROOF = {"openrosa:submission"}
# Partner instances have none either: an envelope proves itself, and whatever is wrong with one, the answer is the same.
BY_SEAL = {"exchange-door"}
UNSAFE = [cell for cell in CELLS if cell.method != "GET" and cell.route not in OWN_CHOICE]


@pytest.mark.parametrize("cell", [c for c in CELLS if c.route in OWN_CHOICE], ids=str)
def test_a_choice_of_ones_own_writes_a_cookie_and_nothing_else(cell: Cell, story: Story) -> None:
    client = story.client("analyst", enforce_csrf_checks=True)
    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, cell, arguments(cell, story))
    assert answer.status_code == 302
    written = [q["sql"] for q in asked if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []


@pytest.mark.parametrize("cell", UNSAFE, ids=str)
def test_a_form_without_its_token_is_refused(cell: Cell, story: Story) -> None:
    persona = sorted(cell.open & set(story.people))[0] if cell.open & set(story.people) else "supervisor"
    answer = ask(story.client(persona, enforce_csrf_checks=True), cell, arguments(cell, story))
    wanted = 401 if cell.route in BY_PROOF else 400 if cell.route in BY_SEAL else 403
    assert answer.status_code == wanted
