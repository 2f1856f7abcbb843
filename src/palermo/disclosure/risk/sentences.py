"""The sentences of the report, section by section, each computed from the figures handed in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from palermo import saying
from palermo.disclosure.risk import wording
from palermo.disclosure.risk.figures import (
    SIGMAS,
    Contents,
    Losses,
    Noisy,
    Promise,
    believed,
    factor,
    unreliable,
)
from palermo.disclosure.risk.harness import LEAST_KEYS, Assessment, Test, Verdict
from palermo.disclosure.risk.membership import FALSE_ALARMS
from palermo.disclosure.risk.uniques import Exposure, SpecialUniques
from palermo.disclosure.risk.wording import CONTROL_NAMES, NAMES
from palermo.saying import phrase, phrases

BEFORE = 0.001  # what somebody believed, in the example of the promise
LEAST = 10  # combinations of fewer people are not looked at in `Losses.error`
MOSTLY = 0.5


class Source(StrEnum):
    """Where a sentence comes from: fixed words; the parameters; the file and its noisy tables; averages over many
    combinations of the real records; attacks on real records, in figures; and their yes or no."""

    WORDS = "words"
    PROMISE = "promise"
    FILE = "file"
    LOSSES = "losses"
    ATTACK = "attack"
    VERDICT = "verdict"


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it comes from."""

    said: saying.Sentence
    source: Source


def contents(known: Contents) -> tuple[Sentence, ...]:
    """Rows, columns and their categories."""
    rows = phrases(
        "The file has one row and {columns} columns. No row is a person: all rows are made.",
        "The file has {n} rows and {columns} columns. No row is a person: all rows are made.",
        known.rows,
        columns=len(known.columns),
    )
    sizes = [phrase("{name} ({size})", name=name, size=size) for name, size in known.columns.items()]
    columns = phrase(
        "Its columns, with the number of categories that each may have: {columns}.", columns=sizes
    )
    return Sentence(rows, Source.FILE), Sentence(columns, Source.FILE)


def promise(given: Promise | None) -> tuple[Sentence, ...]:
    """What epsilon and delta mean for one person, and the budget."""
    if given is None:
        return (Sentence(wording.NO_PROMISE, Source.PROMISE),)
    said = [
        phrase(
            "If you know one person, the file changes the odds of anything you may guess about them by at most a "
            "factor of {factor}, compared with a file made without them (epsilon {epsilon:g}).",
            factor=_up(factor(given.epsilon)),
            epsilon=given.epsilon,
        ),
        phrase(
            "Who held something about them for {before:.1%} likely may hold it for {after:.1%} likely afterwards, "
            "and for no more.",
            before=BEFORE,
            after=math.ceil(1000 * believed(BEFORE, given.epsilon)) / 1000,
        ),
        wording.WORST_CASE,
    ]
    if given.delta > 0:
        chance = math.floor(1 / given.delta)
        said.append(
            phrase("The promise may fail with a chance of at most one in {chance} (delta).", chance=chance)
        )
    if given.spent is not None and given.cap is not None:
        said.append(
            phrase(
                "All releases about these people together have now spent an epsilon of {spent:.3g} of the {cap:g} "
                "that are allowed; {left:.3g} are left.",
                spent=given.spent,
                cap=given.cap,
                left=max(given.cap - given.spent, 0.0),
            )
        )
    return tuple(Sentence(one, Source.PROMISE) for one in said)


def _up(value: float) -> int | float:
    """Rounded up, since it is a limit: to tenths below ten, to whole numbers above."""
    return math.ceil(value) if value >= 10 else math.ceil(10 * value - 1e-9) / 10


def attacks(made: Assessment) -> tuple[Sentence, ...]:
    """What each attack found, in figures and as a verdict; and whether the attacks see."""
    words = {Verdict.PASSED: wording.PASSED, Verdict.FAILED: wording.FAILED, Verdict.UNSURE: wording.UNSURE}
    told: list[Sentence] = []
    for test in made.tests:
        question = NAMES[test.name]
        found = phrase(wording.FOUND[test.name], **_told_of(test, made))
        verdict = phrase(words[test.verdict], bar=test.bar)
        told.append(Sentence(phrase("{question} {found}", question=question, found=found), Source.ATTACK))
        told.append(Sentence(phrase("{question} {found}", question=question, found=verdict), Source.VERDICT))
    return (*told, *_proofs(made))


def _told_of(test: Test, made: Assessment) -> dict[str, Any]:
    told: dict[str, Any] = {"members": test.members, "holdout": test.holdout, "error": test.error}
    if test.name == "membership_rarest":
        told |= {"people": test.tried, "alarms": FALSE_ALARMS, "caught": test.caught}
    if test.name == "attribute":
        told |= {"keys": list(made.keys), "least": min(LEAST_KEYS, len(made.keys))}
    return told


def _proofs(made: Assessment) -> Iterable[Sentence]:
    if not made.proofs:
        yield Sentence(wording.NOT_TRIED, Source.VERDICT)
    for proof in made.proofs:
        control, n = CONTROL_NAMES[proof.control], len(proof.flagged)
        if n:
            said = phrase(wording.CAUGHT, control=control, n=n, of=len(proof.tests))
        else:
            said = phrase(wording.NOT_CAUGHT, control=control)
        yield Sentence(said, Source.VERDICT)


