"""Facts are kept as plain data and read back the same."""

import json
from dataclasses import replace

import numpy as np
import pytest

from palermo.fieldwork.keeping import as_data, from_data
from palermo.fieldwork.reading import read
from palermo.fieldwork.simulation import interviews


def test_what_is_kept_is_read_back_the_same():
    for answers in interviews(60, np.random.default_rng(3)):
        facts = read(answers, "S1")
        assert from_data(json.loads(json.dumps(as_data(facts)))) == facts


def test_unknown_stays_unknown_and_nought_stays_nought():
    answers = next(iter(interviews(1, np.random.default_rng(4))))
    leg = answers["interview"]["legs"][0]
    leg |= {"leg_days": "0", "leg_wait": "-88", "leg_attempts": "-99", "leg_month": "1066"}
    leg["facilitator"] = {"services": "88", "fee_paid": "many"}
    leg["leg_smuggler"] = "yes"
    facts = read(answers, "S1")
    found = from_data(json.loads(json.dumps(as_data(facts))))
    assert found == facts
    first = found.legs[0]
    assert (first.days.value, first.wait.why, first.attempts.why) == (0, "dont_know", "refused")
    assert first.contact is not None
    assert first.contact.services.why == "dont_know"
    assert found.changes


def test_the_weight_is_not_kept_and_another_version_is_refused():
    facts = read(next(iter(interviews(1, np.random.default_rng(5)))), "S1")
    assert from_data(as_data(replace(facts, weight=3.0))).weight == 1.0
    with pytest.raises(ValueError, match="version"):
        from_data({**as_data(facts), "version": 99})
