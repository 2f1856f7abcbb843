"""Risk: what attackers make of palermo's synthetic rows, and whether the attacks see.

Invented people (tools/invented_rows.py), as many members as people held out; where the real CTDC file is beside the
checkout, the same on its halves. Beside each figure stands what was measured for other methods on data of this shape
(recorded; 2,000 people of each side, so that a difference of 0.01 in an AUC means nothing).
"""

import csv
import sys
import time

import numpy as np
from bench_measure import SHARED, Figure, not_measured, scaled, tell
from invented_rows import COLUMNS, invented

from palermo.disclosure.microdata import Rows, aligned
from palermo.disclosure.risk.attribute import given_away
from palermo.disclosure.risk.harness import Assessment, Bars, Test, Verdict, assess, attacks
from palermo.disclosure.risk.neighbour import EmpiricalEpsilon, audit
from palermo.disclosure.synthesis import Budget, Domain, Plan, synthesize
from palermo.disclosure.synthesis.measure import measure

PEOPLE, LEAST, SEED = 50_000, 4_000, 31
EPSILON = 4.0
REAL = SHARED / "ctdc" / "ctdc_global_kanon_2017-11-27.csv"
BESIDE = {
    "membership": "bootstrap 0.803, k-synthetic 0.529, pac-synth 0.497, MST 0.498",
    "membership_rarest": "bootstrap 0.829, k-synthetic 0.568, pac-synth 0.508, MST 0.507",
    "unique_found": "bootstrap 0.606, k-synthetic 0.016, pac-synth 0.000, MST 0.001",
    "attribute": "bootstrap 0.061, k-synthetic 0.001, pac-synth 0.000, MST -0.001",
}
QUASI = COLUMNS[:5]
ONE_IN = 100  # so many rows of a fresh file, of which one is a member's


def figures(scale: float) -> list[Figure]:
    n = scaled(PEOPLE, scale, least=LEAST)
    tell(f"{n:,} invented people, as many held out")
    people = invented(3 * n, SEED)
    members, holdout, fresh = (people.take(range(i * n, (i + 1) * n)) for i in range(3))
    release = _private(members)
    found = _attacked(release, members, holdout, "invented")
    found.append(_recorded(release, members, holdout, fresh))
    found += _sensitivity(fresh, members, holdout)
    found += _real(scale)
    tell("the audit by neighbours")
    runs = scaled(1000, scale, least=100)
    found += [_neighbours(epsilon, runs) for epsilon in (1.0, EPSILON)]
    tell("the audit by neighbours, of whole releases")
    found += [_whole(epsilon, runs) for epsilon in (1.0, EPSILON)]
    return [*found, _liar(runs)]


def _private(members: Rows) -> Rows:
    domain = Domain(members.columns, members.categories)
    made = synthesize(
        members.recoded(domain.categories), domain, Budget(EPSILON), Plan(), rng=np.random.default_rng(1)
    )
    return made.rows


def _attacked(release: Rows, members: Rows, holdout: Rows, which: str) -> list[Figure]:
    begun = time.process_time()
    made = assess(release, members, holdout, rng=np.random.default_rng(2), keys=QUASI)
    spent = time.process_time() - begun
    found = [_figure(test, made, which) for test in made.tests]
    for proof in made.proofs:
        caught = float(len(proof.flagged))
        name = f"attacks that catch {proof.control}, {which}"
        found.append(Figure(name, ">= 1", caught, "", caught >= 1, beside=", ".join(proof.flagged)))
    size = f"{members.n:,} members against {release.n:,} rows, {members.d} columns"
    found.append(
        Figure(
            f"all attacks and both controls, {which}",
            "< 60 s",
            spent,
            "s",
            spent < 60,
            beside=f"processor; {size}",
        )
    )
    return found


def _recorded(release: Rows, members: Rows, holdout: Rows, fresh: Rows) -> Figure:
    """Values that are recorded, given away to who knows all five keys: as it was measured for other methods."""
    bar = Bars().attribute
    made, ideal = (
        given_away(*aligned(file, members, holdout), QUASI, recorded=True) for file in (release, fresh)
    )
    return Figure(
        f"recorded values given away to who knows all keys, epsilon {EPSILON:g}, invented",
        f"<= {bar:g} more than hold-out", made.excess, "", made.excess <= bar,
        beside=f"members {made.members:.4f}, hold-out {made.holdout:.4f}, 95 % interval "
        f"{made.excess - 1.96 * made.error:.4f} to {made.excess + 1.96 * made.error:.4f}; a fresh draw "
        f"{ideal.excess:.4f}; elsewhere mixture 0.0003, pac-synth 0.0000, bootstrap 0.061",
    )  # fmt: skip


def _figure(test: Test, made: Assessment, which: str) -> Figure:
    """The attack on this file, with the controls beside it. Undecided counts as not measured."""
    guess = test.caught is not None
    value = test.members if guess else test.excess
    target = f"0.5 +- {test.bar:g}" if guess else f"<= {test.bar:g} more than hold-out"
    met = {Verdict.PASSED: True, Verdict.FAILED: False, Verdict.UNSURE: None}[test.verdict]
    controls = ", ".join(f"{proof.control} {_value(proof.tests, test.name):.3f}" for proof in made.proofs)
    said = f"standard error {test.error:.4f}; here {controls}"
    if not guess:
        said = f"members {test.members:.4f}, hold-out {test.holdout:.4f}, {said}"
    if test.name in BESIDE:
        said += f"; elsewhere {BESIDE[test.name]}"
    return Figure(f"attack {test.name}, epsilon {EPSILON:g}, {which}", target, value, "", met, beside=said)


