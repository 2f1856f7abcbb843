"""What anybody reads at the door: no cookie, small, in three languages, nothing in an address."""

from typing import Any

import pytest

PAGES = ("", "help/", "services/", "safety/", "ask/", "code/")


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_small_sets_no_cookie_and_is_not_kept(desk: Any, door: Any, page: str, lang: str) -> None:
    answer = door.get(page, lang)
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert len(answer.content) < 12_000
    assert f'lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in text
    assert "data-leave" in text
    assert "<script>" not in text
    assert "style=" not in text


def test_a_page_of_another_language_is_not_there_and_a_cookie_does_not_choose(desk: Any, door: Any) -> None:
    assert door.get("", "xx").status_code == 404
    door.client.cookies["django_language"] = "ar"
    assert 'lang="fr"' in door.get("", "fr").content.decode()


def test_who_is_signed_in_is_nobody_at_the_door(people: Any, desk: Any) -> None:
    from palermo.kernel.access.cast import signed_in_client

    answer = signed_in_client(people.case_worker).get("/door/en/")
    assert "Case Worker" not in answer.content.decode()
    assert "Set-Cookie" not in answer.headers


def test_without_a_desk_the_person_is_led_to_the_helplines(people: Any, door: Any) -> None:
    page = door.get("ask/").content.decode()
    assert "No organisation reads messages here yet" in page
    assert "/door/en/services/" in page


def test_a_confidential_address_is_on_no_page_of_the_door(people: Any, door: Any) -> None:
    from palermo.kernel.access.context import acting
    from palermo.rooms.services import actions as services

    with acting(people.supervisor.viewer) as viewer:
        services.add_service(
            actor=viewer,
            organisation_id=people.organisation.pk,
            values={"name": "House of Rest", "kind": "shelter", "phone": "+99 555 7000", "confidential": True,
                    "address": "9 Vibbletonova Passage"},
        )  # fmt: skip
    assert "Vibbletonova" not in door.get("services/").content.decode()


def test_the_door_and_its_style_together_are_below_thirty_kilobytes(desk: Any, door: Any) -> None:
    from django.conf import settings

    static = settings.BASE_DIR / "web" / "static" / "palermo"
    script = static / "dist" / "palermo.js"
    extra = (static / "door.css").stat().st_size + (script.stat().st_size if script.exists() else 0)
    assert max(len(door.get(page, "ar").content) for page in PAGES) + extra < 30_000


def test_a_choice_is_written_once_and_keeps_what_was_chosen(people: Any, desk: Any, door: Any) -> None:
    assert door.get("ask/").content.decode().count("A safe place to stay") == 1
    hidden = door.token("ask/", door.get("ask/").content.decode())
    again = door.client.post("/door/en/ask/", {**hidden, "help": ["talk"]})
    assert again.status_code == 422
    assert again.content.decode().count(" checked") == 1  # what was chosen, and nothing else
