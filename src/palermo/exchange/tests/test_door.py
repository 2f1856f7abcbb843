"""At the door: what is taken in, what is refused and why, and that outside nobody learns which."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from palermo.exchange import (
    Cause,
    Fate,
    Partner,
    Private,
    Receipt,
    Refusal,
    Stage,
    sign_receipt,
    take,
    unanswered,
)
from palermo.exchange.envelopes import seal
from palermo.exchange.letters import plain
from palermo.exchange.signing import digest, sign
from palermo.exchange.tests.world import CANARY, DAY, NOW, House, Sent, two


def refusal(there: House, data: bytes, now: int = NOW) -> Cause:
    before = (len(there.arrived), len(there.known))
    with pytest.raises(Refusal) as found:
        there.receive(data, now)
    assert (len(there.arrived), len(there.known)) == before
    assert CANARY not in str(found.value)
    return found.value.cause


def forged(here: House, there: House, one: Sent, key: Private | None = None, **changes: object) -> bytes:
    """An envelope around a letter that was changed after it was allowed, signed all the same."""
    told = {**plain(one.letter), **changes}
    signed = sign(told, key or here.sign, "letter")
    return seal(
        signed, there.card.sealing(NOW, least=2), message_id="0" * 32, expires=int(str(told["expires"]))
    )


def test_a_letter_arrives_once_however_often_it_comes() -> None:
    here, there = two()
    one = here.write(there, NOW)
    receipts = {there.receive(here.seal(one, NOW), NOW + i) for i in range(5)}
    assert len(receipts) == 1
    assert [letter.body["question"] for letter in there.arrived] == [CANARY]
    here.hear(one, receipts.pop(), NOW)
    assert one.fate is Fate.STORED


def test_strangers_and_the_revoked_are_refused() -> None:
    here, there = two()
    one = here.write(there, NOW)
    data = here.seal(one, NOW)
    there.partners[here.issuer] = Partner(here.card, revoked=True)
    assert refusal(there, data) is Cause.REVOKED
    there.partners.clear()
    assert refusal(there, data) is Cause.STRANGER


def test_a_signature_that_does_not_hold_is_refused() -> None:
    here, there = two()
    one = here.write(there, NOW)
    head, body, end = one.signed.split(b".")
    other = here.write(there, NOW).signed.split(b".")[1]
    for bad in (b".".join((head, other, end)), b".".join((head, body, end[::-1]))):
        data = seal(bad, there.card.sealing(NOW, least=2), message_id="0" * 32, expires=one.letter.expires)
        assert refusal(there, data) in (Cause.FORGED, Cause.MALFORMED)


def test_an_algorithm_called_none_or_a_shared_secret_is_refused() -> None:
    from joserfc.util import urlsafe_b64encode

    here, there = two()
    one = here.write(there, NOW)
    body = one.signed.split(b".")[1]
    for algorithm in ("none", "HS256", "EdDSA", "ES256"):
        told = {"alg": algorithm, "kid": here.sign.public().id, "typ": "palermo-letter+jws"}
        head = urlsafe_b64encode(json.dumps(told).encode())
        for end in (b"", one.signed.split(b".")[2]):
            data = seal(
                b".".join((head, body, end)), there.card.sealing(NOW, least=2), message_id="0" * 32,
                expires=one.letter.expires,
            )  # fmt: skip
            assert refusal(there, data) in (Cause.FORGED, Cause.MALFORMED), algorithm


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"audience": "side-c"}, Cause.WRONG_AUDIENCE),
        ({"issuer": "side-c"}, Cause.WRONG_AUDIENCE),
        ({"audience": ""}, Cause.MALFORMED),
        ({"created": NOW + 3 * DAY, "expires": NOW + 9 * DAY}, Cause.FROM_THE_FUTURE),
        ({"created": NOW - 9 * DAY}, Cause.STALE_KEY),
        ({"expires": NOW - 1, "created": NOW}, Cause.MALFORMED),
        ({"sequence": 0}, Cause.MALFORMED),
        ({"sequence": True}, Cause.MALFORMED),
        ({"body": []}, Cause.MALFORMED),
        ({"consent": "yes"}, Cause.MALFORMED),
        ({"kind": "x" * 501}, Cause.MALFORMED),
        ({"secret": 1}, Cause.MALFORMED),
        ({"id": "x" * 101}, Cause.MALFORMED),
        ({"id": "a\0b"}, Cause.MALFORMED),
        ({"conversation": "a\u202eb"}, Cause.MALFORMED),
        ({"sequence": 10**9}, Cause.MALFORMED),
        ({"expires": 10**12}, Cause.MALFORMED),
    ],
)
def test_what_a_letter_says_of_itself_must_hold(changes: dict[str, object], wanted: Cause) -> None:
    here, there = two()
    assert refusal(there, forged(here, there, here.write(there, NOW), **changes)) is wanted


def test_a_letter_without_its_audience_is_refused() -> None:
    here, there = two()
    one = here.write(there, NOW)
    told = {name: value for name, value in plain(one.letter).items() if name != "audience"}
    data = seal(
        sign(told, here.sign, "letter"), there.card.sealing(NOW, least=2), message_id="0" * 32,
        expires=one.letter.expires,
    )  # fmt: skip
    assert refusal(there, data) is Cause.MALFORMED


def test_nobody_passes_a_letter_on_as_if_it_were_for_another() -> None:
    """B seals what A wrote to B anew, to C, who knows A too."""
    here, there, third = House("side-a"), House("side-b"), House("side-c")
    here.pin(there)
    there.pin(here)
    third.pin(here)
    there.pin(third)
    one = here.write(there, NOW)
    again = seal(
        one.signed, third.card.sealing(NOW, least=2), message_id="0" * 32, expires=one.letter.expires
    )
    assert refusal(third, again) is Cause.WRONG_AUDIENCE


def test_nobody_writes_in_the_name_of_another_partner() -> None:
    here, there, third = House("side-a"), House("side-b"), House("side-c")
    here.pin(there)
    there.pin(here)
    there.pin(third)
    data = forged(here, there, here.write(there, NOW), key=third.sign)
    assert refusal(there, data) is Cause.WRONG_AUDIENCE


def test_the_same_id_with_other_words_is_refused() -> None:
    here, there = two()
    one = here.write(there, NOW)
    there.receive(here.seal(one, NOW), NOW)
    assert refusal(there, forged(here, there, one, body={"question": "other"})) is Cause.CHANGED


def test_the_suite_that_was_agreed_is_the_least() -> None:
    here, there = two()
    one = here.write(there, NOW)
    weak = next(key.key for key in there.card.keys if key.key.use == "jose")
    data = seal(one.signed, weak, message_id="0" * 32, expires=one.letter.expires)
    assert refusal(there, data) is Cause.DOWNGRADE
    there.pin(here, least=1)
    assert there.receive(data, NOW)


def test_a_destroyed_key_opens_nothing_and_the_next_attempt_does() -> None:
    here, there = two()
    one = here.write(there, NOW)
    data = here.seal(one, NOW)
    there.living.clear()
    there.new_card(NOW)
    assert refusal(there, data) is Cause.UNKNOWN_KEY
    here.follow(there)
    assert there.receive(here.seal(one, NOW), NOW)


def test_what_comes_too_late_is_never_taken_in_and_both_sides_know() -> None:
    here, there = two()
    one = here.write(there, NOW, days=1)
    here.hear(one, None, NOW)
    assert one.fate is Fate.TRIED
    here.hear(one, None, NOW + 2 * DAY)
    assert one.fate is Fate.UNSURE
    receipt = there.receive(here.seal(one, NOW + 2 * DAY), NOW + 2 * DAY)
    here.hear(one, receipt, NOW + 2 * DAY)
    assert (one.fate, there.arrived, there.too_late) == (Fate.LATE, [], [one.letter.id])
    assert there.receive(here.seal(one, NOW), NOW) == receipt, "a clock that is set back changes nothing"
    assert there.arrived == []


def test_what_lay_there_in_time_stays_so_when_it_is_asked_about_late() -> None:
    here, there = two()
    one = here.write(there, NOW, days=1)
    there.receive(here.seal(one, NOW), NOW)  # the receipt is lost
    here.hear(one, None, NOW + 2 * DAY)
    here.hear(one, there.receive(here.seal(one, NOW + 2 * DAY), NOW + 2 * DAY), NOW + 2 * DAY)
    assert (one.fate, len(there.arrived), there.too_late) == (Fate.STORED, 1, [])


def test_a_receipt_counts_for_its_letter_from_its_receiver_alone() -> None:
    here, there = two()
    one, other = here.write(there, NOW), here.write(there, NOW)
    good = there.receive(here.seal(other, NOW), NOW)
    mine = Receipt("side-b", "side-a", one.letter.id, digest(one.signed), Stage.STORED, NOW)
    for answer in (
        b"", b"<html>502</html>", good, good[:-3], one.signed,
        sign_receipt(mine, here.sign), sign_receipt(replace(mine, digest="0" * 64), there.sign),
        sign_receipt(replace(mine, issuer="side-c"), there.sign),
    ):  # fmt: skip
        here.hear(one, answer, NOW)
        assert one.fate is Fate.TRIED
    here.hear(one, sign_receipt(mine, there.sign), NOW)
    assert one.fate is Fate.STORED


def test_further_stages_travel_sealed_and_are_never_receipted() -> None:
    here, there = two()
    one = here.write(there, NOW)
    there.receive(here.seal(one, NOW), NOW)
    told = Receipt("side-b", "side-a", one.letter.id, digest(one.signed), Stage.DECIDED, NOW, "accepted")
    data = seal(
        sign_receipt(told, there.sign),
        here.card.sealing(NOW, least=2),
        message_id="0" * 32,
        expires=NOW + DAY,
    )
    find: Callable[[str, str], None] = lambda _issuer, _id: None  # noqa: E731
    found = take(data, here.side(), find, NOW)
    assert (found.told, found.receipt, found.letter) == (told, b"", None)


def test_receipts_of_the_revoked_are_still_read() -> None:
    here, there = two()
    one = here.write(there, NOW)
    told = Receipt("side-b", "side-a", one.letter.id, digest(one.signed), Stage.CLOSED, NOW)
    data = seal(
        sign_receipt(told, there.sign),
        here.card.sealing(NOW, least=2),
        message_id="0" * 32,
        expires=NOW + DAY,
    )
    here.partners["side-b"] = Partner(there.card, revoked=True)
    assert take(data, here.side(), lambda _issuer, _id: None, NOW).told == told
    with pytest.raises(Refusal):
        here.seal(one, NOW)


def test_a_fate_that_is_settled_stays() -> None:
    for fate in (Fate.STORED, Fate.LATE, Fate.REFUSED, Fate.CANCELLED):
        assert unanswered(fate, expires=NOW, now=NOW + DAY) is fate