def _value(tests: tuple[Test, ...], name: str) -> float:
    test = next(one for one in tests if one.name == name)
    return test.members if test.caught is not None else test.excess


def _sensitivity(fresh: Rows, members: Rows, holdout: Rows) -> list[Figure]:
    """A file that knows nobody must pass; the same with one row in a hundred that is a member's must not."""
    codes = fresh.codes.copy()
    codes[::ONE_IN] = members.codes[::ONE_IN]
    spoilt = Rows(fresh.columns, codes, fresh.categories)
    found = []
    for release, name, wanted in (
        (fresh, "a fresh draw", False),
        (spoilt, f"1 row in {ONE_IN} is a member's", True),
    ):
        made = attacks(release, members, holdout, keys=QUASI, bars=Bars(), rng=np.random.default_rng(3))
        failed = [one.name for one in made if one.verdict is Verdict.FAILED]
        target = ">= 1" if wanted else "0"
        met = bool(failed) is wanted
        found.append(
            Figure(
                f"attacks that succeed: {name}", target, float(len(failed)), "", met, beside=", ".join(failed)
            )
        )
    return found


def _real(scale: float) -> list[Figure]:
    """The real file, its rows divided by chance: members and people held out are records of the same places."""
    if not REAL.exists():
        return [not_measured("attacks on the real CTDC file", "", "", "the file is not beside the checkout")]
    tell("the real CTDC file")
    with REAL.open(encoding="utf-8", newline="") as lines:
        records = list(csv.DictReader(lines))
    columns = _columns_of(records[0])
    rows = Rows.from_records(columns, [[one[name] for name in columns] for one in records])
    order = np.random.default_rng(SEED).permutation(rows.n)[: scaled(rows.n, scale, least=2 * LEAST)]
    half = len(order) // 2
    members, holdout = rows.take(order[:half]), rows.take(order[half : 2 * half])
    return _attacked(_private(members), members, holdout, "CTDC")


def _columns_of(record: dict[str, str]) -> list[str]:
    """Twenty columns: five that identify, eight means, three types, four recruiters."""
    named = [*QUASI, *[name for name in record if name.startswith("meansOfControl")][:8]]
    named += ["isForcedLabour", "isSexualExploit", "isOtherExploit"]
    return named + [name for name in record if name.startswith("recruiterRelation")][:4]


PLANTED = (3, 1)
REFUSED = -1.0  # below every number of rows


def _toy() -> tuple[Rows, Domain]:
    """Forty people, none of whom is like the one who is planted."""
    domain = Domain(("citizenship", "age"), (("", "A", "B", "C"), ("", "0-8", "9-17")))
    codes = np.array([[1, 1]] * 20 + [[2, 2]] * 20)
    return Rows(domain.columns, codes, domain.categories), domain


def _neighbours(epsilon: float, runs: int) -> Figure:
    """What the noisy tables of a release tell of whether the planted person is there."""
    made = _audited(epsilon, epsilon, runs)
    return Figure(
        f"empirical epsilon of the noisy tables, epsilon {epsilon:g} declared", f"<= {epsilon:g}", made.lower, "",
        not made.broken,
        beside=f"lower limit at {100 * made.confidence:.0f} %, {runs:,} runs with and without the person",
    )  # fmt: skip


def _audited(epsilon: float, declared: float, runs: int) -> EmpiricalEpsilon:
    people, domain = _toy()
    budget = Budget(epsilon)

    def statistic(rows: Rows, _run: int) -> float:
        found = measure(rows, domain, Plan(rare=-1e9), budget.rho)
        return _planted(found.one_way, found.two_way)

    return audit(statistic, people, PLANTED, declared=declared, delta=budget.delta, runs=runs)


def _liar(runs: int) -> Figure:
    """The control: tables that spend eight times what they declare."""
    made = _audited(8.0, 1.0, runs)
    return Figure(
        "the control, epsilon 8 spent and 1 declared, is caught", "> 1", made.lower, "", made.broken,
        beside=f"{runs:,} runs with and without the person",
    )  # fmt: skip


def _whole(epsilon: float, runs: int) -> Figure:
    """Everything that `synthesize` does, down to the rows: how many of them carry the planted person's values, and how
    many each of them alone."""
    people, domain = _toy()
    budget, plan, rng = Budget(epsilon), Plan(components=8, steps=40), np.random.default_rng(4)
    begun = time.process_time()

    def statistic(rows: Rows, _run: int) -> float:
        try:
            made = synthesize(rows, domain, budget, plan, rng=rng)
        except ValueError:
            return REFUSED
        alike = made.rows.codes == PLANTED
        return float(4 * alike.all(axis=1).sum() + alike.sum())

    made = audit(statistic, people, PLANTED, declared=epsilon, delta=budget.delta, runs=runs)
    spent = time.process_time() - begun
    return Figure(
        f"empirical epsilon of whole releases, epsilon {epsilon:g} declared", f"<= {epsilon:g}", made.lower, "",
        not made.broken,
        beside=f"lower limit at {100 * made.confidence:.0f} %, {runs:,} runs with and without the person, 40 people, "
        f"8 components, 40 steps; {spent:.0f} s of processor",
    )  # fmt: skip


def _planted(one_way, two_way) -> float:
    """Everything that the tables say of the planted person, each by its precision: the best single number."""
    total = 0.0
    for table in (*one_way, *two_way):
        place = tuple((3, 1)[j] for j in table.columns)
        total += float(table.counts[place]) / table.sigma**2
    return total


if __name__ == "__main__":
    for one in figures(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        print(f"{one.name} | {one.target} | {one.measured} | {one.met} | {one.beside}")
