"""All attacks at once, each with its bar, and the proof that the attacks see.

    assess(release, members, holdout, rng=...) -> Assessment

`members` are the people whose records went into the release, `holdout` people like them whose records did not.
The same attacks are made on two files that are known to leak (controls.py); where they are not caught, the
attacks are blind and a clean result says nothing. `trial` makes members and hold-out for whoever has only one
file: a mechanism run on half of it.

What is found here is computed from real records and is for reviewers. A verdict may be told to readers; a
figure only where it is rounded so far that it tells nothing of one person (report.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from palermo.disclosure.microdata import Rows, aligned
from palermo.disclosure.risk.attribute import given_away, likely_keys
from palermo.disclosure.risk.comparing import Excess, drawn, equal_sizes, together
from palermo.disclosure.risk.controls import CONTROLS, refused
from palermo.disclosure.risk.linkage import linked
from palermo.disclosure.risk.membership import Membership, by_distance, calibrated, nearest, rarest
from palermo.disclosure.risk.singling import singled_out, unique_found

MOST_PEOPLE = 50_000
RAREST = 1_000
LEAST_KEYS = 3  # of the keys, that an attacker on other values knows
LEAST_TRIED, MOST_ALONE = 500, 50  # people: see Assessment.crowded
SURE = 3.0  # standard errors: a private file fails none of eight tests by chance (1 in 100 times at most)


class Verdict(StrEnum):
    """`UNSURE`: too few people for the test to see an excess as large as its bar."""

    PASSED = "passed"
    FAILED = "failed"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Bars:
    """The most by which members may be hit more often than people held out; for an AUC, how far it may be from 0.5.

    The first four are those of palermo's requirements, the others our own, of the same size."""

    membership: float = 0.02
    membership_rarest: float = 0.03
    unique_found: float = 0.003
    attribute: float = 0.002
    membership_calibrated: float = 0.03
    attribute_all_keys: float = 0.02
    singling_out: float = 0.02
    linkage: float = 0.02


@dataclass(frozen=True)
class Test:
    """One attack: the share of hits among members and among people held out (for membership: the AUC and 0.5), the
    standard error of their difference, the bar and the verdict. `caught`: see `Membership`."""

    name: str
    members: float
    holdout: float
    error: float
    tried: int
    bar: float
    verdict: Verdict
    caught: float | None = None

    @property
    def excess(self) -> float:
        """How much more the attacker has of members."""
        return self.members - self.holdout


@dataclass(frozen=True)
class Proof:
    """What the same attacks say of a file that is known to leak."""

    control: str
    tests: tuple[Test, ...]

    @property
    def flagged(self) -> tuple[str, ...]:
        """The attacks that caught it."""
        return tuple(one.name for one in self.tests if one.verdict is Verdict.FAILED)


