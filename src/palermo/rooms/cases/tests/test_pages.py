"""The pages, without a script: no name before it is revealed, none in any address, and few queries."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case, Facts
from palermo.rooms.cases.tests.conftest import FAMILY, GIVEN, PHONE

SECRETS = (FAMILY, GIVEN, PHONE)
QUERIES = 25
WHY = "To book the doctor under the right name."


def hidden(field: str, page: str) -> str:
    found = re.search(rf'name="{field}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{field}"', page
    )
    return found[1] if found else ""


def title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def client(people: Any, client_for: Any) -> Any:
    return client_for(people.case_worker)


@pytest.mark.parametrize("name", ["case", "print", "trail", "facts", "reveal", "access", "note"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_a_case_shows_a_code_and_no_name(
    client: Any, case: Case, name: str, language: str
) -> None:
    answer = client.get(reverse(f"cases:{name}", args=[case.pk]), headers={"accept-language": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not any(word in page for word in SECRETS)
    assert case.code in page
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(
    "path",
    [
        "",
        "trail/",
        "facts/",
        "access/",
        "notes/",
        "api notes",
        "api trail",
        "post risk/",
    ],
)
def test_no_way_to_read_a_case_leaves_no_trace(people: Any, client: Any, case: Case, path: str) -> None:
    if path.startswith("post "):
        client.post(f"/cases/{case.pk}/{path[5:]}", {})  # refused, and answered with the whole page
    elif path.startswith("api "):
        client.get(f"/api/cases/cases/{case.pk}/{path[4:]}")
    else:
        client.get(f"/cases/{case.pk}/{path}")
    with acting(people.case_worker.viewer):
        assert Entry.objects.filter(object_id=case.pk, action="cases.case.view").count() == 1


@pytest.mark.parametrize("who", ["other_worker", "coordinator", "analyst", "administrator", "stranger"])
def test_a_stranger_gets_the_same_answer_as_for_no_case_at_all(
    people: Any, client_for: Any, case: Case, who: str
) -> None:
    import uuid

    client = client_for(getattr(people, who))
    for name in ("case", "print", "trail", "facts", "reveal", "access", "note"):
        foreign = client.get(reverse(f"cases:{name}", args=[case.pk]))
        missing = client.get(reverse(f"cases:{name}", args=[uuid.uuid4()]))
        assert (foreign.status_code, missing.status_code) == (404, 404), name
        assert foreign.content == missing.content


def test_the_case_page_needs_few_queries_however_much_is_in_it(people: Any, client: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        for number in range(30):
            actions.add_note(actor=viewer, case=case, text=f"Note number {number}.")
    url = reverse("cases:case", args=[case.pk])
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    statements = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= QUERIES, "\n".join(statements)


def test_the_list_needs_as_many_queries_for_one_case_as_for_many(
    people: Any, client: Any, case: Case
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("cases:list")).status_code == 200
        return len(captured)

    count()
    one = count()
    with acting(people.case_worker.viewer) as viewer:
        for _number in range(5):
            actions.open_case(actor=viewer, reason="Another person came.", crime="som")
    assert count() == one


def search(client: Any, **typed: str) -> str:
    page = client.get(reverse("cases:open")).content.decode()
    assert hidden("case_id", page) == "", "the id of a case is chosen by the search"
    answer = client.post(reverse("cases:open"), {"screening": "", **typed})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_search_then_open_without_a_name_in_any_address(client: Any) -> None:
    page = search(client, family_name=FAMILY, given_names=GIVEN, phone=PHONE)
    show = {name: hidden(name, page) for name in ("case_id", "searched", "screening")}
    show |= {"step": "show", "family_name": FAMILY, "given_names": GIVEN}
    step = client.post(reverse("cases:open-person"), show)
    typed = {**show, "step": "open", "phone": PHONE, "crime": "tip", "reason": "Came to the night desk."}
    assert FAMILY in step.content.decode()
    done = client.post(reverse("cases:open-person"), typed)
    assert done.status_code == 302
    assert not any(word in done.url for word in SECRETS)
    assert re.fullmatch(r"/cases/[0-9a-f-]{36}/", done.url)
    page = client.get(done.url).content.decode()
    assert not any(word in page for word in SECRETS)
    again = client.post(reverse("cases:open-person"), typed)
    assert again.url == done.url


def test_an_id_that_is_taken_gets_the_answer_of_one_that_nobody_has(
    people: Any, client_for: Any, case: Case
) -> None:
    """Neither with a proof of another search nor by searching with the foreign id in hand."""
    import uuid

    foreign = client_for(people.other_worker)
    answers = []
    for case_id in (str(case.pk), str(uuid.uuid4())):
        page = search(foreign, case_id=case_id, family_name="Quuxandrova")
        assert hidden("case_id", page) != case_id
        typed = {"case_id": case_id, "searched": hidden("searched", page), "crime": "som"}
        answer = foreign.post(reverse("cases:open-person"), typed | {"reason": "Came to the night desk."})
        scrub = re.compile(r'name="(csrfmiddlewaretoken|case_id|searched)"[^>]*>|value="[^"]*"')
        answers.append((answer.status_code, scrub.sub("", answer.content.decode())))
    assert answers[0][0] == 422
    assert answers[0] == answers[1]


def test_a_form_whose_id_is_taken_meanwhile_is_an_invalid_form(
    people: Any, client: Any, client_for: Any
) -> None:
    """A proof that somebody has used already says of another form what an old proof says."""
    page = search(client, family_name=FAMILY)
    form = {name: hidden(name, page) for name in ("case_id", "searched")}
    form |= {"crime": "som", "reason": "Came to the night desk."}
    assert client.post(reverse("cases:open-person"), form).status_code == 302
    for again in (client, client_for(people.other_worker)):
        answer = again.post(reverse("cases:open-person"), form | {"reason": "Another person came."})
        assert answer.status_code == 422
        assert "Please search once more" in answer.content.decode()
    with acting(people.case_worker.viewer):
        assert Case.objects.count() == 1


def test_nobody_opens_a_new_person_without_a_search(client: Any) -> None:
    import uuid

    typed = {
        "case_id": str(uuid.uuid4()), "searched": "made up", "family_name": FAMILY, "crime": "tip",
        "reason": "Came to the night desk.",
    }  # fmt: skip
    answer = client.post(reverse("cases:open-person"), typed)
    assert answer.status_code == 422
    assert FAMILY in answer.content.decode(), "what was typed must come back"


def test_a_foreign_match_is_never_disclosed(people: Any, client: Any, client_for: Any, case: Case) -> None:
    """The answer for a person whom another organisation holds is that for a person nobody knows."""
    foreign = client_for(people.other_worker)
    scrub = re.compile(r'name="(csrfmiddlewaretoken|case_id|searched)"[^>]*>|value="[^"]*"')
    known = scrub.sub("", search(foreign, family_name=FAMILY, given_names=GIVEN))
    unknown = scrub.sub("", search(foreign, family_name="Quuxandrova", given_names="Plim"))
    assert known == unknown
    assert case.person_code not in known


def test_reveal_shows_once_and_hides_on_reload(people: Any, client: Any, case: Case) -> None:
    url = reverse("cases:reveal", args=[case.pk])
    form = {
        "fields_wanted": ["family_name", "given_names"], "purpose": "service", "explanation": WHY,
        "once": hidden("once", client.get(url).content.decode()),
    }  # fmt: skip
    shown = client.post(url, form)
    page = shown.content.decode()
    assert shown.status_code == 200
    assert FAMILY in page
    assert PHONE not in page
    assert FAMILY not in title(page)
    assert "no-store" in shown.headers["Cache-Control"]
    reloaded = client.post(url, form, follow=True)
    assert not any(word in reloaded.content.decode() for word in SECRETS)
    trail = client.get(reverse("cases:trail", args=[case.pk])).content.decode()
    assert "saw the identity" in trail
    assert WHY in trail


def test_a_faulty_reveal_form_keeps_what_was_typed_and_can_be_sent_again(client: Any, case: Case) -> None:
    url = reverse("cases:reveal", args=[case.pk])
    once = hidden("once", client.get(url).content.decode())
    form = {"fields_wanted": ["family_name"], "purpose": "", "explanation": WHY, "once": once}
    page = client.post(url, form).content.decode()
    assert WHY in page
    fresh = hidden("once", page)
    answer = client.post(url, form | {"purpose": "service", "once": fresh})
    assert FAMILY in answer.content.decode()


def test_two_people_editing_facts_get_three_versions_and_lose_nothing(
    people: Any, client: Any, case: Case
) -> None:
    url = reverse("cases:facts", args=[case.pk])
    page = client.get(url).content.decode()
    mine = {"version": hidden("version", page), "base": "{}", "sex": "male"}
    with acting(people.supervisor.viewer) as viewer:
        facts = Facts.objects.get(case=case)
        actions.change_facts(actor=viewer, facts=facts, values={"sex": "female"}, expected_version=1)
    answer = client.post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "Male" in page
    assert "Female" in page
    again = client.post(url, {**mine, "version": hidden("version", page)})
    assert again.status_code == 302
    with acting(people.case_worker.viewer):
        assert Facts.objects.get(case=case).sex == "male"


def test_a_draft_is_there_when_the_page_opens_again(people: Any, client: Any, case: Case) -> None:
    url = reverse("cases:note", args=[case.pk])
    client.post(url, {"text": "Half a thou", "go": "draft"})
    assert "Half a thou" in client.get(reverse("cases:case", args=[case.pk])).content.decode()
    client.post(url, {"text": "Half a thought, finished.", "go": "add"})
    with acting(people.case_worker.viewer) as viewer:
        assert [note.text for note in queries.notes(viewer, case)] == ["Half a thought, finished."]


def test_a_move_that_is_not_possible_says_why(client: Any, case: Case) -> None:
    page = client.get(reverse("cases:move", args=[case.pk, "accept"])).content.decode()
    assert "Supervisor" in page
    assert client.get(reverse("cases:move", args=[case.pk, "review"])).status_code == 404


def test_the_export_holds_codes_only(client: Any, case: Case) -> None:
    answer = client.post(reverse("cases:export"), {"format": "csv"})
    content = answer.content.decode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert case.code in content
    assert not any(word in content for word in SECRETS)


def test_the_first_list_says_what_to_do(client: Any) -> None:
    page = client.get(reverse("cases:list")).content.decode()
    assert reverse("cases:open") in page


def test_search_by_code_finds_and_never_by_name(client: Any, case: Case) -> None:
    assert case.code in client.get(reverse("cases:list"), {"q": case.code[2:6].lower()}).content.decode()
    assert case.code not in client.get(reverse("cases:list"), {"q": "C-0000"}).content.decode()


def test_an_empty_list_leads_those_who_may_to_a_new_case(people: Any, client_for: Any) -> None:
    page = client_for(people.case_worker).get(reverse("cases:list")).content.decode()
    assert page.count(reverse("cases:open")) >= 2
