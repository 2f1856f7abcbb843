"""What a reader of a share must be warned of, from the diagnostics of the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from palermo.estimation.rds.sample import Outcome, RecruitmentSample
from palermo.estimation.results import Caution, Level
from palermo.saying import phrase, phrases

FEW_WAVES = 4
LARGE_TREE = 0.5
MOVED = 0.05
APART = 0.2
FEW_PEOPLE = 10
MISSING = 0.05
SEEN = 0.1
HEAPED = 0.5


def of_sample(found: Mapping[str, Any], sample: RecruitmentSample) -> Iterator[Caution]:
    """About the trees and the network sizes, whatever was asked."""
    trees = found["trees"]
    if trees["seeds"] == 1:
        yield Caution(
            "one_seed", Level.CARE,
            phrase(
                "Everybody was recruited from one seed: what that person's surroundings do not reach is not in "
                "the sample."
            ),
        )  # fmt: skip
    elif trees["largest_share"] > LARGE_TREE:
        yield Caution(
            "one_tree", Level.CARE,
            phrase(
                "One tree holds {share:.0%} of the sample: the estimate is mostly about the surroundings of its "
                "seed. Compare the trees before using it.",
                share=trees['largest_share'],
            ),
            {"share": trees["largest_share"]},
        )  # fmt: skip
    if trees["waves"] < FEW_WAVES:
        yield Caution(
            "few_waves", Level.CARE,
            phrases(
                "Recruitment went on for {n} wave only; the sample still looks like its seeds. Longer chains, not "
                "more seeds, are what helps.",
                "Recruitment went on for {n} waves only; the sample still looks like its seeds. Longer chains, "
                "not more seeds, are what helps.",
                trees["waves"],
            ),
            {"waves": trees["waves"]},
        )  # fmt: skip
    if found["heaping"] > HEAPED:
        yield Caution(
            "degrees_heaped", Level.NOTE,
            phrase(
                "{share:.0%} of the larger network sizes are multiples of five: people guess them.",
                share=found['heaping'],
            ),
            {"share": found["heaping"]},
        )  # fmt: skip


def of_outcome(
    found: Mapping[str, Any], sample: RecruitmentSample, outcome: Outcome, code: int
) -> Iterator[Caution]:
    """About the answer that is estimated."""
    mixing, trees = found["mixing"], found["trees"]
    needed = mixing["waves_needed"]
    if needed is None or needed > trees["waves"]:
        when = phrase("never") if needed is None else phrases(
            "after about {n} wave", "after about {n} waves", needed,
        )  # fmt: skip
        yield Caution(
            "seed_dependence", Level.CARE,
            phrase(
                "People recruit so much within their own group that the choice of seeds is forgotten {when}; the "
                "sample has {waves}. The estimate still depends on who the seeds were.",
                when=when, waves=trees["waves"],
            ),
            {"waves_needed": needed, "waves": trees["waves"]},
        )  # fmt: skip
    curve = found["convergence"]["share"]
    late = curve[2 * len(curve) // 3 :]
    if late and max(late) - min(late) > MOVED:
        yield Caution(
            "not_converged", Level.CARE,
            phrase(
                "While the last third of the sample came in the estimate still moved by {moved:.2f}; more people "
                "might move it further.",
                moved=max(late) - min(late),
            ),
            {"moved": max(late) - min(late)},
        )  # fmt: skip
    by_tree = [tree["share"] for tree in found["by_tree"]]
    if len(by_tree) > 1 and max(by_tree[:4]) - min(by_tree[:4]) > APART:
        yield Caution(
            "trees_differ", Level.CARE,
            phrase(
                "The largest trees give shares from {low:.2f} to {high:.2f}: recruitment may run in parts of the "
                "population that hardly meet (a bottleneck).",
                low=min(by_tree[:4]), high=max(by_tree[:4]),
            ),
            {"shares": by_tree[:4]},
        )  # fmt: skip
    people = int((outcome.codes == code).sum())
    if people < FEW_PEOPLE:
        yield Caution(
            "few_people", Level.CARE,
            phrases(
                "Only {n} person of the sample gave this answer; the share and its range are rough.",
                "Only {n} people of the sample gave this answer; the share and its range are rough.",
                people,
            ),
            {"people": people},
        )  # fmt: skip
    missing = float((outcome.codes < 0).mean())
    if missing > 0:
        yield Caution(
            "answers_missing", Level.CARE if missing > MISSING else Level.NOTE,
            phrase(
                "{share:.1%} of the people gave no answer; the share is among those who answered.",
                share=missing,
            ),
            {"share": missing},
        )  # fmt: skip


def of_population(n: int, population: float | None, method: str) -> Iterator[Caution]:
    """About the population's size: needed by one method, ignored by the others."""
    if population is not None and method != "rds-ss" and n / population > SEEN:
        yield Caution(
            "large_part_seen", Level.CARE,
            phrase(
                "{share:.0%} of the population are in the sample; this method supposes that few are. Use "
                "successive sampling (rds-ss).",
                share=n / population,
            ),
            {"share": n / population},
        )  # fmt: skip
    if method == "rds-ss":
        yield Caution(
            "population_given", Level.NOTE,
            phrase(
                "The population's size ({population:,.0f}) was given, not estimated here; look at other sizes too.",
                population=population,
            ),
            {"population": population},
        )  # fmt: skip
