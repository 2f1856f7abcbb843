"""An answer that was asked for to refer somebody leads on to the referral, and nowhere that anybody could type."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.cast import signed_in_client
from palermo.web.room import Subject


def answer(people: Any, **more: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {
        "purpose": "referral", "categories": ["needs"], "recipients": [str(people.other_organisation.pk)],
        "decision": "given", "language": "en", "interpreting": "shared", "speaker": "person", "child_view": "",
        "valid_until": day.isoformat(),
    } | more  # fmt: skip


def record(about: Subject, query: str = "") -> str:
    return reverse("consents:record", args=[about.key]) + query


def test_who_asks_for_a_referral_is_led_to_it(people: Any, about: Subject) -> None:
    client, draft = signed_in_client(people.case_worker), reverse("referral:draft", args=[about.key])
    page = client.get(record(about, "?purpose=referral")).content.decode()
    assert "Write it down and refer" in page
    sent = client.post(record(about, "?purpose=referral"), answer(people, go="on"))
    assert (sent.status_code, sent["Location"]) == (302, draft)
    assert client.get(draft).status_code == 200
    ledger = client.get(reverse("consents:of-case", args=[about.key])).content.decode()
    assert f'href="{draft}"' in ledger


def test_the_other_button_and_a_no_stay_with_the_ledger(people: Any, about: Subject) -> None:
    client, ledger = signed_in_client(people.case_worker), reverse("consents:of-case", args=[about.key])
    for more in ({"go": "stay"}, {"go": "on", "decision": "refused"}):
        assert client.post(record(about, "?purpose=referral"), answer(people, **more))["Location"] == ledger


def test_a_purpose_of_its_own_leads_nowhere(people: Any, about: Subject) -> None:
    client = signed_in_client(people.case_worker)
    page = client.get(record(about, "?purpose=help")).content.decode()
    assert 'value="on"' not in page


def test_who_came_from_a_referral_goes_back_to_it(people: Any, about: Subject) -> None:
    client = signed_in_client(people.case_worker)
    transfer = reverse("referral:draft", args=[about.key]) + "?transfer=1"
    ledger = client.get(reverse("consents:of-case", args=[about.key]), {"next": transfer}).content.decode()
    assert "next=%2Freferral" in ledger
    page = client.get(record(about), {"purpose": "transfer", "next": transfer}).content.decode()
    assert "Write it down and hand over" in page
    sent = client.post(
        record(about, f"?next={transfer.replace('?', '%3F')}"), answer(people, purpose="transfer", go="on")
    )
    assert sent["Location"] == transfer


@pytest.mark.parametrize(
    "asked",
    [
        "https://example.org/referral/",
        "//example.org/referral/",
        "javascript:alert(1)",
        "/account/logout/",
        "/nothing/like/this/",
        "/referral/case/00000000-0000-4000-8000-000000000000/new/",
        "\\\\example.org",
    ],
)
def test_no_other_address_is_a_way_on(people: Any, about: Subject, asked: str) -> None:
    client = signed_in_client(people.case_worker)
    page = client.get(record(about), {"purpose": "help", "next": asked})
    assert page.context["way_on"] is None
    assert 'value="on"' not in page.content.decode()
    ledger = client.get(reverse("consents:of-case", args=[about.key]), {"next": asked})
    assert ledger.context["way_on"] is None
    sent = client.post(record(about, f"?next={quote(asked)}"), answer(people, purpose="help", go="on"))
    assert sent["Location"] == reverse("consents:of-case", args=[about.key])


def test_nothing_typed_is_carried_on(people: Any, about: Subject) -> None:
    client, draft = signed_in_client(people.case_worker), reverse("referral:draft", args=[about.key])
    page = client.get(record(about), {"purpose": "referral", "next": f"{draft}?to=1&x=y#z"})
    assert page.context["way_on"].url == draft
