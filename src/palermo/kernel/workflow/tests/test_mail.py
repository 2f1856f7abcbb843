"""Reminders by e-mail: one for a deadline and level, to those who read it and asked for it, and with no fact in it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as sent
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access import mail
from palermo.kernel.access.accounts import deactivate
from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import MailWish
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Invalid
from palermo.kernel.jobs.actions import carry_out
from palermo.kernel.jobs.models import Effect
from palermo.kernel.organisations.models import Membership
from palermo.kernel.workflow import timer
from palermo.kernel.workflow.models import Reminder
from palermo.kernel.workflow.tests.test_timer import make_due, standing
from palermo.kernel.workflow.tests.ticket import TICKETS, Ticket, share, ticket_table

ORIGIN = "https://palermo.example"
pytestmark = pytest.mark.usefixtures("engine_alone", "server")


@pytest.fixture(scope="module", autouse=True)
def _table(cluster: Any, django_db_setup: None) -> Iterator[None]:
    with ticket_table(cluster):
        yield


@pytest.fixture(autouse=True)
def _rooms_are_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timer, "model_of", lambda machine, kind: TICKETS[machine])
    monkeypatch.setattr(timer, "load_rules", lambda: None)


@pytest.fixture
def server(settings: Any) -> None:
    """A mail server and an address; Django's own outbox of tests takes what is sent."""
    settings.PALERMO_ORIGIN = ORIGIN
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def wish(person: Any, address: str = "") -> str:
    address = address or f"{person.user.username}@office.example"
    with acting(person.viewer) as viewer:
        mail.ask_for_mail(actor=viewer, address=address)
    return address


def late(person: Any) -> Ticket:
    """A case whose next step is a day overdue, and the timer has seen it."""
    ticket = standing(person, "case", "intake")
    make_due(ticket, timedelta(days=1), fires=False)
    assert timer.run().reminded > 0
    return ticket


def work() -> int:
    """What the worker does: every effect that waits, until none is left. Returns how many it did."""
    done = 0
    while waiting := list(Effect.objects.filter(done_at=None).values_list("pk", flat=True)):
        for pk in waiting:
            assert carry_out(pk)
            done += 1
    return done


def test_who_asked_for_it_gets_one_message_for_a_deadline_and_level(people: Any) -> None:
    address = wish(people.supervisor)
    wish(people.other_worker)  # who does not hold it
    with acting(people.supervisor.viewer):
        ticket = late(people.supervisor)
    with acting(Viewer.operator()):
        levels = Reminder.objects.filter(object_id=ticket.pk, roles__contains=["supervisor"]).count()
    assert levels > 0
    work()
    assert [m.to for m in sent.outbox] == [[address]] * levels
    assert timer.run().reminded == 0
    assert work() == 0
    assert len(sent.outbox) == levels


def test_the_message_holds_no_fact(people: Any) -> None:
    wish(people.supervisor, "reader@office.example")
    ticket = late(people.supervisor)
    work()
    message = sent.outbox[0]
    assert f"{ORIGIN}/" in message.body
    whole = (message.subject + message.message().as_string()).lower()
    forbidden = [
        str(ticket.pk), ticket.pk.hex, "ticket", "intake", "case", "victim", people.organisation.name.lower(),
        people.supervisor.user.display_name.lower(), *[str(pk) for pk in Reminder.objects.values_list("pk")],
    ]  # fmt: skip
    assert not [word for word in forbidden if word in whole], whole
    assert message.attachments == []


def test_the_outbox_holds_ids_and_the_level_alone(people: Any) -> None:
    address = wish(people.supervisor)
    late(people.supervisor)
    work()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        jobs = " ".join(text for (text,) in cursor.fetchall())
    rows = list(Effect.objects.values_list("kind", "ids"))
    assert {kind for kind, _ids in rows} == {"workflow.reminder", "access.reminder_mail"}
    assert {key for _kind, ids in rows for key in ids} <= {"level"}
    assert address not in jobs + str(rows)


