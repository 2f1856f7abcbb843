"""Many persons at once: all or nothing, in order, once only."""

import uuid
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Invalid
from palermo.kernel.workflow.models import Deadline, Transition
from palermo.rooms.encounters import actions, queries
from palermo.rooms.encounters.models import Event, Migrant


def test_a_paste_becomes_persons_in_the_first_state_with_their_clocks(people: Any, event: Event) -> None:
    with acting(people.case_worker.viewer):
        rows = list(Migrant.objects.order_by("number"))
        assert [(m.number, m.tag, m.age, m.sex) for m in rows[:3]] == [
            (1, "A1", "12-15", "male"), (2, "A2", "25-59", "female"), (3, "A3", "0-4", "female"),
        ]  # fmt: skip
        assert {m.state for m in rows} == {"emergency"}
        assert rows[5].languages == ["ar", "fr"]
        assert rows[0].child_alone
        assert rows[3].urgent
        keys = [m.pk for m in rows]
        assert Transition.objects.filter(object_id__in=keys, event="begin").count() == 6
        assert Deadline.objects.filter(object_id__in=keys, rule="som_stabilise").count() == 6


def test_the_same_form_sent_twice_adds_nobody_twice(people: Any, event: Event) -> None:
    key = uuid.uuid4()
    with acting(people.case_worker.viewer) as viewer:
        for _turn in range(2):
            assert actions.add_some(actor=viewer, event=event, number=5, key=key) == 5
        assert Migrant.objects.count() == 11


def test_the_same_opening_sent_twice_opens_one_event(people: Any) -> None:
    key = uuid.uuid4()
    with acting(people.first_responder.viewer) as viewer:
        made = {
            actions.open_event(actor=viewer, kind="raid", place="Old mill", event_id=key).pk for _turn in "ab"
        }
    assert made == {key}


def test_every_wrong_line_is_named_and_nobody_is_added(people: Any, event: Event) -> None:
    text = "B1;200;f\nB2;16;q\nB3;16;f;xx\nB4;16;f;;fam;x\nB5;16;f;;;maybe"
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(Invalid) as caught:
            actions.add_lines(actor=viewer, event=event, text=text, key=uuid.uuid4())
        assert [p.message.split(":")[0] for p in caught.value.problems] == [f"Line {n}" for n in range(1, 6)]
        assert Migrant.objects.count() == 6


def test_an_arabic_keyboard_is_read_as_any_other(people: Any, event: Event) -> None:
    with acting(people.case_worker.viewer) as viewer:
        text = "٠١٧؛ ١٦؛ أنثى؛ ar؛ ؛ نعم\n٠١٨، ؟، ذكر"
        assert actions.add_lines(actor=viewer, event=event, text=text, key=uuid.uuid4()) == 2
        one, two = Migrant.objects.order_by("number")[6:]
        assert (one.tag, one.age, one.sex, one.languages, one.alone) == (
            "017",
            "16-17",
            "female",
            ["ar"],
            True,
        )
        assert (two.tag, two.age, two.sex) == ("018", "doubt", "male")
        with pytest.raises(Invalid):  # The same wristband, read by somebody else.
            actions.add_lines(actor=viewer, event=event, text="017", key=uuid.uuid4())


@pytest.mark.parametrize("text", ["A1;16", "B1;16\nB1;17"])
def test_a_tag_is_on_one_person_only(people: Any, event: Event, text: str) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid, match="Nobody"):
        actions.add_lines(actor=viewer, event=event, text=text, key=uuid.uuid4())


def test_the_table_saves_good_rows_and_names_the_others(people: Any, event: Event) -> None:
    with acting(people.case_worker.viewer) as viewer:
        one, two, three = Migrant.objects.order_by("number")[:3]
        rows = {
            one.pk: (one.version, {"tag": "Z9"}),
            two.pk: (two.version - 1, {"tag": "Z8"}),
            three.pk: (three.version, {"tag": "A2"}),
        }
        saved, problems = actions.correct(actor=viewer, event=event, rows=rows)
        assert saved == 1
        assert [p.field for p in problems] == [f"row-{two.pk}", f"row-{three.pk}"]
        assert list(Migrant.objects.order_by("number").values_list("tag", flat=True)[:3]) == [
            "Z9",
            "A2",
            "A3",
        ]


def test_the_board_puts_children_alone_first(people: Any, event: Event) -> None:
    with acting(people.case_worker.viewer) as viewer:
        board = queries.board(viewer, event)
    assert [line.it.number for line in board.lines] == [1, 4, 2, 3, 5, 6]
    assert board.next is not None
    assert board.next.it.number == 1
    assert (board.total, board.children, board.children_alone, board.urgent) == (6, 2, 1, 1)


def test_what_is_due_is_one_line_for_an_event(people: Any, event: Event) -> None:
    with acting(people.case_worker.viewer) as viewer:
        (due,) = queries.due_for(viewer)
    assert event.code in str(due.title)
    assert "6 persons" in str(due.title)
