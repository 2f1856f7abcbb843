"""One's own page by a code: consents taken back and answered, how help was, complaints; and the wall around it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from palermo.kernel.access.cast import member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, NotFound, Refused
from palermo.kernel.organisations.models import Role, Unit
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.consents import actions as consents
from palermo.rooms.consents import queries as ledger
from palermo.rooms.consents.models import Consent
from palermo.rooms.door import actions
from palermo.rooms.door.actions.complaining import not_about_the_actor
from palermo.rooms.door.models import Complaint, Feedback, Word
from palermo.rooms.referral.tests.conftest import brought, state_of
from palermo.web.room import Subject, subject

GIVEN = {"categories": ["needs"], "decision": "given", "language": "en", "interpreting": "shared"}


def agreed(people: Any, about: Subject, purpose: str = "referral") -> Consent:
    with acting(people.case_worker.viewer) as viewer:
        return consents.record_consent(
            actor=viewer, about=about, purpose=purpose, recipients=[people.other_organisation.pk], **GIVEN
        )


def basis(people: Any, about: Subject) -> Any:
    with acting(people.case_worker.viewer) as viewer:
        return ledger.basis(
            viewer, person_id=about.person_id, purpose="referral", categories=["needs"],
            recipient_id=people.other_organisation.pk,
        )  # fmt: skip


def other_supervisor(people: Any) -> Any:
    with acting(Viewer.operator()):
        night = Unit.objects.create(organisation=people.organisation, name="Night team")
        return member("night-supervisor", Role.SUPERVISOR, people.organisation, night)


def test_a_consent_taken_back_by_code_ends_what_relied_on_it(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = agreed(people, about)
    heard: list[Any] = []
    monkeypatch.setattr("palermo.rooms.cases.actions.consent_ended", lambda **facts: heard.append(facts))
    assert basis(people, about) is not None
    opened = door.come(page_code())
    assert opened.status_code == 200
    assert "Northern Shelter" in opened.content.decode()
    done = door.send(opened, "mine/take-back/", consent=str(made.pk))
    assert "Nothing more is told for this purpose" in done.content.decode()
    assert "Set-Cookie" not in done.headers
    assert basis(people, about) is None
    assert [(f["person_id"], f["purpose"]) for f in heard] == [(about.person_id, "referral")]
    assert (
        "own page"
        in signed_in_client(people.case_worker).get(f"/consents/case/{about.key}/").content.decode()
    )
    assert door.send(opened, "mine/take-back/", consent=str(made.pk)).status_code == 409


@pytest.mark.parametrize("another", [False, True])
def test_a_referral_ends_with_the_real_room_unless_another_consent_allows_it(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str], another: bool
) -> None:
    made = agreed(people, about)
    row = brought(people, about, "accepted")
    if another:
        agreed(people, about)
    done = door.send(door.come(page_code()), "mine/take-back/", consent=str(made.pk))
    assert done.status_code == 200
    assert state_of(row) == ("accepted" if another else "withdrawn")


def test_the_statistics_hear_of_it_too(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    """With the real rooms: what the register was told under a pseudonym is taken out, by the system."""
    with acting(people.case_worker.viewer) as viewer:
        made = consents.record_consent(actor=viewer, about=about, purpose="statistics", **GIVEN)
    opened = door.come(page_code())
    assert door.send(opened, "mine/take-back/", consent=str(made.pk)).status_code == 200
    with acting(people.case_worker.viewer) as viewer:
        found = ledger.basis(viewer, person_id=about.person_id, purpose="statistics", categories=())
    assert found is None


def test_a_question_is_answered_on_the_page_and_the_answer_can_be_changed(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.put_question(
            actor=viewer, about=about, purpose="referral", categories=["needs"],
            recipients=[people.other_organisation.pk],
        )  # fmt: skip
    code = page_code()
    said = door.send(door.come(code, "fr"), "mine/answer/", "fr", answer="yes")
    assert said.status_code == 200
    assert basis(people, about) is not None
    with acting(people.case_worker.viewer):
        row = Consent.objects.get()
        assert (row.language, row.interpreting, row.speaker) == ("fr", "written", "person")
        assert row.written_by_id == people.case_worker.pk
    assert 'name="answer"' not in said.content.decode()
    door.send(said, "mine/take-back/", "fr")
    assert basis(people, about) is None


def test_a_child_is_not_asked_alone(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = cases.open_case(
            actor=viewer,
            reason="Came alone.",
            identity=Identity(given_names="Zarquella"),
            crime="tip",
            child=True,
        )
        with pytest.raises(Conflict):
            actions.put_question(
                actor=viewer, about=subject(viewer, "case", made.pk), purpose="help", categories=["needs"]
            )


def test_how_help_was_goes_to_a_supervisor_and_not_to_who_helps(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    opened = door.come(page_code())
    said = door.send(opened, "mine/feedback/", **{"f-face": "bad", "f-text": "Nobody called me."})
    assert "Thank you" in said.content.decode()
    door.send(opened, "mine/feedback/", **{"f-face": "bad", "f-text": "Nobody called me."})
    page = signed_in_client(people.supervisor).get("/door/feedback/").content.decode()
    assert page.count("Nobody called me.") == 1
    assert signed_in_client(people.case_worker).get("/door/feedback/").status_code == 403
    for viewer in (people.case_worker.viewer, people.other_worker.viewer, Viewer.anonymous()):
        with acting(viewer):
            assert Feedback.objects.count() == Word.objects.count() == 0


def complain(door: Any, code: str, **more: str) -> Any:
    given = {"c-about": "worker", "c-outside": "", "c-text": "She shouts at me."}
    return door.send(door.come(code), "mine/complaint/", **{**given, **more})


def test_a_complaint_goes_to_a_supervisor_of_another_team(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    judge, code = other_supervisor(people), page_code()
    assert "does not see it" in complain(door, code).content.decode()
    client = signed_in_client(judge)
    with acting(judge.viewer):
        found = Complaint.objects.get()
    for viewer in (people.case_worker, people.supervisor, people.coordinator, people.other_worker):
        with acting(viewer.viewer):
            assert Complaint.objects.count() == Word.objects.count() == 0
        assert signed_in_client(viewer).get(f"/door/complaints/{found.pk}/").status_code == 404
    assert "She shouts at me." in client.get(f"/door/complaints/{found.pk}/").content.decode()
    assert client.post(f"/door/complaints/{found.pk}/acknowledge/", {"version": 1}).status_code == 302
    sent = {"version": 2, "answer": "You will have another helper.", "reason": "Heard both."}
    assert client.post(f"/door/complaints/{found.pk}/answer/", sent).status_code == 302
    opened = door.come(code)
    assert "You will have another helper." in opened.content.decode()
    assert (
        "Somebody else looks at it" in door.send(opened, "mine/appeal/", text="It goes on.").content.decode()
    )
    with acting(judge.viewer) as viewer, pytest.raises(Refused):
        actions.judge_complaint(
            actor=viewer, complaint=found, event="answer_appeal", expected_version=4,
            answer="As before, with regret.", reason="x",
        )  # fmt: skip


def test_outside_and_where_nobody_else_is_there_it_goes_to_a_coordinator(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    judge, code = other_supervisor(people), page_code()
    complain(door, code, **{"c-outside": "1"})
    with acting(judge.viewer):
        assert Complaint.objects.count() == 0
    with acting(people.coordinator.viewer):
        assert Complaint.objects.count() == 1


def test_who_has_the_case_never_sees_the_complaint_whatever_he_is(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    """Not with a grant, not in an emergency, not as supervisor: the wall names the person."""
    from palermo.kernel.access.actions import break_glass
    from palermo.kernel.organisations.models import Membership

    complain(door, page_code())
    with acting(people.coordinator.viewer):
        found = Complaint.objects.get()
    with acting(Viewer.operator()):
        Membership.objects.create(
            user=people.case_worker.user, organisation=people.organisation, role=Role.SUPERVISOR
        )
    with acting(people.case_worker.viewer) as viewer:
        break_glass(
            actor=viewer, object_kind="complaint", object_id=found.pk, reason="I want to know what it says."
        )
        assert Complaint.objects.count() == 0
        assert Word.objects.count() == 0
    from dataclasses import replace

    everything = replace(people.case_worker.viewer, roles=frozenset({"supervisor", "case_manager"}))
    assert not_about_the_actor(found, everything, {}) != ""


def test_a_complaint_that_found_nobody_is_handed_over_later(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    from palermo.kernel.access.models import User

    with acting(Viewer.operator()):
        User.objects.filter(pk=people.coordinator.pk).update(is_active=False)
    complain(door, page_code())
    assert actions.hand_over_waiting() == 0
    with acting(Viewer.operator()):
        User.objects.filter(pk=people.coordinator.pk).update(is_active=True)
    assert actions.hand_over_waiting() == 1
    assert actions.hand_over_waiting() == 0


def test_the_wall_a_code_reaches_one_person_alone_in_raw_sql(
    people: Any, about: Subject, page_code: Callable[[], str]
) -> None:
    code = actions.hash_of(page_code())
    with acting(people.case_worker.viewer) as viewer:
        other = cases.open_case(
            actor=viewer,
            reason="Another one, the same day.",
            identity=Identity(given_names="Brimhild"),
            crime="tip",
            child=False,
        )
        foreign = subject(viewer, "case", other.pk)
        question = actions.put_question(actor=viewer, about=foreign, purpose="help", categories=["needs"])
    consent = agreed(people, foreign)
    with acting(Viewer.anonymous()), connection.cursor() as cursor:
        for statement, values in (
            ("SELECT count(*) FROM door_ledger(%s)", [code]),
            ("SELECT count(*) FROM door_questions(%s)", [code]),
        ):
            cursor.execute(statement, values)
            assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT door_take_back(%s, %s)", [code, consent.pk])
        assert cursor.fetchone()[0] is None
        cursor.execute("SELECT door_answer(%s, %s, 'given', 'en')", [code, question.pk])
        assert cursor.fetchone()[0] is None
        cursor.execute("SELECT person_id FROM door_page(%s)", [code])
        assert cursor.fetchall() == [(about.person_id,)]
        cursor.execute("SELECT count(*) FROM door_page(%s)", [b"\0" * 32])
        assert cursor.fetchone()[0] == 0
        for table in ("consents_consent", "door_personpage", "door_question", "door_complaint", "cases_case"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0, table
    with (
        acting(Viewer.anonymous()),
        connection.cursor() as cursor,
        pytest.raises(Exception, match="system hands"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT door_hand(%s)", [consent.pk])
    assert basis(people, foreign) is not None


def test_a_new_code_ends_the_old_one_and_the_worker_can_end_it(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    first, second = page_code(), page_code()
    assert door.come(first).status_code == 422
    opened = door.come(second)
    assert opened.status_code == 200
    client = signed_in_client(people.case_worker)
    assert client.post(f"/door/case/{about.key}/end/").status_code == 302
    assert door.come(second).status_code == 422
    late = door.send(opened, "mine/feedback/", **{"f-face": "good"})
    assert late.status_code == 422
    with acting(people.supervisor.viewer):
        assert Feedback.objects.count() == 0


def test_the_page_of_a_person_names_nobody_and_no_case(
    people: Any, about: Subject, door: Any, page_code: Callable[[], str]
) -> None:
    agreed(people, about)
    text = door.come(page_code(), "ar").content.decode()
    for planted in (
        "Vibbletonova",
        "Zarquella",
        about.code,
        about.person_code,
        str(about.person_id),
        "Case Worker",
    ):
        assert planted not in text
    assert len(text.encode()) < 25_000


def test_only_who_holds_the_case_gives_a_code(people: Any, about: Subject) -> None:
    client = signed_in_client(people.case_worker)
    page = client.post(f"/door/case/{about.key}/give/").content.decode()
    assert "Shown once" in page
    assert "Shown once" not in client.get(f"/door/case/{about.key}/").content.decode()
    for other in (people.other_worker, people.coordinator, people.analyst):
        assert signed_in_client(other).post(f"/door/case/{about.key}/give/").status_code == 404
    with acting(people.other_worker.viewer) as viewer, pytest.raises(NotFound):
        actions.give_page(actor=viewer, about=about)
