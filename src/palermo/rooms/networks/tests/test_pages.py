"""The pages as a first responder meets them, without a script; nothing that was typed is lost, and no name stays."""

import re
import time
from typing import Any

from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.second_factor import RECORDS
from palermo.kernel.vault.identity import Identity
from palermo.rooms.networks import queries
from palermo.rooms.networks.models import Notification

from .conftest import ADULT, FAMILY, Inspectors, child_given, kept, sent, target_of

FIRST = {"age": "adult", "thinks": "tip", "seen": ["there.documents"], "urgent": ["urgent.medical"]}


def form_of(client: Any) -> dict[str, str]:
    """The hidden fields of the first page, as a browser would send them back."""
    text = client.get(reverse("networks:notify")).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', text)
    network = re.search(r'name="network" value="([^"]+)"', text)
    assert key
    assert network
    return {"key": key[1], "network": network[1]}


def first(client: Any, **more: Any) -> Any:
    return client.post(reverse("networks:notify"), {**form_of(client), **FIRST, **more})


def receiver(inspectors: Inspectors, people: Any) -> str:
    with acting(inspectors.inspector.viewer) as viewer:
        return target_of(viewer, inspectors.network, people.other_organisation.pk).key


def test_home_shows_the_form_first(inspectors: Inspectors, people: Any) -> None:
    text = signed_in_client(inspectors.inspector).get("/").content.decode()
    home = signed_in_client(inspectors.inspector).get(reverse("web:home")).content.decode() or text
    assert home.index("Notify now") < home.index("What is due")
    outside = signed_in_client(people.first_responder).get(reverse("web:home")).content.decode()
    assert "Notify now" not in outside


def test_the_form_has_the_guide_of_the_sector(inspectors: Inspectors) -> None:
    text = signed_in_client(inspectors.inspector).get(reverse("networks:notify")).content.decode()
    assert "The employer keeps passports or papers" in text
    assert "Employer" not in text.split("What cannot wait?")[0]
    assert (
        text.index("What cannot wait?")
        < text.index("How old is the person?")
        < text.index("What did you see")
    )
    assert "given_names" not in text


def test_what_is_missing_is_said_and_nothing_is_lost(inspectors: Inspectors) -> None:
    client = signed_in_client(inspectors.inspector)
    answer = first(client, age="", words="Sleeps behind the hall.")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Sleeps behind the hall." in text
    assert "kept as a draft" in text
    with acting(inspectors.inspector.viewer) as viewer:
        (draft,) = queries.drafts(viewer)
        assert queries.answers_of(viewer, draft)["words"] == "Sleeps behind the hall."
    again = client.get(reverse("networks:draft", args=[draft.pk])).content.decode()
    assert "Sleeps behind the hall." in again
    assert re.search(r'value="there.documents"[^>]*checked', again)
    home = client.get(reverse("web:home")).content.decode()
    assert "Finish the notification that you began" in home


def test_an_adult_in_two_pages(inspectors: Inspectors, people: Any) -> None:
    client = signed_in_client(inspectors.inspector)
    second = first(client)
    assert second.status_code == 302
    page = client.get(second.url).content.decode()
    assert "Do this first" in page
    given = {
        "target": receiver(inspectors, people),
        "agrees": "yes",
        "language": "ar",
        "interpreting": "phone",
    }
    answer = client.post(second.url, given, follow=True)
    text = answer.content.decode()
    with acting(inspectors.inspector.viewer):
        row = Notification.objects.get()
    assert row.code in text
    assert "It is on its way" in text
    assert client.get(second.url).status_code == 302  # the first of two clicks has sent it


def test_the_second_page_says_what_is_missing(inspectors: Inspectors, people: Any) -> None:
    client = signed_in_client(inspectors.inspector)
    second = first(client).url
    answer = client.post(
        second, {"target": receiver(inspectors, people), "agrees": "yes", "given_names": "Zarquella"}
    )
    assert answer.status_code == 422
    assert "Choose the language." in answer.content.decode()
    assert "Zarquella" in answer.content.decode()


def test_a_known_person_is_offered_before_a_second_one_is_made(inspectors: Inspectors, people: Any) -> None:
    who = Identity(family_name=FAMILY, given_names="Zarquella", birth_date="1998")
    sent(inspectors.inspector, inspectors.network, people, identity=who, searched=True)
    client = signed_in_client(inspectors.inspector)
    second = first(client).url
    given = {
        "target": receiver(inspectors, people),
        "agrees": "yes",
        "language": "ar",
        "interpreting": "phone",
        "family_name": FAMILY,
        "given_names": "Zarquella",
        "birth_date": "1998",
    }
    answer = client.post(second, given)
    assert answer.status_code == 422
    assert "Is it one of these?" in answer.content.decode()
    assert client.post(second, given | {"person_id": "new"}).status_code == 302


