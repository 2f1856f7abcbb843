"""Invented persons of made-up syllables, quickly: to fill a vault where only the number counts."""

import random
import time
from typing import Any

from bench_measure import superuser, tell

CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
BATCH = 2_000


def _words(rng: random.Random, number: int, syllables: int) -> list[str]:
    def word() -> str:
        return "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _part in range(syllables)).capitalize()

    return [word() for _place in range(number)]


class People:
    """Invented persons; as among real ones, a few names are borne by many."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.family, self.given = _words(self.rng, 20_000, 3), _words(self.rng, 3_000, 3)
        self.sample: list[Any] = []

    def _common(self, words: list[str]) -> str:
        return words[int(len(words) * self.rng.random() ** 2)]

    def one(self) -> Any:
        from palermo.kernel.vault.identity import Identity

        rng = self.rng
        found = Identity(
            family_name=self._common(self.family),
            given_names=self._common(self.given),
            birth_date=str(rng.randint(1950, 2015)),
            phone=f"+999{rng.randrange(10**8):08d}" if rng.random() < 0.5 else "",
            document_number=f"XP{rng.randrange(10**7):07d}" if rng.random() < 0.4 else "",
        )
        if rng.random() < 0.002 and len(self.sample) < 2_000:
            self.sample.append(found)
        return found


def register(people: People, cast: Any, number: int) -> None:
    """Half of the persons are held by the searcher's team, half by another organisation."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.vault.actions import register_persons

    begun, told = time.monotonic(), 0.0
    for first in range(0, number, BATCH):
        ours = (first // BATCH) % 2 == 0
        house = cast.organisation if ours else cast.other_organisation
        grantee = ("unit", cast.unit.pk) if ours else ("person", cast.other_worker.pk)
        with acting(Viewer.operator()):
            register_persons(
                actor=Viewer.operator(), organisation_id=house.pk, grantee=grantee,
                identities=[people.one() for _place in range(min(BATCH, number - first))],
            )  # fmt: skip
        if time.monotonic() - told > 30:
            told = time.monotonic()
            tell(f"{first + BATCH:,} persons after {told - begun:.0f} s")
    with superuser() as connection:
        connection.execute("ANALYZE")


def _misspelt(rng: random.Random, name: str) -> str:
    place = rng.randrange(1, len(name) - 1)
    swap = {"k": "c", "v": "w", "z": "s", "i": "y", "f": "ph", "u": "oo", "o": "u", "e": "i"}
    return name[:place] + swap.get(name[place], name[place] * 2) + name[place + 1 :]


def probes_of(people: People, number: int) -> list[Any]:
    """As asked at a counter: the name as registered, spelt differently, without a year, a number, a stranger."""
    from palermo.kernel.vault.blind import Probe

    rng, found = random.Random(9), []
    for place in range(number):
        who = rng.choice(people.sample)
        year = int(who.birth_date)
        name = f"{who.given_names} {who.family_name}"
        other = f"{_misspelt(rng, who.family_name)} {_misspelt(rng, who.given_names)}"
        stranger = " ".join(_words(rng, 2, 4))
        found.append(
            (
                Probe(name=name, birth_year=year),
                Probe(name=other, birth_year=year + rng.choice((-1, 0, 1))),
                Probe(name=name),
                Probe(document=who.document_number or "XP0000000", phone=who.phone),
                Probe(name=stranger, birth_year=year),
            )[place % 5]
        )
    return found
