"""The report says what the figures say, in any language, and keeps from the public what was computed from records."""

import json
import math
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest

from palermo import saying
from palermo.disclosure.microdata import Rows
from palermo.disclosure.risk import sentences, wording
from palermo.disclosure.risk.controls import CONTROLS, bootstrap
from palermo.disclosure.risk.figures import (
    Contents,
    Losses,
    Noisy,
    Promise,
    believed,
    factor,
    losses_of,
    noisy_of,
    unreliable,
)
from palermo.disclosure.risk.harness import Bars, assess
from palermo.disclosure.risk.report import report
from palermo.disclosure.risk.sentences import Source
from palermo.disclosure.risk.tests.people import three
from palermo.disclosure.risk.uniques import exposure, special_uniques
from palermo.saying import Tongue, made, phrase, phrases

CONTENTS = Contents(2500, {"age": 9, "citizenship": 190})
PROMISE = Promise(4.0, 2e-6, spent=7.5, cap=12.0)
LOSSES = Losses(
    error={1: 0.014, 2: 0.253, 3: 0.47}, lost={3: 0.071}, fabricated={2: 0.104, 3: 0.229},
    marginals={2: 994.2, 3: 985.9}, shuffled={2: 944.0, 3: 872.0}, copied={2: 997.0, 3: 995.0},
)  # fmt: skip
COUNTS = [Noisy(("age",), (str(i),), 40.0 + i, 14.0) for i in range(6)] + [
    Noisy(("age", "citizenship"), (str(i), "X"), 10.0 * i, 14.0) for i in range(9)
]


@pytest.fixture(scope="module")
def fresh():
    members, holdout, release = three(1500)
    return assess(release, members, holdout, rng=np.random.default_rng(1), method="mixture")


@pytest.fixture(scope="module")
def told(fresh):
    return report(CONTENTS, assessment=fresh, promise=PROMISE, losses=LOSSES, counts=COUNTS)


def text_of(found):
    return " ".join(str(one.said) for section in found.sections for one in section.sentences)


def section(found, key):
    return next(one for one in found.sections if one.key == key)


def test_the_promise_in_words(told):
    said = text_of(told)
    assert (
        f"by at most a factor of {math.ceil(math.exp(4))}, compared with a file made without them (epsilon 4)"
        in said
    )
    odds = math.exp(4) / 999
    after = odds / (1 + odds)
    assert believed(0.001, 4.0) == pytest.approx(after)
    assert f"0.1 % likely may hold it for {math.ceil(1000 * after) / 10} % likely afterwards" in said
    assert "at most one in 500,000 (delta)" in said
    assert "an epsilon of 7.5 of the 12 that are allowed; 4.5 are left" in said


def test_limits_are_rounded_up():
    for epsilon in (0.1, 0.7, 1.0, 2.0, 4.0):
        one = sentences.promise(Promise(epsilon, 0.0))[0].said
        assert one.values["factor"] >= factor(epsilon)
        assert one.values["factor"] <= factor(epsilon) * 1.1 + 0.1


def test_every_attack_is_told_in_figures_and_as_a_verdict(told, fresh):
    said = [str(one.said) for one in section(told, "attacks").sentences]
    for test in fresh.tests:
        question = str(wording.NAMES[test.name])
        figures, verdict = (one for one in said if one.startswith(question))
        assert f"{100 * test.members:.1f} %" in figures
        assert f"{100 * test.bar:.1f} %" in verdict
        assert {"passed": "Passed", "failed": "Failed", "unsure": "Undecided"}[test.verdict] in verdict
    assert sum(one.startswith("The attacks see") for one in said) == 2


def test_losses_unreliable_counts_and_verdict(told, fresh):
    said = text_of(told)
    assert "Counts in 2 columns together are off by 25 % on average." in said
    assert "Counts in one column are off by 1 % on average." in said
    assert "Of the combinations of 3 columns that 10 people or more have, 7 % are missing." in said
    assert "Of the combinations of 2 columns in the file, 10 % are of nobody." in said
    assert "Over all tables of 3 columns the file reaches 986 of 1,000" in said
    few = unreliable(COUNTS)
    assert len(few) == sum(one.count < 3 * one.sigma for one in COUNTS) == 7
    assert "7 of 15 published counts are less than 3 times the noise" in said
    assert "Mostly not reliable: age, citizenship (56 % of 9 counts)." in said
    assert "Mostly not reliable: age (" not in said
    assert "Nothing found here speaks against it." in said
    assert told.publishable == fresh.publishable is True


def test_no_number_stands_in_a_template(told):
    def templates(said):
        yield said.template
        for value in said.values.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, saying.Sentence):
                    yield from templates(one)

    for one in (one for part in told.sections for one in part.sentences):
        for template in templates(one.said):
            assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", template)), template


def test_what_comes_from_records_is_not_public(told):
    public = told.public()
    sources = {one.source for part in public.sections for one in part.sentences}
    assert sources == {Source.WORDS, Source.PROMISE, Source.FILE, Source.VERDICT}
    assert "give or take" not in text_of(public)
    assert "losses" not in {part.key for part in public.sections}
    assert "Passed" in text_of(public)
    assert "off by 25 %" in text_of(told.public(losses=True))
    # What goes out with a public sentence of losses is as coarse as what it says.
    values = [
        one.said.values["share"] for one in section(told, "losses").sentences if "share" in one.said.values
    ]
    assert all(value == round(value, 2) for value in values)


