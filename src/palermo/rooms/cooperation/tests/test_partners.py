"""Two people make sure of a partner on its page; the page never says what they are to hear."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from palermo.exchange import thumbprint, write_card
from palermo.exchange.tests.world import DAY, NOW, House
from palermo.kernel.access.cast import member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.exchange.actions import make_card
from palermo.kernel.exchange.models import Dispatch, Partner
from palermo.kernel.organisations.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(people: Any) -> Any:
    with acting(Viewer.operator()):
        return member("second-coordinator", Role.COORDINATOR, people.organisation)


def text(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(f"cooperation:{name}", args=args)).content.decode()


def taken_in(client: Client, data: bytes) -> Any:
    return client.post(reverse("cooperation:new"), {"file": SimpleUploadedFile("b.palermo-card", data)})


def stored() -> Partner:
    with acting(Viewer.operator()):
        return Partner.objects.get()


def test_two_people_make_sure_of_a_partner(people: Any, second: Any) -> None:
    house, one, two = House("side-b"), signed_in_client(people.coordinator), signed_in_client(second)
    assert "No partner yet" in text(one, "list")
    assert taken_in(one, write_card(house.card, house.sign)).status_code == 302
    found, digits = stored(), thumbprint(house.card)
    for client in (one, two):
        assert digits.split()[0] not in text(client, "partner", found.pk), (
            "nobody copies them from the screen"
        )
    way = reverse("cooperation:confirm", args=[found.pk])
    wrong = one.post(way, {"digits": digits[::-1]}).content.decode()
    assert "These are not the digits of this card." in wrong
    assert one.post(way, {"digits": digits}).status_code == 302
    assert stored().state == "proposed"
    assert "You have compared the digits." in text(one, "partner", found.pk)
    assert two.post(way, {"digits": digits.replace(" ", "")}).status_code == 302
    assert stored().state == "active"


def test_a_file_that_is_no_card_is_refused_with_a_sentence(people: Any) -> None:
    client = signed_in_client(people.coordinator)
    assert "This is no card of an instance" in taken_in(client, b"not a card").content.decode()
    assert "This file is too large for a card." in taken_in(client, b"x" * 70_000).content.decode()
    with acting(Viewer.operator()):
        assert not Partner.objects.exists()


def test_our_own_card_is_shown_and_taken_away(people: Any) -> None:
    client = signed_in_client(people.coordinator)
    assert "This instance has no card yet." in text(client, "list")
    assert client.get(reverse("cooperation:card")).status_code == 404
    with acting(Viewer.operator()) as viewer:
        data = make_card(actor=viewer, name="Office here", endpoint="https://here.invalid/exchange/")
    assert "Office here" in text(client, "list")
    assert client.get(reverse("cooperation:card")).content == data
    assert "This is the card of this very instance." in taken_in(client, data).content.decode()


def test_a_letter_is_tried_and_a_partner_revoked_for_good(people: Any, second: Any) -> None:
    house, one, two = House("side-b"), signed_in_client(people.coordinator), signed_in_client(second)
    with acting(Viewer.operator()) as viewer:
        make_card(actor=viewer, name="Office here", endpoint="https://here.invalid/exchange/")
    taken_in(one, write_card(house.card, house.sign))
    found = stored()
    way = reverse("cooperation:try", args=[found.pk])
    assert one.post(way).status_code == 409, "not before two people are sure"
    for client in (one, two):
        client.post(reverse("cooperation:confirm", args=[found.pk]), {"digits": thumbprint(house.card)})
    assert one.post(way).status_code == 302
    with acting(Viewer.operator()):
        assert Dispatch.objects.get().kind == "test.ping"
    assert one.post(reverse("cooperation:revoke", args=[found.pk]), {"why": ""}).status_code == 200
    assert (
        one.post(reverse("cooperation:revoke", args=[found.pk]), {"why": "Broken into."}).status_code == 302
    )
    assert stored().state == "revoked"
    assert one.post(way).status_code == 409
    house.new_card(NOW + DAY)
    assert taken_in(two, write_card(house.card, house.sign)).status_code == 302
    assert (stored().state, stored().readers) == ("proposed", []), "everything begins anew"


def test_others_find_nothing_here(people: Any) -> None:
    for who in (people.case_worker, people.prosecutor, people.administrator):
        assert signed_in_client(who).get(reverse("cooperation:list")).status_code == 403
