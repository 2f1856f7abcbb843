"""From people to a report: rows made by the synthesis of this house are attacked and reported on."""

import numpy as np
import pytest

from palermo.disclosure.risk.figures import Contents, Promise, losses_of, noisy_of
from palermo.disclosure.risk.harness import assess
from palermo.disclosure.risk.report import report
from palermo.disclosure.risk.tests.people import three


@pytest.mark.slow
def test_rows_of_the_synthesis_are_attacked_and_reported():
    pytest.importorskip("mbi")
    pytest.importorskip("opendp")
    from palermo.disclosure.synthesis import Budget, Domain, Plan, compare, synthesize

    members, holdout, _fresh = (one.only(one.columns[:8]) for one in three(3000))
    domain = Domain(members.columns, members.categories)
    chance = np.random.default_rng(1)
    made = synthesize(
        members.recoded(domain.categories), domain, Budget(2.0), Plan(steps=150, components=30), rng=chance
    )
    found = assess(made.rows, members, holdout, rng=chance, method=made.plan.model)
    assert not {"membership", "linkage", "singling_out"} & set(found.failed)
    used = compare(members, made.rows, rng=chance, lengths=(1, 2))
    said = report(
        Contents(made.rows.n, dict(zip(made.rows.columns, made.rows.sizes, strict=True))),
        assessment=found,
        promise=Promise(made.spent.epsilon, made.spent.delta),
        losses=losses_of(used.release, used.shuffled),
        counts=noisy_of(made.cells()),
    )
    text = " ".join(str(one.said) for part in said.sections for one in part.sentences)
    assert f"The file has {made.rows.n:,} rows and 8 columns." in text
    assert "by at most a factor of 7.4" in text  # exp(2), rounded up
    assert f"of {len(made.cells()):,} published counts" in text
    assert f"Counts in 2 columns together are off by {100 * used.of(2).error:.0f} % on average." in text