@pytest.mark.parametrize("how", ["stopped", "closed", "role ended", "access ended", "not asked"])
def test_nobody_else_gets_one(people: Any, how: str) -> None:
    if how != "not asked":
        wish(people.supervisor)
    ticket = standing(people.case_worker, "case", "intake")
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="ticket", object_id=ticket.pk, grantee_kind="person",
            grantee_id=people.supervisor.pk, scopes=("case",), purpose="test",
            valid_until=timezone.now() + timedelta(seconds=0) if how == "access ended" else None,
        )  # fmt: skip
    make_due(ticket, timedelta(days=1), fires=False)
    assert timer.run().reminded > 0
    if how == "stopped":
        with acting(people.supervisor.viewer) as viewer:
            mail.stop_mail(actor=viewer)
    elif how == "closed":
        with acting(people.administrator.viewer) as viewer:
            deactivate(actor=viewer, user_id=people.supervisor.pk)
    elif how == "role ended":
        with acting(Viewer.operator()):
            Membership.objects.filter(user=people.supervisor.user).update(ended_at=timezone.now())
    assert work() > 0
    assert sent.outbox == []


def test_a_grant_to_a_house_reaches_by_mail_only_the_roles_it_names(people: Any) -> None:
    wish(people.supervisor)
    ticket = standing(people.other_worker, "case", "intake")
    with acting(people.other_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="ticket", object_id=ticket.pk, grantee_kind="organisation",
            grantee_id=people.organisation.pk, scopes=("case",), purpose="test", roles=("case_manager",),
        )  # fmt: skip
    make_due(ticket, timedelta(days=1), fires=False)
    timer.run()
    work()
    assert sent.outbox == []


def test_without_a_server_nothing_is_even_asked_for(people: Any, settings: Any) -> None:
    wish(people.supervisor)
    settings.EMAIL_BACKEND = mail.NO_SERVER
    late(people.supervisor)
    assert not Effect.objects.exists()
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Invalid, match="sends no mail"):
        mail.ask_for_mail(actor=viewer, address="other@office.example")


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a@b.example\nBcc: c@d.example", "x" * 250 + "@a.example"]
)
def test_what_is_no_address_is_refused(people: Any, address: str) -> None:
    with acting(people.supervisor.viewer) as viewer, pytest.raises(Invalid):
        mail.ask_for_mail(actor=viewer, address=address)


def test_of_wishes_everybody_reads_and_writes_only_his_own(people: Any) -> None:
    wish(people.supervisor)
    for person in (people.administrator, people.case_worker):
        with acting(person.viewer):
            assert not MailWish.objects.exists()
            assert not MailWish.objects.filter(pk=people.supervisor.pk).update(address="x@evil.example")
            with pytest.raises(DatabaseError), transaction.atomic():
                MailWish.objects.create(pk=people.analyst.pk, address="x@evil.example")
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM (SELECT workflow_mail_readers(id) FROM workflow_reminder) r"
                )
                assert cursor.fetchone()[0] == 0


def test_the_page_asks_shows_and_stops(people: Any, client_for: Any, settings: Any) -> None:
    client, url = client_for(people.supervisor), reverse("account_reminders")
    assert client.post(url, {"address": "me@office.example"}).status_code == 302
    assert "me@office.example" in client.get(url).content.decode()
    assert "me@office.example" not in client_for(people.case_worker).get(url).content.decode()
    assert client.post(url, {"stop": "1"}).status_code == 302
    assert "me@office.example" not in client.get(url).content.decode()
    settings.EMAIL_BACKEND = mail.NO_SERVER
    page = client.get(url).content.decode()
    assert "sends no mail" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]


def test_it_is_written_in_the_readers_language(people: Any) -> None:
    people.supervisor.user.language = "fr"
    people.supervisor.user.save(update_fields=["language"])
    wish(people.supervisor)
    late(people.supervisor)
    work()
    from django.utils.translation import override

    from palermo.kernel.workflow.queries import notification

    with override("fr"):
        assert any(notification(level) in sent.outbox[0].body for level in ("soon", "due", "overdue"))


def test_what_fails_for_one_reader_is_tried_again_for_him_alone(
    people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(people.supervisor)
    wish(people.case_worker)
    ticket = standing(people.supervisor, "case", "assessment")
    with acting(people.supervisor.viewer):
        share(people.supervisor, ticket.pk, people.case_worker)
    make_due(ticket, timedelta(days=10), fires=False)
    timer.run()
    for pk in Effect.objects.filter(kind="workflow.reminder").values_list("pk", flat=True):
        carry_out(pk)
    messages = list(Effect.objects.filter(kind="access.reminder_mail").values_list("pk", flat=True))
    assert len(messages) >= 2

    def broken(*_args: Any, **_options: Any) -> int:
        raise OSError("no answer")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        with pytest.raises(OSError, match="no answer"):
            carry_out(messages[0])
    assert sent.outbox == []
    for pk in messages:
        assert carry_out(pk)
        assert not carry_out(pk)
    assert len(sent.outbox) == len(messages)
