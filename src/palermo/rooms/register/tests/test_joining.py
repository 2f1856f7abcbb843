"""One person on several lists is counted once, with the facts that count, and everything can be taken back."""

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Refused
from palermo.rooms.register import actions, queries
from palermo.rooms.register.actions import Attributes, Dated, Entry
from palermo.rooms.register.models import Joined, Person, RowLink, SourceList
from palermo.rooms.register.models.codes import code_of
from palermo.rooms.register.models.flags import mask
from palermo.rooms.register.models.rules import RULES
from palermo.rooms.register.queries.joined import chosen

pytestmark = pytest.mark.django_db
OPERATOR = Viewer.operator()


def key(text: str) -> bytes:
    return text.encode().ljust(16, b"\0")


def entry(name: str, year: int = 2024, *, day: int = 1, basis: str = "statement", **values: Any) -> Entry:
    events = (Dated("registered", date(year, 3, day)),)
    known = {"crime": "tip", "status": "presumed", "sex": "female", "age_group": "adult", **values}
    return Entry(key(name), Attributes(year=year, events=events, **known), basis)


def enter(name: str, *entries: Entry) -> None:
    with acting(OPERATOR):
        actions.enter_list(
            actor=OPERATOR, name=name, legal_basis=f"Act on {name}", terms="", entries=list(entries)
        )


def tie(**persons: str) -> int:
    """Persons as `p="Police:a Shelter:b"`."""
    meant = {
        key(name): [(row.split(":")[0], key(row.split(":")[1])) for row in rows.split()]
        for name, rows in persons.items()
    }
    with acting(OPERATOR):
        return actions.tie(actor=OPERATOR, names=("Police", "Shelter", "Helpline"), persons=meant)


def count(*by: str, **where: Any) -> Any:
    with acting(OPERATOR):
        assert queries.drift(OPERATOR) == []
        rows = queries.tally(OPERATOR, by, where)
    return {tuple(row[name] for name in by): row["count"] for row in rows} if by else rows[0]["count"]


@pytest.fixture
def three() -> None:
    """a is on all three lists, b on two, and each list has one more."""
    enter("Police", entry("a", sex="male", basis="document"), entry("b"), entry("p"))
    enter("Shelter", entry("a", 2023, sex="female"), entry("b"), entry("s"))
    enter("Helpline", entry("a", 2025, status="", sex="female"), entry("h", crime=""))


def test_a_person_on_three_lists_counts_once(three: None) -> None:
    assert count() == 8
    assert tie(a="Police:a Shelter:a Helpline:a", b="Police:b Shelter:b") == 5
    assert count() == 5
    assert count("source") == {("Police",): 3, ("Shelter",): 3, ("Helpline",): 2}
    assert count(source=["Police", "Shelter"]) == 4
    assert count(source="Helpline") == 2
    assert count("year", source="Police") == {(2023,): 1, (2024,): 2}
    with acting(OPERATOR):
        assert queries.effect(OPERATOR, ["Police", "Shelter", "Helpline"]) == queries.Effect(3, 8, 5)
        assert queries.sources(OPERATOR) == ["Helpline", "Police", "Shelter"]


def test_the_stronger_word_counts_and_the_page_says_why(three: None, people: Any) -> None:
    tie(a="Police:a Shelter:a Helpline:a")
    assert count("sex") == {("male",): 1, ("female",): 5}
    with acting(people.coordinator.viewer) as viewer:
        number = Joined.objects.get(key=key("a")).number
        told = queries.together(viewer, code_of(number))
        assert told is not None
        facts = {fact.name: fact for fact in told.facts}
        assert (facts["sex"].word, facts["sex"].conflict) == ("Male", True)
        assert facts["sex"].reason == "a document counts over a statement, a statement over an estimate"
        assert [one.counts for one in facts["sex"].told] == [True, False, False]
        assert facts["status"].reason == "all lists that say it agree"
        assert {row.legal_basis for row in told.rows} == {
            "Act on Police",
            "Act on Shelter",
            "Act on Helpline",
        }
        person = queries.person(viewer, code_of(number))
        assert person.provenance == ()
        assert len(person.events) == 3
        assert queries.person(viewer, told.rows[0].code).stands_for == code_of(number)


def test_a_decision_counts_over_a_screening_and_the_later_over_the_earlier() -> None:
    enter("Police", entry("a", 2024, status="identified", citizenship="PER"))
    enter("Shelter", entry("a", 2025, status="presumed", citizenship="COL"))
    tie(a="Police:a Shelter:a")
    assert count("status", "citizenship", "year") == {("identified", "COL", 2024): 1}
    # a correction of the list reaches the person
    enter("Shelter", entry("a", 2025, status="rejected", citizenship="COL"))
    assert count("status") == {("rejected",): 1}