@dataclass(frozen=True)
class Assessment:
    """Every attack with its verdict, the proof on the controls, and how many people and rows were looked at. `alone`:
    members whose whole record nobody shares."""

    tests: tuple[Test, ...]
    proofs: tuple[Proof, ...]
    method: str
    rows: int
    people: int
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    alone: int = 0

    @property
    def failed(self) -> tuple[str, ...]:
        """The attacks that succeed."""
        return tuple(one.name for one in self.tests if one.verdict is Verdict.FAILED)

    @property
    def unsure(self) -> tuple[str, ...]:
        """The attacks that could not be decided."""
        return tuple(one.name for one in self.tests if one.verdict is Verdict.UNSURE)

    @property
    def blind(self) -> tuple[str, ...]:
        """The controls that no attack caught; all of them where none was tried."""
        caught = {proof.control for proof in self.proofs if proof.flagged}
        return tuple(name for name in CONTROLS if name not in caught)

    @property
    def crowded(self) -> bool:
        """Whether hardly anybody among many stands out in these columns, so that files known to leak leak nothing that
        these attacks could catch: k-anonymous records of two columns are k-anonymous altogether. Then attacks show
        nothing, one way or the other, and a proved promise is all that protects."""
        return self.people >= LEAST_TRIED and self.alone <= min(MOST_ALONE, self.people // 100)

    @property
    def rests_on_promise(self) -> bool:
        """Nothing speaks against the file but that the attacks had nothing to see. Not enough without a promise."""
        return self.crowded and bool(self.blind and self.proofs) and not (self.failed or self.refused)

    @property
    def refused(self) -> bool:
        """Whether the method is one that may never be published."""
        return refused(self.method)

    @property
    def publishable(self) -> bool:
        """No attack succeeds, the attacks see, and the method is not a control."""
        return not (self.failed or self.blind or self.refused)

    def test(self, name: str) -> Test:
        """One attack by its name."""
        return next(one for one in self.tests if one.name == name)


def assess(
    release: Rows,
    members: Rows,
    holdout: Rows,
    *,
    rng: np.random.Generator,
    method: str = "",
    keys: Sequence[str] = (),
    bars: Bars | None = None,
    prove: bool = True,
    most_people: int = MOST_PEOPLE,
) -> Assessment:
    """Attack a release with all tests, and two files that are known to leak with the same ones.

    `keys` are the columns that outsiders are thought to know (by default the five that tell most about who
    somebody is). Of very many people `most_people` of each side are attacked. ValueError where columns differ
    or a side is empty.
    """
    release, members, holdout = aligned(release, members, holdout)
    members, holdout = equal_sizes(members, holdout, rng)
    members, holdout = drawn(members, most_people, rng), drawn(holdout, most_people, rng)
    known = tuple(keys) or likely_keys(members)
    limits = bars or Bars()
    tests = attacks(release, members, holdout, keys=known, bars=limits, rng=rng)
    proofs = []
    for name, make in CONTROLS.items() if prove else ():
        files = aligned(make(members, rng), members, holdout)
        proofs.append(Proof(name, attacks(*files, keys=known, bars=limits, rng=rng)))
    (records,), _bound = together(tuple(range(members.d)), members)
    alone = int((np.unique(records, return_counts=True)[1] == 1).sum())
    return Assessment(tests, tuple(proofs), method, release.n, members.n, release.columns, known, alone)


def trial(
    make: Callable[[Rows], Rows],
    people: Rows,
    *,
    rng: np.random.Generator,
    method: str = "",
    keys: Sequence[str] = (),
) -> Assessment:
    """Run a mechanism on half of the people, by chance, and attack what it puts out; the other half is held out.

    What it puts out is thrown away. It is the mechanism that is tested, with half of the people, not the file
    that will be published.
    """
    order = rng.permutation(people.n)
    members, holdout = people.take(order[: people.n // 2]), people.take(order[people.n // 2 :])
    return assess(make(members), members, holdout, rng=rng, method=method, keys=keys)


def attacks(
    release: Rows,
    members: Rows,
    holdout: Rows,
    *,
    keys: Sequence[str],
    bars: Bars,
    rng: np.random.Generator,
) -> tuple[Test, ...]:
    """Every attack on files of equal categories, members and hold-out being equally many."""
    some = range(min(LEAST_KEYS, len(keys)), len(keys) + 1)
    near = nearest(release, members), nearest(release, holdout)
    ours, theirs = rarest(members, holdout, RAREST)
    rare = by_distance(near[0][ours], near[1][theirs])
    known = calibrated(release, members, holdout, rng=rng, near=near)
    return (
        _guessed("membership", by_distance(*near), bars.membership),
        _guessed("membership_rarest", rare, bars.membership_rarest),
        _guessed("membership_calibrated", known, bars.membership_calibrated),
        _hit("unique_found", unique_found(release, members, holdout), bars.unique_found),
        _hit("singling_out", singled_out(release, members, holdout, rng=rng), bars.singling_out),
        _hit("attribute", given_away(release, members, holdout, keys, known=some), bars.attribute),
        _hit("attribute_all_keys", given_away(release, members, holdout, keys), bars.attribute_all_keys),
        _hit("linkage", linked(release, members, holdout, rng=rng), bars.linkage),
    )  # fmt: skip


def _guessed(name: str, found: Membership, bar: float) -> Test:
    apart = abs(found.auc - 0.5)
    verdict = _verdict(apart, found.error, found.tried, bar)
    return Test(name, found.auc, 0.5, found.error, found.tried, bar, verdict, found.caught)


def _hit(name: str, found: Excess, bar: float) -> Test:
    verdict = _verdict(found.excess, found.error, found.tried, bar)
    return Test(name, found.members, found.holdout, found.error, found.tried, bar, verdict)


def _verdict(apart: float, error: float, tried: int, bar: float) -> Verdict:
    """Failed: above the bar, and by more than chance would. Unsure: a difference of the bar's size could be
    chance."""
    if apart > bar and apart > SURE * error:
        return Verdict.FAILED
    if apart > bar or not tried or error > bar:
        return Verdict.UNSURE
    return Verdict.PASSED
