"""How well an identity fits a probe, and why, in words. Pure but for the translation of the words.

Evidence is counted in bits that order the candidates (`weights.py`); it decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from uuid import UUID

from django.utils.translation import gettext as _

from palermo.kernel.vault import weights
from palermo.kernel.vault.blind import Probe
from palermo.kernel.vault.candidates import Candidate
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.weights import Number, Part
from palermo.linkage import dates, numbers
from palermo.linkage.explaining import Reason, explain
from palermo.linkage.names import formal, most_similar, parts, similarity, sounds
from palermo.linkage.people import PersonRecord

# Candidates with fewer bits are not shown. Of those who are right, one in two hundred has less than 0.8 (seed 7); with
# other names beside the name it may be less.
SHOWN_FROM = -4.0
SHOWN = 20
# The score is one half at so many bits, and the odds double with every STEP.
HALF, STEP = -2.0, 3.0
# Jaro-Winkler similarities from which two spellings are near.
ALIKE, SPELT, NEAR = 0.88, 0.9, 0.82


@dataclass(frozen=True, slots=True)
class Match:
    """A person whom the viewer may see and who may be the one sought. `why` is a list of sentences."""

    person_id: UUID
    code: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """The evidence in bits; `shared`: a part of a name or a number that both have, without which nobody is meant."""

    bits: float
    shared: bool

    @property
    def score(self) -> float:
        """Between 0 and 1."""
        return round(1 / (1 + 2 ** ((HALF - self.bits) / STEP)), 2) if self.shared else 0.0


def ranked(probe: Probe, candidates: Sequence[Candidate]) -> list[Match]:
    """The best candidates with their reasons, best first; those that hardly resemble are left out."""
    asked = probe.identity
    read = _read(asked)
    fits = [(_fit(read, _read(candidate.identity)), candidate) for candidate in candidates]
    fits = [(found, candidate) for found, candidate in fits if found.shared and found.bits >= SHOWN_FROM]

    fits.sort(key=lambda pair: (-pair[0].bits, pair[1].code))
    return [
        Match(candidate.person_id, candidate.code, found.score, reasons(asked, candidate.identity))
        for found, candidate in fits[:SHOWN]
    ]


def score(probe: Probe, held: Identity) -> tuple[float, tuple[str, ...]]:
    """Between 0 and 1, with the reasons, strongest first."""
    found = fit(probe.identity, held)
    return found.score, reasons(probe.identity, held) if found.shared else ()


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


@dataclass(frozen=True, slots=True)
class _Read:
    """An identity as it is compared. given, family: parts of the name that are said to be so; every: all parts."""

    given: frozenset[str]
    family: frozenset[str]
    every: tuple[str, ...]
    birth: dates.Birth
    nationality: str
    document: str
    phone: str


def _read(identity: Identity) -> _Read:
    every = dict.fromkeys(chain.from_iterable(map(parts, identity.names)))
    return _Read(
        _parts(identity.given_names), _parts(identity.family_name), tuple(every), dates.birth(identity.birth_date),
        identity.nationality, numbers.document(identity.document_number), numbers.phone(identity.phone),
    )  # fmt: skip


@lru_cache(maxsize=1 << 16)
def _parts(name: str) -> frozenset[str]:
    return frozenset(parts(name))


def fit(asked: Identity, held: Identity) -> Fit:
    """The evidence that both are of one person."""
    return _fit(_read(asked), _read(held))


def _fit(asked: _Read, held: _Read) -> Fit:
    names, named = _names(asked, held)
    found = (_document(asked.document, held.document), _phone(asked.phone, held.phone))
    counted = [number.value for number in found if number is not None]
    return Fit(
        names
        + _BIRTH[dates.compare(asked.birth, held.birth).name]
        + _nationality(asked.nationality, held.nationality)
        + sum(counted),
        named or any(bits > 0 for bits in counted),
    )


def _names(asked: _Read, held: _Read) -> tuple[float, bool]:
    """The best pairs of parts first, each part once; then what each has and the other has not. Whether any fits."""
    if not asked.every or not held.every:
        return 0.0, False
    pairs = [(bits, a, b) for a in asked.every for b in held.every if (bits := _part_bits(a, b)) is not None]
    pairs.sort(key=itemgetter(0), reverse=True)
    total, left, right = 0.0, set(asked.every), set(held.every)
    for bits, a, b in pairs:
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            is_role = (a in asked.given and b in held.given) or (a in asked.family and b in held.family)
            total += bits + (weights.ROLE if is_role else 0.0)
    # Other names are neither missed nor too many.
    mine, theirs = (
        sum(part in one.given or part in one.family for part in over)
        for one, over in ((asked, left), (held, right))
    )
    more, most = min(mine, theirs), max(mine, theirs)
    total += weights.CONTRADICTS * more + weights.SURPLUS * (most - more)
    return total, len(left) < len(asked.every)


# By name: the hash of a member of an Enum costs more than the rest of a look-up.
_BIRTH = {level.name: bits for level, bits in weights.BIRTH.items()}


@lru_cache(maxsize=1 << 18)
def _part_bits(a: str, b: str) -> float | None:
    level = part_level(a, b)
    return None if level is None else weights.PART[level]


@lru_cache(maxsize=1 << 17)
def _traits(part: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The sounds of a part, its letters, and the names for which it may stand."""
    return frozenset(sounds(part)), frozenset(part), formal(part) | {part}


def part_level(a: str, b: str) -> Part | None:
    """How two parts of names fit; None when they do not."""
    if a == b:
        return Part.SAME if len(a) > 1 else Part.INITIAL
    if len(a) == 1 or len(b) == 1:
        return Part.INITIAL if a[0] == b[0] else None
    (sounds_a, letters_a, forms_a), (sounds_b, letters_b, forms_b) = _traits(a), _traits(b)
    if not sounds_a.isdisjoint(sounds_b):
        return Part.ALIKE if similarity(a, b) >= ALIKE else Part.SOUND
    # With few letters in common no spelling is near: most pairs are done with here.
    few = 2 * len(letters_a & letters_b) < min(len(a), len(b)) or most_similar(a, b) < NEAR
    alike = 0.0 if few else similarity(a, b)
    if alike >= SPELT:
        return Part.SPELT
    if not forms_a.isdisjoint(forms_b):
        return Part.SHORT
    if a.startswith(b) or b.startswith(a):
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
    return Number.NEAR_PHONE if numbers.one_slip(asked, held) else Number.OTHER_PHONE
