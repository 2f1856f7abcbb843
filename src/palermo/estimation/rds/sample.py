"""A respondent-driven sample: who was recruited by whom, how many members of the population each person knows, and
what each answered.

Seeds come from the researchers and have no recruiter; everybody else was handed a coupon by one person of the sample,
so that the sample is a forest with one tree for each seed. Heckathorn (1997), Social Problems 44, 174-199.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from palermo.estimation.problems import BadInput, BadOptions
from palermo.estimation.rds import checking
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase, phrases

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
SEED = "seed"
MOST_LEVELS = 40  # more different answers than this is a number or an identifier, not a group


@dataclass(frozen=True, eq=False)
class Outcome:
    """One answer of everybody: its levels in the order of the alphabet, and a code for each person (-1: missing)."""

    levels: tuple[str, ...]
    codes: Whole


@dataclass(frozen=True, eq=False)
class RecruitmentSample:
    """A checked sample, in the order of the rows.

    `recruiter` is the row of the recruiter (-1: a seed); `degree` the number of members of the population a person
    knows (at least 1); `weights` an optional factor for each person (from raking, say); `time` an optional moment of
    interview as a number; `coupons` the number of coupons each person got, where known.
    """

    ids: tuple[str, ...]
    recruiter: Whole
    degree: Whole
    outcomes: Mapping[str, Outcome]
    coupons: int | None = None
    weights: Real | None = None
    time: Real | None = None
    cautions: tuple[Caution, ...] = field(default=())

    @staticmethod
    def from_columns(
        ids: Sequence[object],
        recruiters: Sequence[object],
        degrees: Sequence[object],
        outcomes: Mapping[str, Sequence[object]] | None = None,
        *,
        coupons: int | None = None,
        weights: Sequence[object] | None = None,
        time: Sequence[object] | None = None,
        missing_degrees: str = "refuse",
        rows: Sequence[int] | None = None,
    ) -> RecruitmentSample:
        """The sample that these columns describe. A seed's recruiter is "seed", empty or None.

        `missing_degrees="impute"` gives who has no degree (or 0) the median of the others and says so; "refuse" does
        not. `rows` are the numbers shown in messages (1, 2, ... by default). Raises BadInput with all that is wrong.
        """
        if missing_degrees not in ("refuse", "impute"):
            raise BadOptions(phrase('missing_degrees is "refuse" or "impute"'))
        numbers = list(rows) if rows is not None else list(range(1, len(ids) + 1))
        names = checking.texts(ids)
        columns = checking.Columns(recruiters, degrees, weights, time, outcomes or {})
        found = checking.check(names, columns, numbers, coupons, missing_degrees == "impute")
        if found.problems:
            raise BadInput(found.problems)
        sample = RecruitmentSample(
            ids=tuple(names), recruiter=found.recruiter, degree=found.degree,
            outcomes={name: _outcome(column) for name, column in (outcomes or {}).items()},
            coupons=coupons, weights=found.weights, time=found.time,
        )  # fmt: skip
        return _with_cautions(sample, found.imputed)

    @property
    def n(self) -> int:
        """People in the sample."""
        return len(self.ids)

    @cached_property
    def seeds(self) -> Whole:
        """Rows of the seeds."""
        return np.flatnonzero(self.recruiter < 0)

    @cached_property
    def children(self) -> tuple[Whole, Whole]:
        """Recruits by recruiter: those of row i are rows[start[i] : start[i + 1]]."""
        rows = np.argsort(self.recruiter, kind="stable")[len(self.seeds) :]
        counts = np.bincount(self.recruiter[rows], minlength=self.n)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), rows.astype(np.int64)

    @cached_property
    def recruits(self) -> Whole:
        """How many each person recruited."""
        return np.diff(self.children[0])

    @cached_property
    def wave(self) -> Whole:
        """0 for a seed, otherwise one more than the recruiter."""
        # Pointers are doubled, so that a chain of any length takes few rounds.
        above = self.recruiter.copy()
        wave = (above >= 0).astype(np.int64)
        while (alive := above >= 0).any():
            wave[alive] += wave[above[alive]]
            above[alive] = above[above[alive]]
        return wave

    @cached_property
    def root(self) -> Whole:
        """The row of the seed at the head of each person's tree."""
        root = np.where(self.recruiter < 0, np.arange(self.n), self.recruiter)
        while (root != root[root]).any():
            root = root[root]
        return root

    @cached_property
    def order(self) -> Whole:
        """Rows in the order in which people came: by time where it is known, otherwise as they stand."""
        return np.arange(self.n) if self.time is None else np.argsort(self.time, kind="stable")

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the sample says (ids, recruiters, degrees, answers); the same for rows in another order."""
        lines = []
        for i, name in enumerate(self.ids):
            boss = self.ids[self.recruiter[i]] if self.recruiter[i] >= 0 else SEED
            said = [one.levels[one.codes[i]] if one.codes[i] >= 0 else "" for one in self.outcomes.values()]
            extra = [repr(float(column[i])) for column in (self.weights, self.time) if column is not None]
            lines.append("\x1f".join([name, boss, str(self.degree[i]), *said, *extra]))
        head = "\x1f".join([*self.outcomes, str(self.coupons)])
        return hashlib.sha256("\n".join([head, *sorted(lines)]).encode()).hexdigest()

    def outcome(self, name: str) -> Outcome:
        """The answers of this name. Raises BadOptions where there is none, or where they are no groups."""
        if name not in self.outcomes:
            there = list(self.outcomes) or phrase("none")
            raise BadOptions(
                phrase('no outcome is called "{name}"; the sample has: {there}', name=name, there=there)
            )
        found = self.outcomes[name]
        if len(found.levels) > MOST_LEVELS:
            raise BadOptions(
                phrase(
                    '"{name}" has {number} different answers; shares are estimated for at most {most_levels} groups. '
                    "Put the answers into groups first.",
                    name=name,
                    number=len(found.levels),
                    most_levels=MOST_LEVELS,
                )
            )
        if not found.levels:
            raise BadOptions(phrase('nobody answered "{name}"', name=name))
        return found

    def kept(self, keep: npt.NDArray[np.bool_]) -> RecruitmentSample:
        """The sample of these people alone; who loses the recruiter becomes a seed."""
        new = np.cumsum(keep) - 1
        above = self.recruiter[keep]
        stays = (above >= 0) & keep[above]
        return RecruitmentSample(
            ids=tuple(name for name, held in zip(self.ids, keep, strict=True) if held),
            recruiter=np.where(stays, new[above], -1), degree=self.degree[keep],
            outcomes={name: Outcome(one.levels, one.codes[keep]) for name, one in self.outcomes.items()},
            coupons=self.coupons, weights=None if self.weights is None else self.weights[keep],
            time=None if self.time is None else self.time[keep], cautions=self.cautions,
        )  # fmt: skip


def _outcome(column: Sequence[object]) -> Outcome:
    said = checking.texts(column)
    levels = tuple(sorted({one for one in said if one}))
    code = {level: i for i, level in enumerate(levels)} | {"": -1}
    return Outcome(levels, np.array([code[one] for one in said], dtype=np.int64))


def _with_cautions(sample: RecruitmentSample, imputed: Sequence[int]) -> RecruitmentSample:
    """The sample with what must be said about it, whatever is estimated from it."""
    said: list[Caution] = []
    if len(imputed):
        said.append(
            Caution(
                "degrees_imputed", Level.CARE,
                phrases(
                    "{n} of {people} people gave no usable network size and was given the median of the others. "
                    "Estimate without this one too, and ask for the size in the field.",
                    "{n} of {people} people gave no usable network size; they were given the median of the "
                    "others. Estimate without them too, and ask for the size in the field.",
                    len(imputed), people=sample.n,
                ),
                {"people": len(imputed), "of": sample.n},
            )
        )  # fmt: skip
    ties = sample.recruits + (sample.recruiter >= 0)
    short = int((sample.degree < ties).sum())
    if short:
        said.append(
            Caution(
                "degree_below_ties", Level.NOTE,
                phrases(
                    "{n} person reports fewer acquaintances than the recruitment shows (recruiter and recruits).",
                    "{n} people report fewer acquaintances than the recruitment shows (recruiter and recruits).",
                    short,
                ),
                {"people": short},
            )
        )  # fmt: skip
    late = 0
    if sample.time is not None:
        below = sample.recruiter >= 0
        late = int((sample.time[below] < sample.time[sample.recruiter[below]]).sum())
    if late:
        said.append(
            Caution(
                "time_backwards", Level.CARE,
                phrases(
                    "{n} person was interviewed before the person who recruited him or her; check the dates.",
                    "{n} people were interviewed before the person who recruited them; check the dates.",
                    late,
                ),
                {"people": late},
            )
        )  # fmt: skip
    return RecruitmentSample(
        sample.ids, sample.recruiter, sample.degree, sample.outcomes, sample.coupons, sample.weights, sample.time,
        tuple(said),
    )  # fmt: skip
