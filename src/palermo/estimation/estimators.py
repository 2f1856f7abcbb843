"""The register of estimators: one name, one family, one function, the sizes it takes; loaded when first used.

Every function has the same form, `estimate(data, options, *, progress=None) -> Result`, and is held to the public
contract of tests/test_contract.py. A new estimator is one line here, one module, one page in docs/methods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from palermo.estimation.judging import judged, met
from palermo.estimation.problems import BadOptions, Problem
from palermo.estimation.results import Result
from palermo.saying import phrase

# Told the share done so far (0 to 1) and what is being done; may be called from any thread.
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Options:
    """What an estimator may be told. What it has no use for it ignores; what it used stands in `Result.settings`.

    `order` is the highest interaction (2: pairs of lists); `p` the threshold of the stepwise choice; `bootstrap` the
    number of replicates (None: the method's own default, 0: none); `seed` alone decides every random number, so that
    neither threads nor the order of work change a result; `more` holds what only one method knows.
    """

    order: int = 2
    p: float = 0.02
    bootstrap: int | None = None
    seed: int = 1
    threads: int = 1
    level: float = 0.95
    more: Mapping[str, Any] = field(default_factory=dict)

    def problems(self) -> tuple[Problem, ...]:
        """Everything that no method can work with, each with the name of the option."""
        rules = (
            ("order", self.order >= 1, phrase("1 (independent lists), 2 (pairs) or more")),
            ("p", 0 <= self.p <= 1, phrase("a threshold lies between 0 and 1")),
            (
                "bootstrap",
                self.bootstrap is None or self.bootstrap >= 0,
                phrase("0 (none) or more replicates"),
            ),
            ("seed", self.seed >= 0, phrase("0 or a positive whole number")),
            ("threads", self.threads >= 1, phrase("1 or more")),
            ("level", 0 < self.level < 1, phrase("a level lies between 0 and 1, such as 0.95")),
        )
        return tuple(
            Problem("options", told, column=name, value=str(getattr(self, name)))
            for name, fine, told in rules
            if not fine
        )


@dataclass(frozen=True)
class Estimator:
    """One line of the register. `least` and `most` bound the number of lists (mse) and are not read elsewhere."""

    name: str
    family: str
    title: str
    where: str
    least: int = 2
    most: int = 16

    def estimate(
        self, data: Any, options: Options | None = None, *, progress: Progress | None = None
    ) -> Result:
        """Run it. Raises BadOptions for options that no method can work with, and when the table has too few or too
        many lists for this one."""
        wrong = (options or Options()).problems()
        if wrong:
            told = [
                phrase("{option} {value}: {told}", option=one.column, value=one.value, told=one.message)
                for one in wrong
            ]
            raise BadOptions(told[0] if len(told) == 1 else phrase("{several}", several=told))
        lists = getattr(data, "k", None)
        if self.family == "mse" and lists is not None and not self.least <= lists <= self.most:
            raise BadOptions(
                phrase(
                    "{name} takes {least} to {most} lists; this table has {lists}",
                    name=self.name,
                    least=self.least,
                    most=self.most,
                    lists=lists,
                )
            )
        module, function = self.where.split(":")
        answer: Result = getattr(import_module(f"palermo.estimation.{module}"), function)(
            data, options or Options(), progress=progress
        )
        return judged(met(answer, data) if self.family == "mse" else answer)


def _named(register: Mapping[str, Estimator], name: str) -> Estimator:
    if name not in register:
        raise BadOptions(
            phrase('no estimator is called "{name}"; there are {names}', name=name, names=list(register))
        )
    return register[name]


def _mse(name: str, title: str, where: str, least: int = 2, most: int = 16) -> tuple[str, Estimator]:
    return name, Estimator(name, "mse", title, where, least, most)


MSE = dict(
    (
        _mse("main", "independent lists", "mse.stepwise:main_effects", least=2),
        _mse("stepwise", "pairs added one by one while they matter", "mse.stepwise:estimate", least=3),
        _mse("bic", "the best of all models by BIC", "mse.exhaustive:estimate", least=3, most=6),
        _mse(
            "downhill",
            "the best model found going downhill from many starts",
            "mse.downhill:estimate",
            least=3,
        ),
        _mse("average", "all models weighted by BIC", "mse.average:estimate", least=3, most=6),
        _mse(
            "decomposable", "average over decomposable graphs", "mse.decomposable:estimate", least=3, most=6
        ),
        _mse("latent", "latent classes", "mse.latent:estimate", least=3),
        _mse("hierarchical", "Bayesian average over hierarchical models", "mse.hierarchical:estimate", 3, 6),
        _mse("chao", "Chao's lower bound", "mse.bounds:chao"),
        _mse("coverage", "sample coverage", "mse.coverage:estimate", least=3),
        _mse("closedp", "models of time, heterogeneity and behaviour", "mse.closedp:estimate"),
    )
)


def mse(name: str) -> Estimator:
    """The estimator of this name. Raises BadOptions with the names that exist."""
    return _named(MSE, name)


def _rds(name: str, title: str, where: str) -> tuple[str, Estimator]:
    return name, Estimator(name, "rds", title, where)


# They take a rds.sample.RecruitmentSample; time-location takes a rds.timelocation.VenueSample.
RDS = dict(
    (
        _rds("rds-i", "recruitment between groups (RDS-I)", "rds.estimators:rds_i"),
        _rds("rds-ii", "one over the network size (RDS-II)", "rds.estimators:rds_ii"),
        _rds("rds-ss", "successive sampling (Gile)", "rds.estimators:rds_ss"),
        _rds("rds-size", "the population's size from the order of network sizes", "rds.size:estimate"),
        _rds("time-location", "people met at venues and hours drawn by lot", "rds.timelocation:estimate"),
    )
)


def rds(name: str) -> Estimator:
    """The estimator of this name. Raises BadOptions with the names that exist."""
    return _named(RDS, name)


def _nsum(name: str, title: str, where: str) -> tuple[str, Estimator]:
    return name, Estimator(name, "nsum", title, where)


# They take a networks.survey.Acquaintances.
NSUM = dict(
    (
        _nsum("nsum", "network scale-up", "networks.scaleup:basic"),
        _nsum("nsum-generalised", "network scale-up, awareness corrected", "networks.scaleup:generalised"),
    )
)


def nsum(name: str) -> Estimator:
    """The estimator of this name. Raises BadOptions with the names that exist."""
    return _named(NSUM, name)
