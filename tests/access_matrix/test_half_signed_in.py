"""Between password and second factor: a browser that stopped half-way opens exactly what the public opens."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.tests.signing import give_password, with_authenticator, with_password

from .matrix import Cell, read
from .story import Story
from .test_matrix import arguments, ask, outcome


@pytest.fixture
def half(story: Story) -> Client:
    supervisor = with_password(story.people["supervisor"].user)
    with_authenticator(supervisor)
    client = Client()
    assert give_password(client, supervisor.username).headers["Location"] == reverse("mfa_authenticate")
    return client


@pytest.mark.parametrize("cell", [c for c in read() if "anonymous" not in c.open], ids=str)
def test_it_opens_no_page_of_a_signed_in_person(cell: Cell, story: Story, half: Client) -> None:
    answer: Any = ask(half, cell, arguments(cell, story))
    if cell.route == "mfa_authenticate":
        assert answer.status_code == 200, "the one page that is for it"
    elif not cell.absent:
        assert outcome(answer) != "open"
