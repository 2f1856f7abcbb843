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


def test_an_error_is_a_plain_word_beside_its_question(desk: Any, door: Any) -> None:
    """The icons and the styles of the workers' pages are not there: a picture without a size would fill the screen."""
    hidden = door.token("ask/", door.get("ask/").content.decode())
    page = door.client.post("/door/en/ask/", {**hidden, "urgency": "now"}).content.decode()
    assert "Choose one or more." in page
    assert "This field is required" not in page
    assert "<svg" not in page


def test_a_page_reads_without_style_and_script(desk: Any, door: Any) -> None:
    """What an old telephone shows: headings, lists, labels beside their boxes, and the way out first."""
    import re

    for name in PAGES:
        text = door.get(name).content.decode()
        bare = re.sub(r"<(script|style)[^>]*>.*?</\1>|<link[^>]*>", "", text, flags=re.S)
        assert bare.count("<h1>") == 1, name
        assert bare.index("data-leave") < bare.index("<h1>"), "the way out stands before everything"
        assert "hidden>" not in bare.replace('type="hidden"', ""), name
        for box in re.findall(r"<(?:input|textarea)[^>]*id=\"([^\"]+)\"", bare):
            assert f'for="{box}"' in bare, (name, box)


def test_a_first_visit_stays_below_fifty_kilobytes_whatever_page_it_is(desk: Any, door: Any) -> None:
    """Every page with its style and its script, uncompressed: 64 kbit/s bring it in about six seconds at most."""
    from django.conf import settings

    static = settings.BASE_DIR / "web" / "static" / "palermo"
    for lang in ("en", "fr", "ar"):
        for name in PAGES:
            text = door.get(name, lang).content.decode()
            linked = [part.split('"')[0] for part in text.split("/static/palermo/")[1:]]
            assert {part.split("/")[-1].split(".")[0] for part in linked} == {"door", "palermo"}, linked
            files = [static / part for part in linked if (static / part).exists()]
            assert len(text.encode()) + sum(file.stat().st_size for file in files) < 50_000, (lang, name)
