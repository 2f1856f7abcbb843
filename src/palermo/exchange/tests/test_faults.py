"""Two sides and a line that loses, doubles, delays and reorders; crashes between commit and answer, clocks a day apart,
keys changed in flight, three days of silence: every letter ends as arrived once or as known on both sides not to have.
"""

import copy
import random
from dataclasses import dataclass, field

import pytest

from palermo.exchange import Fate, Refusal
from palermo.exchange.sending import OPEN
from palermo.exchange.tests.world import CANARY, DAY, NOW, House, Sent, two, waited

HOUR = 3600
SILENT = (NOW + 96 * HOUR, NOW + 168 * HOUR)


@dataclass
class Line:
    """What happens to an envelope on its way, by chance; every byte that ever was on it is kept."""

    chance: random.Random
    quiet_from: int
    seen: list[bytes] = field(default_factory=list)
    late: list[tuple[int, bytes, House]] = field(default_factory=list)

    def carry(self, data: bytes, to: House, now: int) -> bytes | None:
        """The answer, or None where the request or the answer was lost."""
        self.seen.append(data)
        if now >= self.quiet_from:
            return self.hand(data, to, now)
        if SILENT[0] <= now < SILENT[1]:
            return None
        what = self.chance.random()
        if what < 0.25:
            return None
        if what < 0.35:  # a piece only, or another end of it
            self.hand(data[: self.chance.randrange(len(data))], to, now)
            return None
        if what < 0.45:  # held up for hours or days, then handed over, perhaps more than once
            for _copy in range(self.chance.randint(1, 3)):
                self.late.append((now + self.chance.randint(1, 20 * 24) * HOUR, data, to))
            return None
        if what < 0.55:
            return b"<html>502 Bad Gateway</html>"
        if what < 0.65:  # killed after its work and before its commit: nothing of it is left
            self.undone(data, to, now)
            return None
        if what < 0.75:
            self.hand(data, to, now)
        answer = self.hand(data, to, now)
        return None if what < 0.85 else answer

    def hand(self, data: bytes, to: House, now: int) -> bytes | None:
        try:
            answer = to.receive(data, now)
        except Refusal:
            return b"refused"
        self.seen.append(answer)
        return answer

    def undone(self, data: bytes, to: House, now: int) -> None:
        before = copy.copy(to.known), list(to.arrived), list(to.too_late)
        self.hand(data, to, now)
        to.known, to.arrived, to.too_late = before

    def due(self, now: int) -> None:
        for at, data, to in [one for one in self.late if one[0] <= now]:
            self.late.remove((at, data, to))
            self.hand(data, to, now)


def told_off(chance: random.Random, house: House, other: House, now: int) -> None:
    """A rotation in flight: fresh sealing keys, the old ones destroyed; the other side hears of it, or not yet."""
    if chance.random() < 0.05:
        house.living.clear()
        house.new_card(now)
    if chance.random() < 0.2:
        other.follow(house)


def attempt(house: House, other: House, one: Sent, line: Line, now: int) -> None:
    waited(one, line.chance, now)
    try:
        data = house.seal(one, now)
    except Refusal:
        return
    if line.chance.random() < 0.05 and now < line.quiet_from:
        return  # killed before it was sent
    answer = line.carry(data, other, now)
    if line.chance.random() < 0.05 and now < line.quiet_from:
        return  # killed before the receipt was kept
    house.hear(one, answer, now)


@pytest.mark.parametrize("seed", range(12))
def test_every_letter_ends_the_same_on_both_sides(seed: int) -> None:
    chance = random.Random(seed)
    a, b = two()
    a.skew, b.skew = chance.choice((0, DAY, -DAY)), chance.choice((0, DAY // 2))
    line = Line(chance, quiet_from=NOW + 25 * DAY)
    for hour in range(24 * 60):
        now = NOW + hour * HOUR
        for house, other in ((a, b), (b, a)):
            if hour < 240 and chance.random() < 0.12:
                house.write(
                    other, now, days=chance.choice((2, 5, 14)), conversation=str(chance.randint(1, 9))
                )
            told_off(chance, house, other, now)
            for one in [one for one in house.sent.values() if one.fate in OPEN and one.next_at <= now]:
                attempt(house, other, one, line, now)
        line.due(now)
        if now >= line.quiet_from:
            a.follow(b)
            b.follow(a)
            if not line.late and not any(one.fate in OPEN for h in (a, b) for one in h.sent.values()):
                break
    assert line.late == []
    assert sum(map(agree, (a, b), (b, a))) > 40
    assert not any(CANARY.encode() in data for data in line.seen)
    fates = {one.fate for house in (a, b) for one in house.sent.values()}
    assert fates == {Fate.STORED, Fate.LATE}, "the schedule must know both ends"


def agree(house: House, other: House) -> int:
    """What the sender believes is what the receiver has; how many letters were looked at."""
    arrived = [letter.id for letter in other.arrived]
    assert len(arrived) == len(set(arrived)), "nothing arrives twice"
    for key, one in house.sent.items():
        held, late = key in arrived, key in other.too_late
        assert held != late, "never both, never neither"
        assert one.fate is (Fate.STORED if held else Fate.LATE), key
    return len(house.sent)
