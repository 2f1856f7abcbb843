"""What every estimator answers with: a number, how far it can be trusted, and how it came about.

A result is data: it goes to JSON and back to the last digit, and explains itself in sentences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from palermo.saying import ENGLISH, Tongue, made, to_json


class Level(StrEnum):
    """How much a caution weighs. `hard` takes the headline number away unless its reader insists (`forced`)."""

    NOTE = "note"
    CARE = "care"
    HARD = "hard"


@dataclass(frozen=True)
class Caution:
    """A typed warning: a code to test for, a level, a sentence, and the figures behind it."""

    code: str
    level: Level
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "level": str(self.level),
            "message": self.message,
            "said": to_json(self.message),
            "values": plain(self.values),
        }

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Caution:
        """The caution that `as_json` wrote."""
        return Caution(
            found["code"], Level(found["level"]), made(found.get("said", found["message"])), found["values"]
        )


@dataclass(frozen=True)
class Interval:
    """Ends of an interval at `level`; infinity is an answer. `kind`: bca, percentile, profile, wald, credible...

    `replicates` is the number asked for, `lost` the share of them without an estimate, `error` the Monte Carlo
    standard error of the two ends (None where there is no Monte Carlo).
    """

    lower: float
    upper: float
    level: float = 0.95
    kind: str = "profile"
    replicates: int = 0
    lost: float = 0.0
    error: tuple[float, float] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "lower": finite(self.lower), "upper": finite(self.upper), "level": self.level, "kind": self.kind,
            "replicates": self.replicates, "lost": self.lost,
            "error": None if self.error is None else [finite(self.error[0]), finite(self.error[1])],
        }  # fmt: skip


class Word(StrEnum):
    PUBLISH = "publish"
    CARE = "publish with care"
    NOT = "do not publish"


@dataclass(frozen=True)
class Verdict:
    """May this be published? One of three words, with the reasons in sentences."""

    word: Word
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """The answer of one estimator on one table.

    `value` is what the method computed (None where it has no answer); `estimate` is what may be read as a headline:
    the same number, or None when a caution is hard and nobody insisted. `quantity` says of what ("people",
    "share"). `model` is written as in "[12,13,4]" where there is one. `diagnostics` holds plain numbers, texts,
    lists and dicts; `settings` all that is needed to repeat it with `data_hash` and `seed`.
    """

    method: str
    family: str
    value: float | None
    interval: Interval | None
    n_observed: int
    quantity: str = "people"
    model: str = ""
    version: str = "1"
    data_hash: str = ""
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()
    verdict: Verdict | None = None
    forced: bool = False

    @property
    def hard(self) -> bool:
        return any(caution.level is Level.HARD for caution in self.cautions)

    @property
    def estimate(self) -> float | None:
        return self.value if self.forced or not self.hard else None

    @property
    def lower(self) -> float | None:
        return None if self.interval is None or self.estimate is None else self.interval.lower

    @property
    def upper(self) -> float | None:
        return None if self.interval is None or self.estimate is None else self.interval.upper

    def insist(self) -> Result:
        """The same result with its number shown in spite of hard cautions, which stay."""
        return replace(self, forced=True)

    def with_cautions(self, *more: Caution) -> Result:
        return replace(self, cautions=self.cautions + more)

    def as_json(self) -> dict[str, Any]:
        """One object of plain values; infinity is written as the text "infinity", never as invalid JSON."""
        return {
            "estimate": finite(self.estimate), "lower": finite(self.lower), "upper": finite(self.upper),
            "method": self.method, "family": self.family, "model": self.model, "quantity": self.quantity,
            "n_observed": self.n_observed, "value": finite(self.value),
            "interval": self.interval and self.interval.as_json(),
            "version": self.version, "data_hash": self.data_hash, "seed": self.seed,
            "settings": plain(self.settings), "assumptions": list(self.assumptions),
            "diagnostics": plain(self.diagnostics),
            "warnings": [caution.as_json() for caution in self.cautions],
            "verdict": self.verdict and str(self.verdict.word),
            "reasons": list(self.verdict.reasons) if self.verdict else [],
            "said": {
                "assumptions": to_json(self.assumptions),
                "reasons": to_json(self.verdict.reasons if self.verdict else ()),
            },
            "forced": self.forced, "explanation": self.explain(),
        }  # fmt: skip

    @staticmethod
    def from_json(found: Mapping[str, Any]) -> Result:
        """The result that `as_json` wrote."""
        interval = found["interval"]
        said = found.get(
            "said", found
        )  # results kept before sentences remembered their templates have texts only
        return Result(
            method=found["method"], family=found["family"], value=number(found["value"]),
            interval=interval and _interval(interval), n_observed=found["n_observed"],
            quantity=found["quantity"], model=found["model"], version=found["version"],
            data_hash=found["data_hash"], seed=found["seed"], settings=found["settings"],
            assumptions=tuple(made(said["assumptions"])), diagnostics=found["diagnostics"],
            cautions=tuple(Caution.from_json(one) for one in found["warnings"]),
            verdict=Verdict(Word(found["verdict"]), tuple(made(said["reasons"]))) if found["verdict"] else None,
            forced=found["forced"],
        )  # fmt: skip

    def explain(self, tongue: Tongue = ENGLISH) -> str:
        """A paragraph that a minister can read: what was counted, what is estimated, how sure, and on what belief; in
        the language of `tongue`."""
        from palermo.estimation.sentences import paragraph

        return paragraph(self, tongue)


def _interval(found: Mapping[str, Any]) -> Interval:
    error = found["error"]
    ends = [number(found["lower"]), number(found["upper"])]
    assert ends[0] is not None
    assert ends[1] is not None
    return Interval(
        ends[0], ends[1], found["level"], found["kind"], found["replicates"], found["lost"],
        None if error is None else (number(error[0]) or 0.0, number(error[1]) or 0.0),
    )  # fmt: skip


def finite(value: float | None) -> float | str | None:
    """A number that JSON can hold: infinity becomes a word, "not a number" becomes nothing."""
    if value is None or math.isnan(value):
        return None
    if math.isinf(value):
        return "infinity" if value > 0 else "-infinity"
    return float(value)


def number(value: float | str | None) -> float | None:
    """The number that `finite` wrote."""
    return None if value is None else float(value)


def plain(value: Any) -> Any:
    """Diagnostics as JSON holds them: numpy becomes Python, tuples become lists, keys become texts."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return finite(value)
    return value
