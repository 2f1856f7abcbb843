"""The JSON twin: for a helpline or a ministry that asks on somebody's behalf, with the walls of the pages."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.rooms.consents import actions as consents
from palermo.rooms.consents.queries import standings
from palermo.rooms.door import actions
from palermo.rooms.door.actions import limits
from palermo.rooms.door.models import Complaint, HelpRequest

BASE = "/api/door/public"


class Program:
    """A system without an account: no cookie, JSON in and out."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str, lang: str = "en", **query: str) -> Any:
        return self.client.get(f"{BASE}/{lang}/{path}", query)

    def post(self, path: str, lang: str = "en", headers: Any = None, **data: Any) -> Any:
        return self.client.post(
            f"{BASE}/{lang}/{path}", json.dumps(data), content_type="application/json", headers=headers
        )

    def ask(self, desk: Any, **more: Any) -> Any:
        form = self.get("ask").json()["form"]
        given = {
            "form": form,
            "organisation_id": str(desk.organisation_id),
            "help": ["talk"],
            "urgency": "soon",
        }
        return self.post("requests", **{**given, **more})

    def open(self, code: str, lang: str = "en") -> Any:
        return self.post("opened", lang, form=self.get("code").json()["form"], code=code)

    def behind(self, opened: dict[str, Any], path: str, form: str, **data: Any) -> Any:
        return self.post(path, ticket=opened["ticket"], form=opened["forms"][form], **data)


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_what_anybody_may_read_is_there_in_each_language_without_a_cookie(
    desk: Any, program: Program, lang: str
) -> None:
    read = {
        path: program.get(path, lang) for path in ("rights", "steps", "safety", "services", "ask", "code")
    }
    for answer in read.values():
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Language"] == lang
    assert len(read["rights"].json()["rights"]) == 11
    assert read["ask"].json()["desks"][0]["organisation_id"] == str(desk.organisation_id)
    page = program.client.get(f"/door/{lang}/").content.decode()
    assert read["rights"].json()["rights"][6] in page
    assert program.get("rights", "xx").status_code == 404


def test_a_request_comes_back_with_its_code_is_answered_and_erased(
    people: Any, desk: Any, program: Program
) -> None:
    code = program.ask(desk, text="Please come to the back door.").json()["code"]
    opened = program.open(code.lower().replace("-", " ")).json()
    assert opened["page"] is None
    assert opened["request"]["said"][0]["text"] == "Please come to the back door."
    assert code not in json.dumps(opened)
    more = program.behind(opened, "words", "write", text="After dark.").json()
    assert [word["text"] for word in more["request"]["said"]][1] == "After dark."
    worker = signed_in_client(people.case_worker)
    (waiting,) = worker.get("/api/door/requests").json()
    assert "said" not in waiting
    answer = worker.post(
        f"/api/door/requests/{waiting['id']}/replies",
        json.dumps({"text": "We come at nine.", "version": waiting["version"]}),
        content_type="application/json",
    )
    assert answer.json()["state"] == "in_contact"
    opened = program.open(code).json()
    assert opened["request"]["said"][-1] == {**opened["request"]["said"][-1], "from_person": False}
    assert program.behind(opened, "erasure", "erase").status_code == 422
    again = program.open(code).json()
    assert program.behind(again, "erasure", "erase", sure=True).status_code == 200
    assert program.open(code).status_code == 422
    thread = worker.get(f"/api/door/requests/{waiting['id']}").json()
    assert thread["said"] == []
    assert thread["erased_at"] is not None


def test_the_same_form_twice_is_one_request_and_a_foreign_or_missing_token_is_none(
    desk: Any, program: Program
) -> None:
    form = program.get("ask").json()["form"]
    codes = {program.ask(desk, form=form).json()["code"] for _time in range(2)}
    assert len(codes) == 1
    with acting(Viewer.operator()):
        assert HelpRequest.objects.count() == 1
    for wrong in ("", "forged", program.get("code").json()["form"]):
        assert program.ask(desk, form=wrong).status_code == 403
    away = program.post("requests", headers={"Sec-Fetch-Site": "cross-site"}, form=program.get("ask").json()["form"],
                        organisation_id=str(desk.organisation_id), help=["talk"], urgency="soon")  # fmt: skip
    assert away.status_code == 403


