"""Letters leave with the transaction that decided them, arrive once, and nothing outside says why one was refused."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from palermo.exchange import Fate, Receipt, Stage, sign_receipt, write_card
from palermo.exchange.envelopes import seal
from palermo.exchange.signing import digest
from palermo.exchange.tests.world import CANARY, DAY, House, Sent
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, Refused
from palermo.kernel.exchange import actions, handlers, queries
from palermo.kernel.exchange.health import checks
from palermo.kernel.exchange.models import Arrival, Dispatch, OwnKey, Partner
from palermo.kernel.exchange.models import Refused as Counted
from palermo.kernel.exchange.tests.conftest import Far
from palermo.kernel.jobs.actions import carry_out
from palermo.kernel.jobs.models import Effect

pytestmark = pytest.mark.django_db
PING = {"kind": "test.ping", "purpose": "test", "legal_basis": "agreement"}


def sent(far: Far, *, by: Viewer | None = None, words: str = CANARY, **more: Any) -> Dispatch:
    with acting(by or Viewer.operator()) as viewer:
        return actions.send(
            actor=viewer, partner=far.partner, body={"words": words}, subject=uuid.uuid4(), **{**PING, **more}
        )


def now(one: Any) -> Any:
    with acting(Viewer.operator()):
        one.refresh_from_db()
    return one


def due() -> int:
    """Everything is due now, and the clock goes round."""
    with acting(Viewer.operator()):
        Dispatch.objects.filter(settled_at=None).update(next_at=timezone.now())
    return actions.turn()


def run(kind: str) -> int:
    """The worker: every job of a kind that waits."""
    waiting = list(Effect.objects.filter(kind=kind, done_at=None).values_list("pk", flat=True))
    return sum(carry_out(pk) for pk in waiting)


def written(far: Far, here: Any, **more: Any) -> tuple[Sent, bytes]:
    """A letter of the other side to this one, and an envelope around it."""
    told = far.house.write(_Named(here.issuer), far.now, **more)  # type: ignore[arg-type]
    return told, far.house.seal(told, far.now)


class _Named:
    def __init__(self, issuer: str) -> None:
        self.issuer = issuer


def handed_in(data: bytes) -> Any:
    return Client().post("/exchange/", data, content_type="application/vnd.palermo.envelope")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[handlers.Received]:
    """A room that reads requests for information and keeps what it got."""
    found: list[handlers.Received] = []
    kind = handlers.Kind("rfi.request", 1, 2, frozenset({"question", "crime"}))
    monkeypatch.setitem(handlers.KINDS, "rfi.request", kind)
    monkeypatch.setitem(handlers.HANDLERS, "rfi.request", lambda _viewer, received: found.append(received))
    return found


def test_a_letter_leaves_and_its_receipt_is_kept(far: Far) -> None:
    one = sent(far)
    assert due() == 1
    assert (now(one).fate, one.stage, one.attempts) == (Fate.STORED, Stage.STORED, 1)
    assert [letter.body["words"] for letter in far.house.arrived] == [CANARY]
    assert due() == 0


def test_it_leaves_if_and_only_if_the_transaction_commits(far: Far) -> None:
    with pytest.raises(ZeroDivisionError):
        _broken(far)
    assert due() == 0
    assert far.wire == []


def _broken(far: Far) -> None:
    with acting(Viewer.operator()) as viewer:
        actions.send(actor=viewer, partner=far.partner, body={"words": "x"}, subject=uuid.uuid4(), **PING)
        raise ZeroDivisionError


def test_a_lost_answer_is_asked_for_again_and_it_arrives_once(far: Far) -> None:
    one = sent(far)
    for far.lost in ("request", "answer", "answer"):
        due()
        assert now(one).fate == Fate.TRIED
    far.lost = ""
    due()
    assert now(one).fate == Fate.STORED
    assert len(far.house.arrived) == 1


def test_what_never_arrived_is_known_not_to_have(far: Far) -> None:
    one = sent(far, expires=timezone.now() + timedelta(seconds=1))
    far.lost, far.now = "request", far.now + DAY
    import time

    time.sleep(2.1)
    due()
    assert now(one).fate == Fate.UNSURE
    far.lost = ""
    due()
    assert now(one).fate == Fate.LATE
    assert far.house.arrived == []


def test_nothing_readable_lies_in_the_queue_or_on_the_wire(far: Far) -> None:
    sent(far)
    due()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(sealed, 'escape'), '') FROM exchange_dispatch")
        (kept,) = cursor.fetchone()
        cursor.execute("SELECT coalesce(string_agg(to_jsonb(e)::text, ''), '') FROM audit_entry e")
        (audit,) = cursor.fetchone()
    assert CANARY not in str(kept)
    assert CANARY not in audit
    assert not any(CANARY.encode() in data for data in far.wire)


def test_a_field_that_may_not_leave_stops_the_letter(far: Far) -> None:
    with pytest.raises(Invalid, match="name"), acting(Viewer.operator()) as viewer:
        actions.send(actor=viewer, partner=far.partner, body={"name": "x"}, subject=uuid.uuid4(), **PING)
    assert due() == 0


def test_in_a_conversation_nothing_overtakes(far: Far) -> None:
    talk = uuid.uuid4()
    first, second = sent(far, conversation=talk, words="one"), sent(far, conversation=talk, words="two")
    assert (first.sequence, second.sequence) == (1, 2)
    far.lost = "request"
    due()
    assert now(second).attempts == 0
    far.lost = ""
    due()
    due()
    assert [letter.body["words"] for letter in far.house.arrived] == ["one", "two"]
    assert far.house.arrived[1].previous == first.digest


def test_what_was_not_attempted_is_taken_back(far: Far) -> None:
    one, two = sent(far), sent(far)
    with acting(Viewer.operator()) as viewer:
        actions.cancel(actor=viewer, dispatch=one)
    far.lost = "answer"
    due()
    assert len(far.house.arrived) == 1
    with pytest.raises(Conflict), acting(Viewer.operator()) as viewer:
        actions.cancel(actor=viewer, dispatch=two)


def test_the_place_of_a_letter_that_was_taken_back_is_free_again(far: Far) -> None:
    talk = uuid.uuid4()
    sent(far, conversation=talk, words="one")
    two, three = sent(far, conversation=talk, words="two"), sent(far, conversation=talk, words="three")
    with acting(Viewer.operator()) as viewer:
        with pytest.raises(Conflict):
            actions.cancel(actor=viewer, dispatch=two)
        actions.cancel(actor=viewer, dispatch=three)
        actions.cancel(actor=viewer, dispatch=two)
    assert sent(far, conversation=talk, words="four").sequence == 2
    due()
    due()
    assert [(one.sequence, one.body["words"]) for one in far.house.arrived] == [(1, "one"), (2, "four")]


def test_what_waits_for_a_revoked_partner_is_taken_back(far: Far) -> None:
    one = sent(far)
    with acting(Viewer.operator()) as viewer:
        actions.revoke(actor=viewer, partner=far.partner, why="Their office was broken into.")
    due()
    assert (now(one).fate, far.wire) == (Fate.CANCELLED, [])


def test_a_card_moves_letters_to_no_other_host(far: Far) -> None:
    from dataclasses import replace

    for endpoint, moves in (("https://example.invalid/other/", True), ("http://127.0.0.1:5432/", False)):
        card = replace(far.house.new_card(far.now), endpoint=endpoint)
        with acting(Viewer.operator()) as viewer:
            row = actions.follow_card(actor=viewer, data=write_card(card, far.house.sign))
        assert (row.endpoint == endpoint) is moves


def test_a_letter_that_comes_is_kept_handed_over_once_and_receipted(
    far: Far, here: Any, heard: list[Any]
) -> None:
    told, data = written(far, here)
    answers = {handed_in(data).content for _copy in range(3)}
    assert len(answers) == 1
    far.house.hear(told, answers.pop(), far.now)
    assert told.fate is Fate.STORED
    assert heard == []
    assert run("exchange.handle") == 1
    assert [one.body["question"] for one in heard] == [CANARY]
    due()
    assert run("exchange.handle") == 0
    with acting(Viewer.operator()):
        assert Arrival.objects.get().state == "handled"
        assert Dispatch.objects.get(kind="receipt").fate == Fate.STORED


def test_letters_are_handed_over_in_their_order(far: Far, here: Any, heard: list[Any]) -> None:
    told = [written(far, here, body={"question": str(n)}) for n in range(4)]
    for _one, data in reversed(told):
        assert handed_in(data).status_code == 200
        run("exchange.handle")
    assert [one.body["question"] for one in heard] == ["0", "1", "2", "3"]


def test_a_kind_that_nobody_reads_is_answered_and_not_kept_waiting(far: Far, here: Any) -> None:
    told, data = written(far, here)
    handed_in(data)
    run("exchange.handle")
    with acting(Viewer.operator()):
        assert Arrival.objects.get().state == "refused"
    assert told.fate is Fate.WAITING
    due()
    assert len(far.wire) == 1, "a receipt says so"


def test_every_refusal_sounds_the_same(far: Far, here: Any) -> None:
    told, data = written(far, here)
    stranger = House("stranger")
    stranger.partners[here.issuer] = far.house.partners[here.issuer]
    foreign = stranger.write(_Named(here.issuer), far.now)  # type: ignore[arg-type]
    changed = bytearray(data)
    changed[-1] ^= 1
    answers = [
        handed_in(one)
        for one in (
            b"",
            b"\0" * 99,
            bytes(changed),
            data[:-9],
            stranger.seal(foreign, far.now),
            b"x" * 40_000_000,
        )
    ]
    assert {(one.status_code, one.content, one["Content-Type"]) for one in answers} == {
        (400, b"refused", "text/plain")
    }
    assert Client().get("/exchange/").status_code == 405
    with acting(Viewer.operator()):
        assert Arrival.objects.count() == 0
        assert {row.cause for row in Counted.objects.all()} >= {
            "malformed",
            "not_opened",
            "stranger",
            "oversize",
        }
    assert told.fate is Fate.WAITING


def test_a_forgery_is_in_the_audit_once_an_hour(far: Far, here: Any, people: Any) -> None:
    told, _data = written(far, here)
    head, body, end = told.signed.split(b".")
    signed = b".".join((head, body, end[::-1]))
    for _copy in range(3):
        data = seal(signed, here.sealing(far.now, least=2), message_id="0" * 32, expires=told.letter.expires)
        assert handed_in(data).status_code == 400
    with acting(Viewer.operator()):
        assert Counted.objects.get(cause="forged").times == 3
    with acting(people.administrator.viewer):
        assert Entry.objects.filter(action="exchange.letter.refuse").count() == 1


def test_further_stages_are_told_and_known(far: Far, here: Any) -> None:
    one = sent(far)
    due()
    for stage in (Stage.DELIVERED, Stage.OPENED, Stage.DECIDED):
        told = Receipt("far-side", here.issuer, str(one.pk), one.digest, stage, far.now, "accepted")
        data = seal(
            sign_receipt(told, far.house.sign), here.sealing(far.now, least=2), message_id="0" * 32,
            expires=far.now + DAY,
        )  # fmt: skip
        for _copy in range(2):
            answer = handed_in(data)
            assert (answer.status_code, answer.content) == (200, b"")
    assert now(one).stage == Stage.DECIDED
    with acting(Viewer.operator()) as viewer:
        (state,) = queries.dispatch_states(viewer, one.subject)
        assert [row.stage for row in state.told] == ["delivered", "opened", "decided"]


def test_receipts_that_overtake_one_another_take_nothing_back(far: Far, here: Any) -> None:
    one = sent(far)
    due()
    for stage in (Stage.DECIDED, Stage.DELIVERED, Stage.LATE):
        told = Receipt("far-side", here.issuer, str(one.pk), one.digest, stage, far.now)
        data = seal(
            sign_receipt(told, far.house.sign), here.sealing(far.now, least=2), message_id="0" * 32,
            expires=far.now + DAY,
        )  # fmt: skip
        assert handed_in(data).status_code == 200
        assert (now(one).fate, one.stage) == (Fate.STORED, Stage.DECIDED)


def test_a_person_tells_what_became_of_a_letter(far: Far, here: Any, heard: list[Any], people: Any) -> None:
    _told, data = written(far, here)
    handed_in(data)
    run("exchange.handle")
    with acting(people.coordinator.viewer) as viewer:
        actions.answer_receipt(actor=viewer, received_id=heard[0].id, stage="decided", reason="accepted")
    assert run("exchange.receipt") == 1
    with acting(Viewer.operator()):
        assert Dispatch.objects.filter(kind="receipt").count() == 2


def test_a_partner_is_active_when_two_people_have_read_its_digits(here: Any, people: Any) -> None:
    house = House("other-side")
    with acting(people.coordinator.viewer) as viewer:
        made = actions.propose(actor=viewer, data=write_card(house.card, house.sign))
        digits = queries.card_of(made)[1]
        with pytest.raises(Invalid):
            actions.confirm(actor=viewer, partner=made, digits=digits[:-1] + "x")
        made = actions.confirm(actor=viewer, partner=made, digits=digits)
        made = actions.confirm(actor=viewer, partner=made, digits=digits)
        assert made.state == "proposed", "twice the same person is one"
        with pytest.raises(DatabaseError), transaction.atomic():
            Partner.objects.filter(pk=made.pk).update(state="active")
        with pytest.raises(DatabaseError), transaction.atomic():
            Partner.objects.filter(pk=made.pk).update(readers=[*made.readers, str(uuid.uuid4())])
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Refused):
        actions.confirm(actor=viewer, partner=made, digits=digits)


def test_nothing_goes_to_the_revoked_nor_comes_from_them(far: Far, here: Any) -> None:
    _told, data = written(far, here)
    with acting(Viewer.operator()) as viewer:
        actions.revoke(actor=viewer, partner=far.partner, why="Their office was broken into.")
        far.partner.refresh_from_db()
    assert handed_in(data).status_code == 400
    with pytest.raises(Conflict):
        sent(far)


def test_fresh_keys_go_round_by_themselves(far: Far, here: Any, heard: list[Any]) -> None:
    told, old = written(far, here)
    with acting(Viewer.operator()) as viewer:
        actions.make_card(actor=viewer, sign_too=True)
    due()
    (letter,) = far.house.arrived
    assert letter.kind == "partner.card"
    from palermo.exchange import Partner as Pinned
    from palermo.exchange import follow

    new = follow(far.house.partners[here.issuer].card, letter.body["card"].encode())
    assert (new.version, new.issuer) == (2, here.issuer)
    far.house.partners[here.issuer] = Pinned(new)
    assert handed_in(old).status_code == 200, "what was sealed to the key of before still opens"
    assert handed_in(far.house.seal(told, far.now)).status_code == 200
    with acting(Viewer.operator()):
        OwnKey.objects.exclude(use="sign").update(until=timezone.now() - timedelta(days=40))
    with acting(Viewer.operator()) as viewer:
        actions.make_card(actor=viewer)
        assert OwnKey.objects.filter(wrapped=b"").count() == 4
    _second, late = written(far, here)
    assert handed_in(late).status_code == 400


def test_a_partner_follows_its_own_card_and_no_thief(far: Far, here: Any) -> None:
    old = far.house.sign
    far.house.sign = type(old).new("sign")
    card = far.house.new_card(far.now)
    with acting(Viewer.operator()) as viewer:
        with pytest.raises(Invalid):
            actions.follow_card(actor=viewer, data=write_card(card, far.house.sign))
        row = actions.follow_card(actor=viewer, data=write_card(card, far.house.sign, also=[old]))
    assert queries.card_of(row)[0].version == card.version
    _told, data = written(far, here)
    assert handed_in(data).status_code == 200


def test_by_hand_it_is_the_same(far: Far, here: Any) -> None:
    one = sent(far)
    with acting(Viewer.operator()) as viewer:
        files = actions.carry_out(actor=viewer, partner=far.partner)
    receipt = far.house.receive(files[one.pk], far.now)
    with acting(Viewer.operator()) as viewer:
        assert actions.carry_in(actor=viewer, name="a", data=receipt).done == "receipt"
        _told, data = written(far, here)
        kept = actions.carry_in(actor=viewer, name="b", data=data)
        assert actions.carry_in(actor=viewer, name="c", data=b"nothing").done == "refused"
    assert kept.done == "kept"
    assert kept.answer
    assert now(one).fate == Fate.STORED


def test_what_was_signed_stays_as_it_was(far: Far) -> None:
    one = sent(far)
    for change in ({"sealed": b"x"}, {"digest": digest(b"x")}, {"kind": "other"}):
        with pytest.raises(DatabaseError), acting(Viewer.operator()):
            Dispatch.objects.filter(pk=one.pk).update(**change)


def test_who_did_not_let_it_go_does_not_see_it(far: Far, people: Any) -> None:
    one = sent(far, by=people.case_worker.viewer)
    for who, sees in (
        (people.case_worker, 1),
        (people.coordinator, 1),
        (people.analyst, 0),
        (people.administrator, 0),
    ):
        with acting(who.viewer):
            assert Dispatch.objects.filter(pk=one.pk).count() == sees, who
            assert Arrival.objects.count() == 0


def test_two_people_write_in_one_conversation(far: Far, people: Any) -> None:
    talk = uuid.uuid4()
    first = sent(far, by=people.case_worker.viewer, conversation=talk)
    second = sent(far, by=people.supervisor.viewer, conversation=talk)
    assert (first.sequence, second.sequence) == (1, 2)


def test_the_doctor_tells_of_keys_that_end_and_of_letters_that_nobody_knows(far: Far) -> None:
    (found,) = checks()
    assert found.ok, found.message
    one = sent(far)
    with acting(Viewer.operator()):
        Dispatch.objects.filter(pk=one.pk).update(fate=Fate.UNSURE)
    later = timezone.now() + timedelta(days=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        (found,) = checks()
    assert not found.ok
    for words in ("the sealing keys of this instance", "no key of the partner", "whether they arrived: 1"):
        assert words in found.message
