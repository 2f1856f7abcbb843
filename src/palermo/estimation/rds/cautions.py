"""What a reader of a share must be warned of, from the diagnostics of the sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from palermo.estimation.rds.sample import Outcome, RecruitmentSample
from palermo.estimation.results import Caution, Level

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
            "Everybody was recruited from one seed: what that person's surroundings do not reach is not in the sample.",
        )  # fmt: skip
    elif trees["largest_share"] > LARGE_TREE:
        yield Caution(
            "one_tree", Level.CARE,
            f"One tree holds {100 * trees['largest_share']:.0f} % of the sample: the estimate is mostly about the "
            "surroundings of its seed. Compare the trees before using it.",
            {"share": trees["largest_share"]},
        )  # fmt: skip
    if trees["waves"] < FEW_WAVES:
        yield Caution(
            "few_waves", Level.CARE,
            f"Recruitment went on for {trees['waves']} waves only; the sample still looks like its seeds. Longer "
            "chains, not more seeds, are what helps.",
            {"waves": trees["waves"]},
        )  # fmt: skip
    if found["heaping"] > HEAPED:
        yield Caution(
            "degrees_heaped", Level.NOTE,
            f"{100 * found['heaping']:.0f} % of the larger network sizes are multiples of five: people guess them.",
            {"share": found["heaping"]},
        )  # fmt: skip


def of_outcome(
    found: Mapping[str, Any], sample: RecruitmentSample, outcome: Outcome, code: int
) -> Iterator[Caution]:
    """About the answer that is estimated."""
    mixing, trees = found["mixing"], found["trees"]
    needed = mixing["waves_needed"]
    if needed is None or needed > trees["waves"]:
        waves = "never" if needed is None else f"after about {needed} waves"
        yield Caution(
            "seed_dependence", Level.CARE,
            f"People recruit so much within their own group that the choice of seeds is forgotten {waves}; the sample "
            f"has {trees['waves']}. The estimate still depends on who the seeds were.",
            {"waves_needed": needed, "waves": trees["waves"]},
        )  # fmt: skip
    curve = found["convergence"]["share"]
    late = curve[2 * len(curve) // 3 :]
    if late and max(late) - min(late) > MOVED:
        yield Caution(
            "not_converged", Level.CARE,
            f"While the last third of the sample came in the estimate still moved by {max(late) - min(late):.2f}; more "
            "people might move it further.",
            {"moved": max(late) - min(late)},
        )  # fmt: skip
    by_tree = [tree["share"] for tree in found["by_tree"]]
    if len(by_tree) > 1 and max(by_tree[:4]) - min(by_tree[:4]) > APART:
        yield Caution(
            "trees_differ", Level.CARE,
            f"The largest trees give shares from {min(by_tree[:4]):.2f} to {max(by_tree[:4]):.2f}: recruitment may run "
            "in parts of the population that hardly meet (a bottleneck).",
            {"shares": by_tree[:4]},
        )  # fmt: skip
    people = int((outcome.codes == code).sum())
    if people < FEW_PEOPLE:
        yield Caution(
            "few_people", Level.CARE,
            f"Only {people} people of the sample gave this answer; the share and its range are rough.",
            {"people": people},
        )  # fmt: skip
    missing = float((outcome.codes < 0).mean())
    if missing > 0:
        yield Caution(
            "answers_missing", Level.CARE if missing > MISSING else Level.NOTE,
            f"{100 * missing:.1f} % of the people gave no answer; the share is among those who answered.",
            {"share": missing},
        )  # fmt: skip


def of_population(n: int, population: float | None, method: str) -> Iterator[Caution]:
    """About the population's size: needed by one method, ignored by the others."""
    if population is not None and method != "rds-ss" and n / population > SEEN:
        yield Caution(
            "large_part_seen", Level.CARE,
            f"{100 * n / population:.0f} % of the population are in the sample; this method supposes that few are. "
            "Use successive sampling (rds-ss).",
            {"share": n / population},
        )  # fmt: skip
    if method == "rds-ss":
        yield Caution(
            "population_given", Level.NOTE,
            f"The population's size ({population:,.0f}) was given, not estimated here; look at other sizes too.",
            {"population": population},
        )  # fmt: skip