def test_answers_are_put_together_flag_by_flag() -> None:
    enter("Police", entry("a", status="identified", form={"begging": False, "forced_marriage": True}))
    enter("Shelter", entry("a", form={"begging": True, "servitude": True}))
    tie(a="Police:a Shelter:a")
    with acting(OPERATOR):
        found = Person.objects.get(part_of=None)
        assert found.form_recorded == mask("form", ("begging", "forced_marriage", "servitude"))
        assert found.form_yes == mask("form", ("forced_marriage", "servitude"))


def test_undoing_a_link_restores_every_count_and_the_code_stays(three: None) -> None:
    before = {by: count(by) for by in ("source", "sex", "year", "status")}
    tie(a="Police:a Shelter:a Helpline:a", b="Police:b Shelter:b")
    with acting(OPERATOR):
        number = Joined.objects.get(key=key("a")).number
    joined = {by: count(by) for by in before}
    assert joined != before
    assert tie() == 5
    assert {by: count(by) for by in before} == before
    assert tie(a="Police:a Shelter:a Helpline:a", b="Police:b Shelter:b") == 5
    assert {by: count(by) for by in before} == joined
    with acting(OPERATOR):
        assert Joined.objects.get(key=key("a")).number == number
        assert RowLink.objects.filter(until=None).count() == 5
        assert RowLink.objects.exclude(until=None).count() == 5  # what was decided stays on record


def test_a_record_moves_from_one_person_to_another(three: None) -> None:
    tie(a="Police:a Shelter:a Helpline:a", b="Police:b Shelter:b")
    assert tie(a="Police:a Shelter:a", b="Police:b Shelter:b Helpline:a") == 2
    assert count() == 5
    assert count("source") == {("Police",): 3, ("Shelter",): 3, ("Helpline",): 2}


def test_links_may_come_before_the_rows_and_outlive_them(three: None) -> None:
    tie(a="Police:a Shelter:a Helpline:a")
    enter("Shelter", entry("b"), entry("s"))
    assert count() == 6
    with acting(OPERATOR):
        assert queries.effect(OPERATOR, ["Police", "Shelter", "Helpline"]) == queries.Effect(3, 7, 6)
    enter("Shelter", entry("a"), entry("b"), entry("s"))
    assert count() == 6  # the record came back and stands for the same person
    with acting(OPERATOR):
        actions.leave_list(actor=OPERATOR, name="Shelter")
    assert count() == 4


def test_twice_on_one_list_is_one_person_of_that_list() -> None:
    enter("Police", entry("a"), entry("b"))
    tie(a="Police:a Police:b")
    assert count("source") == {("Police",): 1}


def test_a_person_of_several_lists_is_withdrawn_from_all_and_put_back_row_by_row(
    three: None, people: Any
) -> None:
    from palermo.rooms.register.models import Withdrawal

    tie(a="Police:a Shelter:a Helpline:a")
    fresh = people.coordinator.viewer.stepped() if hasattr(people.coordinator.viewer, "stepped") else OPERATOR
    with acting(fresh) as viewer:
        code = code_of(Joined.objects.get(key=key("a")).number)
        actions.withdraw_person(actor=viewer, code=code, reason="consent")
    assert count() == 5
    enter("Police", entry("a", sex="male"), entry("b"), entry("p"))
    assert count() == 5
    with acting(OPERATOR):
        codes = [one.code for one in Withdrawal.objects.filter(undone_at=None)]
        for each in codes:
            actions.restore_person(actor=OPERATOR, code=each)
    assert (len(codes), count()) == (3, 6)


def test_a_row_put_together_is_not_corrected_but_the_row_that_is_wrong(three: None) -> None:
    tie(a="Police:a Shelter:a")
    with acting(OPERATOR):
        code = code_of(Joined.objects.get(key=key("a")).number)
        with pytest.raises(Conflict, match="Correct the row"):
            actions.correct_person(actor=OPERATOR, code=code, changes={"sex": "female"}, reason="record")
        row = Person.objects.get(source_list__name="Police", source_key=key("a"))
        actions.correct_person(actor=OPERATOR, code=row.code, changes={"sex": "other"}, reason="record")
    assert count("sex") == {("other",): 1, ("female",): 6}


