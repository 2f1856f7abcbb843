"""What may leave, and what is read of versions that differ."""

import pytest

from palermo.exchange import Cause, Kind, Refusal, may_be_read, may_leave, pause
from palermo.exchange.letters import parse, plain
from palermo.exchange.sending import FIRST, LAST
from palermo.exchange.tests.world import KINDS, NOW, House, two


def cause(call: object, *values: object) -> tuple[Cause, str]:
    with pytest.raises(Refusal) as found:
        call(*values)  # type: ignore[operator]
    return found.value.cause, found.value.detail


def test_a_field_outside_the_list_never_leaves() -> None:
    here, there = two()
    with pytest.raises(Refusal) as found:
        here.write(there, NOW, body={"question": "q", "name": "n", "address": "a"})
    assert (found.value.cause, found.value.detail) == (Cause.NOT_ALLOWED, "address, name")
    with pytest.raises(Refusal):
        here.write(there, NOW, kind="gossip")


@pytest.mark.parametrize(
    ("version", "body", "wanted"),
    [
        ("1.2", {"question": "q"}, None),
        ("1.0", {"question": "q"}, None),
        ("1.3", {"question": "q", "news": 1}, None),  # newer by one: kept, not understood
        ("1.2", {"news": 1}, Cause.NOT_ALLOWED),
        ("2.0", {"question": "q"}, Cause.UNKNOWN_KIND),
        ("0.9", {"question": "q"}, Cause.UNKNOWN_KIND),
        ("one", {}, Cause.MALFORMED),
        ("1.²", {}, Cause.MALFORMED),
    ],
)
def test_versions_that_differ_by_a_little_are_read(
    version: str, body: dict[str, object], wanted: Cause | None
) -> None:
    here, there = House("side-a"), House("side-b")
    here.pin(there)
    letter = parse({**plain(here.write(there, NOW).letter), "version": version, "body": body})
    if wanted is None:
        may_be_read(letter, KINDS)
    else:
        assert cause(may_be_read, letter, KINDS)[0] is wanted


def test_a_kind_of_another_version_does_not_leave() -> None:
    here, there = two()
    letter = here.write(there, NOW).letter
    assert (
        cause(may_leave, letter, {"rfi.request": Kind("rfi.request", 1, 3, frozenset())})[0]
        is Cause.UNKNOWN_KIND
    )


def test_pauses_grow_and_end() -> None:
    assert pause(1, 0.0) == FIRST
    assert pause(2, 0.0) == 2 * FIRST
    assert pause(1, 1.0) == FIRST // 2
    assert pause(500, 0.0) == LAST