def test_wrong_codes_get_one_answer_as_slowly_as_a_right_one_and_ten_of_them_close_the_line(
    desk: Any, program: Program, slept: list[float]
) -> None:
    code = program.ask(desk).json()["code"]
    bodies = {program.open(wrong).content for wrong in ("", "K7QM", "K7QM-3XPA-9TRD-WHE4", "ك" * 40)}
    assert len(bodies) == 1
    assert program.open(code).status_code == 200
    assert len(slept) == 5
    for _time in range(6):
        assert program.open("K7QM").status_code == 422
    assert program.open(code).status_code == 429
    assert "Wait" in program.open(code).json()["message"]
    assert limits.BUCKETS["code"][0] == 10


def test_asking_is_limited_alike_on_pages_and_by_program(desk: Any, program: Program, door: Any) -> None:
    for _time in range(limits.BUCKETS["ask"][0]):
        assert program.ask(desk).status_code == 200
    assert program.ask(desk).status_code == 429
    assert door.ask(desk).status_code == 429


def test_ones_own_page_take_back_answer_say_and_complain(
    people: Any, about: Any, program: Program, page_code: Any
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        consents.record_consent(
            actor=viewer, about=about, purpose="help", categories=["needs"], recipients=[], decision="given",
            language="en", interpreting="present", valid_until=None,
        )  # fmt: skip
        actions.put_question(
            actor=viewer, about=about, purpose="contact_after_closure", categories=["contact"]
        )
    opened = program.open(page_code()).json()
    assert opened["request"] is None
    page = opened["page"]
    after = program.behind(
        opened, "withdrawals", "take_back", consent_id=page["consents"][0]["consent_id"]
    ).json()
    assert after["page"]["consents"][0]["state"] == "withdrawn"
    after = program.behind(
        opened, "answers", "answer", question_id=page["questions"][0]["question_id"], yes=True
    ).json()
    assert after["page"]["questions"] == []
    assert (
        program.behind(opened, "feedback", "feedback_say", face="good", text="They listen.").status_code
        == 200
    )
    assert program.behind(opened, "feedback", "feedback_say", face="splendid").status_code == 422
    after = program.behind(
        opened, "complaints", "complain", about="respect", text="Nobody listens.", outside=True
    ).json()
    assert after["page"]["complaints"][0]["said"][0]["text"] == "Nobody listens."
    with acting(people.case_worker.viewer) as viewer:
        found = {row.purpose: row.state for row in standings(viewer, about.person_id)}
        assert (found["help"], found["contact_after_closure"]) == ("withdrawn", "agreed")
        assert Complaint.objects.count() == 0  # it is about the one who asks here
    judge = signed_in_client(people.coordinator)
    (row,) = judge.get("/api/door/complaints").json()
    moved = judge.post(
        f"/api/door/complaints/{row['id']}/moves",
        json.dumps({"event": "acknowledge", "version": row["version"]}),
        content_type="application/json",
    )
    assert moved.json()["state"] != row["state"]
    assert signed_in_client(people.case_worker).get("/api/door/feedback").status_code == 403


def test_a_ticket_of_a_request_opens_no_own_page_and_an_old_one_changes_nothing(
    people: Any, desk: Any, about: Any, program: Program, page_code: Any
) -> None:
    mine = program.open(page_code()).json()
    request = program.open(program.ask(desk).json()["code"]).json()
    crossed = {**request, "forms": mine["forms"]}
    assert program.behind(crossed, "feedback", "feedback_say", face="good").status_code == 409
    late = {**mine, "ticket": "forged"}
    assert program.behind(late, "feedback", "feedback_say", face="good").status_code == 409
    with acting(people.supervisor.viewer):
        from palermo.rooms.door.models import Feedback

        assert Feedback.objects.count() == 0


def test_nothing_is_written_down_of_who_asked(people: Any, desk: Any, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    program = Program()
    line = {
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_USER_AGENT": "Zzyvander/9",
        "HTTP_X_FORWARDED_FOR": "203.0.113.78",
    }
    program.client.defaults.update(line)
    with CaptureQueriesContext(connection) as asked:
        code = program.ask(desk).json()["code"]
        program.open("K7QM")
    said = json.dumps([q["sql"] for q in asked]) + caplog.text
    for trace in ("203.0.113.77", "203.0.113.78", "Zzyvander", code):
        assert trace not in said
    with acting(people.supervisor.viewer):
        entries = list(Entry.objects.filter(action="door.request.ask"))
    assert entries
    assert all("203.0.113" not in json.dumps(e.detail) for e in entries)


def test_every_operation_of_the_door_is_described(db: None, client: Any) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    ours = {path: one for path, one in paths.items() if path.startswith("/api/door/")}
    assert len(ours) >= 25
    for path, methods in ours.items():
        for method in methods.values():
            assert method.get("description"), path
            assert "{code}" not in path
            assert not method.get("security") if "/public/" in path else True