def exposed(known: Exposure, special: SpecialUniques | None) -> tuple[Sentence, ...]:
    """Who would be found first, before any release."""
    said = [
        phrase(
            "Who knows {keys} of everybody finds {alone} people alone with their values and {below} in groups of fewer "
            "than {threshold}; the smallest group has {k}.",
            keys=list(known.keys),
            alone=known.alone,
            below=known.below,
            threshold=known.threshold,
            k=known.k,
        )
    ]
    if known.l is not None and known.t is not None:
        said.append(
            phrase(
                "Within such groups there are at least {l} values of {sensitive}; a group's shares differ from "
                "everybody's by up to {t:.0%}.",
                l=known.l,
                sensitive=known.sensitive,
                t=known.t,
            )
        )
    for columns, people in enumerate(special.people if special else (), 1):
        said.append(
            phrases(
                "One value alone is enough to tell {people} people from all others.",
                "{n} values together, and none fewer of them, are enough to tell {people} people from all others.",
                columns,
                people=people,
            )
        )
    return tuple(Sentence(one, Source.ATTACK) for one in said)


def losses(known: Losses) -> tuple[Sentence, ...]:
    """Errors, lost and invented combinations, k-marginals. Shares are rounded to a percent here already: the values
    go out with the sentences."""
    said = [
        phrases(
            "Counts in one column are off by {share:.0%} on average.",
            "Counts in {n} columns together are off by {share:.0%} on average.",
            length,
            share=round(share, 2),
        )
        for length, share in sorted(known.error.items())
    ]
    said += [
        phrases(
            "Of the values of one column that {least} people or more have, {share:.0%} are missing.",
            "Of the combinations of {n} columns that {least} people or more have, {share:.0%} are missing.",
            length,
            share=round(share, 2),
            least=LEAST,
        )
        for length, share in sorted(known.lost.items())
    ]
    said += [
        phrases(
            "Of the values of one column in the file, {share:.0%} are of nobody.",
            "Of the combinations of {n} columns in the file, {share:.0%} are of nobody.",
            length,
            share=round(share, 2),
        )
        for length, share in sorted(known.fabricated.items())
    ]
    for length in sorted(known.marginals):
        said += _marginals(known, length)
    return tuple(Sentence(one, Source.LOSSES) for one in said)


def _marginals(known: Losses, n: int) -> Iterable[saying.Sentence]:
    """k-marginals with what they are to be compared with, and an alarm on either side of it."""
    yield phrase(
        "Over all tables of {n} columns the file reaches {reached} of {all} (k-marginals).",
        n=n,
        reached=round(known.marginals[n]),
        all=1000,
    )
    if n in known.shuffled:
        shuffled = round(known.shuffled[n])
        yield phrase("The same columns, each shuffled by itself, would reach {shuffled}.", shuffled=shuffled)
        if known.marginals[n] <= known.shuffled[n]:
            yield phrase("Tables of {n} columns made from this file mislead: use published tables.", n=n)
    if n in known.copied:
        copied = round(known.copied[n])
        yield phrase("A copy of the records with repetition would reach {copied}.", copied=copied)
        if known.marginals[n] > known.copied[n]:
            yield wording.TOO_NEAR


def weak(counts: Sequence[Noisy]) -> tuple[Sentence, ...]:
    """How many published counts noise alone could have made, and of which columns most could be."""
    if not counts:
        return ()
    few = unreliable(counts)
    said = [
        phrase(
            "{n} of {of} published counts are less than {sigmas:g} times the noise that was added to them: noise "
            "alone could have made them. Read them as not known.",
            n=len(few),
            of=len(counts),
            sigmas=SIGMAS,
        )
    ]
    for columns in dict.fromkeys(one.columns for one in counts):
        total = sum(one.columns == columns for one in counts)
        share = sum(one.columns == columns for one in few) / total
        if share > MOSTLY:
            told = {"columns": list(columns), "share": share, "total": total}
            said.append(phrase("Mostly not reliable: {columns} ({share:.0%} of {total} counts).", **told))
    return tuple(Sentence(one, Source.FILE) for one in said)


def verdict(made: Assessment, given: Promise | None) -> tuple[Sentence, ...]:
    """Every reason against publication, or that there is none; and what is undecided."""
    said: list[saying.Sentence] = []
    if made.refused:
        said.append(wording.NO_METHOD)
    if given is None:
        said.append(wording.NO_PROMISED)
    if made.failed:
        said.append(phrase(wording.NO_ATTACK, attacks=[NAMES[name] for name in made.failed]))
    resting = made.rests_on_promise and given is not None
    if made.blind and not resting:
        said.append(wording.NO_BLIND)
    if not said:
        said.append(wording.YES)
    if resting:
        said.append(wording.NOTHING_STANDS_OUT)
    if made.unsure:
        said.append(phrase(wording.CARE, attacks=[NAMES[name] for name in made.unsure]))
    return tuple(Sentence(one, Source.VERDICT) for one in said)
