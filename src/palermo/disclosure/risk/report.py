"""Risk and utility of a release in plain language, as sentences that carry their numbers.

    report(contents, assessment=..., promise=..., losses=..., counts=...) -> Report

Every number is computed from what is handed in; templates hold none. Every sentence says where it comes from
(`Source`): what was computed from real records is for reviewers, and `Report.public` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from palermo import saying
from palermo.disclosure.risk import sentences, wording
from palermo.disclosure.risk.figures import Contents, Losses, Noisy, Promise
from palermo.disclosure.risk.harness import Assessment
from palermo.disclosure.risk.sentences import Sentence, Source
from palermo.disclosure.risk.uniques import Exposure, SpecialUniques

PUBLIC = frozenset({Source.WORDS, Source.PROMISE, Source.FILE, Source.VERDICT})


@dataclass(frozen=True)
class Section:
    """What belongs together under a title."""

    key: str
    title: saying.Sentence
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Report:
    """The sections in the order in which a careful reader asks. `publishable` repeats the verdict."""

    sections: tuple[Section, ...]
    publishable: bool

    def public(self, *, losses: bool = False) -> Report:
        """Without what was computed from real records. `losses`: keep the averages of what analysts lose, which
        are rounded to a percent, but for which no budget was spent: somebody has to decide that."""
        kept = PUBLIC | {Source.LOSSES} if losses else PUBLIC
        sections = [
            Section(one.key, one.title, tuple(said for said in one.sentences if said.source in kept))
            for one in self.sections
        ]
        return Report(tuple(one for one in sections if one.sentences), self.publishable)

    def as_json(self) -> dict[str, Any]:
        """Sections with each sentence as English text, as template and values, and with its source."""
        sections = [
            {
                "key": one.key,
                "title": one.title.as_json(),
                "sentences": [
                    {"text": str(each.said), "source": str(each.source), **each.said.as_json()}
                    for each in one.sentences
                ],
            }
            for one in self.sections
        ]
        return {"publishable": self.publishable, "sections": sections}


def report(
    contents: Contents,
    *,
    assessment: Assessment,
    promise: Promise | None = None,
    losses: Losses | None = None,
    counts: Iterable[Noisy] = (),
    exposure: Exposure | None = None,
    special: SpecialUniques | None = None,
) -> Report:
    """The whole report. Without a promise (the controls have none) nothing is publishable."""
    sections = [
        Section("contents", wording.CONTENTS, sentences.contents(contents)),
        Section("use", wording.USE, tuple(Sentence(one, Source.WORDS) for one in wording.NOT_FOR)),
        Section("promise", wording.PROMISE, sentences.promise(promise)),
        Section("exposed", wording.EXPOSED, sentences.exposed(exposure, special) if exposure else ()),
        Section("attacks", wording.ATTACKS, sentences.attacks(assessment)),
        Section("losses", wording.LOSSES, sentences.losses(losses) if losses else ()),
        Section("unreliable", wording.UNRELIABLE, sentences.weak(tuple(counts))),
        Section("verdict", wording.VERDICT, sentences.verdict(assessment, promise)),
    ]
    publishable = (assessment.publishable or assessment.rests_on_promise) and promise is not None
    return Report(tuple(one for one in sections if one.sentences), publishable)
