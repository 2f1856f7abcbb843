"""The screening pages, without a script: every way out saves, nothing typed is lost, three languages."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.rooms.identification import actions
from palermo.rooms.identification.models import Answers, Decision, Screening


def hidden(field: str, page: str) -> str:
    found = re.search(rf'name="{re.escape(field)}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{re.escape(field)}"', page
    )
    return found[1] if found else ""


@pytest.fixture
def client(people: Any, client_for: Any) -> Any:
    return client_for(people.case_worker)


@pytest.fixture
def screening(people: Any) -> Screening:
    with acting(people.case_worker.viewer) as viewer:
        return actions.start_screening(actor=viewer, event="Harbour, night shift")


def section(screening: Screening, code: str) -> str:
    return reverse("identification:section", args=[screening.pk, code])


def stored(people: Any, screening: Screening) -> Answers:
    with acting(people.case_worker.viewer):
        return Answers.objects.get(screening=screening)


def send(client: Any, screening: Screening, code: str, **typed: str) -> Any:
    page = client.get(section(screening, code)).content.decode()
    form = {name: hidden(name, page) for name in re.findall(r'name="(base-[^"]+|version)"', page)}
    return client.post(section(screening, code), form | {k.replace("__", "."): v for k, v in typed.items()})


def test_begin_leads_to_the_private_setting_check(client: Any) -> None:
    answer = client.post(reverse("identification:start"), {"event": "Farm inspection"})
    assert answer.status_code == 302
    assert answer.url.endswith("/private/")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_section_is_there_in_three_languages(
    client: Any, screening: Screening, section_codes: list[str], language: str
) -> None:
    from palermo.standards.instruments import instrument

    for part in instrument().sections:
        page = client.get(
            section(screening, part.code), headers={"accept-language": language}
        ).content.decode()
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
        assert part.title[language] in page.replace("&#x27;", "'")
        # Nothing is answered beforehand, and certainly not "no".
        assert 'value="no" checked' not in page
        assert page.count("checked") == len(part.questions)


@pytest.mark.parametrize(
    ("go", "leads_to"),
    [
        ("next", "/recruitment/"),
        ("back", "/age/"),
        ("exploitation", "/exploitation/"),
        ("stop", "/identification/"),
        ("leave", "/leave/"),
        ("summary", "/"),
    ],
)
def test_every_way_out_saves(people: Any, client: Any, screening: Screening, go: str, leads_to: str) -> None:
    answer = send(client, screening, "act", act__recruited="yes", remark="Half a thou", go=go)
    assert answer.status_code == 302
    assert answer.url.endswith(leads_to)
    kept = stored(people, screening)
    assert kept.values == {"act.recruited": "yes"}
    assert kept.sealed_remarks
    assert b"Half" not in bytes(kept.sealed_remarks)


def test_an_urgent_yes_says_what_to_do_on_the_next_page(client: Any, screening: Screening) -> None:
    send(client, screening, "urgent", urgent__danger="yes")
    page = client.get(section(screening, "age")).content.decode()
    assert "Do this now" in page
    assert "Bring the person to safety now" in page


def test_a_clash_shows_three_versions_and_keeps_what_i_typed(
    people: Any, client: Any, screening: Screening
) -> None:
    page = client.get(section(screening, "act")).content.decode()
    form = {name: hidden(name, page) for name in re.findall(r'name="(base-[^"]+|version)"', page)}
    with acting(people.supervisor.viewer) as viewer:
        actions.save_answers(
            actor=viewer,
            screening=screening,
            section="act",
            answers={"act.recruited": "no"},
            expected_version=1,
        )
    mine = {**form, "act.recruited": "yes", "remark": "My own words"}
    answer = client.post(section(screening, "act"), mine)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "Somebody else answered here meanwhile" in page
    assert "My own words" in page
    assert stored(people, screening).values == {"act.recruited": "no"}
    again = {name: hidden(name, page) for name in re.findall(r'name="(base-[^"]+|version)"', page)}
    assert client.post(section(screening, "act"), mine | again).status_code == 302
    assert stored(people, screening).values == {"act.recruited": "yes"}


def test_from_answers_to_a_decision(people: Any, client: Any, screening: Screening) -> None:
    send(client, screening, "act", act__recruited="yes")
    send(client, screening, "control", there__documents="yes")
    last = send(client, screening, "exploitation", form__labour="yes", go="summary")
    page = client.get(last.url).content.decode()
    assert "The answers point to trafficking in persons" in page
    assert "Act, means and purpose are all present." in page
    assert "It is a suggestion, not a decision" in page
    assert 'type="radio" name="outcome"' in page
    assert not re.search(r'name="outcome"[^>]*checked', page), "nothing is chosen beforehand"
    form = {name: hidden(name, page) for name in ("version", "suggestion", "supersedes")}
    url = reverse("identification:decide", args=[screening.pk])
    faulty = client.post(url, {**form, "outcome": "tip", "reason": "too short"[:5]})
    assert faulty.status_code == 422
    done = client.post(url, {**form, "outcome": "tip", "reason": "Told in detail and consistent."})
    assert done.status_code == 302
    page = client.get(done.url).content.decode()
    assert "Presumed victim of trafficking in persons" in page
    assert f"{reverse('cases:open')}?screening={screening.pk}" in page
    with acting(people.case_worker.viewer):
        assert Decision.objects.get().outcome == "tip"
    assert client.get(section(screening, "act")).status_code == 302
    paper = client.get(reverse("identification:print", args=[screening.pk])).content.decode()
    assert "Not known" in paper


def test_screening_again_begins_a_new_one_that_names_the_old(
    people: Any, client: Any, screening: Screening
) -> None:
    answer = client.post(reverse("identification:again", args=[screening.pk]))
    assert answer.status_code == 302
    with acting(people.case_worker.viewer):
        assert Screening.objects.filter(previous=screening).count() == 1


@pytest.mark.parametrize("way", ["summary", "section", "print", "post decide", "api", "api post suggestion"])
def test_no_way_to_read_a_screening_leaves_no_trace(
    people: Any, client: Any, screening: Screening, way: str
) -> None:
    api = f"/api/identification/screenings/{screening.pk}"
    asks = {
        "summary": lambda: client.get(reverse("identification:summary", args=[screening.pk])),
        "section": lambda: client.get(section(screening, "act")),
        "print": lambda: client.get(reverse("identification:print", args=[screening.pk])),
        # Refused, and answered with the whole page.
        "post decide": lambda: client.post(reverse("identification:decide", args=[screening.pk]), {}),
        "api": lambda: client.get(api),
        "api post suggestion": lambda: client.post(f"{api}/suggestion"),
    }
    for _again in range(2):
        assert asks[way]().status_code in (200, 422)
    with acting(people.case_worker.viewer):
        seen = Entry.objects.filter(object_id=screening.pk, action="identification.screening.view")
        assert seen.count() == 1, "once for a visit"


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "administrator", "stranger"])
def test_strangers_get_the_answer_for_no_screening_at_all(
    people: Any, client_for: Any, screening: Screening, who: str
) -> None:
    client = client_for(getattr(people, who))
    for name, more in (("summary", []), ("print", []), ("section", ["act"])):
        foreign = client.get(reverse(f"identification:{name}", args=[screening.pk, *more]))
        missing = client.get(reverse(f"identification:{name}", args=[uuid.uuid4(), *more]))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert foreign.content == missing.content


def test_the_list_finds_by_code_day_and_state(client: Any, screening: Screening) -> None:
    url = reverse("identification:list")
    assert screening.code in client.get(url, {"q": screening.code[2:6]}).content.decode()
    assert screening.code in client.get(url, {"state": "open", "since": "2020-01-01"}).content.decode()
    assert screening.code not in client.get(url, {"state": "decided"}).content.decode()
    assert screening.code not in client.get(url, {"until": "2020-01-01"}).content.decode()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_rights_are_for_everybody_in_three_languages(
    db: None, client_for: Any, language: str, direction: str
) -> None:
    from django.test import Client

    from palermo.standards.instruments import rights

    page = Client().get(reverse("identification:rights-in", args=[language])).content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in page
    text = page.replace("&#x27;", "'")
    assert all(point[language] in text for point, _source in rights().points)


def test_what_waits_is_on_the_home_page(people: Any, client: Any, screening: Screening) -> None:
    assert screening.code in client.get(reverse("web:home")).content.decode()