def test_an_erased_row_leaves_nothing_but_its_key(three: None, people: Any) -> None:
    tie(a="Police:a Shelter:a")
    with acting(people.supervisor.viewer) as viewer:
        assert actions.erase_row(actor=viewer, name="Police", key=key("a"))
        assert not actions.erase_row(actor=viewer, name="Nobody's", key=key("a"))
    assert count() == 7
    with acting(OPERATOR), connection.cursor() as cursor:
        for table in ("person", "rowlink", "event"):
            cursor.execute(f"SELECT t::text FROM register_{table} t")
            found = [text for (text,) in cursor.fetchall() if key("a").hex() in text and "'1'" in text]
            assert found == []
        assert not RowLink.objects.filter(source_list__name="Police", source_key=key("a")).exists()
        assert not Person.objects.filter(source_list__name="Police", source_key=key("a")).exists()
    with acting(people.analyst.viewer) as viewer, pytest.raises(Refused):
        actions.erase_row(actor=viewer, name="Shelter", key=key("a"))


def test_what_the_database_chooses_is_what_the_rule_says() -> None:
    rng = np.random.default_rng(7)
    words: dict[str, tuple[str, ...]] = {
        "status": ("", "presumed", "identified", "reasonable_grounds", "declined"),
        "sex": ("", "female", "male", "unknown"),
        "age_group": ("", "child", "adult", "unknown"), "citizenship": ("", "PER", "COL"),
        "country": ("", "NPL", "EGY"),
        "crime": ("tip", "tip_and_som"), "majority": ("", "child", "adult"),
    }  # fmt: skip
    names = ("Police", "Shelter", "Helpline")
    for name in names:
        enter(
            name,
            *(
                entry(
                    f"x{n}", int(rng.integers(2022, 2025)), day=int(rng.integers(1, 4)),
                    basis=str(rng.choice(["", "document", "statement", "estimate"])),
                    **{fact: str(rng.choice(codes)) for fact, codes in words.items()},
                )
                for n in range(60)
            ),
        )  # fmt: skip
    tie(**{f"x{n}": " ".join(f"{name}:x{n}" for name in names) for n in range(60)})
    assert count() == 60
    with acting(OPERATOR):
        from django.db.models import Max

        for whole in Person.objects.filter(part_of=None):
            rows = list(Person.objects.filter(part_of=whole.pk).annotate(happened=Max("events__on")))
            assert whole.year == min(row.year or 0 for row in rows)
            for rule in RULES:
                found = chosen(rule, rows)
                for name in rule.columns:
                    assert getattr(whole, name) == (getattr(found[0], name) if found else ""), rule
    assert sum(count("source").values()) == 180


def test_lists_together_are_entries_of_their_own_and_few(three: None) -> None:
    tie(a="Police:a Shelter:a Helpline:a", b="Police:b Shelter:b")
    tie()
    tie(a="Police:a Shelter:a Helpline:a", b="Police:b Shelter:b")
    with acting(OPERATOR):
        entries = list(SourceList.objects.exclude(members=None))
        assert Counter(len(one.members) for one in entries) == {2: 1, 3: 1}
        assert not any(set(a.members) == set(b.members) for a, b in combinations(entries, 2))


def test_case_events_use_up_no_numbers_of_lists(people: Any) -> None:
    from palermo.rooms.register.actions.cases import pseudonym

    with acting(OPERATOR):
        for n in range(5):
            actions.record_case_event(
                actor=OPERATOR, pseudonym=pseudonym(people.case_worker.pk), kind="presumed", on=date(2024, 1, 1 + n)
            )  # fmt: skip
        first = SourceList.objects.get(name="palermo: cases").pk
        assert SourceList.objects.create(name="Next", format="people").pk == first + 1


def test_only_the_worker_ties_and_nobody_else_reads_links(three: None, people: Any) -> None:
    tie(a="Police:a Shelter:a")
    with acting(people.coordinator.viewer) as viewer:
        with pytest.raises(Refused):
            actions.tie(actor=viewer, names=("Police",), persons={})
        assert RowLink.objects.count() == 2
    for name in ("analyst", "case_worker", "administrator", "prosecutor"):
        with acting(getattr(people, name).viewer):
            assert (RowLink.objects.count(), Joined.objects.count()) == (0, 0)


def test_the_worker_needs_no_scratch_table() -> None:
    """Its role in the database may make none (`kernel.database.roles`); these tests have another role."""
    with CaptureQueriesContext(connection) as captured:
        enter("Police", entry("a"), entry("b"))
        enter("Shelter", entry("a"))
        tie(a="Police:a Shelter:a")
    assert count() == 2
    assert not [query["sql"] for query in captured if "TEMPORARY" in query["sql"].upper()]
