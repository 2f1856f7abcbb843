"""How well an identity fits a probe, and why, in words. Pure but for the translation of the words.

Evidence is counted in bits: how many times likelier two records look like this when they are of one person, as a
power of two (Fellegi and Sunter 1969); the weights and where they come from: `weights.py`. The score orders
candidates; it decides nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.vault import weights
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.candidates import Candidate
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.weights import Number, Part
from palermo.linkage import dates, numbers
from palermo.linkage.explaining import Reason, explain
from palermo.linkage.names import formal, parts, similarity, sounds
from palermo.linkage.people import PersonRecord

# Fewer bits are no resemblance: a common name alone has more.
SHOWN_FROM = 3.5
SHOWN = 20
# One half for every six bits: a document number, 20 bits, is 0.9.
HALVING = 6.0

# Jaro-Winkler similarities from which two spellings are near.
ALIKE, SPELT, NEAR = 0.88, 0.9, 0.82

Rarity = Callable[[str], float]
Named = tuple[str, str, Part]


@dataclass(frozen=True, slots=True)
class Match:
    """A person whom the viewer may see and who may be the one sought. `why` is a list of sentences."""

    person_id: UUID
    code: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """The evidence in bits, field by field."""

    names: float
    named: tuple[Named, ...]
    birth: dates.BirthLevel
    nationality: float
    document: Number | None
    phone: Number | None

    @property
    def bits(self) -> float:
        found = [number.value for number in (self.document, self.phone) if number is not None]
        if not self.named and not any(bits > 0 for bits in found):
            return 0.0  # A year or a day alone is nobody.
        return self.names + weights.BIRTH[self.birth] + self.nationality + sum(found)

    @property
    def score(self) -> float:
        """Between 0 and 1."""
        return round(1 - 0.5 ** (self.bits / HALVING), 2) if self.bits > 0 else 0.0


def ranked(probe: Probe, candidates: Sequence[Candidate]) -> list[Match]:
    """The best candidates with their reasons, best first; those that hardly resemble are left out."""
    asked = probe.identity
    fits = [(fit(asked, candidate.identity), candidate) for candidate in candidates]
    fits = [(found, candidate) for found, candidate in fits if found.bits >= SHOWN_FROM]
    fits.sort(key=lambda pair: (-pair[0].bits, pair[1].code))
    return [
        Match(candidate.person_id, candidate.code, found.score, reasons(asked, candidate.identity))
        for found, candidate in fits[:SHOWN]
    ]


def score(probe: Probe, held: Identity) -> tuple[float, tuple[str, ...]]:
    """Between 0 and 1, with the reasons, strongest first."""
    found = fit(probe.identity, held)
    return found.score, reasons(probe.identity, held) if found.bits > 0 else ()


def reasons(asked: Identity, held: Identity) -> tuple[str, ...]:
    """Sentences without a value of either."""
    return tuple(_sentence(reason) for reason in explain(_record(asked), _record(held)))


def _sentence(reason: Reason) -> str:
    text = _(reason.template) % reason.values
    return f"{text[:1].upper()}{text[1:]}."


def _record(identity: Identity) -> PersonRecord:
    return PersonRecord(
        given_name=identity.given_names,
        family_name=identity.family_name,
        other_names=identity.aliases,
        birth_date=identity.birth_date,
        nationality=identity.nationality,
        phone=identity.phone,
        document_no=identity.document_number,
    )


def fit(probe: Identity, held: Identity, rarity: Rarity = lambda part: weights.RARITY) -> Fit:
    """The evidence that both are of one person; `rarity` gives the bits of a part of a name that is the same."""
    names, named = _names(_parts(probe), _parts(held), rarity)
    return Fit(
        names,
        named,
        dates.compare(dates.birth(probe.birth_date), dates.birth(held.birth_date)),
        _nationality(probe.nationality, held.nationality),
        _document(numbers.document(probe.document_number), numbers.document(held.document_number)),
        _phone(numbers.phone(probe.phone), numbers.phone(held.phone)),
    )


def _parts(identity: Identity) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for name in identity.names for part in parts(name)))


def _names(mine: Sequence[str], theirs: Sequence[str], rarity: Rarity) -> tuple[float, tuple[Named, ...]]:
    """The best pairs first, each part once; then what each has and the other has not."""
    pairs = []
    for a in mine:
        for b in theirs:
            level = part_level(a, b)
            if level is not None:
                pairs.append((part_bits(level, rarity(a)), a, b, level))
    pairs.sort(key=lambda pair: -pair[0])
    left, right, total, named = list(mine), list(theirs), 0.0, []
    for bits, a, b, level in pairs:
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            total += bits
            named.append((a, b, level))
    return total + weights.CONTRADICTS * min(len(left), len(right)), tuple(named)


def part_bits(level: Part, rare: float) -> float:
    return weights.INITIAL if level is Part.INITIAL else max(rare + level.value, weights.LEAST_PART)


@lru_cache(maxsize=1 << 16)
def part_level(a: str, b: str) -> Part | None:
    """How two parts of names fit; None when they do not."""
    if a == b:
        return Part.SAME if len(a) > 1 else Part.INITIAL
    if len(a) == 1 or len(b) == 1:
        return Part.INITIAL if a[0] == b[0] else None
    alike, sound = similarity(a, b), not set(sounds(a)).isdisjoint(sounds(b))
    if sound:
        return Part.ALIKE if alike >= ALIKE else Part.SOUND
    if alike >= SPELT:
        return Part.SPELT
    if not (formal(a) | {a}).isdisjoint(formal(b) | {b}):
        return Part.SHORT
    if min(len(a), len(b)) >= 2 and (a.startswith(b) or b.startswith(a)):
        return Part.BEGUN
    return Part.NEAR if alike >= NEAR else None


def _nationality(asked: str, held: str) -> float:
    if not asked or not held:
        return 0.0
    return weights.SAME_NATIONALITY if asked == held else weights.OTHER_NATIONALITY


def _document(asked: str, held: str) -> Number | None:
    if not asked or not held:
        return None
    if asked == held:
        return Number.SAME_DOCUMENT
    return Number.NEAR_DOCUMENT if numbers.one_slip(asked, held) else Number.OTHER_DOCUMENT


def _phone(asked: str, held: str) -> Number | None:
    if not asked or not held:
        return None
    if asked == held:
        return Number.SAME_PHONE
    return Number.NEAR_PHONE if numbers.one_slip(asked, held) else None
