"""The fold: order does not matter, a correction takes its place, the rules of the instruments, bad lines in words."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards.countries import countries
from palermo.standards.treaties import KINDS, Action, count, entry, instruments, later, statuses
from palermo.standards.treaty_lines import read

DOHA = date(2015, 4, 12)
PRINTED = {"UNTOC": 185, "TIP": 166, "SOM": 141}
DAYS = st.dates(date(2000, 12, 1), date(2020, 1, 1))
ACTIONS = st.lists(
    st.builds(
        Action,
        instrument=st.just("TIP"), party=st.sampled_from(["FRA", "ITA", "EUE"]), kind=st.sampled_from(KINDS),
        date=DAYS, precision=st.sampled_from(["day", "year", "by"]), ref=st.sampled_from(["", "a", "b", "c"]),
        supersedes=st.sampled_from(["", "a", "b"]), corrects=st.sampled_from(["", "accession", "signature"]),
    ),
    max_size=12,
)  # fmt: skip


@given(ACTIONS, st.randoms(use_true_random=False), DAYS)
def test_order_never_matters(actions: list[Action], chance: object, on: date) -> None:
    mixed = [*actions, *actions[:2]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert statuses(instruments()["TIP"], mixed, on) == statuses(instruments()["TIP"], actions, on)


@given(DAYS, DAYS, st.booleans())
def test_a_correction_supersedes(wrong: date, right: date, by_ref: bool) -> None:
    first = Action("TIP", "FRA", "ratification", wrong, ref="1")
    put_right = (
        replace(first, date=right, ref="2", supersedes="1")
        if by_ref
        else Action("TIP", "FRA", "correction", right, corrects="ratification")
    )
    found = statuses(instruments()["TIP"], [put_right, first], date(2021, 1, 1))["FRA"]
    assert found.bound is not None
    assert found.bound.date == right


@pytest.mark.parametrize(
    ("code", "fortieth", "force"),
    [
        ("UNTOC", "2003-07-01", "2003-09-29"),
        ("TIP", "2003-09-26", "2003-12-25"),
        ("SOM", "2003-10-30", "2004-01-28"),
    ],
)
def test_entry_into_force_by_its_own_rule(code: str, fortieth: str, force: str) -> None:
    """39 deposits of States before, one of the Union that does not count, and the fortieth."""
    states = list(countries())[:40]
    before = [Action(code, p, "ratification", date(2002, 1, 1)) for p in states[:39]]
    union = Action(code, "EUE", "approval", date(2002, 1, 1))
    assert entry(instruments()[code], [*before, union]) is None
    last = Action(code, states[39], "accession", date.fromisoformat(fortieth))
    assert entry(instruments()[code], [*before, union, last]) == date.fromisoformat(force)
    assert instruments()[code].in_force == date.fromisoformat(force)


def test_a_protocol_waits_for_the_convention() -> None:
    early = [Action("TIP", p, "ratification", date(2001, 1, 1)) for p in list(countries())[:40]]
    assert entry(instruments()["TIP"], early) == instruments()["UNTOC"].in_force


def test_a_later_state_is_bound_after_thirty_days_and_leaves_after_a_year() -> None:
    tip = instruments()["TIP"]
    done = [
        Action("TIP", "IND", "ratification", date(2011, 5, 5)),
        Action("TIP", "IND", "withdrawal", date(2012, 2, 29)),
    ]
    assert statuses(tip, done, DOHA - timedelta(days=900))["IND"].in_force == date(2011, 6, 4)
    assert later(date(2012, 2, 29), 12) == date(2013, 3, 1)
    assert count(tip, done, date(2013, 2, 28))["parties"] == 1
    assert count(tip, done, date(2013, 3, 1))["parties"] == 0


def test_a_date_that_is_not_certain_is_counted_and_told() -> None:
    text = (
        "\ufeffInstrument;State;Action;Date;Date certain\nTIP Protocol;France;ratification;2002-10-29;yes\n"
        "TIP;European Union;approval;2006;no\nTIP;ITA;ratification;;no\nTIP;KEN;accession;2015-04-12;no\n"
    )
    actions, bad = read(text.encode())
    assert bad == []
    tip = instruments()["TIP"]
    told = count(tip, actions, DOHA)
    assert (told["parties"], told["parties_uncertain"]) == (4, 3)
    assert count(tip, actions, date(2006, 6, 1))["parties"] == 2


def test_every_bad_line_is_told() -> None:
    text = "instrument,country,action,date\nXYZ,France,ratification,2002-10-29\nTIP,Nowhere,bought,31/12\n"
    text += "TIP,FRA,signature,\n"
    actions, bad = read(text.encode())
    assert actions == []
    assert [(one.row, one.column) for one in bad] == [
        (2, "instrument"), (3, "party"), (3, "kind"), (3, "date"), (4, "date"),
    ]  # fmt: skip


def test_the_arithmetic_of_doha_with_invented_dates() -> None:
    """Dates are synthetic on purpose: this proves the counting, not who is a party."""
    states = list(countries())[:195]
    made = [
        Action(code, p, "accession", DOHA if i < n else DOHA + timedelta(days=1))
        for code, n in PRINTED.items()
        for i, p in enumerate(states)
    ]
    assert {c: count(i, made, DOHA)["parties"] for c, i in instruments().items()} == PRINTED


def test_what_is_known_reaches_this_far_and_no_further() -> None:
    """Who is known to have been bound by then, without the day: far fewer than were printed, and the count says so."""
    actions, bad = read((Path(__file__).parent / "data" / "known.csv").read_bytes())
    assert bad == []
    found = {c: count(i, actions, DOHA) for c, i in instruments().items()}
    assert {c: n["parties"] for c, n in found.items()} == {"UNTOC": 19, "TIP": 19, "SOM": 18}
    assert all(n["parties"] == n["parties_uncertain"] < PRINTED[c] for c, n in found.items())