def test_who_stands_out_is_told_to_reviewers_alone(fresh):
    members = three(1500)[0].only(["year", "sex", "citizenship", "means_1"])
    exposed, special = exposure(members, ["year", "sex", "citizenship"], "means_1"), special_uniques(members)
    said = report(CONTENTS, assessment=fresh, promise=PROMISE, exposure=exposed, special=special)
    text = text_of(said)
    assert (
        f"finds {exposed.alone} people alone with their values and {exposed.below} in groups of fewer than 10"
        in text
    )
    assert f"One value alone is enough to tell {special.people[0]} people" in text
    assert f"2 values together, and none fewer of them, are enough to tell {special.people[1]} people" in text
    assert "exposed" not in {part.key for part in said.public(losses=True).sections}


def test_losses_from_what_utility_finds():
    class Found:
        def __init__(self, length, k):
            self.length, self.error, self.lost, self.fabricated, self.k_marginal = length, 0.1, 0.2, 0.3, k

    found = losses_of([Found(1, 999.0), Found(2, 990.0)], shuffled=[Found(2, 940.0)])
    assert found.error == {1: 0.1, 2: 0.1}
    assert (found.marginals, found.shuffled, found.copied) == ({2: 990.0}, {2: 940.0}, {})


def test_counts_from_the_cells_of_a_release():
    class Cell:
        columns, values, count, within = ("age",), ("0-8",), 40, 27.44

    assert noisy_of([Cell()])[0].sigma == pytest.approx(14.0)


def test_alarms_about_utility():
    worse = Losses(marginals={3: 870.0}, shuffled={3: 872.0})
    assert "mislead" in " ".join(str(one.said) for one in sentences.losses(worse))
    nearer = Losses(marginals={3: 996.0}, copied={3: 995.0})
    assert "look for a leak" in " ".join(str(one.said) for one in sentences.losses(nearer))


def test_the_controls_are_refused_with_reasons():
    members, holdout, _release = three(1500)
    chance = np.random.default_rng(2)
    for name, make in CONTROLS.items():
        found = assess(make(members, chance), members, holdout, rng=chance, method=name)
        said = report(CONTENTS, assessment=found)
        assert not said.publishable
        text = text_of(said)
        assert "files made by this method are for comparison and are never published" in text
        assert "promises nothing to anybody" in text
        assert "No, attacks succeed: Who was in the data?" in text
        assert "Nothing found here speaks against it" not in text


def test_blind_attacks_are_a_reason():
    members, holdout, release = three(12)
    found = assess(release, members, holdout, rng=np.random.default_rng(3))
    said = text_of(report(CONTENTS, assessment=found, promise=PROMISE))
    assert "could not be shown to see" in said
    assert "The attacks are blind here" in said or "The attacks see" in said
    unproved = assess(release, members, holdout, rng=np.random.default_rng(3), prove=False)
    assert "was not tried" in text_of(report(CONTENTS, assessment=unproved, promise=PROMISE))


def test_a_leak_is_named(fresh):
    members, holdout, _release = three(1500)
    chance = np.random.default_rng(4)
    leaky = assess(bootstrap(members, chance), members, holdout, rng=chance, method="mixture")
    said = report(CONTENTS, assessment=leaky, promise=PROMISE)
    assert not said.publishable
    assert "Failed: people in the data are hit more often" in text_of(said)
    assert len(leaky.failed) == len(vars(Bars()))


SHOUTING = Tongue(
    one=lambda template: template.upper() if "{" not in template else f"«{template}»",
    many=lambda one, many, n: f"«{one if n == 1 else many}»",
    number=lambda value, how: f"#{value}",
    name=lambda word: f"[{word}]",
)


def test_sentences_can_be_told_in_another_language(told):
    said = section(told, "contents").sentences[0].said.told(SHOUTING)
    assert said.startswith("«The file has #2500 rows and #2 columns.")
    assert "WHO WAS IN THE DATA?" in section(told, "attacks").sentences[0].said.told(SHOUTING)
    assert "[age] (#9)" in section(told, "contents").sentences[1].said.told(SHOUTING)


def test_sentences_go_through_json_and_back(told):
    found = json.loads(json.dumps(told.as_json()))
    assert found["publishable"] is True
    for part, kept in zip(told.sections, found["sections"], strict=True):
        assert made(kept["title"]) == part.title
        for one, each in zip(part.sentences, kept["sentences"], strict=True):
            assert (
                made(
                    {"template": each["template"], "plural": each.get("plural", ""), "values": each["values"]}
                )
                == one.said
            )
            assert each["text"] == one.said
    assert pickle.loads(pickle.dumps(phrase("{n:.1%} of {x}", n=0.5, x="y"))) == "50.0 % of y"


def test_a_translation_that_asks_for_too_much_stays_english():
    wrong = replace(SHOUTING, one=lambda _template: "{nothing}")
    assert phrase("{n} rows", n=3).told(wrong) == "3 rows"
    assert phrases("one row", "{n} rows", 1) == "one row"
    assert phrase("{n} rows", n=np.int64(1234)) == "1,234 rows"


def test_a_template_without_values_is_left_as_it_stands():
    assert phrase("{first} and {second}") == "{first} and {second}"


def test_where_nobody_stands_out_the_report_says_so_and_asks_for_a_promise():
    chance = np.random.default_rng(3)
    files = [
        Rows(("sex", "age"), chance.integers(0, 2, (1200, 2)), (("", "f"), ("", "child"))) for _ in range(3)
    ]
    found = assess(*files, rng=chance)
    said = report(CONTENTS, assessment=found, promise=PROMISE)
    assert said.publishable
    assert "What protects is the promise alone" in text_of(said.public())
    assert "Nothing found here speaks against it" in text_of(said)
    assert "could not be shown to see" not in text_of(said)
    assert not report(CONTENTS, assessment=found).publishable
    assert "could not be shown to see" in text_of(report(CONTENTS, assessment=found))
