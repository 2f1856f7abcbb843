"""Whom a side trusts: what two people read to each other, and what follows from it by signatures."""

from dataclasses import replace

import pytest

from palermo.exchange import Cause, Private, Refusal, follow, keep_older, read_card, thumbprint, write_card
from palermo.exchange.tests.world import DAY, NOW, House, two


def refused(call: object, *values: object) -> Cause:
    with pytest.raises(Refusal) as found:
        call(*values)  # type: ignore[operator]
    return found.value.cause


def test_a_card_is_read_back_and_says_the_same_thumbprint() -> None:
    here = House("side-a")
    found = read_card(write_card(here.card, here.sign))
    assert found == here.card
    assert thumbprint(found) == thumbprint(here.card)
    assert len(thumbprint(found).split()) == 12
    assert all(len(group) == 5 and group.isdigit() for group in thumbprint(found).split())
    assert thumbprint(House("side-a").card) != thumbprint(found)


def test_a_card_signed_by_somebody_else_is_no_card() -> None:
    here, other = House("side-a"), House("side-b")
    assert refused(read_card, write_card(here.card, other.sign)) is Cause.FORGED
    changed = write_card(here.card, here.sign).replace(b"eyJ", b"eyK", 1)
    assert refused(read_card, changed) in (Cause.FORGED, Cause.MALFORMED)
    for data in (
        b"",
        b"{}",
        b"[1]",
        b'{"palermo-card":1,"signed":[]}',
        b'{"palermo-card":1,"signed":["a.b.c"]}',
        b"[" * 9000,
    ):
        assert refused(read_card, data) in (Cause.MALFORMED, Cause.FORGED)


def test_a_rotation_is_followed_without_a_telephone_and_never_back() -> None:
    here = House("side-a")
    first, old = here.card, here.sign
    here.sign = Private.new("sign")
    second = here.new_card(NOW + DAY)
    alone = write_card(second, here.sign)
    assert refused(follow, first, alone) is Cause.FORGED
    both = write_card(second, here.sign, also=[old])
    assert follow(first, both) == second
    assert follow(second, both) == second
    assert refused(follow, second, write_card(first, old)) is Cause.OLD_CARD
    other = House("side-b")
    assert refused(follow, first, write_card(other.card, other.sign)) is Cause.WRONG_AUDIENCE


def test_the_same_version_with_other_words_is_refused() -> None:
    here = House("side-a")
    twin = replace(here.card, endpoint="https://elsewhere.invalid/")
    assert refused(follow, here.card, write_card(twin, here.sign)) is Cause.OLD_CARD


def test_a_thief_of_the_name_cannot_follow() -> None:
    here, thief = House("side-a"), House("side-a")
    thief.version = 8
    card = thief.new_card(NOW)
    assert refused(follow, here.card, write_card(card, thief.sign)) is Cause.FORGED


def test_letters_in_flight_still_count_after_a_new_card() -> None:
    here, there = two()
    one = here.write(there, NOW)
    data = here.seal(one, NOW)
    here.sign = Private.new("sign")
    here.new_card(NOW)
    there.follow(here)
    assert there.receive(data, NOW)
    assert [letter.id for letter in there.arrived] == [one.letter.id]


def test_the_key_to_seal_to_is_the_strongest_that_lives() -> None:
    card = House("side-a").card
    assert card.sealing(NOW, least=1).use == "hybrid"
    plain = replace(card, keys=tuple(one for one in card.keys if one.key.use != "hybrid"))
    assert plain.sealing(NOW, least=1).use == "jose"
    assert refused(lambda: plain.sealing(NOW, least=2)) is Cause.STALE_KEY
    assert refused(lambda: card.sealing(NOW + 91 * DAY, least=1)) is Cause.STALE_KEY


def test_only_signing_keys_are_kept_of_an_older_card() -> None:
    here = House("side-a")
    first = here.card
    here.sign = Private.new("sign")
    kept = keep_older(here.new_card(NOW), first)
    assert sum(one.key.use == "sign" for one in kept.keys) == 2
    assert sum(one.key.use != "sign" for one in kept.keys) == 2


@pytest.mark.parametrize(
    "changes", [{"name": "a\0b"}, {"version": 10**9}, {"version": 0}, {"issued": 10**12}, {"issuer": ""}]
)
def test_a_card_with_nonsense_in_it_is_refused(changes: dict[str, object]) -> None:
    here = House("side-a")
    card = replace(here.card, **changes)  # type: ignore[arg-type]
    assert refused(read_card, write_card(card, here.sign)) is Cause.MALFORMED


def test_no_number_that_is_none_is_read() -> None:
    here, there = two()
    with pytest.raises(Refusal) as found:
        there.receive(here.seal(here.write(there, NOW, body={"question": float("nan")}), NOW), NOW)
    assert found.value.cause is Cause.MALFORMED