def test_a_child_goes_to_child_protection(inspectors: Inspectors, people: Any, protectors: Any) -> None:
    client = signed_in_client(inspectors.inspector)
    second = first(client, age="not_sure").url
    text = client.get(second).content.decode()
    assert "No consent is asked" in text
    assert 'name="agrees"' not in text
    given = child_given(protectors, people)
    flat = {**given["bodies"], **given["view"], "language": "ar", "situation": "unaccompanied"}
    answer = client.post(second, flat)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    with acting(inspectors.inspector.viewer):
        assert Notification.objects.get().kind == "child"


def test_who_says_no_is_notified_without_a_name(inspectors: Inspectors, people: Any) -> None:
    client = signed_in_client(inspectors.inspector)
    second = first(client).url
    answer = client.post(second, {"target": receiver(inspectors, people), "agrees": "no"})
    assert answer.url.endswith("/anonymous/")
    rare = client.post(answer.url, {"crime": "tip", "support_offered": "on"})
    assert rare.status_code == 422
    done = client.post(
        answer.url, {"crime": "tip", "support_offered": "on", "rare_accepted": "on"}, follow=True
    )
    assert "There is no code to follow" in done.content.decode()


def test_the_receiver_answers_and_reads_nothing_of_the_sender_s_case(
    inspectors: Inspectors, people: Any
) -> None:
    row = sent(inspectors.inspector, inspectors.network, people)
    client = signed_in_client(people.other_worker)
    assert row.code in client.get(reverse("networks:inbox")).content.decode()
    page = client.get(reverse("networks:notification", args=[row.pk])).content.decode()
    assert "The referral" in page
    assert "The case" not in page
    answer = client.post(
        reverse("networks:answer", args=[row.pk]), {"version": 1, "answer": "in_help"}, follow=True
    )
    assert "The first responder is told." in answer.content.decode()
    mine = signed_in_client(inspectors.inspector).get(
        reverse("networks:network", args=[inspectors.network.pk])
    )
    assert "The person gets help" in mine.content.decode()


def test_every_page_of_a_lead_opens(inspectors: Inspectors, people: Any) -> None:
    sent(
        inspectors.inspector,
        inspectors.network,
        people,
        kept(inspectors.inspector, inspectors.network, **ADULT),
    )
    client, key = signed_in_client(inspectors.focal), [inspectors.network.pk]
    for name in ("network", "guide", "people", "sent", "edit", "close", "network-figures"):
        answer = client.get(reverse(f"networks:{name}", args=key))
        assert answer.status_code == 200, name
        assert FAMILY not in answer.content.decode()
    with acting(inspectors.focal.viewer) as viewer:
        row = next(p.row for p in queries.people(viewer, inspectors.network.pk) if p.row.part == "member")
    assert client.get(reverse("networks:member", args=[row.pk])).status_code == 200
    day = {"version": row.version, "course": "recognise", "taken_on": "2026-01-10"}
    assert client.post(reverse("networks:training", args=[row.pk]), day).status_code == 302
    file = signed_in_client(people.coordinator).get(reverse("networks:figures") + "?format=csv")
    assert file["Content-Disposition"].startswith("attachment")


def test_a_name_is_not_lost_where_the_sign_in_must_be_confirmed(inspectors: Inspectors, people: Any) -> None:
    client = signed_in_client(inspectors.inspector)
    second = first(client).url
    given = {
        "target": receiver(inspectors, people),
        "agrees": "yes",
        "language": "ar",
        "interpreting": "phone",
        "family_name": FAMILY,
        "tell_identity": "on",
    }
    session = client.session
    records, old = session[RECORDS], [{**session[RECORDS][0], "at": time.time() - 3600}]
    session[RECORDS] = old
    session.save()
    answer = client.post(second, given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{FAMILY}"' in text
    assert "everything you typed is still here" in text
    assert f"{reverse('account_reauthenticate')}?next={reverse('web:confirmed')}" in text
    with acting(inspectors.inspector.viewer):
        assert not Notification.objects.exists()
    # The page's own script keeps the form where it is, and is told where to confirm.
    told = client.post(second, given, headers={"X-Sent-By": "script"})
    assert told["X-Location"].startswith(reverse("account_reauthenticate"))
    session = client.session
    session[RECORDS] = records
    session.save()
    assert client.post(second, given).status_code == 302
    with acting(inspectors.inspector.viewer):
        assert Notification.objects.count() == 1
